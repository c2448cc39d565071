import { type Address, parseAddress } from '../ike/address.ts';
import { type AddressRange, hostRange, parsePrefix, rangeContains } from '../ike/range.ts';
import type { Span } from '../source/index.ts';
import { oncePer } from '../source/once.ts';
import { placeOfNode } from './setting.ts';
import type { Interface, Site } from './site.ts';
import { type ConfigNode, type ConfigTree, child, has, pathOf, tagNodes, wordsBelow } from './tree.ts';

/** A static route of the main table: one for each way that it names. */
export interface StaticRoute {
  readonly kind: 'static';
  /** As it is written: `10.2.0.0/24`. */
  readonly prefix: string;
  readonly network: AddressRange;
  readonly at: Span;
  readonly path: readonly string[];
  /** Undefined where it has only an interface. */
  readonly nextHop: Address | undefined;
  /** Undefined where it has only a next hop, or one that is no interface: blackhole, DHCP. */
  readonly interface: string | undefined;
}

/** The network that an address of an interface is in. */
export interface ConnectedRoute {
  readonly kind: 'connected';
  readonly network: AddressRange;
  readonly interface: string;
  /** With its prefix length. */
  readonly address: string;
}

export type Route = StaticRoute | ConnectedRoute;

/**
 * The static routes in all of their spellings: `route P next-hop A`, `route P interface I` and, until 1.3,
 * `interface-route P next-hop-interface I` (vyos-1x protocols_static.xml.in, src/migration-scripts/quagga/7-to-8).
 */
export const staticRoutes = oncePer(({ tree }: Site): readonly StaticRoute[] => {
  return staticRouteNodes(tree).flatMap(waysOf);
});

function staticRouteNodes(tree: ConfigTree): readonly ConfigNode[] {
  const at = child(tree, 'protocols', 'static');
  return ['route', 'route6', 'interface-route', 'interface-route6'].flatMap((kind) =>
    tagNodes(child(at, kind)),
  );
}

function waysOf(node: ConfigNode): readonly StaticRoute[] {
  const network = parsePrefix(node.name);
  if (!network) return [];
  const way = (at: Span, nextHop?: Address, through?: string): StaticRoute => ({
    kind: 'static',
    prefix: node.name,
    network,
    at,
    path: pathOf(node),
    nextHop,
    interface: through,
  });
  const enabled = (kind: string) => tagNodes(child(node, kind)).filter((hop) => !has(hop, 'disable'));
  const hops = enabled('next-hop').map((hop) => {
    const [through] = [
      ...wordsBelow(child(hop, 'interface')),
      ...wordsBelow(child(hop, 'next-hop-interface')),
    ];
    return way(placeOfNode(node), parseAddress(hop.name), through?.value);
  });
  const interfaces = ['interface', 'next-hop-interface'].flatMap(enabled);
  const others = ['blackhole', 'reject', 'dhcp-interface'].some((kind) => has(node, kind));
  return [
    ...hops,
    ...interfaces.map(({ name }) => way(placeOfNode(node), undefined, name)),
    ...(others ? [way(placeOfNode(node))] : []),
  ];
}

/** The networks that the addresses of interfaces are in. */
export const connectedRoutes = oncePer(({ interfaces }: Site): readonly ConnectedRoute[] =>
  interfaces.flatMap(({ name, addresses }) =>
    addresses.flatMap(({ value }): readonly ConnectedRoute[] => {
      const network = parsePrefix(value);
      return network ? [{ kind: 'connected', network, interface: name, address: value }] : [];
    }),
  ),
);

/** The routes that packets to all of a network may take: those of the longest prefix. */
export function routesTo(site: Site, target: AddressRange): readonly Route[] {
  const fit = [...connectedRoutes(site), ...staticRoutes(site)].filter(({ network }) =>
    rangeContains(network, target),
  );
  const size = ({ network: { from, to } }: Route) => to - from;
  const [smallest] = fit.map(size).toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
  return fit.filter((route) => size(route) === smallest);
}

/** The interfaces that a route leaves by; a next hop is looked up in its turn. Empty where the dump does not tell. */
export function interfacesOf(site: Site, route: Route, depth = 4): readonly string[] {
  if (route.interface !== undefined) return [route.interface];
  if (route.kind === 'connected' || route.nextHop === undefined || depth === 0) return [];
  // FRR looks up no next hop by a default route, unless it is told to.
  const towards = routesTo(site, hostRange(route.nextHop)).filter(
    (next) => next !== route && (next.kind === 'connected' || next.network.from !== 0n),
  );
  return [...new Set(towards.flatMap((next) => interfacesOf(site, next, depth - 1)))];
}

/** The one interface by which packets to a network leave; undefined where there are several or none is known. */
export function interfaceTowards(site: Site, target: AddressRange): string | undefined {
  const names = new Set(routesTo(site, target).flatMap((route) => interfacesOf(site, route)));
  return names.size === 1 ? [...names][0] : undefined;
}

const routingProtocols = [
  ...['babel', 'bgp', 'eigrp', 'failover', 'isis', 'nhrp', 'openfabric', 'ospf', 'ospfv3', 'rip', 'ripng'],
  ...['rpki', 'segment-routing'],
];

/** Whether routes may come from elsewhere than static routes and addresses: a routing protocol, or a policy. */
export function hasDynamicRouting({ tree }: Site): boolean {
  return (
    routingProtocols.some((name) => has(tree, 'protocols', name)) ||
    ['route', 'route6', 'local-route', 'local-route6'].some((name) => has(tree, 'policy', name)) ||
    has(tree, 'protocols', 'static', 'table') ||
    has(tree, 'vrf') ||
    has(tree, 'load-balancing')
  );
}

/** Whether the dump leaves open what routes there are: dynamic ones, what a provider hands out, what is masked. */
export function hasUnseenRoutes(site: Site): boolean {
  const handedOut = site.interfaces.some(
    ({ name, addresses }) =>
      /^(?:pppoe|wwan|sstpc)/.test(name) || addresses.some(({ value }) => parsePrefix(value) === undefined),
  );
  return (
    hasDynamicRouting(site) ||
    handedOut ||
    staticRouteNodes(site.tree).some(({ name }) => parsePrefix(name) === undefined) ||
    has(site.tree, 'system', 'gateway-address') ||
    interfaceNodes(site).some((node) => has(node, 'vrf') || has(node, 'ipv6', 'address', 'autoconf'))
  );
}

function interfaceNodes({ tree }: Site): readonly ConfigNode[] {
  return [...(child(tree, 'interfaces')?.children.values() ?? [])].flatMap((type) => tagNodes(type));
}

/** The interface with an address, or else the one whose network the address is in. */
export function interfaceAt(site: Site, address: Address): Interface | undefined {
  const holds = site.interfaces.find(({ addresses }) =>
    addresses.some(({ value }) => parseAddress(value.split('/')[0] ?? '') === address),
  );
  if (holds) return holds;
  const [route] = connectedRoutes(site).filter(({ network }) => rangeContains(network, hostRange(address)));
  return site.interfaces.find(({ name }) => name === route?.interface);
}
