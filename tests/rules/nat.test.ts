import { describe, expect, test } from '@jest/globals';
import { lint } from '../../src/index.ts';
import { examplePair } from '../../src/rules/example-pair.ts';

const tunnel = examplePair.a;
const wan = [
  "set interfaces ethernet eth0 address '203.0.113.1/24'",
  "set interfaces ethernet eth1 address '10.1.0.1/24'",
  "set protocols static route 0.0.0.0/0 next-hop '203.0.113.254'",
].join('\n');

const ofNat = new Set(['source-nat-catches-tunnel', 'nat-exclude-incomplete', 'destination-nat-takes-ike']);

function findings(...lines: readonly string[]) {
  const text = `${tunnel}${lines.join('\n')}\n`;
  return lint([{ file: 'a.conf', text }]).findings.filter(({ ruleId }) => ofNat.has(ruleId));
}
const said = (...lines: readonly string[]) =>
  findings(...lines).map(({ severity, message }) => `${severity}: ${message}`);

/** `rule 100 outbound-interface name 'eth0'`, of `nat source`. */
const source = (...rules: readonly string[]) => rules.map((rule) => `set nat source ${rule}`);
const masquerade = (number: number, ...more: readonly string[]) =>
  source(
    `rule ${number} translation address 'masquerade'`,
    ...more.map((words) => `rule ${number} ${words}`),
  );
const exclude = (number: number, ...more: readonly string[]) =>
  source(`rule ${number} exclude`, ...more.map((words) => `rule ${number} ${words}`));

const all = '10.1.0.0/24 to 10.2.0.0/24';
const caught = (number: number, traffic = all) =>
  `error: Source NAT rule ${number} changes the traffic of a tunnel: ${traffic}`;
const partly = (number: number, excluding: number, traffic: string) =>
  `error: Source NAT rule ${number} changes what exclude rule ${excluding} leaves of a tunnel: ${traffic}`;
const tunnelPair = ["source address '10.1.0.0/24'", "destination address '10.2.0.0/24'"];

