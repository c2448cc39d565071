import { describe, expect, test } from '@jest/globals';
import { lint } from '../../src/index.ts';
import { patchedPair } from '../../src/rules/example-pair.ts';

/** What is found of site A alone, of firewalls. */
function found(...lines: readonly string[]): readonly string[] {
  const { a } = patchedPair({ a: lines.join('\n') });
  return lint([{ file: 'a.conf', text: a }])
    .findings.filter(({ ruleId }) => ruleId.startsWith('firewall-'))
    .map(({ severity, ruleId, message }) => `${severity} ${ruleId}: ${message}`);
}

const input = (line: string) => `set firewall ipv4 input filter ${line}`;
const peer = (line: string) => `set vpn ipsec site-to-site peer SITE-B ${line}`;
const drops = input("default-action 'drop'");
const established = [input("rule 1 action 'accept'"), input("rule 1 state 'established'")];
const accepts = (number: number, ...criteria: readonly string[]) => [
  input(`rule ${number} action 'accept'`),
  ...criteria.map((each) => input(`rule ${number} ${each}`)),
];
const ports = accepts(20, "protocol 'udp'", "destination port '500,4500'");
const esp = accepts(30, "protocol 'esp'");
const by = 'the default-action of the ipv4 input filter';

describe('one site alone', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['no firewall', [], []],
    ['one that lets all in', [drops, ...ports, ...esp], []],
    [
      'one that lets nothing in',
      [drops],
      [
        `error firewall-drops-ike: The firewall drops UDP 500 from 198.51.100.1: ${by}`,
        `error firewall-drops-nat-t: The firewall drops UDP 4500 from 198.51.100.1: ${by}`,
        `warning firewall-drops-esp: The firewall drops ESP from 198.51.100.1: ${by}`,
      ],
    ],
    [
      'one that lets answers in, of a side that calls',
      [drops, ...established],
      [
        `warning firewall-drops-ike: The firewall drops UDP 500 from 198.51.100.1: ${by}`,
        `warning firewall-drops-nat-t: The firewall drops UDP 4500 from 198.51.100.1: ${by}`,
        `warning firewall-drops-esp: The firewall drops ESP from 198.51.100.1: ${by}`,
      ],
    ],
    [
      'and of a side that only answers',
      [drops, ...established, ...esp, peer("connection-type 'none'")],
      [
        `error firewall-drops-ike: The firewall drops UDP 500 from 198.51.100.1: ${by}`,
        `error firewall-drops-nat-t: The firewall drops UDP 4500 from 198.51.100.1: ${by}`,
      ],
    ],
    [
      'no MOBIKE and no NAT',
      [
        drops,
        ...accepts(20, "protocol 'udp'", "destination port '500'"),
        ...esp,
        'set vpn ipsec ike-group IKE-B disable-mobike',
      ],
      [],
    ],
    ['ESP in UDP', [drops, ...ports, peer('force-udp-encapsulation')], []],
    [
      'behind a NAT',
      [drops, ...ports, `delete ${peer('local-address').slice(4)}`, peer("local-address '10.0.0.2'")],
      [],
    ],
    ['a disabled peer', [drops, peer('disable')], []],
    [
      'what depends on a limit',
      [drops, ...ports, input("rule 20 limit rate '10/minute'"), ...esp],
      [
        'info firewall-undecided: Whether the firewall lets UDP 500 and UDP 4500 of 198.51.100.1 in cannot be told: it depends on limit',
      ],
    ],
    [
      'a peer at any address, let in from one only',
      [
        drops,
        ...ports,
        ...esp,
        input("rule 20 source address '192.0.2.1'"),
        `delete ${peer('remote-address').slice(4)}`,
        peer("remote-address 'any'"),
      ],
      [
        'info firewall-undecided: Whether the firewall lets UDP 500 and UDP 4500 of any in cannot be told: the address of the peer is not in the dump',
      ],
    ],
  ])('%s', (_, lines, expected) => {
    expect(found(...lines)).toEqual(expected);
  });

  test('a peer that faces none of the other sites is judged alone, and one that faces one is not', () => {
    const { a, b } = patchedPair({ b: drops });
    const third = b
      .replaceAll(/203\.0\.113\.1|198\.51\.100\.1/g, (address) => `${address}77`)
      .replaceAll('@example.com', '@example.net');
    const report = lint([a, b, third].map((text, index) => ({ file: `${index}.conf`, text })));
    const links = report.findings
      .filter(({ ruleId }) => ruleId === 'firewall-drops-ike')
      .map(({ link, locations: [{ site }] }) => [link, site]);
    expect(links).toEqual([
      [null, 2],
      [0, 1],
    ]);
  });
});

