import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { rangeOfPrefix } from '../vyos/addresses.ts';
import { type ProtectedTraffic, protectedTraffic } from '../vyos/source-nat.ts';
import { locate } from './location.ts';
import { isNonEmpty } from './occurrence.ts';
import { strongswan } from './sources.ts';

function* check(loaded: LoadedSite, site: number): Iterable<Problem> {
  const byKey = new Map<string, ProtectedTraffic[]>();
  for (const pair of protectedTraffic(loaded)) {
    const key = keyOf(pair);
    byKey.set(key, [...(byKey.get(key) ?? []), pair]);
  }
  const seen = new Set<string>();
  for (const pairs of byKey.values()) {
    const peers = [...new Set(pairs.map(({ peer }) => peer))];
    const [first, second] = peers;
    const key = JSON.stringify(peers.map(({ name }) => name));
    if (!first || !second || seen.has(key)) continue;
    seen.add(key);
    const places = pairs.flatMap(({ local, remote }) => [locate(site, local), locate(site, remote)]);
    const [{ local, remote } = { local: undefined, remote: undefined }] = pairs;
    if (!isNonEmpty(places) || !local || !remote) continue;
    const more = peers.length > 2 ? ` and ${peers.length - 2} more` : '';
    yield {
      message: `The peers ${first.name}, ${second.name}${more} protect the same traffic: ${local.value} to ${remote.value}`,
      consequence:
        'Both tunnels come up, and the kernel has one policy for their packets: all go to one of the peers, whether that one still answers or not.',
      locations: places,
    };
  }
}

function keyOf({ local, remote, tunnel }: ProtectedTraffic): string {
  const network = (value: string) => {
    const { from, to } = rangeOfPrefix(value) ?? {};
    return `${from}-${to}`;
  };
  return JSON.stringify([
    network(local.value),
    network(remote.value),
    tunnel.protocol?.value,
    tunnel.localPort?.value,
    tunnel.remotePort?.value,
  ]);
}

const second = [
  "set vpn ipsec authentication psk SECOND id '203.0.113.1'",
  "set vpn ipsec authentication psk SECOND id '192.0.2.1'",
  "set vpn ipsec authentication psk SECOND secret 'another-example-secret-of-the-docs'",
  "set vpn ipsec site-to-site peer SITE-C authentication mode 'pre-shared-secret'",
  "set vpn ipsec site-to-site peer SITE-C authentication remote-id '192.0.2.1'",
  "set vpn ipsec site-to-site peer SITE-C connection-type 'initiate'",
  "set vpn ipsec site-to-site peer SITE-C default-esp-group 'ESP-B'",
  "set vpn ipsec site-to-site peer SITE-C ike-group 'IKE-B'",
  "set vpn ipsec site-to-site peer SITE-C local-address '203.0.113.1'",
  "set vpn ipsec site-to-site peer SITE-C remote-address '192.0.2.1'",
  "set vpn ipsec site-to-site peer SITE-C tunnel 1 local prefix '10.1.0.0/24'",
];

export const duplicatePolicy: SiteRule = {
  id: 'duplicate-policy',
  scope: 'site',
  summary: 'Two peers protect the same traffic.',
  severity: 'warning',
  notify: null,
  why:
    'The kernel finds the tunnel of a packet by its policy, and holds one policy for one pair of prefixes. Two policy-based ' +
    'peers with the same prefixes are no fail-over: the policy names the peer of one of them. With VTIs the routes choose.',
  mend: 'Give the peers different prefixes, or use a VTI for each and let routes choose.',
  sources: [
    strongswan('src/libcharon/plugins/kernel_netlink/kernel_netlink_ipsec.c'),
    strongswan('src/libcharon/kernel/kernel_interface.c'),
  ],
  bad: {
    a: [...second, "set vpn ipsec site-to-site peer SITE-C tunnel 1 remote prefix '10.2.0.0/24'"].join('\n'),
  },
  good: {
    a: [...second, "set vpn ipsec site-to-site peer SITE-C tunnel 1 remote prefix '10.3.0.0/24'"].join('\n'),
  },
  check,
};