describe('source NAT', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['on the outbound interface', masquerade(100, "outbound-interface name 'eth0'"), [caught(100)]],
    ['as 1.3 spells it', masquerade(100, "outbound-interface 'eth0'"), [caught(100)]],
    ['as rolling releases did', masquerade(100, "outbound-interface interface-name 'eth0'"), [caught(100)]],
    ['any interface, in words', masquerade(100, "outbound-interface 'any'"), [caught(100)]],
    ['without an interface', masquerade(100), [caught(100)]],
    ['names with a star', masquerade(100, "outbound-interface name 'eth*'"), [caught(100)]],
    ['all but the inside', masquerade(100, "outbound-interface name '!eth1'"), [caught(100)]],
    ['on another interface', masquerade(100, "outbound-interface name 'eth1'"), []],
    ['all but the outside', masquerade(100, "outbound-interface name '!eth0'"), []],
    ['disabled', masquerade(100, 'disable'), []],
    ['for another source', masquerade(100, "source address '10.9.0.0/24'"), []],
    ['for a wider source', masquerade(100, "source address '10.0.0.0/8'"), [caught(100)]],
    [
      'for a part of the source',
      masquerade(100, "source address '10.1.0.0/25'"),
      [caught(100, '10.1.0.0/25 to 10.2.0.0/24')],
    ],
    ['for one host', masquerade(100, "source address '10.1.0.7'"), [caught(100, '10.1.0.7 to 10.2.0.0/24')]],
    ['for all but the remote network', masquerade(100, "destination address '!10.2.0.0/24'"), []],
    [
      'for all but a part of the remote network',
      masquerade(100, "destination address '!10.2.0.0/25'"),
      [caught(100, '10.1.0.0/24 to 10.2.0.128/25')],
    ],
    ['for TCP alone', masquerade(100, "protocol 'tcp'"), [caught(100)]],
    ['to an address outside', source("rule 100 translation address '203.0.113.9'"), [caught(100)]],
    ['NAT before IPsec', source("rule 100 translation address '10.1.0.254'"), []],
    ['NAT before IPsec, to a network', source("rule 100 translation address '10.1.0.0/25'"), []],
    ['of ports alone', source("rule 100 translation port '1024-2048'", "rule 100 protocol 'tcp'"), []],
  ])('%s', (_, rules, expected) => {
    expect(said(wan, ...rules)).toEqual(expected);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['all of it', exclude(10, ...tunnelPair), []],
    ['quoted', source("rule 10 'exclude'", ...tunnelPair.map((words) => `rule 10 ${words}`)), []],
    ['everything to the remote network', exclude(10, "destination address '10.2.0.0/24'"), []],
    ['everything', exclude(10), []],
    ['on the outbound interface', exclude(10, "outbound-interface name 'eth0'"), []],
    [
      'on another interface',
      exclude(10, "outbound-interface name 'eth1'"),
      [`${caught(100)}; rule 10 excludes, but its outbound-interface is eth1, not eth0`],
    ],
    ['disabled', exclude(10, 'disable'), [`${caught(100)}; rule 10 excludes, but it is disabled`]],
    ['behind the masquerade', exclude(200, ...tunnelPair), [caught(100)]],
    // By number, not by letter.
    ['number 20 before 100', exclude(20, ...tunnelPair), []],
    ['number 1000 behind 100', exclude(1000, ...tunnelPair), [caught(100)]],
    [
      'a part of the destination',
      exclude(10, "destination address '10.2.0.0/25'"),
      [partly(100, 10, '10.1.0.0/24 to 10.2.0.128/25')],
    ],
    [
      'two halves',
      [
        ...exclude(10, "destination address '10.2.0.0/25'"),
        ...exclude(20, "destination address '10.2.0.128/25'"),
      ],
      [],
    ],
    ['TCP alone', exclude(10, "protocol 'tcp'"), [partly(100, 10, all)]],
    ['all but UDP', exclude(10, "protocol '!udp'"), [partly(100, 10, all)]],
    [
      'groups',
      [
        "set firewall group network-group FAR network '10.2.0.0/24'",
        "set firewall group address-group NEAR address '10.1.0.0-10.1.0.255'",
        ...exclude(10, "destination group network-group 'FAR'", "source group address-group 'NEAR'"),
      ],
      [],
    ],
    [
      'a group in a group',
      [
        "set firewall group network-group FAR network '10.2.0.0/25'",
        "set firewall group network-group ALL include 'FAR'",
        "set firewall group network-group ALL network '10.2.0.128/25'",
        ...exclude(10, "destination group network-group 'ALL'"),
      ],
      [],
    ],
    [
      'a group that is too small',
      [
        "set firewall group network-group FAR network '10.2.0.0/25'",
        ...exclude(10, "destination group network-group 'FAR'"),
      ],
      [partly(100, 10, '10.1.0.0/24 to 10.2.0.128/25')],
    ],
    ['a group that the dump does not hold', exclude(10, "destination group network-group 'FAR'"), []],
    ['names that only DNS knows', exclude(10, "destination group domain-group 'FAR'"), []],
    ['a masked address', exclude(10, "destination address 'xxx.xxx.0.0/24'"), []],
    [
      'an interface group',
      [
        "set firewall group interface-group WAN interface 'eth0'",
        ...exclude(10, "outbound-interface group 'WAN'", ...tunnelPair),
      ],
      [],
    ],
  ])('a rule excludes %s', (_, rules, expected) => {
    expect(said(wan, ...rules, ...masquerade(100, "outbound-interface name 'eth0'"))).toEqual(expected);
  });

  test('where the dump does not tell the interface, it may be that of the rule', () => {
    const rules = masquerade(100, "outbound-interface name 'eth0'");
    const expected = [caught(100).replace('error', 'warning')];
    expect(said(...rules)).toEqual(expected);
    expect(said(...rules, "set vpn ipsec interface 'eth0'")).toEqual([caught(100)]);
    expect(said(...rules, "set vpn ipsec interface 'eth9'")).toEqual([]);
    expect(said(...exclude(10, "outbound-interface name 'eth0'"), ...rules)).toEqual([]);
  });

  test('into 0.0.0.0/0 the packets go with the address of the router', () => {
    const path = 'vpn ipsec site-to-site peer SITE-B tunnel 1 local prefix';
    const everything = [`delete ${path}`, `set ${path} '0.0.0.0/0'`];
    const [finding] = findings(wan, ...everything, ...masquerade(100));
    expect(finding).toMatchObject({ severity: 'warning', ruleId: 'source-nat-catches-tunnel' });
    expect(finding?.consequence).toContain('with the address of the router');
  });

  test('a VTI has its own interface', () => {
    const vti = [
      'delete vpn ipsec site-to-site peer SITE-B tunnel',
      "set vpn ipsec site-to-site peer SITE-B vti bind 'vti0'",
      "set interfaces vti vti0 address '10.255.0.1/30'",
      'set protocols static route 10.2.0.0/24 interface vti0',
    ];
    expect(said(wan, ...vti, ...masquerade(100, "outbound-interface name 'eth0'"))).toEqual([]);
    expect(said(wan, ...vti, ...masquerade(100, "outbound-interface name 'vti0'"))).toEqual([]);
    const bare = masquerade(100, "source address '10.1.0.0/24'");
    expect(said(wan, ...vti, ...bare)).toEqual([
      'warning: Source NAT rule 100 changes what is routed into vti0 too: 10.1.0.0/24 to 10.2.0.0/24',
    ]);
    expect(findings(wan, ...vti, ...bare)[0]?.fix[0]?.commands).toEqual([
      'set nat source rule 99 exclude',
      "set nat source rule 99 outbound-interface name 'vti0'",
    ]);
    expect(said(wan, ...vti, ...exclude(10, ...tunnelPair), ...bare)).toEqual([]);
  });

  test('IPv6 by nat66', () => {
    const path = 'set vpn ipsec site-to-site peer SITE-B tunnel 6';
    const prefixes = [`${path} local prefix '2001:db8:1::/64'`, `${path} remote prefix '2001:db8:2::/64'`];
    const rule = ["rule 5 outbound-interface name 'eth0'", "rule 5 translation address 'masquerade'"];
    expect(said(wan, ...prefixes, ...rule.map((words) => `set nat66 source ${words}`))).toEqual([
      caught(5, '2001:db8:1::/64 to 2001:db8:2::/64'),
    ]);
  });

  test.each([
    ["outbound-interface name 'eth0'", "outbound-interface name 'eth0'"],
    ["outbound-interface 'eth0'", "outbound-interface 'eth0'"],
    ["outbound-interface group 'WAN'", "outbound-interface group 'WAN'"],
  ])('the mend is spelled like the rule: %s', (words, expected) => {
    const group = "set firewall group interface-group WAN interface 'eth0'";
    const taken = ['9', '8'].flatMap((number) => exclude(Number(number), 'disable'));
    const [finding] = findings(wan, group, ...taken, ...masquerade(10, words));
    expect(finding?.fix.map(({ commands }) => commands)).toEqual([
      [
        "set nat source rule 7 destination address '10.2.0.0/24'",
        'set nat source rule 7 exclude',
        `set nat source rule 7 ${expected}`,
        "set nat source rule 7 source address '10.1.0.0/24'",
      ],
    ]);
  });

  test('no number is free before rule 1', () => {
    expect(findings(wan, ...masquerade(1))[0]?.fix).toEqual([]);
  });

  test('a rule that excludes a part is made wider', () => {
    const part = exclude(10, "source address '10.1.0.0/24'", "destination address '10.2.0.0/25'");
    const [finding] = findings(wan, ...part, ...masquerade(20));
    expect(finding?.fix[0]?.commands).toEqual(["set nat source rule 10 destination address '10.2.0.0/24'"]);
  });

  test('but not one that excludes other packets as well: those of other networks would go untranslated', () => {
    const [finding] = findings(wan, ...exclude(10, "destination address '10.2.0.0/25'"), ...masquerade(20));
    expect(finding?.fix.flatMap(({ commands }) => commands)).toEqual([
      "set nat source rule 19 destination address '10.2.0.0/24'",
      'set nat source rule 19 exclude',

      "set nat source rule 19 source address '10.1.0.0/24'",
    ]);
  });
});