describe('the rule that lets a peer in', () => {
  const commands = (...lines: readonly string[]) => {
    const { a } = patchedPair({ a: lines.join('\n') });
    return lint([{ file: 'a.conf', text: a }]).findings.flatMap(({ fix }) =>
      fix.flatMap((one) => one.commands.filter((each) => / (?:action|source)/.test(each))),
    );
  };

  test('is for its address, after the last rule or before the one that drops', () => {
    expect(commands(drops, ...ports)).toEqual([
      "set firewall ipv4 input filter rule 32 action 'accept'",
      "set firewall ipv4 input filter rule 32 source address '198.51.100.1'",
    ]);
    expect(commands(input("rule 7 action 'drop'"), ...ports).filter((each) => / action/.test(each))).toEqual([
      "set firewall ipv4 input filter rule 4 action 'accept'",
      "set firewall ipv4 input filter rule 5 action 'accept'",
      "set firewall ipv4 input filter rule 6 action 'accept'",
    ]);
  });

  test('is for one address each where several peers are shut out, and has a number of its own', () => {
    const second = patchedPair({})
      .a.split('\n')
      .filter((line) => line.includes('site-to-site'))
      .map((line) => line.replace('SITE-B', 'SITE-C').replace('198.51.100.1', '198.51.100.9'));
    const sources = commands(drops, ...second).filter((each) => / source/.test(each));
    expect(sources.map((each) => each.replace(/.* rule /, '')).toSorted()).toEqual([
      "10 source address '198.51.100.1'",
      "11 source address '198.51.100.1'",
      "12 source address '198.51.100.1'",
      "13 source address '198.51.100.9'",
      "14 source address '198.51.100.9'",
      "15 source address '198.51.100.9'",
    ]);
  });

  test('is not there where no number is free, or no one ruleset decides', () => {
    expect(commands(input("rule 1 action 'drop'"))).toEqual([]);
    expect(commands('set firewall zone LOCAL local-zone')).toEqual([]);
  });
});

describe('a group that lacks the peer', () => {
  const peers = "set firewall group address-group PEERS address '192.0.2.1'";
  const from = "source group address-group 'PEERS'";
  const lacking = [
    peers,
    drops,
    ...accepts(20, "protocol 'udp'", "destination port '500,4500'", from),
    ...accepts(30, "protocol 'esp'", from),
  ];
  const add = "set firewall group address-group PEERS address '198.51.100.1'";
  const linked = (...lines: readonly string[]) => {
    const { a, b } = patchedPair({
      a: lines.join('\n'),
      b: "set vpn ipsec site-to-site peer SITE-A connection-type 'initiate'\n",
    });
    return lint([
      { file: 'a.conf', text: `${a}\n` },
      { file: 'b.conf', text: b },
    ]).findings.filter(({ ruleId }) => ruleId.startsWith('firewall-'));
  };

  test('is one finding, with one command that mends it', () => {
    const [found, ...others] = linked(...lacking);
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      ruleId: 'firewall-drops-ike',
      severity: 'error',
      message: 'A drops UDP 500 from B: rule 20 would accept it, but PEERS does not hold 198.51.100.1',
      fix: [{ site: 0, commands: [add] }],
    });
    expect(found?.consequence).toMatch(/A drops UDP 4500 and ESP for the same reason\.$/);
    expect(found?.locations.map(({ path }) => path.slice(0, 6).join(' '))).toEqual([
      'firewall group address-group PEERS',
      'firewall ipv4 input filter rule 20',
      'firewall ipv4 input filter rule 30',
      'firewall ipv4 input filter default-action',
      'vpn ipsec site-to-site peer SITE-B remote-address',
    ]);
    expect(linked(...lacking, add)).toEqual([]);
  });

  test.each([
    ['another rule accepts all from it', accepts(40, from, "protocol 'tcp'")],
    [
      'the forward filter has it',
      [
        "set firewall ipv4 forward filter rule 10 source group address-group 'PEERS'",
        "set firewall ipv4 forward filter rule 10 action 'accept'",
      ],
    ],
    ['another group includes it', ["set firewall group address-group ALL include 'PEERS'"]],
    [
      'NAT has it',
      ["set nat source rule 10 source group address-group 'PEERS'", 'set nat source rule 10 exclude'],
    ],
    [
      'a rule is for all but it',
      accepts(40, "protocol 'udp'", "destination port '500'", "source group address-group '!PEERS'")
        .slice(0, 3)
        .concat(
          input("rule 40 source group address-group '!PEERS'"),
          input("rule 40 destination address '203.0.113.9'"),
        ),
    ],
    [
      'a rule is for ports of others as well',
      accepts(40, "protocol 'udp'", "destination port '500-600'", from),
    ],
  ])('is left as it is where %s', (_, more) => {
    const [found] = linked(...lacking, ...more);
    expect(found?.message).toMatch(/PEERS does not hold/);
    expect(found?.fix).toHaveLength(1);
    const commands = found?.fix[0]?.commands ?? [];
    expect(commands.join('\n')).not.toMatch(/PEERS/);
    expect(linked(...lacking, ...more, ...commands)).toEqual([]);
  });

  test('what is dropped for other reasons has a finding of its own', () => {
    const messages = linked(...lacking, `delete ${input('rule 30').slice(4)}`).map(({ message }) => message);
    expect(messages).toEqual([
      'A drops UDP 500 from B: rule 20 would accept it, but PEERS does not hold 198.51.100.1',
      `A drops ESP from B: ${by}`,
    ]);
  });
});
