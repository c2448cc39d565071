import { parseAddress } from '../ike/address.ts';
import { type AddressRange, parseAddressRange, parsePrefix, rangesMeet } from '../ike/range.ts';
import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { natRules } from '../vyos/nat.ts';
import { connectedRoutes, hasUnseenRoutes, interfaceAt, staticRoutes } from '../vyos/routes.ts';
import { protectedTraffic } from '../vyos/source-nat.ts';
import { has } from '../vyos/tree.ts';
import { locate, locateNode } from './location.ts';
import { vyos } from './sources.ts';

function* check(loaded: LoadedSite, index: number): Iterable<Problem> {
  const { site } = loaded;
  if (hasUnseenRoutes(site) || has(site.tree, 'nat', 'static')) return;
  const all = protectedTraffic(loaded);
  const facing = all.map(({ peer, remote }) => ({ peer, network: parsePrefix(remote.value) }));
  const seen = new Set<unknown>();
  for (const { peer, local, tunnel, family } of all) {
    const address = parseAddress(peer.localAddress?.value ?? '');
    const outside = address && interfaceAt(site, address);
    const own = parsePrefix(local.value);
    if (!outside || !own || seen.has(local)) continue;
    seen.add(local);
    // The dump must show more of the router than its way out.
    const inside = connectedRoutes(site).filter(
      ({ interface: name, network }) =>
        name !== outside.name && !/^(?:vti|lo)/.test(name) && network.family === family,
    );
    if (inside.length === 0) continue;
    const meetsOwn = (network: AddressRange | undefined) => network !== undefined && rangesMeet(network, own);
    const isKnown =
      connectedRoutes(site).some(({ network }) => meetsOwn(network)) ||
      staticRoutes(site).some(({ network }) => network.from !== 0n && meetsOwn(network)) ||
      // A hub passes on what comes from another peer.
      facing.some((other) => other.peer !== peer && meetsOwn(other.network)) ||
      natRules(site, 'source', family).some(({ translation }) => {
        return meetsOwn(parseAddressRange(translation?.value ?? ''));
      });
    if (isKnown) continue;
    yield {
      message: `The local prefix ${local.value} of tunnel ${tunnel.id} is on no interface and no route of the router`,
      consequence:
        'Packets from the other side go out of the tunnel and back where the default route leads. Nobody behind this router has an address that the tunnel protects.',
      locations: [
        locate(index, local, 'on no interface'),
        locateNode(
          index,
          peer,
          'what the router has: '.concat(
            inside
              .map(({ address: each }) => each)
              .slice(0, 3)
              .join(', '),
          ),
        ),
      ],
    };
  }
}

const router = [
  "set interfaces ethernet eth0 address '203.0.113.1/24'",
  'set protocols static route 0.0.0.0/0 next-hop 203.0.113.254',
];

export const localPrefixUnreachable: SiteRule = {
  id: 'local-prefix-unreachable',
  scope: 'site',
  summary: 'A local prefix of a tunnel is on no interface and no route of the router.',
  severity: 'info',
  notify: null,
  why:
    'A router announces by its local prefixes what lies behind it. One that it has no address in and no route to is most ' +
    'often a slip, such as 10.1.0.0/24 for 10.10.0.0/24. VyOS 1.3 prints a warning of its own. Nothing is said where ' +
    'routes may come from elsewhere, or where the dump shows no interface but the one that leads to the peer.',
  mend: 'Correct the prefix, on both sides, or add the route to that network.',
  sources: [
    vyos('src/conf_mode/vpn_ipsec.py'),
    {
      title: 'VyOS 1.3: scripts/vpn-config.pl',
      url: 'https://github.com/vyos/vyatta-cfg-vpn/blob/equuleus/scripts/vpn-config.pl',
    },
  ],
  bad: { a: [...router, "set interfaces ethernet eth1 address '10.10.0.1/24'"].join('\n') },
  good: { a: [...router, "set interfaces ethernet eth1 address '10.1.0.1/24'"].join('\n') },
  check,
};