describe('the rule that excludes but for one criterion', () => {
  const rest = masquerade(100, "outbound-interface name 'eth0'");
  const far = "set firewall group network-group FAR network '10.2.9.0/24'";

  test.each<[string, readonly string[], string, readonly string[]]>([
    [
      'destination',
      exclude(10, "source address '10.1.0.0/24'", "destination address '10.2.1.0/24'"),
      'its destination is 10.2.1.0/24, not 10.2.0.0/24',
      exclude(10, "destination address '10.2.0.0/24'"),
    ],
    [
      'destination alone',
      exclude(10, "destination address '10.3.0.0/24'"),
      'its destination is 10.3.0.0/24, not 10.2.0.0/24',
      exclude(10, "destination address '10.2.0.0/16'"),
    ],
    [
      'source',
      exclude(10, "source address '10.9.0.0/24'", "destination address '10.2.0.0/24'"),
      'its source is 10.9.0.0/24, not 10.1.0.0/24',
      exclude(10, "source address '10.1.0.0/24'"),
    ],
    [
      'all but the destination',
      exclude(10, "destination address '!10.2.0.0/24'"),
      'its destination !10.2.0.0/24 leaves 10.2.0.0/24 out',
      exclude(10, "destination address '!10.9.0.0/24'"),
    ],
    [
      'a group',
      [far, ...exclude(10, "destination group network-group 'FAR'")],
      'FAR does not hold 10.2.0.0/24',
      ["set firewall group network-group FAR network '10.2.0.0/24'"],
    ],
    [
      'interface, as 1.3 spells it',
      exclude(10, "outbound-interface 'eth1'", ...tunnelPair),
      'its outbound-interface is eth1, not eth0',
      exclude(10, "outbound-interface 'eth0'"),
    ],
    [
      'disabled',
      exclude(10, 'disable', ...tunnelPair),
      'it is disabled',
      ['delete nat source rule 10 disable'],
    ],
  ])('%s', (_, wrong, why, right) => {
    expect(said(wan, ...wrong, ...rest)).toEqual([`${caught(100)}; rule 10 excludes, but ${why}`]);
    const [found] = findings(wan, ...wrong, ...rest);
    expect(found?.locations[1]).toMatchObject({ label: 'would exclude it but for this' });
    expect(found?.locations[1]?.path.slice(0, 4)).toEqual(['nat', 'source', 'rule', '10']);
    expect(said(wan, ...wrong, ...right, ...rest)).toEqual([]);
  });

  test.each([
    ['two fail', exclude(10, "source address '10.9.0.0/24'", "destination address '10.3.0.0/24'")],
    ['it comes too late', exclude(110, "destination address '10.3.0.0/24'")],
    [
      'it is for another tunnel',
      [
        ...exclude(10, "destination address '10.3.0.0/24'"),
        "set vpn ipsec site-to-site peer SITE-B tunnel 2 local prefix '10.1.0.0/24'",
        "set vpn ipsec site-to-site peer SITE-B tunnel 2 remote prefix '10.3.0.0/24'",
      ],
    ],
  ])('none where %s', (_, rules) => {
    expect(said(wan, ...rules, ...rest)).toEqual([caught(100)]);
  });

  test('of destination NAT', () => {
    const rules = [
      "rule 5 destination port '501,4500'",
      "rule 5 inbound-interface name 'eth0'",
      "rule 5 protocol 'udp'",
      'rule 5 exclude',
      "rule 10 inbound-interface name 'eth0'",
      "rule 10 translation address '10.1.0.5'",
    ].map((each) => `set nat destination ${each}`);
    expect(said(wan, ...rules)).toEqual([
      'warning: Destination NAT rule 10 sends UDP 500 on to 10.1.0.5; rule 5 excludes, but its destination port is 501,4500, not 500',
    ]);
    expect(said(wan, ...rules, "set nat destination rule 5 destination port '500,4500'")).toEqual([]);
  });
});

