/** The rule that lets a packet in but for one criterion: it is named, and with the criterion put right the walk accepts. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSetDump } from '../../grammar/index.ts';
import { parseAddress } from '../../src/ike/address.ts';
import { sourceFile, textOf } from '../../src/source/index.ts';
import { type Firewall, firewallOf, judgePacket, type Packet } from '../../src/vyos/firewall/index.ts';
import { nearMiss } from '../../src/vyos/firewall/near-miss.ts';
import { readSite } from '../../src/vyos/read-site.ts';

const eth0 = "set interfaces ethernet eth0 address '203.0.113.1/24'";
const input = (line: string) => `set firewall ipv4 input filter ${line}`;
const rule = (line: string) => input(`rule 30 ${line}`);
const group = (line: string) => `set firewall group ${line}`;
const drops = input("default-action 'drop'");

function firewall(lines: readonly string[]): Firewall {
  const dump = readSetDump(sourceFile('a.conf', [eth0, ...lines].join('\n')));
  expect(dump.problems).toEqual([]);
  const read = firewallOf(readSite('a', dump).tree);
  if (!read) throw new Error('no firewall');
  return read;
}

function packet(kind: 500 | 4500 | 'esp' = 500): Packet {
  const port = kind === 'esp' ? undefined : kind;
  return {
    family: 4,
    source: parseAddress('198.51.100.1'),
    destination: parseAddress('203.0.113.1'),
    protocol: kind === 'esp' ? 'esp' : 'udp',
    sourcePort: port,
    destinationPort: port,
    state: 'new',
  };
}

function nearestIn(read: Firewall, sent: Packet) {
  const verdict = judgePacket(read, sent);
  return verdict.kind === 'drop' ? nearMiss(read, sent, verdict) : undefined;
}

/** `rule 30: its protocol is tcp, not udp @ 'tcp'` */
function nearest(lines: readonly string[], kind: 500 | 4500 | 'esp' = 500): string {
  const near = nearestIn(firewall(lines), packet(kind));
  return near ? `rule ${near.rule.number}: ${near.why} @ ${textOf(near.at).replaceAll("'", '')}` : 'none';
}

const meant = [
  drops,
  rule("action 'accept'"),
  rule("protocol 'udp'"),
  rule("destination port '500,4500'"),
  rule("source address '198.51.100.1'"),
];
const esp = [drops, rule("action 'accept'"), rule("protocol 'esp'")];

