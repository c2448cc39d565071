import type { Address } from './address.ts';
import type { Connection, Host } from './connection.ts';
import { anyIdentity, type Identity, matchIdentity, noMatch } from './identity.ts';

/** The addresses of a packet as the daemon that looks up its configuration sees them. */
export interface Endpoints {
  readonly local: Address;
  readonly remote: Address;
}

/** What a look-up yields: connections, the best first; or that the dump does not tell. */
export type Lookup =
  | { readonly kind: 'found'; readonly connections: readonly [Connection, ...Connection[]] }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly why: string };

const perfectHost = 129;
const anyHost = 1;

function matchHost(hosts: readonly Host[], address: Address): number {
  return hosts.reduce((most, host) => {
    if (host.kind === 'any') return Math.max(most, anyHost);
    return host.kind === 'address' && host.address === address ? perfectHost : most;
  }, 0);
}

/** A host whose address the dump does not tell, and which may therefore be the one that is looked for. */
function mayMatch(hosts: readonly Host[]): boolean {
  return hosts.some((host) => host.kind === 'name' || host.kind === 'masked');
}

/**
 * How well a connection suits a pair of addresses and an IKE version; 0 where it does not
 * (strongSwan backend_manager.c, get_ike_match: remote counts double, a fixed version breaks ties).
 */
function rateAddresses(connection: Connection, { local, remote }: Endpoints, version: 1 | 2): number {
  if (connection.version !== 0 && connection.version !== version) return 0;
  const localQuality = matchHost(connection.localHosts, local);
  const remoteQuality = matchHost(connection.remoteHosts, remote);
  if (localQuality === 0 || remoteQuality === 0) return 0;
  return localQuality * 8 + remoteQuality * 16 + (connection.version === 0 ? 0 : 4);
}

/**
 * The connections for a pair of addresses and a version, the best first; of equal ones the first loaded
 * (backend_manager.c, get_matching_ike_cfgs).
 */
export function lookUpByAddress(
  connections: readonly Connection[],
  endpoints: Endpoints,
  version: 1 | 2,
): Lookup {
  const rated = connections
    .map((connection) => ({ connection, rating: rateAddresses(connection, endpoints, version) }))
    .filter(({ rating }) => rating > 0)
    .toSorted((one, other) => other.rating - one.rating);
  const perfect = perfectHost * 8 + perfectHost * 16;
  const [best, ...others] = rated;
  if (best && best.rating >= perfect) {
    return { kind: 'found', connections: [best.connection, ...others.map(({ connection }) => connection)] };
  }
  const open = connections.find(
    (connection) =>
      (connection.version === 0 || connection.version === version) &&
      (mayMatch(connection.localHosts) || mayMatch(connection.remoteHosts)) &&
      (mayMatch(connection.localHosts) || matchHost(connection.localHosts, endpoints.local) > 0) &&
      (mayMatch(connection.remoteHosts) || matchHost(connection.remoteHosts, endpoints.remote) > 0),
  );
  if (open) {
    return { kind: 'unknown', why: `the addresses of connection "${open.name}" are not in the dump` };
  }
  if (!best) return { kind: 'none' };
  return { kind: 'found', connections: [best.connection, ...others.map(({ connection }) => connection)] };
}

/** backend_manager.c, get_peer_match: the peer may name an identity that the configuration narrows, and the reverse. */
function rateIdentity(identity: Identity | undefined, configured: Identity | undefined): number {
  if (identity === undefined || configured === undefined) return matchIdentity(anyIdentity, anyIdentity);
  return matchIdentity(identity, configured) || matchIdentity(configured, identity);
}

/**
 * The connections for addresses, version and identities (backend_manager.c, create_peer_cfg_enumerator). An identity
 * that is not known yet is undefined and matches all. `anyAddress`: as if addresses and version fitted.
 */
export function lookUpByIdentity(
  connections: readonly Connection[],
  endpoints: Endpoints,
  version: 1 | 2,
  identities: { readonly local: Identity | undefined; readonly remote: Identity | undefined },
  options: { readonly anyAddress?: boolean } = {},
): Lookup {
  const sorted: { connection: Connection; ike: number; peer: number }[] = [];
  for (const connection of connections) {
    const ike = options.anyAddress ? 1 : rateAddresses(connection, endpoints, version);
    if (ike === 0) continue;
    if (connection.local.identity?.kind === 'masked' || connection.remote.identity.kind === 'masked') {
      return { kind: 'unknown', why: `an identity of connection "${connection.name}" is masked` };
    }
    const local = rateIdentity(identities.local, connection.local.identity);
    const remote = rateIdentity(identities.remote, connection.remote.identity);
    if (local === noMatch || remote === noMatch) continue;
    const entry = { connection, ike, peer: local + remote };
    const place = sorted.findIndex(
      (current) =>
        (entry.ike > current.ike && entry.peer >= current.peer) ||
        (entry.ike >= current.ike && entry.peer > current.peer),
    );
    sorted.splice(place < 0 ? sorted.length : place, 0, entry);
  }
  const [best, ...others] = sorted.map(({ connection }) => connection);
  return best ? { kind: 'found', connections: [best, ...others] } : { kind: 'none' };
}
