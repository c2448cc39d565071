/**
 * Networks in which a fix can do harm: hubs whose peers share groups, routers with NAT, a firewall and hosts behind them,
 * peers of whom there is no dump, identities that are not set.
 */
import fc from 'fast-check';
import { firewall } from './parts.ts';
import { arbitraryPairOf, mirror, type SiteSpec, toDump } from './site.ts';
import type { PeerSpec } from './site-spec.ts';

/** The dumps of 2 or 3 sites: A, B, and a second peer C of A, with or without its dump. */
export interface GuardedNetwork {
  readonly texts: readonly string[];
  readonly changes: readonly string[];
}

const numbers = fc.constantFrom(1, 2, 3, 9, 10, 20, 50, 100);

/** The criteria of a NAT rule, for hosts in `local` and `remote`. */
function natRule(local: string, remote: string, leaf: string): fc.Arbitrary<readonly string[]> {
  const side = (name: string, addresses: readonly string[]) =>
    fc.constantFrom([], [], ...addresses.map((address) => [`${name} address '${address}'`]), [
      `${name} group network-group 'OURS'`,
    ]);
  return fc
    .record({
      exclude: fc.constantFrom(false, false, true),
      through: fc.constantFrom(
        [`${leaf} name 'eth0'`],
        [`${leaf} name 'eth0'`],
        [`${leaf} name '!eth1'`],
        [],
      ),
      source: side('source', [`${local}.0/24`, `${local.replace(/\.\d+$/, '')}.0.0/16`, `!${remote}.0/24`]),
      destination: side('destination', [`${remote}.0/24`, `${remote}.0/25`, `!${remote}.0/24`]),
      protocol: fc.constantFrom([], [], [], ["protocol 'tcp'"], ["protocol 'udp'"]),
    })
    .map(({ exclude, through, source, destination, protocol }) => [
      ...(exclude ? ['exclude'] : ["translation address 'masquerade'"]),
      ...through,
      ...source,
      ...destination,
      ...protocol,
    ]);
}

const destinationRule = fc
  .record({
    port: fc.constantFrom(
      [],
      ["destination port '500'"],
      ["destination port '500,4500'"],
      ["destination port '443'"],
    ),
    source: fc.constantFrom([], [], ["source address '192.0.2.0/24'"]),
    through: fc.constantFrom(["inbound-interface name 'eth0'"], []),
  })
  .map(({ port, source, through }) => [
    "protocol 'udp'",
    ...port,
    ...source,
    ...through,
    "translation address '10.10.0.250'",
  ]);

const forwardRule = fc.constantFrom(
  ["action 'accept'", "state 'established'"],
  ["action 'drop'", "source address '10.99.0.0/24'"],
  ["action 'accept'", "protocol 'tcp'", "destination port '443'"],
  ["action 'drop'", "protocol 'icmp'"],
);

function table(head: string, rules: fc.Arbitrary<readonly (readonly [number, readonly string[]])[]>) {
  return rules.map((list) =>
    list.flatMap(([number, criteria]) => criteria.map((words) => `set ${head} rule ${number} ${words}`)),
  );
}

function rules(criteria: fc.Arbitrary<readonly string[]>, maxLength: number) {
  return fc.uniqueArray(fc.tuple(numbers, criteria), { maxLength, selector: ([number]) => number });
}

