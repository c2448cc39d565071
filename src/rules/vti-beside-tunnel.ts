import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { isAtLeast } from '../vyos/schema/index.ts';
import type { Tunnel } from '../vyos/site.ts';
import { boundVtis } from '../vyos/vti.ts';
import { locate, locateNode } from './location.ts';
import { onRouteBasedPair } from './route-based-pair.ts';
import { vyos } from './sources.ts';

function* check(loaded: LoadedSite, site: number): Iterable<Problem> {
  // 1.3 refuses it.
  if (!isAtLeast(loaded.site.release, '1.4')) return;
  for (const { peer, bind } of boundVtis(loaded)) {
    const tunnels = peer.tunnels.filter(({ disabled }) => !disabled);
    if (tunnels.length === 0) continue;
    const names = tunnels.map(({ id }) => id).join(', ');
    const group = peer.vti?.espGroup;
    const all = tunnels.every(takesEverything);
    yield {
      message: `The peer ${peer.name} has a VTI and tunnel ${names}: VyOS leaves the child of the VTI out`,
      consequence: all
        ? `The tunnel is carried by ${bind.value}, for IPv4 alone${group ? `, and esp-group ${group.value} of the VTI is not used` : ''}. It works; what is routed into the VTI over IPv6 is dropped.`
        : `The VTI ${bind.value} carries the prefixes of the tunnel and nothing else${group ? `, and esp-group ${group.value} of the VTI is not used` : ''}. What else is routed into it is dropped.`,
      locations: [
        locate(site, bind, 'a VTI'),
        ...tunnels.map((tunnel) => locateNode(site, tunnel, 'takes the place of the VTI')),
        ...(group ? [locate(site, group, 'not used')] : []),
      ],
    };
  }
}

function takesEverything({ localPrefixes, remotePrefixes, protocol }: Tunnel): boolean {
  const any = (prefixes: Tunnel['localPrefixes']) =>
    prefixes.some(({ value }) => value === '0.0.0.0/0' || value === 'any');
  return !protocol && any(localPrefixes) && any(remotePrefixes);
}

export const vtiBesideTunnel: SiteRule = {
  id: 'vti-beside-tunnel',
  scope: 'site',
  summary: 'A peer has both a VTI and tunnels.',
  severity: 'warning',
  notify: null,
  why:
    'VyOS writes a child with the selectors 0.0.0.0/0 and ::/0 for a VTI only where the peer has no tunnel. Beside a tunnel ' +
    'the VTI carries the prefixes of that tunnel, and its esp-group is not used. VyOS 1.3 refuses the two together.',
  mend: 'Take the tunnels away and let routes say what goes into the VTI, or take the VTI away.',
  sources: [vyos('data/templates/ipsec/swanctl/peer.j2')],
  bad: onRouteBasedPair({
    a: "set vpn ipsec site-to-site peer SITE-B tunnel 1 local prefix '10.1.0.0/24'\nset vpn ipsec site-to-site peer SITE-B tunnel 1 remote prefix '10.2.0.0/24'",
    b: "set vpn ipsec site-to-site peer SITE-A tunnel 1 local prefix '10.2.0.0/24'\nset vpn ipsec site-to-site peer SITE-A tunnel 1 remote prefix '10.1.0.0/24'",
  }),
  good: onRouteBasedPair({}),
  check,
};
