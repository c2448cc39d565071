import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link, Network } from '../pairing/link.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import { alsoUsed, bothToIkev2, groupUse } from './group-users.ts';
import { locateLeaf } from './location.ts';
import { rfc } from './sources.ts';

function* check(link: Link, network: Network): Iterable<Problem> {
  const { a, b } = link;
  if (a.connection?.version !== 1 || b.connection?.version !== 1) return;
  const { section: own } = a.connection;
  const { section: other } = b.connection;
  const uses = [
    groupUse(a, settingOfOrigin(own.version.origin)),
    groupUse(b, settingOfOrigin(other.version.origin)),
  ];
  yield {
    message: 'The tunnel is made with IKEv1, and both sides can do IKEv2',
    consequence: `It works. IKEv1 is deprecated: it carries one prefix each way, no AEAD cipher in phase 1, and piles up SAs when both sides authenticate anew. Change both sides together.${alsoUsed(...uses)}`,
    locations: [locateLeaf(a.site, own.version), locateLeaf(b.site, other.version)],
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
