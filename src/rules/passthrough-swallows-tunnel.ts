import { parsePrefix, rangeContains } from '../ike/range.ts';
import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { locate } from './location.ts';
import { strongswan, vyos } from './sources.ts';

function* check({ site, sources }: LoadedSite, index: number): Iterable<Problem> {
  // 1.3 looks whether the remote prefix holds the local one, and so do releases with T7458.
  if (site.release !== '1.4') return;
  for (const { peer, children } of sources) {
    if (peer.disabled || peer.vti) continue;
    for (const { tunnel, espGroup } of children) {
      if (!tunnel || espGroup.mode.value === 'transport') continue;
      for (const local of tunnel.localPrefixes) {
        for (const remote of tunnel.remotePrefixes) {
          const [own, other] = [parsePrefix(local.value), parsePrefix(remote.value)];
          if (!own || !other || !rangeContains(own, other)) continue;
          yield {
            message: `The local prefix ${local.value} holds the remote prefix ${remote.value}: VyOS 1.4 lets all of it pass by the tunnel`,
            consequence: `Before its bug T7458 was mended (May 2025) VyOS adds a policy that lets ${local.value} talk to itself without IPsec, and it comes before that of the tunnel. The tunnel is up, and nothing is sent through it.`,
            locations: [
              locate(index, local, 'passes without IPsec'),
              locate(index, remote, 'lies within the local prefix'),
            ],
          };
        }
      }
    }
  }
}

export const passthroughSwallowsTunnel: SiteRule = {
  id: 'passthrough-swallows-tunnel',
  scope: 'site',
  summary: 'The local prefix holds the remote one, and VyOS 1.4 takes its traffic out of the tunnel.',
  severity: 'warning',
  notify: null,
  why:
    'Where prefixes overlap, VyOS adds a child that lets the local network talk to itself without IPsec. That is right ' +
    'where the remote prefix holds the local one. VyOS 1.4 did so the other way round as well, until T7458: the hub of a ' +
    'star, with 10.0.0.0/8 here and 10.2.0.0/24 there, sent nothing through the tunnel.',
  mend: 'Update VyOS, or name local prefixes that do not hold the remote one.',
  sources: [
    vyos('src/conf_mode/vpn_ipsec.py'),
    { title: 'VyOS: T7458', url: 'https://github.com/vyos/vyos-1x/pull/4509' },
    strongswan('src/libcharon/plugins/kernel_netlink/kernel_netlink_ipsec.c'),
  ],
  bad: {
    a: "delete vpn ipsec site-to-site peer SITE-B tunnel 1 local prefix\nset vpn ipsec site-to-site peer SITE-B tunnel 1 local prefix '10.0.0.0/8'",
    b: "delete vpn ipsec site-to-site peer SITE-A tunnel 1 remote prefix\nset vpn ipsec site-to-site peer SITE-A tunnel 1 remote prefix '10.0.0.0/8'",
  },
  good: {},
  check,
};
