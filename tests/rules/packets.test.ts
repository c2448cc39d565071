import { describe, expect, test } from '@jest/globals';
import { lint, type Report } from '../../src/index.ts';
import { examplePair, patchedPair } from '../../src/rules/example-pair.ts';
import { onRouteBasedPair } from '../../src/rules/route-based-pair.ts';

type Lines = readonly string[];

function report(a: string, b?: string): Report {
  const inputs = [{ file: 'a.conf', text: a }];
  return lint(b === undefined ? inputs : [...inputs, { file: 'b.conf', text: b }]);
}

const join = (base: string, lines: Lines) => `${base}${lines.join('\n')}\n`;

/** What becomes of each direction: `a established`, `b no-response`, `a unknown`, `a lost by a`. */
function fates({ links }: Report): readonly string[] {
  return links.flatMap(({ negotiations }) =>
    negotiations.map(({ initiator, result, afterwards }) => {
      const lost = afterwards.flatMap((each) => (each.kind === 'lost' ? [each.by] : []));
      const outcome = result.outcome === 'failed' ? result.reason : result.outcome;
      return `${initiator} ${lost.length > 0 ? `lost by ${lost.join(' ')}` : outcome}`;
    }),
  );
}

const said = ({ findings }: Report, id: string) =>
  findings
    .filter(({ ruleId }) => ruleId === id)
    .map(({ severity, initiators, link }) => `${severity} ${link ?? '-'} ${initiators.join('')}`);

const pair = (a: Lines, b: Lines) => report(join(examplePair.a, a), join(examplePair.b, b));
const wanA = [
  "set interfaces ethernet eth0 address '203.0.113.1/24'",
  "set protocols static route 0.0.0.0/0 next-hop '203.0.113.254'",
];
const wanB = [
  "set interfaces ethernet eth0 address '198.51.100.1/24'",
  "set interfaces ethernet eth1 address '10.2.0.1/24'",
  "set protocols static route 0.0.0.0/0 next-hop '198.51.100.254'",
];
const up = ['a established', 'b established'];
const deaf = ['a no-response', 'b no-response'];

describe('the list of interfaces', () => {
  const listed = (...names: Lines) => names.map((name) => `set vpn ipsec interface '${name}'`);
  test.each<[string, Lines, Lines]>([
    ['none: all count', [], up],
    ['the one with the address', listed('eth0'), up],
    ['another', listed('eth1'), deaf],
    ['several', listed('eth1', 'eth0'), up],
    ['several others', listed('eth1', 'eth2'), deaf],
    ['the trunk of a VLAN', [...listed('eth1'), 'set interfaces ethernet eth1 vif 7'], deaf],
    [
      'one of two with the address',
      [...listed('eth1'), "set interfaces ethernet eth1 address '198.51.100.1/32'"],
      up,
    ],
    [
      'an address that VRRP brings',
      [...listed('eth1'), "set high-availability vrrp group G address '198.51.100.1/24'"],
      up,
    ],
  ])('%s', (_, lines, expected) => {
    const all = [...wanB, ...lines];
    const judged = pair(wanA, all);
    expect(fates(judged)).toEqual(expected);
    const fails = expected === deaf;
    expect(said(judged, 'ipsec-interface-unfit')).toEqual(fails ? ['error 0 ab'] : []);
    expect(said(report(join(examplePair.b, all)), 'ipsec-interface-unfit')).toEqual(
      fails ? ['error - '] : [],
    );
  });

  test('an address on a dummy is that of the dummy', () => {
    const dummy = [...wanB.slice(1), "set interfaces ethernet eth0 address '198.51.100.9/24'"];
    const address = "set interfaces dummy dum0 address '198.51.100.1/32'";
    expect(fates(pair(wanA, [...dummy, address, ...listed('eth0')]))).toEqual(deaf);
    expect(fates(pair(wanA, [...dummy, address, ...listed('dum0')]))).toEqual(up);
  });

  test('of IPv6', () => {
    const six = (base: string) =>
      base.replaceAll('203.0.113.1', '2001:db8:a::1').replaceAll('198.51.100.1', '2001:db8:b::1');
    const wan = [
      "set interfaces ethernet eth0 address '2001:db8:b::1/64'",
      "set protocols static route6 ::/0 next-hop '2001:db8:b::9'",
    ];
    const judged = (...lines: Lines) =>
      fates(report(six(examplePair.a), join(six(examplePair.b), [...wan, ...lines])));
    expect(judged(...listed('eth0'))).toEqual(up);
    expect(judged(...listed('eth1'))).toEqual(deaf);
  });

  test('with dhcp-interface, whatever the address', () => {
    const peer = 'vpn ipsec site-to-site peer SITE-A';
    const given = [
      "set interfaces ethernet eth0 address 'dhcp'",
      `delete ${peer} local-address`,
      `set ${peer} dhcp-interface 'eth0'`,
    ];
    const judged = pair(wanA, [...given, ...listed('eth1')]);
    expect(fates(judged)[0]).toBe('a no-response');
    expect(said(judged, 'ipsec-interface-unfit')).toHaveLength(1);
    expect(said(pair(wanA, [...given, ...listed('eth0')]), 'ipsec-interface-unfit')).toEqual([]);
  });

  test('it hides what fails behind it', () => {
    const { findings } = report(
      join(examplePair.a, wanA),
      join(examplePair.b, [...wanB, ...listed('eth1')]).replace(
        /(psk \S+ secret) '[^']*'/,
        `$1 'An0ther-secret-altogether'`,
      ),
    );
    const list = findings.findIndex(({ ruleId }) => ruleId === 'ipsec-interface-unfit');
    expect(findings.find(({ ruleId }) => ruleId === 'psk-mismatch')?.hiddenBehind).toBe(list);
  });

  test('one list is told once of a site alone', () => {
    const other = examplePair.b.replaceAll('SITE-A', 'SITE-C').replaceAll('203.0.113.1', '203.0.113.7');
    const both = join(examplePair.b + other, [...wanB, ...listed('eth1')]);
    expect(said(report(both), 'ipsec-interface-unfit')).toEqual(['error - ']);
  });
});

