import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link } from '../pairing/link.ts';
import { deleteCommand } from '../vyos/command.ts';
import { locateNode } from './location.ts';
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
      locations: [locateNode(end.site, end.source.peer, why.label)],
      fix: end.source.peer.disabled
        ? [{ site: end.site, commands: [deleteCommand([...end.source.peer.path, 'disable'])] }]
        : [],
    };
  }
}

function reasonOf({ source, loaded }: End): { readonly message: string; readonly label: string } {
  if (source.peer.disabled) return { message: 'the peer is disabled', label: 'disabled' };
  // VyOS stops at the first.
  const [refusal] = source.refusals;
  if (refusal !== undefined) return { message: `VyOS refuses to commit it: ${refusal}`, label: refusal };
  const log = loaded.daemon.rejected.find(({ name }) => name === source.connection)?.log ?? [];
  return { message: `strongSwan discards it: ${log.join('; ')}`, label: log.join('; ') };
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
    'calls nobody, and answers NO_PROPOSAL_CHOSEN.',
  mend: 'Mend what the message names, and look at the log after the commit: strongSwan says there what it discards.',
  sources: [vyos('src/conf_mode/vpn_ipsec.py'), strongswan('src/libcharon/plugins/vici/vici_config.c')],
  bad: { b: "set vpn ipsec site-to-site peer SITE-A ike-group 'IKE-SITE-A'" },
  good: {},
  check,
};