describe('the criterion that fails', () => {
  test.each<[string, readonly string[], string, string]>([
    [
      'source',
      [rule("source address '198.51.100.9'")],
      'its source address is 198.51.100.9, not 198.51.100.1',
      rule("source address '198.51.100.1'"),
    ],
    [
      'network',
      [rule("source address '192.0.2.0/24'")],
      'its source address is 192.0.2.0/24, not 198.51.100.1',
      rule("source address '198.51.100.0/24'"),
    ],
    [
      'all but the peer',
      [rule("source address '!198.51.100.1'")],
      'its source address !198.51.100.1 leaves 198.51.100.1 out',
      rule("source address '!192.0.2.1'"),
    ],
    [
      'destination',
      [rule("destination address '203.0.113.9'")],
      'its destination address is 203.0.113.9, not 203.0.113.1',
      rule("destination address '203.0.113.1'"),
    ],
    [
      'port',
      [rule("destination port '501'")],
      'its destination port is 501, not 500',
      rule("destination port '500'"),
    ],
    [
      'the other port',
      [rule("destination port '4500'")],
      'its destination port is 4500, not 500',
      rule("destination port '500'"),
    ],
    [
      'not the port',
      [rule("destination port '!500'")],
      'its destination port !500 leaves 500 out',
      rule("destination port '500'"),
    ],
    [
      'source port',
      [rule("source port '4500'")],
      'its source port is 4500, not 500',
      rule("source port '500'"),
    ],
    ['protocol', [rule("protocol 'tcp'")], 'its protocol is tcp, not udp', rule("protocol 'udp'")],
    [
      'not the protocol',
      [rule("protocol '!udp'")],
      'its protocol !udp leaves udp out',
      rule("protocol '17'"),
    ],
    [
      'interface',
      [rule("inbound-interface name 'eth1'")],
      'its inbound-interface is eth1, not eth0',
      rule("inbound-interface name 'eth0'"),
    ],
    [
      'not the interface',
      [rule("inbound-interface name '!eth0'")],
      'its inbound-interface !eth0 leaves eth0 out',
      rule("inbound-interface name '!eth1'"),
    ],
    [
      'state',
      [rule("state 'established'")],
      'it is for the state established, and this is a new flow',
      rule("state 'new'"),
    ],
    [
      'decrypted',
      [rule('ipsec match-ipsec')],
      'it is for what comes out of a tunnel, and this does not',
      `delete ${rule('ipsec').slice(4)}`,
    ],
    [
      'leaving',
      [rule("outbound-interface name 'eth0'")],
      'it names an outbound-interface, and what is for the router itself leaves by none',
      `delete ${rule('outbound-interface').slice(4)}`,
    ],
    [
      'icmp',
      [rule("icmp type-name 'echo-request'")],
      'it is for icmp, and this is UDP',
      `delete ${rule('icmp').slice(4)}`,
    ],
    [
      'fragments',
      [rule('fragment match-frag')],
      'it is for fragments, and this is none',
      `delete ${rule('fragment').slice(4)}`,
    ],
    ['disabled', [rule('disable')], 'it is disabled', `delete ${rule('disable').slice(4)}`],
    [
      'too late',
      [input("rule 20 action 'drop'"), input("rule 20 source address '198.51.100.0/24'")],
      'rule 20 of the ipv4 input filter comes first',
      `delete ${input('rule 20').slice(4)}`,
    ],
    [
      'a group of addresses',
      [
        rule("source group address-group 'PEERS'"),
        `delete ${rule('source address').slice(4)}`,
        group("address-group PEERS address '192.0.2.1'"),
      ],
      'PEERS does not hold 198.51.100.1',
      group("address-group PEERS address '198.51.100.1'"),
    ],
    [
      'a group in a group',
      [
        rule("source group address-group 'ALL'"),
        `delete ${rule('source address').slice(4)}`,
        group("address-group ALL include 'PEERS'"),
        group("address-group PEERS address '192.0.2.1'"),
      ],
      'ALL does not hold 198.51.100.1',
      group("address-group PEERS address '198.51.100.1'"),
    ],
    [
      'not a group',
      [rule("source group address-group '!BAD'"), group("address-group BAD address '198.51.100.1'")],
      'BAD holds 198.51.100.1, which the rule leaves out',
      `delete ${group('address-group BAD').slice(4)} address '198.51.100.1'\n${group("address-group BAD address '192.0.2.1'")}`,
    ],
    [
      'a group of networks',
      [
        rule("source group network-group 'NETS'"),
        `delete ${rule('source address').slice(4)}`,
        group("network-group NETS network '192.0.2.0/24'"),
      ],
      'NETS does not hold 198.51.100.1',
      group("network-group NETS network '198.51.100.0/24'"),
    ],
    [
      'a group of ports',
      [
        rule("destination group port-group 'IKE'"),
        `delete ${rule('destination port').slice(4)}`,
        group("port-group IKE port '4500'"),
      ],
      'IKE does not hold 500',
      group("port-group IKE port '500'"),
    ],
    [
      'a group of interfaces',
      [rule("inbound-interface group 'WAN'"), group("interface-group WAN interface 'eth7'")],
      'WAN does not hold eth0',
      group("interface-group WAN interface 'eth0'"),
    ],
  ])('%s', (_, wrong, why, right) => {
    expect(nearest([...meant, ...wrong])).toMatch(
      new RegExp(`^rule 30: ${why.replaceAll(/[.!*]/g, '\\$&')} @ `),
    );
    expect(judgePacket(firewall([...meant, ...wrong, right]), packet()).kind).toBe('accept');
  });

  test('ESP', () => {
    const lacking = [
      group("address-group PEERS address '192.0.2.1'"),
      rule("source group address-group 'PEERS'"),
    ];
    expect(nearest([...esp, ...lacking], 'esp')).toBe('rule 30: PEERS does not hold 198.51.100.1 @ PEERS');
  });

  test('the jump to a ruleset that accepts it', () => {
    const lines = [
      drops,
      input("rule 10 action 'jump'"),
      input("rule 10 jump-target 'VPN'"),
      input("rule 10 inbound-interface name 'eth1'"),
      input("rule 10 destination port '500'"),
      input("rule 10 protocol 'udp'"),
      "set firewall ipv4 name VPN rule 5 action 'accept'",
      "set firewall ipv4 name VPN default-action 'drop'",
    ];
    expect(nearest(lines)).toBe('rule 10: its inbound-interface is eth1, not eth0 @ eth1');
  });

  test('a rule in a ruleset that is jumped to, and one bound to an interface of 1.3', () => {
    const named = (line: string) => `set firewall ipv4 name VPN ${line}`;
    const jump = [drops, input("rule 10 action 'jump'"), input("rule 10 jump-target 'VPN'")];
    const there = [
      "default-action 'return'",
      "rule 5 action 'accept'",
      "rule 5 protocol 'udp'",
      "rule 5 destination port '4500'",
    ];
    expect(nearest([...jump, ...there.map(named)])).toBe(
      'rule 5: its destination port is 4500, not 500 @ 4500',
    );
    const older = (line: string) => `set firewall name WAN-LOCAL ${line}`;
    const bound = [
      "set interfaces ethernet eth0 firewall local name 'WAN-LOCAL'",
      older("default-action 'drop'"),
      ...there.slice(1).map(older),
    ];
    expect(nearest(bound)).toBe('rule 5: its destination port is 4500, not 500 @ 4500');
  });

  test('a zone', () => {
    const zone = (line: string) => `set firewall zone ${line}`;
    const named = (line: string) => `set firewall ipv4 name WAN-LOCAL ${line}`;
    const lines = [
      zone('LOCAL local-zone'),
      zone("LOCAL default-action 'drop'"),
      zone("WAN member interface 'eth0'"),
      zone("LOCAL from WAN firewall name 'WAN-LOCAL'"),
      ...[
        "default-action 'drop'",
        "rule 5 action 'accept'",
        "rule 5 protocol 'udp'",
        "rule 5 destination port '500'",
        "rule 5 source address '192.0.2.1'",
      ].map(named),
    ];
    expect(nearest(lines)).toBe('rule 5: its source address is 192.0.2.1, not 198.51.100.1 @ 192.0.2.1');
  });

  test('of several, the one with most in its favour', () => {
    const other = [
      input("rule 10 action 'accept'"),
      input("rule 10 source address '198.51.100.1'"),
      input("rule 10 protocol 'udp'"),
      input("rule 10 destination port '161'"),
    ];
    expect(nearest([...other, ...meant, rule("inbound-interface name 'eth1'")])).toMatch(
      /^rule 30: its inbound-interface/,
    );
  });
});

