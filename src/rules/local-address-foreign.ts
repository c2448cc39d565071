import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { foreignLocalAddress } from '../vyos/packets/own-address.ts';
import { activeSources } from './groups-in-use.ts';
import { locate } from './location.ts';
import { strongswan, vyosManual } from './sources.ts';

function* check(loaded: LoadedSite, index: number): Iterable<Problem> {
  const told = new Set<string>();
  for (const { peer } of activeSources(loaded)) {
    const local = foreignLocalAddress(loaded.site, peer);
    if (!local || told.has(local.value)) continue;
    told.add(local.value);
    yield {
      message: `The local-address ${local.value} is on no interface of this router`,
      consequence:
        'No tunnel: strongSwan cannot send from an address that the router does not have. Behind a NAT local-address is the inside address, and the outside one belongs in local-id.',
      locations: [locate(index, local, 'on no interface')],
    };
  }
}

export const localAddressForeign: SiteRule = {
  id: 'local-address-foreign',
  scope: 'site',
  summary: 'The local-address of a peer is on no interface of the dump.',
  severity: 'warning',
  notify: null,
  why:
    'strongSwan takes calls at the addresses of the router. With a local-address that no interface has, nothing is sent, and ' +
    'a call to the real address finds no connection. Addresses of VRRP count; where an interface gets its address by ' +
    'DHCP or PPPoE, nothing is said.',
  mend: 'Set local-address to the address of the interface towards the peer.',
  sources: [vyosManual, strongswan('src/libcharon/config/ike_cfg.c')],
  bad: {
    b: "set protocols static route 0.0.0.0/0 next-hop 198.51.100.254\nset interfaces ethernet eth9 address '10.2.0.1/24'\nset interfaces ethernet eth0 address '198.51.100.2/24'",
  },
  good: {
    b: "set protocols static route 0.0.0.0/0 next-hop 198.51.100.254\nset interfaces ethernet eth9 address '10.2.0.1/24'\nset interfaces ethernet eth0 address '198.51.100.1/24'",
  },
  check,
};
