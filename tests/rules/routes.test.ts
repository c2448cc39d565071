import { describe, expect, test } from '@jest/globals';
import { lint } from '../../src/index.ts';
import { examplePair, patchedPair } from '../../src/rules/example-pair.ts';
import { onRouteBasedPair } from '../../src/rules/route-based-pair.ts';
import type { Release } from '../../src/vyos/schema/index.ts';

const own = new Set([
  ...['no-route-to-peer', 'peer-routed-into-tunnel', 'passthrough-swallows-tunnel', 'duplicate-policy'],
  ...['tunnel-protocol-lost', 'vti-beside-tunnel', 'vti-without-address', 'vti-address-mismatch'],
  ...['vti-without-route', 'local-prefix-unreachable', 'route-autoinstall-any', 'vti-dpd-trap'],
  ...['vti-mobike', 'vti-mtu-unset'],
]);

function report(a: string, b?: string, vyos?: Release) {
  const inputs = [{ file: 'a.conf', text: a, ...(vyos ? { release: vyos } : {}) }];
  return lint(b === undefined ? inputs : [...inputs, { file: 'b.conf', text: b }]);
}
const ids = (a: string, b?: string) =>
  report(a, b)
    .findings.filter(({ ruleId }) => own.has(ruleId))
    .map(({ ruleId, severity }) => `${severity} ${ruleId}`);

/** The first site of the example pair, with lines behind it. */
const policy = (...lines: readonly string[]) => ids(`${examplePair.a}${lines.join('\n')}\n`);
const based = patchedPair(onRouteBasedPair({}));
const vti = (...lines: readonly string[]) => ids(`${based.a}${lines.join('\n')}\n`);
const vtiPair = (a: readonly string[], b: readonly string[] = []) =>
  ids(`${based.a}${a.join('\n')}\n`, `${based.b}${b.join('\n')}\n`);

const wan = "set interfaces ethernet eth0 address '203.0.113.1/24'";
const gateway = "set protocols static route 0.0.0.0/0 next-hop '203.0.113.254'";
const tunnel = 'vpn ipsec site-to-site peer SITE-B tunnel';

describe('a route to the peer', () => {
  test.each<[string, readonly string[]]>([
    ['no interfaces at all', []],
    ['only other interfaces', ["set interfaces ethernet eth1 address '10.1.0.1/24'"]],
    ['a default route', [wan, gateway]],
    ['a default route by an interface', [wan, 'set protocols static route 0.0.0.0/0 interface eth0']],
    ['a default route by DHCP', [wan, 'set protocols static route 0.0.0.0/0 dhcp-interface eth0']],
    ['a route of 1.3', [wan, 'set protocols static interface-route 0.0.0.0/0 next-hop-interface eth0']],
    ['a route to the peer alone', [wan, "set protocols static route 198.51.100.0/25 next-hop '203.0.113.9'"]],
    ['the peer in the same network', ["set interfaces ethernet eth0 address '203.0.113.1/1'", wan]],
    ['another interface by DHCP', [wan, "set interfaces ethernet eth5 address 'dhcp'"]],
    ['PPPoE', [wan, "set interfaces pppoe pppoe0 source-interface 'eth3'"]],
    ['BGP', [wan, "set protocols bgp system-as '65000'"]],
    ['a gateway as 1.2 spells it', [wan, "set system gateway-address '203.0.113.254'"]],
    ['a VRF', [wan, "set vrf name WAN table '100'"]],
    ['a table of its own', [wan, "set protocols static table 10 route 0.0.0.0/0 next-hop '203.0.113.254'"]],
    ['a policy', [wan, "set policy local-route rule 1 set table '10'"]],
  ])('nothing is said: %s', (_, lines) => {
    expect(policy(...lines)).toEqual([]);
  });

  test.each<[string, readonly string[]]>([
    ['none', [wan]],
    ['one that is disabled', [wan, `${gateway.replace(" '203.0.113.254'", ' 203.0.113.254')} disable`]],
    ['one to elsewhere', [wan, "set protocols static route 192.0.2.0/24 next-hop '203.0.113.9'"]],
  ])('warned: %s', (_, lines) => {
    expect(policy(...lines)).toEqual(['warning no-route-to-peer']);
  });
});

