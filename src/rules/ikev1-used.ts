import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link, Network } from '../pairing/link.ts';
import { alsoUsed, bothToIkev2, groupUse } from './group-users.ts';
import { locate } from './location.ts';
import { rfc } from './sources.ts';

function* check(link: Link, network: Network): Iterable<Problem> {
  const { a, b } = link;
  const [own, other] = [a.source.ikeGroup, b.source.ikeGroup];
  if (!own || !other || !a.connection || !b.connection) return;
  if (own.keyExchange.value !== 'ikev1' || other.keyExchange.value !== 'ikev1') return;
  yield {
    message: 'The tunnel is made with IKEv1, and both sides can do IKEv2',
    consequence: `It works. IKEv1 is deprecated: it carries one prefix each way, no AEAD cipher in phase 1, and piles up SAs when both sides authenticate anew. Change both sides together.${alsoUsed(groupUse(a, own), groupUse(b, other))}`,
    locations: [locate(a.site, own.keyExchange), locate(b.site, other.keyExchange)],
    fix: bothToIkev2(link, network),
    fixAll: true,
  };
}

export const ikev1Used: LinkRule = {
  id: 'ikev1-used',
  scope: 'link',
  summary: 'Two VyOS routers speak IKEv1 to each other.',
  severity: 'warning',
  notify: null,
  why:
    'IKEv1 was deprecated in 2023 (RFC 9395), and every VyOS does IKEv2. With IKEv1 a wrong secret ends without a notify, ' +
    'several prefixes in a tunnel are lost, and reauthentication piles up SAs.',
  mend: 'Set key-exchange ikev2 in the IKE groups of both sides, at the same time.',
  sources: [
    rfc(9395, '3'),
    {
      title: 'strongSwan: issue 390, IKEv1 between two strongSwan',
      url: 'https://github.com/strongswan/strongswan/issues/390',
    },
  ],
  bad: {
    a: "set vpn ipsec ike-group IKE-B key-exchange 'ikev1'",
    b: "set vpn ipsec ike-group IKE-A key-exchange 'ikev1'",
  },
  good: {},
  check,
};
