import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { keepsProtocolWithoutPrefix } from '../strongswan/swanctl-conf.ts';
import type { ChildSource } from '../vyos/peer-source.ts';
import { writesIpsecConf } from '../vyos/release.ts';
import type { Tunnel } from '../vyos/site.ts';
import { locate } from './location.ts';
import { vyos, vyosPullRequest } from './sources.ts';

function* check({ site, sources }: LoadedSite, index: number): Iterable<Problem> {
  if (!losesProtocol(site.release)) return;
  for (const source of sources.filter(({ peer }) => !peer.disabled)) {
    for (const child of source.children) {
      const problem = lost(index, child);
      if (problem) yield problem;
    }
  }
}

/** 1.2 and 1.3 write another file, by another program. */
function losesProtocol(release: LoadedSite['site']['release']): boolean {
  return !writesIpsecConf(release) && !keepsProtocolWithoutPrefix(release);
}

function lost(site: number, { tunnel, espGroup }: ChildSource): Problem | undefined {
  if (!tunnel || espGroup.mode.value === 'transport') return undefined;
  const sides = (['local', 'remote'] as const).filter((side) => prefixesOf(tunnel, side).length === 0);
  const narrowed = [
    tunnel.protocol,
    ...sides.map((side) => (side === 'local' ? tunnel.localPort : tunnel.remotePort)),
  ].flatMap((setting) => setting ?? []);
  const [first, ...others] = narrowed;
  if (!first || sides.length === 0) return undefined;
  const what = [
    tunnel.protocol ? `protocol ${tunnel.protocol.value}` : '',
    narrowed.some((s) => s !== tunnel.protocol) ? 'the port' : '',
  ]
    .filter(Boolean)
    .join(' and ');
  return {
    message: `Tunnel ${tunnel.id} has no ${sides.join(' and no ')} prefix, so VyOS 1.4 drops ${what}`,
    consequence:
      'The tunnel takes all traffic between the two routers, not only what is named. VyOS 1.5 writes it: where the other end runs that, the tunnel carries what is named alone.',
    ikeError: null,
    exchange: null,
    bites: [],
    locations: [locate(site, first), ...others.map((setting) => locate(site, setting))],
  };
}

function prefixesOf(tunnel: Tunnel, side: 'local' | 'remote') {
  return side === 'local' ? tunnel.localPrefixes : tunnel.remotePrefixes;
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
