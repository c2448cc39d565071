import { type Proposal, parseProposal } from '../ike/proposal.ts';
import type { Leaf } from '../ike/swanctl-conf.ts';
import { protocolNumber, selectorFromPrefix } from '../ike/traffic-selector.ts';
import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { type End, facingEnd, type Link } from '../pairing/link.ts';
import { espProposals, ikeProposals } from '../strongswan/proposals.ts';
import type { Setting } from '../vyos/setting.ts';
import type { Tunnel } from '../vyos/site.ts';
import { isToldOfSite } from './commit-refused.ts';
import { locate, locateNode, locateRefusal } from './location.ts';
import { mendDiscarded } from './mend-refused.ts';
import { evidenceOf, isNonEmpty, unloadedAt } from './occurrence.ts';
import { strongswan, vyos } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  for (const end of [link.a, link.b]) {
    if (end.isLoaded || isToldOfSite(end.loaded)) continue;
    const found = unloadedAt(link, end);
    if (!isNonEmpty(found)) continue;
    const why = reasonOf(end);
    yield {
      message: `${end.name} has no connection for this peer: ${why.message}`,
      consequence: `${end.name} cannot call, and answers the other side as if the peer were not configured.`,
      ...evidenceOf(found),
      locations: [why.place],
      fix: mendDiscarded(end, facingEnd(link, end.side)),
    };
  }
}

interface Reason {
  readonly message: string;
  readonly place: Location;
}

function reasonOf(end: End): Reason {
  const { site } = end;
  const { peer, refusals, connection } = end.source;
  if (peer.disabled) {
    return { message: 'the peer is disabled', place: locateNode(site, peer, 'disabled') };
  }
  // What it is that VyOS refuses is told of the value that is wrong by itself.
  const refusal = refusals[0] ?? end.loaded.refusals[0];
  if (refusal) {
    return {
      message: 'VyOS refuses to commit its vpn ipsec',
      place: locateRefusal(site, refusal),
    };
  }
  const [fault] = end.loaded.faults;
  if (fault) {
    const message = 'swanctl cannot read swanctl.conf, and loads no connection at all';
    return { message, place: locateNode(site, fault, fault.what) };
  }
  const log = end.loaded.daemon.rejected.find(({ name }) => name === connection)?.log ?? [];
  return { message: `strongSwan discards it: ${log.join('; ')}`, place: placeOfDiscard(end) };
}

/** The first value for which strongSwan discards the connection. */
function placeOfDiscard({ site, source: { peer, ikeGroup, children } }: End): Location {
  const unread = (protocol: Proposal['protocol'], leaves: readonly Leaf<string>[]) =>
    leaves.findIndex(({ value }) => !parseProposal(protocol, value).ok);
  const ike = ikeGroup?.proposals[unread('IKE', ikeGroup ? ikeProposals(ikeGroup) : [])];
  if (ike) return locateNode(site, ike, 'strongSwan discards this proposal');
  for (const { espGroup, pfsGroup, tunnel } of children) {
    const esp = espGroup.proposals[unread('ESP', espProposals(espGroup, pfsGroup))];
    if (esp) return locateNode(site, esp, 'strongSwan discards this proposal');
    const selector = tunnel && unreadSelector(tunnel);
    if (selector) return locate(site, selector, 'strongSwan discards this');
  }
  return locateNode(site, peer, 'strongSwan discards this peer');
}

function unreadSelector(tunnel: Tunnel): Setting<string> | undefined {
  const { protocol, localPort, remotePort } = tunnel;
  if (protocol && protocolNumber(protocol.value) === undefined) return protocol;
  const prefixes = [...tunnel.localPrefixes, ...tunnel.remotePrefixes];
  return (
    [localPort, remotePort].find((port) => port && !Number.isInteger(Number(port.value))) ??
    prefixes.find(({ value }) => value !== 'any' && !selectorFromPrefix(value))
  );
}

export const connectionNotLoaded: LinkRule = {
  id: 'connection-not-loaded',
  scope: 'link',
  summary: 'A peer is configured and still not there for strongSwan.',
  severity: 'error',
  notify: 'NO_PROPOSAL_CHOSEN',
  why:
    'A peer may be disabled, or strongSwan discards a connection with a value it cannot read. Each time the router behaves as if the peer were not configured: it ' +
    'calls nobody, and answers NO_PROPOSAL_CHOSEN. VyOS escapes nothing that it writes into swanctl.conf: a quote in a ' +
    'secret or an id, or a dot in the name of a psk, breaks the file, and strongSwan loads no connection at all.',
  mend: 'Mend what the message names, and look at the log after the commit: strongSwan says there what it discards.',
  sources: [
    vyos('src/conf_mode/vpn_ipsec.py'),
    vyos('data/templates/ipsec/swanctl.conf.j2'),
    strongswan('src/libcharon/plugins/vici/vici_config.c'),
    strongswan('src/libstrongswan/settings/settings_lexer.l'),
  ],
  bad: { b: 'set vpn ipsec site-to-site peer SITE-A disable' },
  good: {},
  check,
};