describe('destination NAT', () => {
  const rule = (...words: Lines) =>
    ["inbound-interface name 'eth0'", "translation address '10.2.0.5'", ...words].map(
      (each) => `set nat destination rule 10 ${each}`,
    );
  const port = (text: string) => ["protocol 'udp'", `destination port '${text}'`];
  const byB = ['a no-response', 'b established'];
  test.each<[string, Lines, Lines]>([
    ['of UDP 500', rule(...port('500')), byB],
    ['of UDP 4500, to which MOBIKE goes', rule(...port('4500')), byB],
    ['of a range with both', rule(...port('400-5000')), byB],
    ['of everything', rule(), byB],
    ['of other ports', rule(...port('443')), up],
    ['of TCP', rule("protocol 'tcp'", "destination port '500'"), up],
    ['from the peer', rule(...port('500'), "source address '203.0.113.0/24'"), byB],
    ['from others', rule(...port('500'), "source address '192.0.2.0/24'"), up],
    ['from all but the peer', rule(...port('500'), "source address '!203.0.113.1'"), up],
    ['to another address', rule(...port('500'), "destination address '198.51.100.7'"), up],
    [
      'to the router itself',
      [
        ...rule(...port('500')).slice(0, 1),
        ...rule(...port('500')).slice(2),
        "set nat destination rule 10 translation address '198.51.100.1'",
      ],
      up,
    ],
    ['of another interface', rule(...port('500')).map((line) => line.replace("'eth0'", "'eth1'")), up],
    ['that is disabled', [...rule(...port('500')), 'set nat destination rule 10 disable'], up],
    [
      'behind a rule that excludes',
      [
        ...rule(...port('500')),
        "set nat destination rule 5 inbound-interface name 'eth0'",
        'set nat destination rule 5 exclude',
        "set nat destination rule 5 protocol 'udp'",
        "set nat destination rule 5 destination port '500'",
      ],
      up,
    ],
    [
      'whose group is not in the dump',
      rule(...port('500'), "source group address-group 'G'"),
      ['a unknown', 'b established'],
    ],
  ])('%s', (_, lines, expected) => {
    const judged = pair(wanA, [...wanB, ...lines]);
    expect(fates(judged)).toEqual(expected);
    expect(said(judged, 'destination-nat-takes-ike')).toEqual(expected === byB ? ['error 0 a'] : []);
  });

  test('of UDP 4500 takes nothing without MOBIKE', () => {
    const off = (letter: string) => `set vpn ipsec ike-group IKE-${letter} disable-mobike`;
    expect(fates(pair([...wanA, off('B')], [...wanB, ...rule(...port('4500')), off('A')]))).toEqual(up);
  });

  test('one rule for both ports is told once, two rules one after the other', () => {
    const second = rule(...port('4500')).map((line) => line.replace('rule 10', 'rule 20'));
    const both = pair(wanA, [...wanB, ...rule(...port('500,4500'))]);
    expect(both.links[0]?.negotiations[0]?.hidden).toEqual([]);
    const { findings } = pair(wanA, [...wanB, ...rule(...port('500')), ...second]);
    const told = findings.filter(({ ruleId }) => ruleId === 'destination-nat-takes-ike');
    const behind = told.map(({ message, hiddenBehind }) => [message.slice(0, 23), hiddenBehind]);
    const first = findings.findIndex(({ ruleId }) => ruleId === 'destination-nat-takes-ike');
    expect(behind).toEqual([
      ['Destination NAT rule 10', null],
      ['Destination NAT rule 20', first],
    ]);
  });

  test('of an address that the peer does not name: its rule tells of what the negotiation met', () => {
    const peer = 'vpn ipsec site-to-site peer SITE-A';
    const any = [`delete ${peer} local-address`, `set ${peer} local-address 'any'`];
    const judged = pair(wanA, [...wanB, ...any, ...rule(...port('500'))]);
    expect(fates(judged)[0]).toBe('a no-response');
    expect(said(judged, 'destination-nat-takes-ike')).toEqual(['error 0 a']);
  });
});

