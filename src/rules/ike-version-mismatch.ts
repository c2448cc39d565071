import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import { contrast } from './contrast.ts';
import { alsoUsed, groupUse, toIkev2 } from './group-users.ts';
import { locate, locateNode } from './location.ts';
import { evidenceOf, isNonEmpty, occurrencesOf } from './occurrence.ts';
import { rfc, strongswan, vyos } from './sources.ts';

function* check(link: Link, network: Network): Iterable<Problem> {
  const found = occurrencesOf(link, (failure) => failure.reason === 'no-ike-config').filter(
    ({ negotiation, responder }) => {
      const version = responder.connection?.version;
      return version !== undefined && version !== 0 && version !== negotiation.ikeVersion;
    },
  );
  if (!isNonEmpty(found)) return;
  const oneWay = new Set(found.map(({ initiator }) => initiator.side)).size === 1;
  yield {
    ...contrast(link, {
      fact: 'Key exchange differs',
      what: 'key exchange',
      a: describe(link.a),
      b: describe(link.b),
    }),
    consequence: `${oneWay ? oneWayOnly : noWay}${alsoUsed(...ikev1Groups(link))}`,
    ...evidenceOf(found),
    locations: [place(link.a), place(link.b)],
    fix: ikev1Groups(link).flatMap(({ end }) => toIkev2(end, network)),
  };
}

function describe({ source }: End): string {
  return source.ikeGroup?.keyExchange.value ?? 'not set (calls with ikev2, answers both)';
}

function place({ site, source }: End) {
  const { ikeGroup, peer } = source;
  if (!ikeGroup) return locateNode(site, peer, 'no ike-group');
  const { keyExchange } = ikeGroup;
  return locate(
    site,
    keyExchange,
    keyExchange.value ?? 'key-exchange not set: calls with ikev2, answers both',
  );
}

/** The groups to mend, to a version that both can speak: never back to IKEv1 where one side has IKEv2. */
function ikev1Groups({ a, b }: Link) {
  return [a, b].flatMap((end) => {
    const { ikeGroup } = end.source;
    return ikeGroup?.keyExchange.value === 'ikev1' ? [groupUse(end, ikeGroup)] : [];
  });
}

const oneWayOnly =
  'The side without key-exchange calls with IKEv2 and is refused. The tunnel comes up only when the IKEv1 side calls.';
const noWay = 'No tunnel: each router answers the other that it has no configuration for it.';

export const ikeVersionMismatch: LinkRule = {
  id: 'ike-version-mismatch',
  scope: 'link',
  summary: 'One side speaks IKEv1, the other IKEv2.',
  severity: 'error',
  notify: 'NO_PROPOSAL_CHOSEN',
  why:
    'A connection of one version is not there for the other: the responder logs "no IKE config found" and answers ' +
    'NO_PROPOSAL_CHOSEN, which looks like a mismatch of algorithms and is none. Without key-exchange VyOS calls with ' +
    'IKEv2 and answers both, so against an IKEv1 peer the tunnel depends on who calls first.',
  mend: 'Set key-exchange ikev2 on both sides.',
  sources: [
    rfc(7296, '2.5'),
    strongswan('src/libcharon/config/backend_manager.c'),
    vyos('data/templates/ipsec/swanctl/peer.j2'),
  ],
  bad: { b: "set vpn ipsec ike-group IKE-A key-exchange 'ikev1'" },
  good: { b: 'delete vpn ipsec ike-group IKE-A key-exchange' },
  check,
};
