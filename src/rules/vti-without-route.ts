import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { connectedRoutes, hasDynamicRouting } from '../vyos/routes.ts';
import { has } from '../vyos/tree.ts';
import { boundVtis, carriesInterface, routesThrough } from '../vyos/vti.ts';
import { locate, locateNode } from './location.ts';
import { onRouteBasedPair } from './route-based-pair.ts';
import { vyos, vyosManual } from './sources.ts';

function* check(loaded: LoadedSite, index: number): Iterable<Problem> {
  const { site } = loaded;
  const vtis = boundVtis(loaded);
  const names = new Set(vtis.map(({ bind }) => bind.value));
  const others = connectedRoutes(site).some((route) => !names.has(route.interface));
  // A paste of the VTI alone does not tell what routes the router has.
  if ((!has(site.tree, 'protocols') && !others) || hasDynamicRouting(site)) return;
  for (const { bind, interface: vti } of vtis) {
    if (!vti || routesThrough(site, vti.name).length > 0 || carriesInterface(site, vti)) continue;
    yield {
      message: `No route leads into ${vti.name}`,
      consequence:
        'The tunnel comes up, and nothing is sent into it but what goes to the other end of the VTI itself. The networks behind it are looked for elsewhere.',
      locations: [
        locate(index, bind, 'bound here'),
        locateNode(index, { at: vti.at, path: ['interfaces', 'vti', vti.name] }, 'no route'),
      ],
    };
  }
}

export const vtiWithoutRoute: SiteRule = {
  id: 'vti-without-route',
  scope: 'site',
  summary: 'No static route and no routing protocol sends anything into a VTI.',
  severity: 'warning',
  notify: null,
  why:
    'The selectors of a VTI take everything, and so it is the routes that say what goes through it. The remote network ' +
    'needs a static route, or a routing protocol that learns it. Nothing is said where the dump holds neither protocols ' +
    'nor other interfaces.',
  mend: 'Add a route for the remote network: set protocols static route 10.2.0.0/24 interface vti0.',
  sources: [vyosManual, vyos('interface-definitions/protocols_static.xml.in')],
  bad: onRouteBasedPair({
    a: 'delete protocols static route 10.2.0.0/24\nset protocols static route 0.0.0.0/0 next-hop 203.0.113.254',
  }),
  good: onRouteBasedPair({
    a: "delete protocols static route 10.2.0.0/24\nset protocols ospf interface vti0 area '0'",
  }),
  check,
};