describe('routes', () => {
  const based = patchedPair(onRouteBasedPair({}));
  const vti = (...lines: Lines) => report(join(based.a, lines), based.b);
  const into = (name: string) => `set protocols static route 0.0.0.0/0 interface ${name}`;
  const lost = ['a lost by a', 'b lost by a'];
  const unknown = ['a unknown', 'b unknown'];
  test.each<[string, Lines, Lines, Lines]>([
    ['none into the tunnel', wanA, up, []],
    ['the default route into the tunnel', [into('vti0')], lost, ['error 0 ab']],
    [
      'and a better one beside it',
      [into('vti0'), "set protocols static route 198.51.100.1/32 next-hop '203.0.113.254'"],
      up,
      [],
    ],
    [
      'and the peer in a network of the router',
      [
        into('vti0'),
        "set interfaces ethernet eth0 address '198.51.100.9/24'",
        "set interfaces ethernet eth0 address '203.0.113.1/24'",
      ],
      up,
      [],
    ],
    ['and one of the same length beside it', [into('vti0'), ...wanA], up, []],
    [
      'and a policy that may know better',
      [into('vti0'), "set policy local-route rule 5 set table '10'"],
      unknown,
      ['warning 0 '],
    ],
    [
      'and a routing protocol',
      [into('vti0'), "set protocols bgp system-as '65001'"],
      unknown,
      ['warning 0 '],
    ],
    ['into an interface that no peer binds', [into('vti9')], up, []],
  ])('%s', (_, lines, expected, findings) => {
    const judged = vti(...lines);
    expect(fates(judged)).toEqual(expected);
    expect(said(judged, 'peer-routed-into-tunnel')).toEqual(findings);
  });

  test('of both ends: each loses it', () => {
    const judged = report(join(based.a, [into('vti0')]), join(based.b, [into('vti0')]));
    expect(fates(judged)).toEqual(['a lost by a b', 'b lost by b a']);
    expect(said(judged, 'peer-routed-into-tunnel')).toHaveLength(2);
  });

  test('into the tunnel of another peer: it depends on that one', () => {
    const other = based.a
      .replaceAll('SITE-B', 'SITE-C')
      .replaceAll('198.51.100.1', '192.0.2.66')
      .replaceAll('vti0', 'vti5');
    const judged = report(join(based.a + other, [into('vti5')]), based.b);
    expect(fates(judged)).toEqual(unknown);
    expect(said(judged, 'not-judged')).toHaveLength(1);
  });

  test('none at all: only the router knows, and what fails fails all the same', () => {
    const [address = ''] = wanA;
    const judged = pair([address], wanB);
    expect(fates(judged)).toEqual(unknown);
    expect(said(judged, 'no-route-to-peer')).toEqual(['warning - ']);
    expect(said(judged, 'not-judged')).toEqual([]);
    expect(fates(pair([address], [...wanB, "set vpn ipsec interface 'eth1'"]))).toEqual(deaf);
  });
});

test('a local-address that no interface has: only the router knows', () => {
  const moved = ["set interfaces ethernet eth0 address '203.0.113.9/24'", ...wanA.slice(1)];
  const judged = pair(moved, wanB);
  expect(fates(judged)).toEqual(['a unknown', 'b unknown']);
  expect(said(judged, 'local-address-foreign')).toEqual(['warning - ']);
  expect(said(judged, 'not-judged')).toEqual([]);
});
