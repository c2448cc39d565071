import type { ObstacleKind } from '../ike/connection.ts';
import type { Leaf } from '../ike/swanctl-conf.ts';
import type { Location, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { type End, facingEnd, type Link } from '../pairing/link.ts';
import { settingOfOrigin, settingsOfOrigin } from '../vyos/conf-origin.ts';
import { isMasked } from '../vyos/schema/index.ts';
import type { Setting } from '../vyos/setting.ts';
import { locate, locateLeaf, locatePeer } from './location.ts';
import { localIdOf } from './presented-identity.ts';
import { vyos } from './sources.ts';
import { childrenOf } from './tunnels.ts';

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
    const end = link[initiator];
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
function placesOf(end: End): readonly [Location, ...Location[]] {
  const { site, daemon, section, connection } = end;
  const names = section
    ? [...section.local_addrs, ...section.remote_addrs, localIdOf(end) ?? [], section.remote.id ?? []].flat()
    : [];
  const known = new Set(names.map(({ value }) => value));
  const keys = daemon.sharedKeys.filter((key) =>
    key.section.ids.some((id) => known.has(id.value) || id.masked === 'hidden'),
  );
  const selectors = childrenOf(end).flatMap(({ local_ts, remote_ts }) => [...local_ts, ...remote_ts]);
  const settings = [
    ...keys.flatMap((key) => [
      ...key.section.ids.flatMap(maskedIn),
      ...(key.secret.kind === 'masked' ? [settingOfOrigin(key.section.secret.origin)] : []),
    ]),
    ...[...names, ...selectors].flatMap(maskedIn),
  ];
  const [first, ...others] = [...new Set(settings)].map((setting) => locate(site, setting, 'masked'));
  const named = connection?.remoteHosts.findIndex(({ kind }) => kind === 'name') ?? -1;
  const host = section?.remote_addrs[named];
  if (!first && host) return [locateLeaf(site, host, 'DNS tells its address')];
  return first ? [first, ...others] : [locatePeer(end, 'this peer')];
}

/** What is masked of the settings that a leaf was made of. */
function maskedIn({ origin }: Leaf<unknown>): readonly Setting<unknown>[] {
  return settingsOfOrigin(origin).filter(({ value }) => typeof value === 'string' && isMasked(value));
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
