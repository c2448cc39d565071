import { parseAddress } from '../ike/address.ts';
import type { ObstacleKind } from '../ike/connection.ts';
import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link } from '../pairing/link.ts';
import { isMasked } from '../vyos/schema/index.ts';
import { locate, locateNode } from './location.ts';
import { endOf, facingEnd } from './occurrence.ts';
import { vyos } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  const seen = new Set<string>();
  for (const { initiator, result, doubts = [] } of link.negotiations) {
    if (result.outcome !== 'unknown' || seen.has(result.why)) continue;
    const [doubt] = doubts;
    if (doubt?.obstacle.why === result.why && hasOwnRule.has(doubt.obstacle.by)) continue;
    seen.add(result.why);
    const bites = link.negotiations
      .filter((other) => other.result.outcome === 'unknown' && other.result.why === result.why)
      .map((other) => ({ initiator: other.initiator, child: other.child }));
    const end = endOf(link, initiator);
    const facing = facingEnd(link, initiator);
    yield {
      message: `Not judged: ${result.why}`,
      consequence:
        'Whether the tunnel comes up cannot be told from the dumps. This is neither a pass nor a fault.',
      bites,
      locations: [...placesOf(end), ...placesOf(facing)],
    };
  }
}

/** no-route-to-peer, local-address-foreign, peer-routed-into-tunnel. */
const hasOwnRule: ReadonlySet<ObstacleKind> = new Set(['no-route', 'local-address', 'own-tunnel']);

/** What is masked of an end, or the peer where the dump masks nothing of it. */
function placesOf({ site, loaded, source: { peer } }: End): readonly [Location, ...Location[]] {
  const { localId, remoteId } = peer.authentication;
  const names = [peer.localAddress, ...peer.remoteAddresses, localId, remoteId].flatMap((name) => name ?? []);
  const known = new Set(names.map(({ value }) => value));
  const psks = loaded.site.psks.filter(({ ids }) =>
    ids.some(({ value }) => known.has(value) || isMasked(value)),
  );
  const prefixes = peer.tunnels.flatMap(({ localPrefixes, remotePrefixes }) => [
    ...localPrefixes,
    ...remotePrefixes,
  ]);
  const [first, ...others] = [
    ...psks.flatMap(({ ids, secret }) => [
      ...ids.filter(({ value }) => isMasked(value)),
      ...(secret?.value.kind === 'masked' ? [secret] : []),
    ]),
    ...[...names, ...prefixes].filter(({ value }) => isMasked(value)),
  ].map((setting) => locate(site, setting, 'masked'));
  const [named] = peer.remoteAddresses.filter(({ value }) => value !== 'any' && !parseAddress(value));
  if (!first && named) return [locate(site, named, 'DNS tells its address')];
  return first ? [first, ...others] : [locateNode(site, peer, 'this peer')];
}

export const notJudged: LinkRule = {
  id: 'not-judged',
  scope: 'link',
  summary: 'The dumps do not hold what decides the outcome.',
  severity: 'info',
  notify: null,
  why:
    'A masked secret or address, a certificate, or a host name that only DNS can tell decides whether the tunnel comes ' +
    'up, and is not in the dump. Nothing is guessed.',
  mend: 'Compare what is masked by hand, or lint dumps that hold it.',
  sources: [vyos('src/helpers/strip-private.py')],
  bad: {
    b: "delete vpn ipsec site-to-site peer SITE-A remote-address\nset vpn ipsec site-to-site peer SITE-A remote-address 'a.example.com'",
  },
  good: {},
  check,
};
