import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { hasDynamicRouting } from '../vyos/routes.ts';
import { child } from '../vyos/tree.ts';
import { boundVtis, routesThrough } from '../vyos/vti.ts';
import { locate, locateNode } from './location.ts';
import { onRouteBasedPair, routeBasedPair } from './route-based-pair.ts';
import { vyos, vyosManual } from './sources.ts';

function* check(loaded: LoadedSite, site: number): Iterable<Problem> {
  for (const { bind, interface: vti, node } of boundVtis(loaded)) {
    if (!vti || !node || vti.addresses.length > 0) continue;
    // Of IPv6 an address that the interface makes by itself is enough for routing protocols.
    if (child(node, 'ipv6', 'address')) continue;
    const routed = routesThrough(loaded.site, vti.name).length > 0 || hasDynamicRouting(loaded.site);
    yield {
      message: `The VTI ${vti.name} has no address`,
      consequence: routed
        ? 'Packets of the router itself take the address of another interface into the tunnel. The other side must know a way back to that one.'
        : 'No route can name a next hop behind it, and the router has no address of its own in the tunnel.',
      severity: routed ? 'info' : 'warning',
      locations: [
        locateNode(site, { at: vti.at, path: ['interfaces', 'vti', vti.name] }, 'no address'),
        locate(site, bind, 'bound here'),
      ],
    };
  }
}

export const vtiWithoutAddress: SiteRule = {
  id: 'vti-without-address',
  scope: 'site',
  summary: 'The VTI that a peer binds has no address.',
  severity: 'warning',
  notify: null,
  why:
    'A VTI is an interface like any other: next hops and routing protocols need an address on it. A route that names the ' +
    'interface itself works without, and then this is only worth knowing.',
  mend: 'Give the VTI an address, one subnet for both ends: 10.255.0.1/30 here and 10.255.0.2/30 there.',
  sources: [vyosManual, vyos('interface-definitions/interfaces_vti.xml.in')],
  bad: {
    ...routeBasedPair,
    a: routeBasedPair.a
      .split('\n')
      .filter((line) => !/ protocols | address /.test(line))
      .join('\n'),
  },
  good: onRouteBasedPair({}),
  check,
};