/** What stands around the tunnels of a router whose hosts are in `local`. */
function surroundings(local: string, remote: string, uplink: string): fc.Arbitrary<readonly string[]> {
  return fc
    .record({
      source: table('nat source', rules(natRule(local, remote, 'outbound-interface'), 4)),
      destination: table('nat destination', rules(destinationRule, 2)),
      forward: fc.option(
        fc.record({
          filter: table('firewall ipv4 forward filter', rules(forwardRule, 3)),
          action: fc.constantFrom('drop', 'drop', 'accept'),
        }),
        { nil: undefined, freq: 1 },
      ),
    })
    .map(({ source, destination, forward }) => [
      `set interfaces ethernet eth1 address '${local}.1/24'`,
      `set protocols static route 0.0.0.0/0 next-hop ${uplink}`,
      ...([...source, ...destination].some((line) => line.includes('OURS'))
        ? [`set firewall group network-group OURS network '${local}.0/24'`]
        : []),
      ...source,
      ...destination,
      ...(forward
        ? [`set firewall ipv4 forward filter default-action '${forward.action}'`, ...forward.filter]
        : []),
    ]);
}

const secondPeer = { address: '192.0.2.50', local: 'hub.example.net', remote: 'site-c.example.net' } as const;

function withSecondPeer(site: SiteSpec, peer: PeerSpec): SiteSpec {
  return {
    ...site,
    peers: [...site.peers, peer],
    psks: [
      ...site.psks,
      { name: 'KC', ids: [secondPeer.local, secondPeer.remote], secret: 'a-secret-of-hub-and-c-alone' },
    ],
  };
}

export const guardedNetwork: fc.Arbitrary<GuardedNetwork> = fc
  .record({
    pair: arbitraryPairOf(3),
    unset: fc.constantFrom(undefined, undefined, 'a' as const, 'b' as const),
    walls: fc.record({
      a: fc.option(firewall, { nil: undefined, freq: 1 }),
      b: fc.option(firewall, { nil: undefined, freq: 1 }),
    }),
    around: fc.record({
      a: surroundings('10.10.0', '10.20.0', '203.0.113.254'),
      b: surroundings('10.20.0', '10.10.0', '198.51.100.254'),
    }),
    second: fc.constantFrom('none', 'unseen', 'own groups', 'shared groups', 'shared groups'),
  })
  .map(({ pair, unset, walls, around, second }): GuardedNetwork => {
    const anonymous = (site: SiteSpec): SiteSpec => {
      const [facing, ...others] = site.peers;
      const isFour = !facing.localAddress.includes(':');
      const bare = { ...facing, localId: undefined, localAddress: isFour ? '0.0.0.0' : '::' };
      return { ...site, peers: [bare, ...others] };
    };
    let { a } = pair;
    let b = pair.b;
    if (unset === 'a') a = anonymous(a);
    if (unset === 'b') b = anonymous(b);
    const [facing] = a.peers;
    const four = facing.localAddress.includes(':') ? '203.0.113.1' : facing.localAddress;
    const peer: PeerSpec = {
      ...facing,
      name: 'SITE-C',
      disabled: undefined,
      groupsOf: second === 'own groups' ? undefined : facing.name,
      localAddress: four === 'any' || four === '0.0.0.0' ? '203.0.113.1' : four,
      remoteAddresses: [secondPeer.address],
      localId: secondPeer.local,
      remoteId: secondPeer.remote,
      certificate: undefined,
      secret: undefined,
      ppk: undefined,
      childless: undefined,
      vti: false,
      tunnels: [{ id: '1', local: ['10.10.0.0/24'], remote: ['10.30.0.0/24'] }],
    };
    if (second !== 'none') a = withSecondPeer(a, peer);
    const c = mirror(
      {
        ...withSecondPeer({ ...a, peers: [peer], psks: [] }, peer),
        peers: [{ ...peer, groupsOf: undefined }],
      },
      [`${secondPeer.address}/24`],
      'SITE-A',
    );
    const text = (site: SiteSpec, wall: typeof walls.a, lines: readonly string[]) =>
      `${toDump({ ...site, firewall: wall })}${lines.join('\n')}\n`;
    return {
      texts: [
        text(a, walls.a, around.a),
        text(b, walls.b, around.b),
        ...(second.includes('groups') ? [toDump(c)] : []),
      ],
      changes: [...pair.changes, ...(unset ? [`${unset}:unset`] : []), second],
    };
  });
