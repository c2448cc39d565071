import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link } from '../pairing/link.ts';
import { isNode, settingOfOrigin } from '../vyos/conf-origin.ts';
import { anyRemoteOf } from './end-addresses.ts';
import { locateLeaf, locatePeer } from './location.ts';
import { evidenceOf, isNonEmpty, occurrencesOf } from './occurrence.ts';
import { strongswan, vyos } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  for (const end of [link.a, link.b]) {
    const found = occurrencesOf(link, ({ reason }) => reason === 'cannot-initiate').filter(
      ({ initiator }) => initiator.side === end.side,
    );
    const any = anyRemoteOf(end);
    if (!isNonEmpty(found) || !any) continue;
    const evidence = evidenceOf(found);
    yield {
      message: `${end.name} has no address to call: it only answers`,
      consequence:
        'The tunnel comes up only when the other side calls. That is as it must be for a peer without a fixed address.',
      ...evidence,
      severity: 'info',
      locations: [
        isNode(settingOfOrigin(any.origin))
          ? locatePeer(end, 'no remote-address: any address')
          : locateLeaf(end.site, any, 'any address'),
      ],
    };
  }
}

export const peerAddressAny: LinkRule = {
  id: 'peer-address-any',
  scope: 'link',
  summary: 'A peer without a fixed remote-address cannot call.',
  severity: 'info',
  notify: null,
  why:
    'Without remote-address, or with any, a router has nobody to call. It answers whoever presents the right identity ' +
    'and key. Its own attempts end with "unable to resolve %any, initiate aborted".',
  mend: 'Set remote-address where the other side has a fixed address; else leave the calling to the other side.',
  sources: [strongswan('src/libcharon/sa/ike_sa.c'), vyos('data/templates/ipsec/swanctl/peer.j2')],
  bad: { b: 'delete vpn ipsec site-to-site peer SITE-A remote-address' },
  good: {},
  check,
};
