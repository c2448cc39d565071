import { describe, expect, test } from '@jest/globals';
import { readSetDump } from '../../grammar/index.ts';
import { parseAddress } from '../../src/ike/address.ts';
import { sourceFile, textOf } from '../../src/source/index.ts';
import { firewallOf, judgePacket, type Packet } from '../../src/vyos/firewall/index.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import type { Release } from '../../src/vyos/schema/index.ts';

const peer = '198.51.100.1';

interface Words {
  readonly from?: string | undefined;
  readonly to?: string;
  readonly port?: number;
  readonly sourcePort?: number | undefined;
  readonly state?: Packet['state'];
  readonly esp?: true;
}

function packet({ to = '203.0.113.1', port = 500, state = 'new', esp, ...rest }: Words = {}): Packet {
  const from = 'from' in rest ? rest.from : peer;
  const sourcePort = 'sourcePort' in rest ? rest.sourcePort : port;
  return {
    family: to.includes(':') ? 6 : 4,
    source: from === undefined ? undefined : parseAddress(from),
    destination: parseAddress(to),
    protocol: esp ? 'esp' : 'udp',
    sourcePort: esp ? undefined : sourcePort,
    destinationPort: esp ? undefined : port,
    state,
  };
}

const eth0 = "set interfaces ethernet eth0 address '203.0.113.1/24'";

/** `drop: rule 20 of WAN-LOCAL`, with the text at the place that decides; `unknown: why`. */
function judged(lines: readonly string[], words: Words = {}, release?: Release): string {
  const dump = readSetDump(sourceFile('a.conf', [eth0, ...lines].join('\n')));
  expect(dump.problems).toEqual([]);
  const firewall = firewallOf(readSite('a', dump, release).tree);
  if (!firewall) return 'no firewall';
  const verdict = judgePacket(firewall, packet(words));
  if (verdict.kind === 'unknown') return `unknown: ${verdict.doubt.why}`;
  return verdict.by ? `${verdict.kind}: ${verdict.by.what}, ${textOf(verdict.by.at)}` : verdict.kind;
}

const input = (line: string) => `set firewall ipv4 input filter ${line}`;
const wan = (line: string) => `set firewall ipv4 name WAN-LOCAL ${line}`;
const group = (line: string) => `set firewall group ${line}`;
const drops = input("default-action 'drop'");

const acceptsIke = [
  wan("rule 70 action 'accept'"),
  wan("rule 70 protocol 'udp'"),
  wan("rule 70 destination port '500'"),
];
const jumps = [
  input("rule 10 action 'jump'"),
  input("rule 10 jump-target 'WAN-LOCAL'"),
  input("rule 10 inbound-interface name 'eth0'"),
];

/** A rule 5 of the input filter that accepts, with a criterion, before a default that drops. */
const only = (...criteria: readonly string[]) => [
  input("rule 5 action 'accept'"),
  ...criteria.map((line) => input(`rule 5 ${line}`)),
  drops,
];
const accepted = 'accept: rule 5 of the ipv4 input filter, rule 5';
const dropped = "drop: the default-action of the ipv4 input filter, 'drop'";

