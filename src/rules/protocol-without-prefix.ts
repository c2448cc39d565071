import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../vyos/connections.ts';
import { locate } from './location.ts';
import { isNonEmpty } from './occurrence.ts';
import { vyos } from './sources.ts';

function* check({ site, sources }: LoadedSite, index: number): Iterable<Problem> {
  if (site.release !== '1.4') return;
  for (const { peer, children } of sources) {
    if (peer.disabled) continue;
    for (const { tunnel, espGroup } of children) {
      if (!tunnel || espGroup.mode.value === 'transport') continue;
      const bare = tunnel.localPrefixes.length === 0 && tunnel.remotePrefixes.length === 0;
      const lost = [tunnel.protocol, tunnel.localPort, tunnel.remotePort].flatMap((setting) => setting ?? []);
      if (!bare || !isNonEmpty(lost)) continue;
      const [first, ...others] = lost;
      yield {
        message: `Tunnel ${tunnel.id} is limited to ${first.path.at(-1)} ${first.value} and has no prefix: VyOS 1.4 drops the limit`,
        consequence:
          'Everything between the two routers goes through the tunnel. Newer releases keep the limit (T7593), so that an update of one side changes what is protected.',
        locations: [locate(index, first), ...others.map((setting) => locate(index, setting))],
      };
    }
  }
}

export const protocolWithoutPrefix: SiteRule = {
  id: 'protocol-without-prefix',
  scope: 'site',
  summary: 'VyOS 1.4 drops the protocol and ports of a tunnel that has no prefix.',
  severity: 'info',
  notify: null,
  why:
    'VyOS writes the protocol and the ports of a tunnel behind its prefixes. A tunnel without prefixes is between the ' +
    'routers themselves, and until T7593 (July 2025) had nothing to write them behind. In transport mode they are kept.',
  mend: 'Use an ESP group with mode transport, or name the two addresses as prefixes with /32.',
  sources: [
    vyos('data/templates/ipsec/swanctl/peer.j2'),
    { title: 'VyOS: T7593', url: 'https://github.com/vyos/vyos-1x/pull/4608' },
  ],
  bad: {
    a: "delete vpn ipsec site-to-site peer SITE-B tunnel 1\nset vpn ipsec site-to-site peer SITE-B tunnel 1 protocol 'gre'",
    b: "delete vpn ipsec site-to-site peer SITE-A tunnel 1\nset vpn ipsec site-to-site peer SITE-A tunnel 1 protocol 'gre'",
  },
  good: {
    a: "set vpn ipsec site-to-site peer SITE-B tunnel 1 protocol 'gre'",
    b: "set vpn ipsec site-to-site peer SITE-A tunnel 1 protocol 'gre'",
  },
  check,
};
