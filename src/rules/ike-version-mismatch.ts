import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import type { Setting } from '../vyos/setting.ts';
import { contrast } from './contrast.ts';
import { alsoUsed, groupUse, toIkev2 } from './group-users.ts';
import { locate, locatePeer } from './location.ts';
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

function keyExchangeOf({ section }: End): Setting<unknown> | undefined {
  return section && settingOfOrigin(section.version.origin);
}

function describe(end: End): string {
  const value = keyExchangeOf(end)?.value;
  return value === undefined ? 'not set (calls with ikev2, answers both)' : String(value);
}

function place(end: End) {
  const setting = keyExchangeOf(end);
  if (!setting) return locatePeer(end, 'no ike-group');
  const label = setting.value ?? 'key-exchange not set: calls with ikev2, answers both';
  return locate(end.site, setting, String(label));
}

/** The groups to mend, to a version that both can speak: never back to IKEv1 where one side has IKEv2. */
function ikev1Groups({ a, b }: Link) {
  return [a, b].flatMap((end) => {
    const setting = keyExchangeOf(end);
    return setting?.value === 'ikev1' ? [groupUse(end, setting)] : [];
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
