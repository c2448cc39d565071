import { parseAddress } from '../ike/address.ts';
import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { deciderOf } from '../vyos/packets/decider.ts';
import { obstaclesOut } from '../vyos/packets/outbound.ts';
import { locate } from './location.ts';
import { vyos } from './sources.ts';

function* check({ site, sources }: LoadedSite, index: number): Iterable<Problem> {
  for (const { peer } of sources) {
    if (peer.disabled || !peer.localAddress) continue;
    const from = parseAddress(peer.localAddress.value);
    for (const remote of peer.remoteAddresses) {
      const to = parseAddress(remote.value);
      const obstacles = to ? obstaclesOut(site, peer, from, to) : [];
      const [missing] = obstacles.flatMap((each) => deciderOf('no-route', each) ?? []);
      if (!missing) continue;
      yield {
        message: `No route leads to the peer at ${remote.value}, and there is no default route`,
        short: 'no route to the peer',
        consequence:
          'As the dump stands the router can neither call the peer nor answer it, nor send anything to the networks behind it.',
        locations: [
          locate(index, remote, 'in no network of the router'),
          locate(index, peer.localAddress, `on ${missing.through}`),
        ],
      };
    }
  }
}

const wan = "set interfaces ethernet eth0 address '203.0.113.1/24'";

export const noRouteToPeer: SiteRule = {
  id: 'no-route-to-peer',
  scope: 'site',
  summary: 'The router has no route to the address of a peer.',
  severity: 'warning',
  notify: null,
  why:
    'A policy says what is to be protected, and not where it goes: the packets of the tunnel need a route to the peer like ' +
    'any others, most often the default route. This is said only where the dump holds the interface of local-address and ' +
    'nothing that might add routes: no DHCP, no PPPoE, no routing protocol, no VRF. Whether the tunnel comes up is then unknown.',
  mend: "Add the route to the gateway of your provider: set protocols static route 0.0.0.0/0 next-hop with the gateway's address.",
  sources: [
    vyos('interface-definitions/protocols_static.xml.in'),
    {
      title: 'VyOS documentation: policy-based IPsec and firewall',
      url: 'https://docs.vyos.io/en/latest/configexamples/policy-based-ipsec-and-firewall.html',
    },
  ],
  bad: { a: wan },
  good: { a: `${wan}\nset protocols static route 0.0.0.0/0 next-hop '203.0.113.254'` },
  check,
};
