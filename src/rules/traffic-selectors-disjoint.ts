import { isDeepStrictEqual } from 'node:util';
import type { ChildConfig } from '../ike/connection.ts';
import { selectorsIn } from '../ike/negotiate.ts';
import { intersect } from '../ike/traffic-selector.ts';
import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link } from '../pairing/link.ts';
import { mirrorPrefixes } from './mirror-prefixes.ts';
import { evidenceOf, isNonEmpty, type Occurrence, occurrencesOf } from './occurrence.ts';
import { rfc, strongswan, vyosManual } from './sources.ts';
import {
  childConfigOf,
  listSelectors,
  locateAllSelectors,
  locateProtocol,
  locateSelectors,
  meantCounterpart,
} from './tunnels.ts';

/** A child of A and one of B that are meant for each other and have nothing in common. */
interface Pair {
  readonly a: ChildConfig;
  readonly b: ChildConfig;
  readonly occurrences: readonly Occurrence[];
}

/** The pairs of children that fail for their selectors, each once for both directions. */
export function disjointPairs(link: Link): readonly Pair[] {
  const pairs = new Map<string, Pair>();
  for (const occurrence of occurrencesOf(link, ({ reason }) => reason === 'no-matching-ts')) {
    const own = childConfigOf(occurrence.initiator, occurrence.negotiation.child);
    const other = meantCounterpart(link, occurrence);
    if (!own || !other || own.selectorsMasked || other.selectorsMasked) continue;
    if (refusedForMode(occurrence, own, other)) continue;
    const [a, b] = occurrence.initiator.side === 'a' ? [own, other] : [other, own];
    const key = JSON.stringify([a.name, b.name]);
    pairs.set(key, { a, b, occurrences: [...(pairs.get(key)?.occurrences ?? []), occurrence] });
  }
  return [...pairs.values()];
}

/** IKEv1 found the child and refused it for its mode: that is another rule's. */
function refusedForMode({ failure }: Occurrence, own: ChildConfig, other: ChildConfig): boolean {
  return failure.detail?.responderChild !== undefined && own.mode !== other.mode;
}

function* check(link: Link): Iterable<Problem> {
  for (const { a, b, occurrences } of disjointPairs(link)) {
    if (!isNonEmpty(occurrences)) continue;
    const [{ record }] = occurrences;
    const own = selectorsIn(record, 'a', a);
    const other = selectorsIn(record, 'b', b);
    if (!own || !other) continue;
    const unswapped =
      isDeepStrictEqual(own.local, other.local) && isDeepStrictEqual(own.remote, other.remote);
    if (unswapped) continue;
    const apart = (
      [
        [link.a, a, own.local, link.b, b, other.remote],
        [link.b, b, other.local, link.a, a, own.remote],
      ] as const
    ).filter(([, , local, , , remote]) => !local.some((x) => remote.some((y) => intersect(x, y))));
    const [first] = apart;
    const [end, child, local, facing, facingChild, remote] = first ?? [
      link.a,
      a,
      own.local,
      link.b,
      b,
      other.remote,
    ];
    const locations = apart.flatMap(([x, xChild, , y, yChild]) => [
      ...locateSelectors(x, xChild.section, 'local'),
      ...locateSelectors(y, yChild.section, 'remote'),
    ]);
    const protocols = [...locateProtocol(link.a, a.section), ...locateProtocol(link.b, b.section)];
    const all = [...(locations.length > 0 ? locations : locateAllSelectors(link, a, b)), ...protocols];
    if (!isNonEmpty(all)) continue;
    const firstOnly = `IKEv1 compares only the first prefixes: those of ${link.a.name} ${a.name} and ${link.b.name} ${b.name} have nothing in common`;
    yield {
      message: first
        ? `Nothing in common: ${end.name} ${child.name} has local ${listSelectors(local)}, ${facing.name} ${facingChild.name} has remote ${listSelectors(remote)}`
        : firstOnly,
      consequence: 'The IKE_SA comes up and no traffic passes: the selectors of the two ends do not overlap.',
      ...evidenceOf(occurrences),
      locations: inOrder(link, all),
      fix: mirrorPrefixes(link, a, b),
    };
  }
}

/** A's places before B's, so that the first of A is the primary one. */
export function inOrder(
  link: Link,
  locations: readonly [Location, ...Location[]],
): readonly [Location, ...Location[]] {
  const [first = locations[0], ...rest] = locations.toSorted(
    (one, other) => Number(one.site === link.b.site) - Number(other.site === link.b.site),
  );
  return [first, ...rest];
}

export const trafficSelectorsDisjoint: LinkRule = {
  id: 'traffic-selectors-disjoint',
  scope: 'link',
  summary: 'The prefixes, protocols or ports of two tunnels have nothing in common.',
  severity: 'error',
  notify: 'TS_UNACCEPTABLE',
  why:
    'What is local on one side must be remote on the other. The responder takes what both have in common; where that is ' +
    'nothing, it answers TS_UNACCEPTABLE (IKEv1: INVALID_ID_INFORMATION) and keeps the IKE_SA, so that the peer shows ' +
    'as connected while nothing passes. Protocol and port are part of it.',
  mend: 'Make the local prefix of each side the remote prefix of the other.',
  sources: [rfc(7296, '2.9'), rfc(2409, '5.5'), strongswan('src/libcharon/config/peer_cfg.c'), vyosManual],
  bad: {
    b: "delete vpn ipsec site-to-site peer SITE-A tunnel 1 remote prefix\nset vpn ipsec site-to-site peer SITE-A tunnel 1 remote prefix '10.9.0.0/24'",
  },
  good: {},
  check,
};
