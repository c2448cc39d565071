import { parseAddress } from '../ike/address.ts';
import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { hostNetwork, interfacesOf, type Route, routesTo, type StaticRoute } from '../vyos/routes.ts';
import { boundVtis } from '../vyos/vti.ts';
import { locate } from './location.ts';
import { onRouteBasedPair } from './route-based-pair.ts';
import { vyosManual } from './sources.ts';

const kernelSource = {
  title: 'Linux: net/xfrm/xfrm_interface_core.c',
  url: 'https://github.com/torvalds/linux/blob/v6.6/net/xfrm/xfrm_interface_core.c',
};

function* check(loaded: LoadedSite, index: number): Iterable<Problem> {
  const { site } = loaded;
  for (const { peer, bind } of boundVtis(loaded)) {
    for (const remote of peer.remoteAddresses) {
      const address = parseAddress(remote.value);
      if (!address) continue;
      const routes = routesTo(site, hostNetwork(address));
      // Routes of one length by other interfaces as well: which one is taken is not for sure.
      if (!routes.every((route) => interfacesOf(site, route).join(' ') === bind.value)) continue;
      const [route] = routes.filter(isStatic);
      if (!route) continue;
      yield {
        message: `The peer's own address ${remote.value} is routed into its tunnel: ${route.prefix} leads to ${bind.value}`,
        consequence:
          'Once the VTI is up the route is in force, and the packets of the tunnel are sent into the tunnel. The kernel logs "Local routing loop detected" and drops them; the tunnel goes down and comes up in turn.',
        locations: [
          {
            site: index,
            at: route.at,
            path: route.path,
            value: null,
            origin: 'set',
            label: `the longest prefix with ${remote.value} in it`,
          },
          locate(index, remote),
          locate(index, bind),
        ],
      };
    }
  }
}

function isStatic(route: Route): route is StaticRoute {
  return route.kind === 'static';
}

export const peerRoutedIntoTunnel: SiteRule = {
  id: 'peer-routed-into-tunnel',
  scope: 'site',
  summary: "The route to a peer's own address leads into the VTI of its tunnel.",
  severity: 'error',
  notify: null,
  why:
    'The packets of the tunnel go to the address of the peer, and the kernel looks up a route for them. Where the longest ' +
    'prefix leads into the VTI, they would have to go through themselves. It is the usual slip of a default route by the VTI.',
  mend: "Add a route of its own for the peer's address by the interface that leads to it: set protocols static route 198.51.100.1/32 next-hop 203.0.113.254.",
  sources: [kernelSource, vyosManual],
  bad: onRouteBasedPair({ a: 'set protocols static route 0.0.0.0/0 interface vti0' }),
  good: onRouteBasedPair({
    a: [
      'set protocols static route 0.0.0.0/0 interface vti0',
      'set protocols static route 198.51.100.1/32 next-hop 203.0.113.254',
    ].join('\n'),
  }),
  check,
};
