/**
 * Arbitrary sites and pairs of sites, for property tests and for the laboratory. A pair is a site and its mirror with
 * up to four changes on either side: so that most of what matters is one difference away from a tunnel that stands.
 */
import fc from 'fast-check';
import { change, newerOptions, withNewerOptions } from './changes.ts';
import { espGroup, identity, ikeGroup, secret, tunnel, wildcardIdentity } from './parts.ts';
import {
  addressesOfA,
  mirror,
  type PairSpec,
  type PeerSpec,
  type PskSpec,
  type SiteSpec,
} from './site-spec.ts';

export { mirror, type PairSpec, type SiteSpec, toDump } from './site-spec.ts';

const hosts = {
  4: { local: '203.0.113.1', remote: '198.51.100.1' },
  6: { local: '2001:db8:a::1', remote: '2001:db8:b::1' },
} as const;

function maybe<T>(arbitrary: fc.Arbitrary<T>, set = 3, unset = 1): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: set, arbitrary }, { weight: unset, arbitrary: fc.constant(undefined) });
}

const tunnels = fc
  .oneof(
    { weight: 6, arbitrary: fc.array(tunnel, { minLength: 1, maxLength: 1 }) },
    { weight: 3, arbitrary: fc.array(tunnel, { minLength: 2, maxLength: 3 }) },
    // Two that differ in their names alone.
    { weight: 1, arbitrary: tunnel.map((one) => [one, one]) },
  )
  .map((list) => list.map((one, index) => ({ ...one, id: `${[1, 2, 10][index]}` })));

/** The peer that faces the other site. */
const facingPeer: fc.Arbitrary<PeerSpec> = fc
  .record({
    family: fc.constantFrom<4 | 6>(4, 4, 4, 4, 6),
    ikeGroup,
    espGroup,
    localId: maybe(identity),
    remoteId: maybe(fc.oneof({ weight: 9, arbitrary: identity }, { weight: 1, arbitrary: wildcardIdentity })),
    tunnels,
    vti: fc.constantFrom(false, false, false, false, false, false, false, true),
  })
  .map(({ family, vti, tunnels: list, localId, remoteId, ...rest }) => ({
    name: 'SITE-B',
    ...rest,
    localId: localId ?? hosts[family].local,
    remoteId: remoteId ?? hosts[family].remote,
    localAddress: hosts[family].local,
    remoteAddresses: [hosts[family].remote],
    vti,
    tunnels: vti ? [] : list,
  }));

function psksFor(peer: PeerSpec, key: string): readonly PskSpec[] {
  const ids = [peer.localId, peer.remoteId, peer.localAddress, ...peer.remoteAddresses];
  return [{ name: 'K1', ids: [...new Set(ids.flatMap((id) => id ?? []))], secret: key }];
}

/** A site with one peer, its secret for all the names that either end may go by. */
export const arbitrarySite: fc.Arbitrary<SiteSpec> = fc
  .record({ peer: facingPeer, key: secret })
  .map(({ peer, key }) => ({ addresses: addressesOfA, peers: [peer], psks: psksFor(peer, key) }));

export function arbitraryPairOf(mostChanges: number): fc.Arbitrary<PairSpec> {
  const changes = fc.array(fc.record({ side: fc.constantFrom<'a' | 'b'>('a', 'b'), change }), {
    maxLength: mostChanges,
    size: 'max',
  });
  const newer = fc.option(newerOptions, { freq: 8, nil: undefined });
  return fc
    .record({ site: arbitrarySite, newer, changes })
    .map(({ site: older, newer: added, changes: made }) => {
      const site = added ? withNewerOptions(older, added) : older;
      let pair = { a: site, b: mirror(site) };
      for (const { side, change: each } of made) pair = { ...pair, [side]: each.apply(pair[side]) };
      return {
        a: callsFromItsFirstAddress(pair.b, pair.a),
        b: callsFromItsFirstAddress(pair.a, pair.b),
        changes: made.map(({ side, change: each }) => `${side}:${each.kind}`),
      };
    });
}

/** Which of its addresses a router calls from whose local-address is `any` is not in its dump: `site` expects the first. */
function callsFromItsFirstAddress(caller: SiteSpec, site: SiteSpec): SiteSpec {
  if (caller.peers.every(({ localAddress }) => localAddress !== 'any')) return site;
  const expectFirst = (peer: PeerSpec): PeerSpec => ({
    ...peer,
    remoteAddresses: [...new Set(peer.remoteAddresses.map((address) => address.replace(/2$/, '1')))],
  });
  const [facing, ...others] = site.peers;
  return { ...site, peers: [expectFirst(facing), ...others.map(expectFirst)] };
}

export const arbitraryPair: fc.Arbitrary<PairSpec> = arbitraryPairOf(4);