describe('a local prefix', () => {
  const inside = "set interfaces ethernet eth1 address '172.16.0.1/24'";
  const unreachable = ['info local-prefix-unreachable'];
  test.each<[string, readonly string[], readonly string[]]>([
    ['on no interface', [inside], unreachable],
    ['on an interface', [inside, "set interfaces dummy dum0 address '10.1.0.1/32'"], []],
    ['behind a route', [inside, "set protocols static route 10.1.0.0/16 next-hop '172.16.0.2'"], []],
    ['of a VLAN', ["set interfaces ethernet eth1 vif 7 address '10.1.0.1/24'"], []],
    ['the address that NAT gives', [inside, "set nat source rule 5 translation address '10.1.0.9'"], []],
    ['the dump shows the way out alone', [], []],
  ])('%s', (_, lines, expected) => {
    expect(policy(wan, gateway, ...lines)).toEqual(expected);
  });
});

describe('a VTI', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['in order', [], []],
    [
      'MSS in place of the MTU',
      ['delete interfaces vti vti0 mtu', "set interfaces vti vti0 ip adjust-mss '1350'"],
      [],
    ],
    [
      'MSS as 1.3 sets it',
      ['delete interfaces vti vti0 mtu', "set firewall options interface vti0 adjust-mss '1350'"],
      [],
    ],
    ['no MTU', ['delete interfaces vti vti0 mtu'], ['info vti-mtu-unset']],
    [
      'no address, and a route by the interface',
      ['delete interfaces vti vti0 address'],
      ['info vti-without-address'],
    ],
    ['not in the dump', ['delete interfaces'], []],
    ['a paste without routes', ['delete protocols'], []],
    ['no route', ['delete protocols', wan, gateway], ['warning vti-without-route']],
    [
      'a route by its next hop',
      ['delete protocols', wan, gateway, "set protocols static route 10.2.0.0/24 next-hop '10.255.0.2'"],
      [],
    ],
    ['OSPF', ['delete protocols', wan, "set protocols ospf interface vti0 area '0'"], []],
    [
      'a GRE tunnel on top',
      ['delete protocols', wan, gateway, "set interfaces tunnel tun0 source-address '10.255.0.1'"],
      [],
    ],
    [
      'the default route, and a way to the peer',
      [
        'set protocols static route 0.0.0.0/0 interface vti0',
        wan,
        "set protocols static route 198.51.100.1/32 next-hop '203.0.113.254'",
      ],
      [],
    ],
    [
      'the default route',
      ['set protocols static route 0.0.0.0/0 interface vti0'],
      ['error peer-routed-into-tunnel'],
    ],
    ['two default routes', ['set protocols static route 0.0.0.0/0 interface vti0', wan, gateway], []],
    [
      'the peer in a network of the router',
      [
        'set protocols static route 0.0.0.0/0 interface vti0',
        "set interfaces ethernet eth0 address '198.51.100.9/24'",
      ],
      [],
    ],
    ['routes installed', ['delete vpn ipsec options'], ['info route-autoinstall-any']],
    [
      'a tunnel beside it',
      [`set ${tunnel} 1 local prefix '10.1.0.0/24'`, `set ${tunnel} 1 remote prefix '10.2.0.0/24'`],
      ['warning vti-beside-tunnel'],
    ],
    ['a tunnel beside it that is disabled', [`set ${tunnel} 1 disable`], []],
  ])('%s', (_, lines, expected) => {
    expect(vti(...lines)).toEqual(expected);
  });

  const address = (...values: readonly string[]) => [
    'delete interfaces vti vti0 address',
    ...values.map((value) => `set interfaces vti vti0 address '${value}'`),
  ];
  const apart = ['warning vti-address-mismatch'];
  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['one /30', address('10.255.0.1/30'), address('10.255.0.2/30'), []],
    ['one /31', address('10.0.0.2/31'), address('10.0.0.3/31'), []],
    ['equal', address('10.255.0.1/30'), address('10.255.0.1/30'), apart],
    ['neighbours', address('10.255.0.1/30'), address('10.255.0.5/30'), apart],
    ['one sees the other, but not the other way', address('10.255.0.1/24'), address('10.255.0.5/30'), apart],
    ['/32 both, and routes that name the VTI', address('10.255.0.1/32'), address('10.255.0.2/32'), []],
    [
      '/32 both, and one side without such a route',
      [
        ...address('10.255.0.1/32'),
        "set protocols ospf area 0 network '10.0.0.0/8'",
        'delete protocols static',
      ],
      address('10.255.0.2/32'),
      apart,
    ],
    [
      '/32 with a route',
      [...address('10.255.0.1/32'), 'set protocols static route 10.255.0.2/32 interface vti0'],
      address('10.255.0.2/32'),
      [],
    ],
    ['IPv4 here and IPv6 there', address('10.255.0.1/30'), address('2001:db8::2/64'), []],
    ['IPv6', address('2001:db8::1/64'), address('2001:db8::2/64'), []],
    ['IPv6 apart', address('2001:db8:1::1/64'), address('2001:db8:2::2/64'), apart],
    ['two, of which one fits', address('10.9.0.1/30', '10.255.0.1/30'), address('10.255.0.2/30'), []],
  ])('addresses: %s', (_, a, b, expected) => {
    expect(vtiPair(a, b)).toEqual(expected);
  });
});

