import { readSelector } from '../ike/load.ts';
import { type Proposal, parseProposal } from '../ike/proposal.ts';
import type { Leaf } from '../ike/swanctl-conf.ts';
import { protocolNumber } from '../ike/traffic-selector.ts';
import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { facingEnd, type Link, type LoneEnd } from '../pairing/link.ts';
import { nodeOf, settingNamed, settingOfOrigin } from '../vyos/conf-origin.ts';
import type { Setting } from '../vyos/setting.ts';
import { isToldOfSite } from './commit-refused.ts';
import { locate, locateNode, locatePeer, locateRefusal } from './location.ts';
import { mendDiscarded } from './mend-refused.ts';
import { evidenceOf, isNonEmpty, unloadedAt } from './occurrence.ts';
import { strongswan, vyos } from './sources.ts';
import { childrenOf } from './tunnels.ts';

function* check(link: Link): Iterable<Problem> {
  for (const end of [link.a, link.b]) {
    if (end.isLoaded || isToldOfSite(end)) continue;
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

/** What VyOS refuses and what swanctl cannot read is told of the site, and a peer may be disabled on purpose. */
function* checkAlone(end: LoneEnd): Iterable<Problem> {
  if (end.unloaded?.kind !== 'discarded') return;
  const { message, place } = reasonOf(end);
  yield {
    message: `This peer has no connection: ${message}`,
    consequence:
      'This side cannot initiate, and answers the other side as if the peer were not configured. The log says so when the configuration is loaded.',
    locations: [place],
    fix: mendDiscarded(end),
  };
}

interface Reason {
  readonly message: string;
  readonly place: Location;
}

function reasonOf(end: LoneEnd): Reason {
  const { site, unloaded } = end;
  switch (unloaded?.kind) {
    case 'disabled':
      return { message: 'the peer is disabled', place: locatePeer(end, 'disabled') };
    case 'refused':
      // What it is that VyOS refuses is told of the value that is wrong by itself.
      return {
        message: 'VyOS refuses to commit its vpn ipsec',
        place: locateRefusal(site, unloaded.refusal),
      };
    case 'unreadable': {
      const message = 'swanctl cannot read swanctl.conf, and loads no connection at all';
      return { message, place: locateNode(site, unloaded.fault, unloaded.fault.what) };
    }
    default: {
      const log = unloaded?.log ?? [];
      return { message: `strongSwan discards it: ${log.join('; ')}`, place: placeOfDiscard(end) };
    }
  }
}

/** The first value for which strongSwan discards the connection. */
function placeOfDiscard(end: LoneEnd): Location {
  const { site, section } = end;
  const unread = (protocol: Proposal['protocol'], leaves: readonly Leaf<string>[] = []) =>
    leaves.find(({ value, implied }) => !implied && !parseProposal(protocol, value).ok);
  const place = (proposal: Leaf<string>) => {
    return locate(site, nodeOf(proposal), 'strongSwan discards this proposal');
  };
  const ike = unread('IKE', section?.proposals);
  if (ike) return place(ike);
  for (const child of childrenOf(end)) {
    const esp = unread('ESP', child.esp_proposals);
    if (esp) return place(esp);
    const selector = [...child.local_ts, ...child.remote_ts].find(({ value }) => !readSelector(value));
    if (selector) return locate(site, unreadSetting(selector), 'strongSwan discards this');
  }
  return locatePeer(end, 'strongSwan discards this peer');
}

/** What it is of a selector that cannot be read. */
function unreadSetting(leaf: Leaf<string>): Setting<unknown> {
  const protocol = settingNamed(leaf, 'protocol');
  if (protocol && protocolNumber(String(protocol.value)) === undefined) return protocol;
  const port = settingNamed(leaf, 'port');
  return port && !Number.isInteger(Number(port.value)) ? port : settingOfOrigin(leaf.origin);
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
  checkAlone,
};