describe('the input filter of 1.4', () => {
  test.each<[string, readonly string[], Words, string]>([
    ['no firewall at all', [], {}, 'no firewall'],
    ['rules that nothing leads to', acceptsIke, {}, 'no firewall'],
    [
      'a filter without rules',
      [input("default-action 'accept'")],
      {},
      "accept: the default-action of the ipv4 input filter, 'accept'",
    ],
    ['a filter that drops', [drops], {}, dropped],
    [
      'no default-action',
      [input("rule 1 action 'drop'"), input("rule 1 protocol 'tcp'")],
      {},
      'accept: the default-action of the ipv4 input filter, filter',
    ],
    ['of the other family', [drops], { to: '2001:db8::1' }, 'accept'],
    [
      'ipv6',
      ["set firewall ipv6 input filter default-action 'drop'"],
      { to: '2001:db8::1', from: '2001:db8::2' },
      "drop: the default-action of the ipv6 input filter, 'drop'",
    ],
    [
      'by number, not by the order of the dump',
      [input("rule 10 action 'drop'"), input("rule 9 action 'accept'")],
      {},
      'accept: rule 9 of the ipv4 input filter, rule 9',
    ],
    [
      'a disabled rule',
      [input("rule 5 action 'drop'"), input('rule 5 disable')],
      {},
      'accept: the default-action of the ipv4 input filter, filter',
    ],
    ['a reject', [input("rule 5 action 'reject'")], {}, 'drop: rule 5 of the ipv4 input filter, rule 5'],
    ['a jump', [...acceptsIke, ...jumps, drops], {}, 'accept: rule 70 of WAN-LOCAL, rule 70'],
    [
      'a jump, and the default of where it leads',
      [...acceptsIke, ...jumps],
      { port: 4500 },
      'drop: the default-action of WAN-LOCAL, name WAN-LOCAL',
    ],
    [
      'a jump from another interface',
      [...acceptsIke, ...jumps, input("rule 10 inbound-interface name 'eth1'"), drops],
      {},
      dropped,
    ],
    [
      'a jump back',
      [wan("default-action 'return'"), ...jumps, input("rule 20 action 'accept'"), drops],
      {},
      'accept: rule 20 of the ipv4 input filter, rule 20',
    ],
    [
      'a return',
      [wan("rule 1 action 'return'"), wan("rule 2 action 'accept'"), ...jumps, drops],
      {},
      dropped,
    ],
    [
      'a continue',
      [wan("rule 1 action 'continue'"), wan("rule 2 action 'accept'"), ...jumps, drops],
      {},
      'accept: rule 2 of WAN-LOCAL, rule 2',
    ],
    [
      'a default that jumps',
      [input("default-action 'jump'"), input("default-jump-target 'WAN-LOCAL'"), ...acceptsIke],
      {},
      'accept: rule 70 of WAN-LOCAL, rule 70',
    ],
    ['a jump to nowhere', jumps, {}, 'unknown: the ruleset WAN-LOCAL is not in the dump'],
    [
      'a circle',
      [...jumps, wan("rule 1 action 'jump'"), wan("rule 1 jump-target 'WAN-LOCAL'")],
      {},
      'unknown: the rulesets jump in a circle, back to WAN-LOCAL',
    ],
    [
      'no action',
      [input("rule 1 protocol 'udp'")],
      {},
      'unknown: rule 1 of the ipv4 input filter has no action, and VyOS commits no firewall with it',
    ],
    [
      'a queue',
      [input("rule 1 action 'queue'")],
      {},
      'unknown: what becomes of a packet after the action queue of rule 1 of the ipv4 input filter is not in the dump',
    ],
    [
      'the state-policy, for an established flow',
      ["set firewall global-options state-policy established action 'accept'", drops],
      { state: 'established' },
      "accept: the state-policy of established flows, 'accept'",
    ],
    [
      'and for a new one',
      ["set firewall global-options state-policy established action 'accept'", drops],
      {},
      dropped,
    ],
    [
      'what comes before the input filter',
      ["set firewall ipv4 prerouting raw rule 1 action 'drop'", input("default-action 'accept'")],
      {},
      'drop: rule 1 of the ipv4 prerouting raw, rule 1',
    ],
  ])('%s', (_, lines, words, expected) => {
    expect(judged(lines, words)).toBe(expected);
  });

  test.each<[string, string, Words]>([
    ["protocol 'udp'", accepted, {}],
    ["protocol '17'", accepted, {}],
    ["protocol 'tcp_udp'", accepted, {}],
    ["protocol 'all'", accepted, {}],
    ["protocol 'tcp'", dropped, {}],
    ["protocol '!tcp'", accepted, {}],
    ["protocol '!udp'", dropped, {}],
    ["protocol 'esp'", accepted, { esp: true }],
    ["protocol '50'", accepted, { esp: true }],
    ["protocol '!tcp_udp'", accepted, { esp: true }],
    ["protocol 'tcp_udp'", dropped, { esp: true }],
    [`source address '${peer}'`, accepted, {}],
    ["source address '198.51.100.2'", dropped, {}],
    ["source address '!198.51.100.2'", accepted, {}],
    ["source address '198.51.100.0/24'", accepted, {}],
    ["source address '!198.51.100.0/24'", dropped, {}],
    ["source address '198.51.100.1-198.51.100.9'", accepted, {}],
    ["source address '198.51.100.2-198.51.100.9'", dropped, {}],
    ["source address '0.0.0.0/0'", accepted, { from: undefined }],
    [`source address '${peer}'`, 'unknown: the address of the peer is not in the dump', { from: undefined }],
    ["source address 'xxx.xxx.100.1'", 'unknown: its address is masked', {}],
    ["destination address '203.0.113.1'", accepted, {}],
    ["destination address '203.0.113.2'", dropped, {}],
    ["destination port '500'", accepted, {}],
    ["destination port '4500'", dropped, {}],
    ["destination port '500,4500'", accepted, { port: 4500 }],
    ["destination port '22,400-600'", accepted, {}],
    ["destination port '!22'", accepted, {}],
    ["destination port '!500'", dropped, {}],
    ["destination port '1-1000,!500'", dropped, {}],
    ["destination port 'isakmp'", accepted, {}],
    ["destination port 'ipsec-nat-t'", accepted, { port: 4500 }],
    ["destination port 'ssh'", dropped, {}],
    ["destination port '500'", dropped, { esp: true }],
    ["source port '500'", accepted, {}],
    ["source port '500'", 'unknown: a NAT may change the port of the peer', { sourcePort: undefined }],
    ["source port '1-65535'", accepted, { sourcePort: undefined }],
    ["state 'established'", dropped, {}],
    ["state 'established'", accepted, { state: 'established' }],
    ["state 'new'", accepted, {}],
    ["inbound-interface name 'eth0'", accepted, {}],
    ["inbound-interface name 'eth1'", dropped, {}],
    ["inbound-interface name '!eth1'", accepted, {}],
    ["inbound-interface name 'eth*'", accepted, {}],
    ["inbound-interface interface-name 'eth0'", accepted, {}],
    [
      "inbound-interface name 'eth1'",
      'unknown: the dump does not tell which interface the packet comes in by',
      { to: '192.0.2.9' },
    ],
    ["outbound-interface name 'eth1'", dropped, {}],
    ['ipsec match-ipsec-in', dropped, {}],
    ['ipsec match-ipsec', dropped, {}],
    ['ipsec match-none-in', accepted, {}],
    ['ipsec match-none', accepted, { esp: true }],
    ['fragment match-frag', dropped, {}],
    ['fragment match-non-frag', accepted, {}],
    ['fragment match-frag', 'unknown: it depends on whether the packet is a fragment', { esp: true }],
    ["limit rate '10/minute'", 'unknown: it depends on limit', {}],
    ["time weekdays 'Mon'", 'unknown: it depends on time', {}],
    ["source geoip country-code 'de'", 'unknown: it depends on geoip', {}],
    ["source fqdn 'peer.example.com'", 'unknown: the address of a name is found by DNS', {}],
    ["source group domain-group 'D'", 'unknown: the members of domain-group D are not in the dump', {}],
    ["source group address-group 'NONE'", 'unknown: address-group NONE is not in the dump', {}],
    ['tcp flags syn', dropped, {}],
    ["icmp type-name 'echo-request'", dropped, {}],
    ['log', accepted, {}],
    ["description 'drop'", accepted, {}],
  ])('%s: %s', (criterion, expected, words) => {
    expect(judged(only(criterion), words)).toBe(expected);
  });

  test.each<[string, readonly string[], string, string]>([
    [
      'an address group',
      [group(`address-group G address '${peer}'`)],
      "source group address-group 'G'",
      accepted,
    ],
    [
      'its opposite',
      [group(`address-group G address '${peer}'`)],
      "source group address-group '!G'",
      dropped,
    ],
    [
      'another',
      [group("address-group G address '192.0.2.1-192.0.2.9'")],
      "source group address-group 'G'",
      dropped,
    ],
    [
      'a network group',
      [group("network-group G network '198.51.100.0/24'")],
      "source group network-group 'G'",
      accepted,
    ],
    [
      'a group that includes another',
      [group("network-group G include 'H'"), group("network-group H network '198.51.100.0/24'")],
      "source group network-group 'G'",
      accepted,
    ],
    [
      'groups that include each other',
      [
        group("network-group G include 'H'"),
        group("network-group H include 'G'"),
        group("network-group H network '198.51.100.0/24'"),
      ],
      "source group network-group 'G'",
      accepted,
    ],
    [
      'a group that includes what is not there',
      [group("network-group G include 'H'")],
      "source group network-group 'G'",
      'unknown: network-group G is not in the dump',
    ],
    [
      'a port group',
      [group("port-group P port '500'"), group("port-group P port '4500'")],
      "destination group port-group 'P'",
      accepted,
    ],
    [
      'a port group without it',
      [group("port-group P port '1-499'")],
      "destination group port-group 'P'",
      dropped,
    ],
    [
      'an interface group',
      [group("interface-group I interface 'eth0'")],
      "inbound-interface group 'I'",
      accepted,
    ],
    ['its opposite', [group("interface-group I interface 'eth*'")], "inbound-interface group '!I'", dropped],
    [
      'a masked member',
      [group("address-group G address 'xxx.xxx.100.1'")],
      "source group address-group 'G'",
      'unknown: an address is masked',
    ],
  ])('%s', (_, groups, criterion, expected) => {
    expect(judged([...groups, ...only(criterion)])).toBe(expected);
  });
});

