import { isDeepStrictEqual } from 'node:util';
import { selectorsIn } from '../ike/negotiate.ts';
import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link } from '../pairing/link.ts';
import { mirrorPrefixes } from './mirror-prefixes.ts';
import { evidenceOf, isNonEmpty } from './occurrence.ts';
import { rfc, strongswan } from './sources.ts';
import { disjointPairs, inOrder } from './traffic-selectors-disjoint.ts';
import { listSelectors, locateAllSelectors } from './tunnels.ts';

function* check(link: Link): Iterable<Problem> {
  for (const { a, b, occurrences } of disjointPairs(link)) {
    if (!isNonEmpty(occurrences)) continue;
    const [{ record }] = occurrences;
    const own = selectorsIn(record, 'a', a);
    const other = selectorsIn(record, 'b', b);
    if (!own || !other) continue;
    if (!isDeepStrictEqual(own.local, other.local) || !isDeepStrictEqual(own.remote, other.remote)) continue;
    const locations = locateAllSelectors(link, a, b);
    if (!isNonEmpty(locations)) continue;
    yield {
      message: `Local and remote are not swapped: both sides have local ${listSelectors(own.local)} and remote ${listSelectors(own.remote)}`,
      consequence:
        'The IKE_SA comes up and no traffic passes: each end takes itself for the same side of the tunnel.',
      ...evidenceOf(occurrences),
      locations: inOrder(link, locations),
      fix: mirrorPrefixes(link, a, b),
    };
  }
}

export const trafficSelectorsNotSwapped: LinkRule = {
  id: 'traffic-selectors-not-swapped',
  scope: 'link',
  summary: 'Both sides name the same prefix local and the same prefix remote.',
  severity: 'error',
  notify: 'TS_UNACCEPTABLE',
  why:
    'A tunnel copied from one router to the other needs its local and remote prefixes exchanged. Left as they are, the ' +
    'two ends have nothing in common.',
  mend: 'On one side exchange local and remote.',
  sources: [rfc(7296, '2.9'), strongswan('src/libcharon/sa/ikev2/tasks/child_create.c')],
  bad: {
    b:
      'delete vpn ipsec site-to-site peer SITE-A tunnel 1\n' +
      "set vpn ipsec site-to-site peer SITE-A tunnel 1 local prefix '10.1.0.0/24'\n" +
      "set vpn ipsec site-to-site peer SITE-A tunnel 1 remote prefix '10.2.0.0/24'",
  },
  good: {},
  check,
};
