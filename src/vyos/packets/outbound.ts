/** What becomes of a packet of IKE, or of a tunnel, that a router sends to a peer. */
import type { Address } from '../../ike/address.ts';
import type { Obstacle } from '../../ike/connection.ts';
import { hostRange } from '../../ike/range.ts';
import { oncePer } from '../../source/once.ts';
import { isAnyAddress } from '../addresses.ts';
import {
  hasDynamicRouting,
  hasUnseenRoutes,
  interfaceAt,
  interfacesOf,
  type Route,
  routesTo,
  type StaticRoute,
} from '../routes.ts';
import type { Peer, Site } from '../site.ts';
import { obstacleBy } from './decider.ts';
import { foreignAddress } from './own-address.ts';

/** What stands in the way of a packet to the address of a peer. `from`: undefined where the dump does not tell. */
export function obstaclesOut(
  site: Site,
  peer: Peer | undefined,
  from: Address | undefined,
  to: Address,
): readonly Obstacle[] {
  if (isAnyAddress(to)) return [];
  return [...foreignAddress(site, peer), ...noRoute(site, from, to), ...intoTunnel(site, peer, to)];
}

/** Only where the dump shows by what interface the router would reach the peer, and nothing that might add routes. */
function noRoute(site: Site, from: Address | undefined, to: Address): readonly Obstacle[] {
  if (routesTowards(site, to).length > 0 || hasUnseenRoutes(site)) return [];
  const own = from && interfaceAt(site, from);
  if (!own) return [];
  const why = `no route to ${to} is in the dump`;
  return [obstacleBy({ kind: 'no-route', through: own.name }, { kind: 'unknown', name: '', why })];
}

/**
 * The longest prefix leads into a VTI. Of the peer's own, that route is in force once the VTI is up (vyos-1x
 * src/etc/ipsec.d/vti-up-down), and the packets of the tunnel are sent into the tunnel.
 */
function intoTunnel(site: Site, peer: Peer | undefined, to: Address): readonly Obstacle[] {
  const routes = routesTowards(site, to);
  const [route] = routes.filter(isStatic);
  // Routes of one length by other interfaces as well: which one is taken is not for sure.
  const [through, ...others] = new Set(routes.map((each) => interfacesOf(site, each).join(' ')));
  if (!route || through === undefined || others.length > 0) return [];
  const owner = site.peers.find(({ disabled, vti }) => !disabled && vti?.bind?.value === through);
  const bind = peer?.vti?.bind;
  if (bind?.value === through) {
    const decider = { kind: 'own-tunnel', to, route, bind } as const;
    if (!hasDynamicRouting(site)) return [obstacleBy(decider, { kind: 'swallows', name: bind.value })];
    const why = `the route to ${to} leads into the tunnel itself, unless a routing protocol or a policy knows a better one`;
    return [obstacleBy(decider, { kind: 'unknown', name: '', why })];
  }
  if (!owner) return [];
  const why = `the route to ${to} leads into ${through}, the tunnel of peer ${owner.name}`;
  return [obstacleBy({ kind: 'other-tunnel', peer: owner }, { kind: 'unknown', name: '', why })];
}

function routesTowards(site: Site, to: Address): readonly Route[] {
  const known = knownRoutes(site);
  const routes = known.get(to) ?? routesTo(site, hostRange(to));
  known.set(to, routes);
  return routes;
}

/** Every message of a negotiation asks for them. */
const knownRoutes = oncePer((_: Site) => new Map<Address, readonly Route[]>());

function isStatic(route: Route): route is StaticRoute {
  return route.kind === 'static';
}