describe('destination NAT', () => {
  const destination = (...words: readonly string[]) =>
    words.map((each) => `set nat destination rule 10 ${each}`);
  const takes = (ports: string) => [`warning: Destination NAT rule 10 sends UDP ${ports} on to 10.1.0.5`];
  const on = "inbound-interface name 'eth0'";
  const to = "translation address '10.1.0.5'";

  test.each<[string, readonly string[], readonly string[]]>([
    ['everything', [on, to], takes('500 and 4500')],
    ['all UDP', [on, to, "protocol 'udp'"], takes('500 and 4500')],
    ['one port', [on, to, "protocol 'udp'", "destination port '4500'"], takes('4500')],
    ['a range of ports', [on, to, "protocol 'tcp_udp'", "destination port '400-600'"], takes('500')],
    ['TCP', [on, to, "protocol 'tcp'", "destination port '500'"], []],
    ['another port', [on, to, "protocol 'udp'", "destination port '1194'"], []],
    ['another address', [on, to, "destination address '203.0.113.2'"], []],
    ['from somebody else', [on, to, "source address '192.0.2.7'"], []],
    ['on another interface', [to, "inbound-interface name 'eth1'"], []],
    ['to the router itself', [on, "translation address '203.0.113.1'"], []],
    ['excluded', [on, to, 'exclude'], []],
  ])('%s', (_, words, expected) => {
    expect(said(wan, ...destination(...words))).toEqual(expected);
  });
});
