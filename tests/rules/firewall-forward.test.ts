import { describe, expect, test } from '@jest/globals';
import { lint } from '../../src/index.ts';
import { patchedPair } from '../../src/rules/example-pair.ts';
import { onRouteBasedPair } from '../../src/rules/route-based-pair.ts';

const forward = (line: string) => `set firewall ipv4 forward filter ${line}`;
const rule = (number: number, action: string, ...criteria: readonly string[]) => [
  forward(`rule ${number} action '${action}'`),
  ...criteria.map((each) => forward(`rule ${number} ${each}`)),
];
const drops = forward("default-action 'drop'");
const answers = rule(10, 'accept', "state 'established'", "state 'related'");
const chain = [
  "set firewall ipv4 name IPSEC-IN default-action 'drop'",
  "set firewall ipv4 name IPSEC-IN rule 10 action 'accept'",
  "set firewall ipv4 name IPSEC-IN rule 10 state 'established'",
];
const wan = [
  "set interfaces ethernet eth0 address '198.51.100.1/24'",
  "set protocols static route 0.0.0.0/0 next-hop '198.51.100.254'",
];

function severities(text: string): readonly string[] {
  return lint([{ file: 'b.conf', text }])
    .findings.filter(({ ruleId }) => ruleId === 'firewall-drops-tunnel-traffic')
    .map(({ severity }) => severity);
}

/** Of B by itself: 10.1.0.0/24 comes out of its tunnel, to 10.2.0.0/24. */
const ofPolicy = (lines: readonly string[]) => severities(patchedPair({ b: lines.join('\n') }).b);
const ofVti = (lines: readonly string[]) =>
  severities(patchedPair(onRouteBasedPair({ b: lines.join('\n') })).b);

describe('what a tunnel with prefixes brings', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['no filter', [], []],
    ['a filter that accepts', [forward("rule 10 action 'accept'")], []],
    ['one that accepts nothing', [drops], ['error']],
    ['one that accepts answers', [drops, ...answers], ['warning']],
    [
      'one that accepts answers by the state-policy',
      [drops, "set firewall global-options state-policy established action 'accept'"],
      ['warning'],
    ],
    ['all of it', [drops, ...answers, ...rule(20, 'accept', "source address '10.0.0.0/8'")], []],
    ['a part of it', [drops, ...answers, ...rule(20, 'accept', "source address '10.1.0.5'")], []],
    ['a service', [drops, ...answers, ...rule(20, 'accept', "protocol 'tcp'", "destination port '443'")], []],
    ['what was decrypted', [drops, ...answers, ...rule(20, 'accept', 'ipsec match-ipsec')], []],
    ['what was not', [drops, ...answers, ...rule(20, 'accept', 'ipsec match-none')], ['warning']],
    [
      'another network',
      [drops, ...answers, ...rule(20, 'accept', "source address '10.3.0.0/24'")],
      ['warning'],
    ],
    [
      'what comes in by another interface',
      [...wan, drops, ...answers, ...rule(20, 'accept', "inbound-interface name 'eth1'")],
      ['warning'],
    ],
    [
      'what comes in by an interface that the dump may or may not mean',
      [drops, ...answers, ...rule(20, 'accept', "inbound-interface name 'eth1'")],
      [],
    ],
    [
      'a group that is not in the dump',
      [drops, ...answers, ...rule(20, 'accept', "source group network-group 'REMOTE'")],
      [],
    ],
    [
      'a group that is',
      [
        drops,
        ...answers,
        ...rule(20, 'accept', "source group network-group 'REMOTE'"),
        "set firewall group network-group REMOTE network '10.1.0.0/24'",
      ],
      [],
    ],
    ['a rule that drops a part of it', [...rule(10, 'drop', "source address '10.1.0.5'")], []],
    ['a rule that drops all of it', [...rule(10, 'drop', "source address '10.0.0.0/8'")], ['error']],
    [
      'a destination NAT before it',
      [
        drops,
        ...answers,
        "set nat destination rule 10 destination address '10.2.0.9'",
        "set nat destination rule 10 translation address '192.168.9.9'",
      ],
      [],
    ],
    [
      'a tunnel for the one address of the router',
      [
        drops,
        'delete vpn ipsec site-to-site peer SITE-A tunnel 1 local prefix',
        "set vpn ipsec site-to-site peer SITE-A tunnel 1 local prefix '10.2.0.1/32'",
      ],
      [],
    ],
  ])('%s', (_, lines, expected) => {
    expect(ofPolicy(lines)).toEqual(expected);
  });
});

describe('what a VTI brings', () => {
  const into = rule(30, 'jump', "inbound-interface name 'vti0'", "jump-target 'IPSEC-IN'");

  test.each<[string, readonly string[], readonly string[]]>([
    ['one that accepts answers', [drops, ...answers], ['warning']],
    ['a chain that accepts answers', [...chain, ...into], ['warning']],
    [
      "a chain that accepts the local network too, as the guide's",
      [
        ...chain,
        ...into,
        "set firewall ipv4 name IPSEC-IN rule 20 action 'accept'",
        "set firewall ipv4 name IPSEC-IN rule 20 destination address '10.1.0.0/24'",
      ],
      [],
    ],
    ['what comes in by the VTI', [drops, ...rule(20, 'accept', "inbound-interface name 'vti*'")], []],
    ['what comes in by others', [drops, ...rule(20, 'accept', "inbound-interface name '!vti0'")], ['error']],
  ])('%s', (_, lines, expected) => {
    expect(ofVti(lines)).toEqual(expected);
  });
});

test('every pair that one rule drops is told at once, and one mend lets all of them in', () => {
  const text = patchedPair({
    b: [
      drops,
      ...answers,
      "set vpn ipsec site-to-site peer SITE-A tunnel 1 remote prefix '10.1.1.0/24'",
    ].join('\n'),
  }).b;
  const [finding, ...others] = lint([{ file: 'b.conf', text }]).findings.filter(
    ({ ruleId }) => ruleId === 'firewall-drops-tunnel-traffic',
  );
  expect(others).toEqual([]);
  expect(finding?.message).toContain('10.1.0.0/24 to 10.2.0.0/24 and 1 more');
  const [fix] = finding?.fix ?? [];
  expect(fix?.commands).toContain("set firewall ipv4 forward filter rule 20 source address '10.1.0.0/24'");
  expect(ofPolicy([drops, ...answers, ...(fix?.commands ?? [])])).toEqual([]);
});