describe('what depends on more than the packet', () => {
  const limited = [input("rule 5 action 'drop'"), input("rule 5 recent count '4'")];

  test('is no matter where both ways end alike', () => {
    expect(judged([...limited, drops])).toMatch(/^drop: rule 5/);
    expect(judged([input("rule 5 action 'accept'"), input("rule 5 limit rate '1/hour'")])).toMatch(
      /^accept: rule 5/,
    );
  });

  test('and unknown where they do not', () => {
    expect(judged(limited)).toBe('unknown: it depends on recent');
  });

  test('a rule that cannot match is not in doubt', () => {
    expect(judged([...limited, input("rule 5 protocol 'tcp'")])).toMatch(/^accept: the default-action/);
  });

  test('an interface of several', () => {
    const lines = [
      "set vpn ipsec interface 'eth0'",
      "set vpn ipsec interface 'eth1'",
      input("rule 5 action 'drop'"),
      input("rule 5 inbound-interface name 'eth1'"),
    ];
    expect(judged(lines)).toMatch(/^accept/);
    expect(judged(lines, { to: '192.0.2.9' })).toMatch(/^unknown/);
    expect(judged([...lines, drops], { to: '192.0.2.9' })).toMatch(/^drop/);
  });

  test('many rulesets that jump to each other twice take no time', () => {
    const many = Array.from({ length: 60 }, (_, index) => [
      `set firewall ipv4 name N${index} rule 1 action 'jump'`,
      `set firewall ipv4 name N${index} rule 1 jump-target 'N${index + 1}'`,
      `set firewall ipv4 name N${index} rule 1 limit rate '1/hour'`,
      `set firewall ipv4 name N${index} rule 2 action 'jump'`,
      `set firewall ipv4 name N${index} rule 2 jump-target 'N${index + 1}'`,
      `set firewall ipv4 name N${index} default-action 'return'`,
    ]).flat();
    const lines = [...many, input("rule 1 action 'jump'"), input("rule 1 jump-target 'N0'"), drops];
    expect(judged(lines)).toBe('unknown: the rulesets jump deeper than nftables follows');
    const short = lines.map((line) => line.replace(/'N1[0-9]'/, "'END'"));
    expect(judged([...short, "set firewall ipv4 name END default-action 'return'"])).toBe(dropped);
  });
});

