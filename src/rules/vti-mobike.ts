import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { setCommand } from '../vyos/command.ts';
import { interfacesOf, staticRoutes } from '../vyos/routes.ts';
import type { Site } from '../vyos/site.ts';
import { boundVtis } from '../vyos/vti.ts';
import { locate } from './location.ts';
import { mendOf } from './mend.ts';
import { onRouteBasedPair } from './route-based-pair.ts';
import { rfc, vyos } from './sources.ts';

function* check(loaded: LoadedSite, index: number): Iterable<Problem> {
  const uplinks = uplinksOf(loaded.site);
  if (uplinks.length < 2) return;
  const seen = new Set<string>();
  for (const { source, bind } of boundVtis(loaded)) {
    const { ikeGroup } = source;
    if (!ikeGroup || seen.has(ikeGroup.name)) continue;
    if (ikeGroup.keyExchange.value === 'ikev1' || ikeGroup.disableMobike.value) continue;
    seen.add(ikeGroup.name);
    yield {
      message: `MOBIKE is on, and the router has ${uplinks.length} ways out: ${uplinks.join(', ')}`,
      consequence: `When the way to the peer changes, strongSwan moves the tunnel of ${bind.value} to another address of the router, which the other side may not expect.`,
      locations: [
        locate(index, ikeGroup.disableMobike, 'not set: MOBIKE is on'),
        locate(index, bind, 'bound here'),
      ],
      fix: mendOf(index, [setCommand(ikeGroup.disableMobike.path)]),
    };
  }
}

/** The interfaces, other than VTIs, that a default route leaves by or whose provider hands one out. */
function uplinksOf(site: Site): readonly string[] {
  const ofRoutes = staticRoutes(site)
    .filter(
      ({ network: { from, to, family } }) => from === 0n && to === (1n << (family === 4 ? 32n : 128n)) - 1n,
    )
    .flatMap((route) => interfacesOf(site, route));
  const ofProviders = site.interfaces
    .filter(({ name, addresses }) => /^pppoe/.test(name) || addresses.some(({ value }) => value === 'dhcp'))
    .map(({ name }) => name);
  return [...new Set([...ofRoutes, ...ofProviders])].filter((name) => !/^(?:vti|tun)/.test(name));
}

const twoWays = [
  "set interfaces ethernet eth0 address '203.0.113.1/24'",
  "set interfaces ethernet eth1 address '192.0.2.10/24'",
  'set protocols static route 0.0.0.0/0 next-hop 203.0.113.254',
  'set protocols static route 0.0.0.0/0 next-hop 192.0.2.254',
].join('\n');

export const vtiMobike: SiteRule = {
  id: 'vti-mobike',
  scope: 'site',
  summary: 'MOBIKE may move the tunnel of a VTI to another uplink.',
  severity: 'info',
  notify: null,
  why:
    'MOBIKE lets a tunnel follow its host from one address to another, and is on unless it is disabled. On a router with ' +
    'two uplinks a change of routes can move the outer addresses of a VTI, while the peer is configured for one of them.',
  mend: 'Set disable-mobike in the IKE group where the addresses are to stay.',
  sources: [
    rfc(4555, '3'),
    vyos('interface-definitions/vpn_ipsec.xml.in'),
    { title: 'strongSwan: issue 299', url: 'https://github.com/strongswan/strongswan/issues/299' },
  ],
  bad: onRouteBasedPair({ a: twoWays }),
  good: onRouteBasedPair({ a: `${twoWays}\nset vpn ipsec ike-group IKE-B disable-mobike` }),
  check,
};