describe('none', () => {
  test.each([
    ['two criteria fail', [...meant, rule("source address '192.0.2.1'"), rule("protocol 'tcp'")]],
    [
      'it is for something else',
      [drops, rule("action 'accept'"), rule("protocol 'udp'"), rule("destination port '1194'")],
    ],
    ['for established flows', [drops, rule("action 'accept'"), rule("state 'established'")]],
    ['for the hosts of the LAN', [drops, rule("action 'accept'"), rule("inbound-interface name 'eth1'")]],
    ['it drops', [...meant, rule("action 'drop'"), rule("source address '192.0.2.1'")]],
    ['it depends on a limit', [...meant, rule("source address '192.0.2.1'"), rule("limit rate '10/minute'")]],
    [
      'another hook drops it all the same',
      [
        ...meant,
        rule("source address '192.0.2.1'"),
        "set firewall ipv4 prerouting raw default-action 'drop'",
      ],
    ],
  ])('%s', (_, lines) => {
    expect(nearest(lines)).toBe('none');
  });
});

/** For each criterion a value that fits UDP 500, and one that does not. */
const criteria = {
  'source address': ["source address '198.51.100.0/24'", "source address '192.0.2.0/24'"],
  'destination address': ["destination address '203.0.113.1'", "destination address '!203.0.113.1'"],
  'destination port': ["destination port '500,4500'", "destination port '4501'"],
  'source port': ["source port '500'", "source port '!500'"],
  'inbound-interface name': ["inbound-interface name 'eth0'", "inbound-interface name 'eth9'"],
  state: ["state 'new'", "state 'related'"],
  protocol: ["protocol 'udp'", "protocol 'tcp'"],
  'source group address-group': ["source group address-group 'GOOD'", "source group address-group 'BAD'"],
} as const;
type Name = keyof typeof criteria;
const names = Object.keys(criteria) as Name[];

const noise = fc.array(
  fc.record({
    number: fc.integer({ min: 1, max: 60 }).filter((number) => number !== 30),
    action: fc.constantFrom('accept', 'drop'),
    criterion: fc.constantFrom(
      "protocol 'icmp'",
      "source address '10.0.0.0/8'",
      "destination port '22'",
      "inbound-interface name 'eth1'",
    ),
  }),
  { maxLength: 6 },
);

test('whatever is wrong with a rule that was meant, it is that which is named, and put right it lets the packet in', () => {
  let named = 0;
  fc.assert(
    fc.property(
      fc.subarray(names),
      fc.constantFrom(...names),
      fc.nat(),
      noise,
      (chosen, wrong, pick, others) => {
        const held = [...new Set<Name>([...chosen, 'source address', 'destination port', 'protocol', wrong])];
        const lines = (is: 0 | 1, second: Name | undefined) => [
          drops,
          group("address-group GOOD address '198.51.100.1'"),
          group("address-group BAD address '192.0.2.7'"),
          ...others.flatMap(({ number, action, criterion }) => [
            input(`rule ${number} action '${action}'`),
            input(`rule ${number} protocol 'tcp'`),
            input(`rule ${number} ${criterion}`),
          ]),
          rule("action 'accept'"),
          ...held.map((name) => rule(criteria[name][name === wrong || name === second ? is : 0])),
        ];
        const near = nearestIn(firewall(lines(1, undefined)), packet());
        expect(near?.rule.number).toBe('30');
        expect(near?.path.slice(6).join(' ')).toBe(wrong);
        expect(judgePacket(firewall(lines(0, undefined)), packet()).kind).toBe('accept');
        const rest = held.filter((name) => name !== wrong);
        const second = rest[pick % rest.length];
        expect(nearestIn(firewall(lines(1, second)), packet())?.rule.number).not.toBe('30');
        named += 1;
      },
    ),
    { numRuns: 400, seed: 9 },
  );
  expect(named).toBe(400);
});
