/** The addresses that the routers of the laboratory need behind them, so that charon's own ESP takes their policies. */
import { type Address, addressFromBits } from '../../src/ike/address.ts';
import type { ChildConfig } from '../../src/ike/connection.ts';
import type { Side } from '../../src/ike/outcome.ts';
import { intersect, type TrafficSelector } from '../../src/ike/traffic-selector.ts';
import type { LoadedSite } from '../../src/strongswan/load-site.ts';

type Fixed = readonly TrafficSelector[];

function fixedSelectors(site: LoadedSite, which: 'localSelectors' | 'remoteSelectors'): Fixed {
  const children: readonly ChildConfig[] = site.daemon.connections.flatMap(
    (connection) => connection.children,
  );
  return children
    .flatMap((child) => child[which])
    .flatMap((selector) => (selector.kind === 'fixed' ? [selector] : []));
}

const farEnough = 256n;

/** A host of a range; of a wide one (all addresses, say) none, as every router has some address in it. */
function hostsIn(
  { family, from, to, fromPort, toPort, protocol }: TrafficSelector,
  last: bigint,
): readonly Address[] {
  if (to - from > 1n << (family === 4 ? 25n : 65n)) return [];
  if (fromPort > toPort || protocol < 0) return [];
  return [addressFromBits(family, to - from < farEnough / 8n ? from : from + last)];
}

/**
 * For each side a host in each of its local selectors, and in whatever part of one the other side's remote selectors
 * leave; the two sides' hosts differ where their networks are the same.
 */
export function hostsOfSites(
  sites: Readonly<Record<Side, LoadedSite>>,
): Readonly<Record<Side, readonly string[]>> {
  const of = (side: Side, other: Side, last: bigint) => {
    const locals = fixedSelectors(sites[side], 'localSelectors');
    const remotes = fixedSelectors(sites[other], 'remoteSelectors');
    const common = locals.flatMap((local) =>
      remotes.flatMap((remote) => intersect({ ...local, ...anything }, { ...remote, ...anything }) ?? []),
    );
    return [...common, ...locals].flatMap((selector) => hostsIn(selector, last));
  };
  return { a: of('a', 'b', 11n), b: of('b', 'a', 22n) };
}

/** Protocols and ports do not matter to addresses. */
const anything = { protocol: 0, fromPort: 0, toPort: 65535 } as const;
