import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link } from '../pairing/link.ts';
import { deleteCommand } from '../vyos/command.ts';
import { locateNode } from './location.ts';
import { mendOf } from './mend.ts';
import { evidenceOf, isNonEmpty, letter, occurrencesOf } from './occurrence.ts';
import { strongswan, vyos } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  for (const end of [link.a, link.b]) {
    if (end.connection) continue;
    const found = occurrencesOf(
      link,
      ({ reason }) => reason === 'not-loaded' || reason === 'no-ike-config' || reason === 'no-peer-config',
    ).filter(({ failure, initiator, responder }) =>
      failure.reason === 'not-loaded' ? initiator.side === end.side : responder.side === end.side,
    );
    if (!isNonEmpty(found)) continue;
    const why = reasonOf(end);
    yield {
      message: `${letter(end.side)} has no connection for this peer: ${why.message}`,
      consequence: `${letter(end.side)} cannot call, and answers the other side as if the peer were not configured.`,
      ...evidenceOf(found, 'ike-config'),
      locations: [locateNode(end.site, why.place, why.label)],
      fix: end.source.peer.disabled
        ? mendOf(end.site, [deleteCommand([...end.source.peer.path, 'disable'])])
        : [],
    };
  }
}

function reasonOf({ source: { peer, refusals, connection }, loaded }: End) {
  if (peer.disabled) return { message: 'the peer is disabled', label: 'disabled', place: peer };
  const [fault] = loaded.faults;
  if (fault?.kind === 'refused') {
    return { message: `VyOS refuses to commit: ${fault.log}`, label: fault.what, place: fault };
  }
  // VyOS stops at the first.
  const [refusal] = refusals;
  if (refusal !== undefined) {
    return { message: `VyOS refuses to commit it: ${refusal}`, label: refusal, place: peer };
  }
  if (fault) {
    const message = 'swanctl cannot read swanctl.conf, and loads no connection at all';
    return { message, label: fault.what, place: fault };
  }
  const log = loaded.daemon.rejected.find(({ name }) => name === connection)?.log ?? [];
  return { message: `strongSwan discards it: ${log.join('; ')}`, label: log.join('; '), place: peer };
}

export const connectionNotLoaded: LinkRule = {
  id: 'connection-not-loaded',
  scope: 'link',
  summary: 'A peer is configured and still not there for strongSwan.',
  severity: 'error',
  notify: 'NO_PROPOSAL_CHOSEN',
  why:
    'VyOS refuses to commit a peer that is incomplete or names a group that is not there, and strongSwan discards a ' +
    'connection with a value it cannot read. Either way the router behaves as if the peer were not configured: it ' +
    'calls nobody, and answers NO_PROPOSAL_CHOSEN. VyOS escapes nothing that it writes into swanctl.conf: a quote in a ' +
    'secret or an id, or a dot in the name of a psk, breaks the file, and strongSwan loads no connection at all.',
  mend: 'Mend what the message names, and look at the log after the commit: strongSwan says there what it discards.',
  sources: [
    vyos('src/conf_mode/vpn_ipsec.py'),
    vyos('data/templates/ipsec/swanctl.conf.j2'),
    strongswan('src/libcharon/plugins/vici/vici_config.c'),
    strongswan('src/libstrongswan/settings/settings_lexer.l'),
  ],
  bad: { b: "set vpn ipsec site-to-site peer SITE-A ike-group 'IKE-SITE-A'" },
  good: {},
  check,
};
