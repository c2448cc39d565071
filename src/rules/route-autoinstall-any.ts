import type { Location, Problem, Severity } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { setCommand } from '../vyos/command.ts';
import type { PeerSource } from '../vyos/peer-source.ts';
import { isAtLeast } from '../vyos/schema/index.ts';
import type { Tunnel } from '../vyos/site.ts';
import { has } from '../vyos/tree.ts';
import { locate } from './location.ts';
import { mendOf } from './mend.ts';
import { isNonEmpty } from './occurrence.ts';
import { strongswan, vyos, vyosManual } from './sources.ts';

const option = ['vpn', 'ipsec', 'options', 'disable-route-autoinstall'];

function* check({ site, sources }: LoadedSite, index: number): Iterable<Problem> {
  if (!isAtLeast(site.release, '1.4') || has(site.tree, ...option)) return;
  const enabled = sources.filter(({ peer }) => !peer.disabled);
  const places = enabled.flatMap((source) => placesOf(source, index));
  const routed = places.filter(({ severity }) => severity === 'warning');
  const shown = (routed.length > 0 ? routed : places).map(({ location }) => location);
  if (!isNonEmpty(shown)) return;
  const [{ value }] = shown;
  yield {
    message:
      routed.length > 0
        ? `strongSwan installs a route for ${value}, before all others`
        : 'A VTI takes everything, and disable-route-autoinstall is not set',
    consequence:
      routed.length > 0
        ? 'The kernel asks the table of strongSwan before its own. While the tunnel is up, networks of other interfaces and routes into a VTI are no longer found, and you can lock yourself out.'
        : 'VyOS recommends the option for VTIs. For the VTI itself strongSwan installs no route today, as its policies have an interface id.',
    severity: routed.length > 0 ? 'warning' : 'info',
    locations: shown,
    fix: mendOf(index, [setCommand(option)]),
  };
}

interface Place {
  readonly severity: Severity;
  readonly location: Location;
}

function placesOf({ peer, children }: PeerSource, site: number): readonly Place[] {
  const bind = peer.vti?.bind;
  return children.flatMap(({ tunnel, espGroup }): readonly Place[] => {
    if (!tunnel) return bind ? [{ severity: 'info', location: locate(site, bind, 'takes everything') }] : [];
    // No route is installed for a protocol or a port, nor in transport mode.
    const limited = tunnel.protocol ?? tunnel.localPort ?? tunnel.remotePort;
    if (limited || espGroup.mode.value === 'transport') return [];
    return everything(tunnel).map((prefix) => ({
      severity: bind ? 'info' : 'warning',
      location: locate(site, prefix, 'every address'),
    }));
  });
}

function everything({ remotePrefixes }: Tunnel) {
  return remotePrefixes.filter(({ value }) => value === 'any' || /^(?:0\.0\.0\.0|::)\/0$/.test(value));
}

export const routeAutoinstallAny: SiteRule = {
  id: 'route-autoinstall-any',
  scope: 'site',
  summary: 'strongSwan may install a route for everything, as a selector is 0.0.0.0/0.',
  severity: 'warning',
  notify: null,
  why:
    'For each tunnel strongSwan adds a route for the remote prefixes to table 220, which the kernel asks before the main ' +
    'table. For 0.0.0.0/0 that is a default route before all others. A VTI has these selectors by itself; its policies ' +
    'have an interface id, and strongSwan leaves the routes to the interface, so that there it is only what VyOS recommends.',
  mend: 'Set vpn ipsec options disable-route-autoinstall, and give the remote networks static routes.',
  sources: [
    strongswan('src/libcharon/plugins/kernel_netlink/kernel_netlink_ipsec.c'),
    vyos('data/templates/ipsec/charon.j2'),
    vyosManual,
  ],
  bad: {
    a: "delete vpn ipsec site-to-site peer SITE-B tunnel 1 remote prefix\nset vpn ipsec site-to-site peer SITE-B tunnel 1 remote prefix '0.0.0.0/0'",
    b: "delete vpn ipsec site-to-site peer SITE-A tunnel 1 local prefix\nset vpn ipsec site-to-site peer SITE-A tunnel 1 local prefix '0.0.0.0/0'",
  },
  good: {},
  check,
};
