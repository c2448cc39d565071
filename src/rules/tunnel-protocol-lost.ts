import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { settingNamed, settingOfOrigin } from '../vyos/conf-origin.ts';
import { locate } from './location.ts';
import { vyos, vyosPullRequest } from './sources.ts';

function* check({ conf, ipsecConf }: LoadedSite, site: number): Iterable<Problem> {
  // 1.2 and 1.3 write another file, by another program.
  if (ipsecConf) return;
  for (const { origin, local_ts, remote_ts } of conf.connections.flatMap(({ children }) => children)) {
    const lost = [local_ts, remote_ts].map((leaves) => leaves.find(({ implied }) => implied));
    const sides = ['local', 'remote'].filter((_, index) => lost[index]);
    const named = (name: string) => lost.flatMap((leaf) => (leaf && settingNamed(leaf, name)) ?? []);
    const [protocol] = named('protocol');
    const ports = named('port');
    const [first, ...others] = [protocol ?? [], ports].flat();
    if (!first) continue;
    const what = [
      ...(protocol ? [`protocol ${protocol.value}`] : []),
      ...(ports.length > 0 ? ['the port'] : []),
    ].join(' and ');
    yield {
      message: `Tunnel ${settingOfOrigin(origin).path.at(-1)} has no ${sides.join(' and no ')} prefix, so VyOS 1.4 drops ${what}`,
      consequence:
        'The tunnel takes all traffic between the two routers, not only what is named. VyOS 1.5 writes it: where the other end runs that, the tunnel carries what is named alone.',
      ikeError: null,
      exchange: null,
      bites: [],
      locations: [locate(site, first), ...others.map((setting) => locate(site, setting))],
    };
  }
}

export const tunnelProtocolLost: SiteRule = {
  id: 'tunnel-protocol-lost',
  scope: 'site',
  summary: 'A tunnel without a prefix loses its protocol and ports in VyOS 1.4.',
  severity: 'warning',
  notify: null,
  why:
    'In tunnel mode VyOS 1.4 writes the protocol and the ports behind the prefixes. Where a side has none, nothing is ' +
    'written for it, and strongSwan takes all traffic to or from the router of that side. VyOS 1.5 writes them.',
  mend: "Name the router's own address as a prefix, or use ESP in transport mode.",
  sources: [vyos('data/templates/ipsec/swanctl/peer.j2'), vyosPullRequest(4608, 'T7593')],
  bad: {
    b:
      'delete vpn ipsec site-to-site peer SITE-A tunnel 1\n' +
      "set vpn ipsec site-to-site peer SITE-A tunnel 1 protocol 'gre'",
    a:
      'delete vpn ipsec site-to-site peer SITE-B tunnel 1\n' +
      "set vpn ipsec site-to-site peer SITE-B tunnel 1 local prefix '203.0.113.1/32'\n" +
      "set vpn ipsec site-to-site peer SITE-B tunnel 1 remote prefix '198.51.100.1/32'\n" +
      "set vpn ipsec site-to-site peer SITE-B tunnel 1 protocol 'gre'",
  },
  good: {
    b:
      'delete vpn ipsec site-to-site peer SITE-A tunnel 1\n' +
      "set vpn ipsec site-to-site peer SITE-A tunnel 1 local prefix '198.51.100.1/32'\n" +
      "set vpn ipsec site-to-site peer SITE-A tunnel 1 remote prefix '203.0.113.1/32'\n" +
      "set vpn ipsec site-to-site peer SITE-A tunnel 1 protocol 'gre'",
    a:
      'delete vpn ipsec site-to-site peer SITE-B tunnel 1\n' +
      "set vpn ipsec site-to-site peer SITE-B tunnel 1 local prefix '203.0.113.1/32'\n" +
      "set vpn ipsec site-to-site peer SITE-B tunnel 1 remote prefix '198.51.100.1/32'\n" +
      "set vpn ipsec site-to-site peer SITE-B tunnel 1 protocol 'gre'",
  },
  check,
};