describe('the firewall of 1.2 and 1.3', () => {
  const bound = "set interfaces ethernet eth0 firewall local name 'WAN-LOCAL'";
  const old = (line: string) => `set firewall name WAN-LOCAL ${line}`;
  const ike = [
    old("rule 70 action 'accept'"),
    old("rule 70 protocol 'udp'"),
    old("rule 70 destination port '500'"),
  ];

  test.each<[string, readonly string[], Words, string]>([
    ['nothing bound', ike, {}, 'no firewall'],
    ['bound to the interface', [bound, ...ike], {}, 'accept: rule 70 of WAN-LOCAL, rule 70'],
    [
      'bound to the interface, another port',
      [bound, ...ike],
      { port: 4500 },
      'drop: the default-action of WAN-LOCAL, name WAN-LOCAL',
    ],
    ['bound to another interface', [bound.replace('eth0', 'eth1'), ...ike], {}, 'accept'],
    [
      'bound to a VLAN',
      [
        "set interfaces ethernet eth1 vif 7 address '192.0.2.9/24'",
        "set interfaces ethernet eth1 vif 7 firewall local name 'WAN-LOCAL'",
        ...ike,
      ],
      { to: '192.0.2.9', port: 4500 },
      'drop: the default-action of WAN-LOCAL, name WAN-LOCAL',
    ],
    [
      'an interface that is not known',
      [bound, ...ike],
      { to: '192.0.2.9', port: 4500 },
      'unknown: it depends on the interface',
    ],
    ['bound, and not there', [bound], {}, 'unknown: the ruleset WAN-LOCAL is not in the dump'],
    ['bound for what passes through', [bound.replace('local', 'in'), ...ike], {}, 'no firewall'],
    [
      'of rolling 1.4',
      ["set firewall interface eth0 local name 'WAN-LOCAL'", ...ike],
      { port: 4500 },
      'drop: the default-action of WAN-LOCAL, name WAN-LOCAL',
    ],
    [
      'a state',
      [bound, old("rule 1 action 'accept'"), old("rule 1 state established 'enable'")],
      { state: 'established' },
      'accept: rule 1 of WAN-LOCAL, rule 1',
    ],
    [
      'of another flow',
      [bound, old("rule 1 action 'accept'"), old("rule 1 state established 'enable'")],
      {},
      'drop: the default-action of WAN-LOCAL, name WAN-LOCAL',
    ],
    [
      'a state that is off',
      [bound, old("rule 1 action 'accept'"), old("rule 1 state new 'disable'")],
      {},
      'accept: rule 1 of WAN-LOCAL, rule 1',
    ],
    [
      'the state-policy',
      [bound, ...ike, "set firewall state-policy established action 'accept'"],
      { port: 4500, state: 'established' },
      "accept: the state-policy of established flows, 'accept'",
    ],
    [
      'an IPv6 ruleset',
      [
        bound.replace(' name', ' ipv6-name').replace('WAN-LOCAL', 'SIX'),
        "set interfaces ethernet eth0 address '2001:db8::1/64'",
        "set firewall ipv6-name SIX default-action 'drop'",
      ],
      { to: '2001:db8::1', from: '2001:db8::2' },
      "drop: the default-action of SIX, 'drop'",
    ],
  ])('%s', (_, lines, words, expected) => {
    // What 1.3 spells is read as well where the release was taken for another.
    for (const release of ['1.3', '1.4'] as const) expect(judged(lines, words, release)).toBe(expected);
  });
});