describe('prefixes that overlap', () => {
  const local = (prefix: string) => [
    `delete ${tunnel} 1 local prefix`,
    `set ${tunnel} 1 local prefix '${prefix}'`,
  ];
  test.each<[string, readonly string[], readonly string[]]>([
    ['apart', local('10.1.0.0/16'), []],
    ['the local one holds the remote one', local('10.0.0.0/8'), ['warning passthrough-swallows-tunnel']],
    ['they are equal', local('10.2.0.0/24'), ['warning passthrough-swallows-tunnel']],
    ['the remote one holds the local one', local('10.2.0.128/25'), []],
    ['of IPv6', local('::/0'), []],
  ])('%s', (_, lines, expected) => {
    expect(policy(...lines)).toEqual(expected);
  });

  test.each<[Release, readonly string[]]>([
    ['1.3', []],
    ['1.4', ['passthrough-swallows-tunnel']],
    ['1.5', []],
  ])('VyOS %s', (vyos, expected) => {
    const text = `${examplePair.a}${local('10.0.0.0/8').join('\n')}\n`;
    const found = report(text, undefined, vyos).findings.map(({ ruleId }) => ruleId);
    expect(found.filter((id) => own.has(id))).toEqual(expected);
  });
});

describe('policies', () => {
  test('the same pair of prefixes twice under one peer is no matter of two peers', () => {
    expect(
      policy(`set ${tunnel} 2 local prefix '10.1.0.0/24'`, `set ${tunnel} 2 remote prefix '10.2.0.0/24'`),
    ).toEqual([]);
  });

  test('GRE between the routers, in transport mode or with /32, is left alone', () => {
    const gre = [
      wan,
      gateway,
      "set interfaces ethernet eth1 address '10.1.0.1/24'",
      "set interfaces tunnel tun0 encapsulation 'gre'",
      "set interfaces tunnel tun0 source-address '203.0.113.1'",
      `delete ${tunnel} 1`,
      "set nat source rule 100 outbound-interface name 'eth0'",
      "set nat source rule 100 translation address 'masquerade'",
    ];
    const transport = "set vpn ipsec esp-group ESP-B mode 'transport'";
    expect(policy(...gre, transport, `set ${tunnel} 1 protocol 'gre'`)).toEqual([]);
    expect(
      policy(
        ...gre,
        `set ${tunnel} 1 local prefix '203.0.113.1/32'`,
        `set ${tunnel} 1 remote prefix '198.51.100.1/32'`,
      ),
    ).toEqual([]);
    expect(policy(...gre, `set ${tunnel} 1 protocol 'gre'`)).toEqual(['warning tunnel-protocol-lost']);
  });
});