describe('zones', () => {
  const zones = (root: string) => [
    `set ${root} zone LOCAL local-zone`,
    `set ${root} zone LOCAL from WAN firewall name 'WAN-LOCAL'`,
    `set ${root} zone WAN interface 'eth0'`,
    "set firewall name WAN-LOCAL rule 70 action 'accept'",
    "set firewall name WAN-LOCAL rule 70 protocol 'udp'",
    "set firewall name WAN-LOCAL rule 70 destination port '500'",
  ];

  test.each(['zone-policy', 'firewall'])('%s', (root) => {
    expect(judged(zones(root))).toBe('accept: rule 70 of WAN-LOCAL, rule 70');
    expect(judged(zones(root), { esp: true })).toBe('drop: the default-action of WAN-LOCAL, name WAN-LOCAL');
    const elsewhere = zones(root).map((line) => line.replace('eth0', 'eth1'));
    expect(judged(elsewhere)).toBe('drop: the default-action of zone LOCAL, zone LOCAL');
    expect(judged([...elsewhere, `set ${root} zone LOCAL default-action 'reject'`])).toMatch(
      /^drop: .*'reject'$/,
    );
    expect(judged(zones(root), { to: '192.0.2.9' })).toMatch(/^unknown/);
    expect(judged(zones(root).filter((line) => !line.includes('local-zone')))).toBe('no firewall');
  });

  test('come after the input filter, and both must let a packet in', () => {
    const both = [...zones('firewall'), drops];
    expect(judged(both)).toBe(dropped);
    expect(judged([...both, ...only("protocol 'udp'")])).toBe('accept: rule 70 of WAN-LOCAL, rule 70');
    expect(judged([...both, ...only("protocol 'udp'")], { port: 4500 })).toMatch(
      /^drop: the default-action of WAN/,
    );
  });
});
