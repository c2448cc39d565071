import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { fix, type Input, lint, rewrite } from '../../src/index.ts';
import { examplePair } from '../../src/rules/example-pair.ts';
import { commandsFor, commandsOf, pairWith } from './pair.ts';

const ikeA = 'set vpn ipsec ike-group IKE-B proposal 1';
const ikeB = 'set vpn ipsec ike-group IKE-A proposal 1';
const espA = 'set vpn ipsec esp-group ESP-B';
const peerA = 'vpn ipsec site-to-site peer SITE-B';
const peerB = 'vpn ipsec site-to-site peer SITE-A';

function fixture(name: string): readonly Input[] {
  return ['a', 'b'].map((side) => ({
    file: `${side}.conf`,
    text: readFileSync(`fixtures/pairs/${name}/${side}.conf`, 'utf8'),
  }));
}

describe('what is chosen', () => {
  test('nothing for a clean pair', () => {
    const plan = fix(pairWith([], []));
    expect(plan).toMatchObject({ found: 0, mended: 0, left: [], exhaustive: true });
    expect(commandsOf(plan)).toEqual([[], []]);
  });

  test.each([
    ['the stronger group', [], [`${ikeB} dh-group '5'`], [[], [`${ikeB} dh-group '14'`]]],
    ['the stronger cipher', [], [`${ikeB} encryption 'aes128'`], [[], [`${ikeB} encryption 'aes256'`]]],
    [
      'the stronger of each, on either side',
      [`${ikeA} encryption 'aes128'`],
      [`${ikeB} dh-group '2'`],
      [[`${ikeA} encryption 'aes256'`], [`${ikeB} dh-group '14'`]],
    ],
    ['forward secrecy rather than none', [`${espA} pfs 'disable'`], [], [[`${espA} pfs 'dh-group14'`], []]],
    [
      'more traffic in the tunnel rather than less',
      [],
      [`delete ${peerB} tunnel 1 remote prefix`, `set ${peerB} tunnel 1 remote prefix '10.1.0.0/25'`],
      [
        [],
        [
          `delete ${peerB} tunnel 1 remote prefix '10.1.0.0/25'`,
          `set ${peerB} tunnel 1 remote prefix '10.1.0.0/24'`,
        ],
      ],
    ],
    [
      'what a site says of itself, not what the other says of it',
      [],
      [`set ${peerB} authentication remote-id 'somebody@example.com'`],
      [[], [`set ${peerB} authentication remote-id 'site-a@example.com'`]],
    ],
    [
      'what was meant, in the place of what VyOS refuses',
      [],
      [`${ikeB} dh-gruop '14'`],
      [[], [`${ikeB} dh-group '14'`]],
    ],
    [
      'the address of the peer, and not none',
      [],
      [
        `set ${peerB} connection-type 'initiate'`,
        `delete ${peerB} remote-address`,
        `set ${peerB} remote-address '203.0.113.99'`,
      ],
      [[], [`delete ${peerB} remote-address '203.0.113.99'`, `set ${peerB} remote-address '203.0.113.1'`]],
    ],
    ['a peer that is switched off', [], [`set ${peerB} disable`], [[], [`delete ${peerB} disable`]]],
  ])('%s', (_, a, b, commands) => {
    expect(commandsFor(pairWith(a, b))).toEqual(commands);
  });

  test.each([
    ['ike-dh-group-mismatch', `${ikeB} dh-group '5'`],
    ['ike-encryption-mismatch', `${ikeB} encryption 'aes128'`],
    ['ike-hash-mismatch', `${ikeB} hash 'sha1'`],
    ['esp-encryption-mismatch', "set vpn ipsec esp-group ESP-A proposal 1 encryption '3des'"],
    ['esp-hash-mismatch', "set vpn ipsec esp-group ESP-A proposal 1 hash 'md5'"],
    ['pfs-mismatch', "set vpn ipsec esp-group ESP-A pfs 'disable'"],
    ['ike-version-mismatch', "set vpn ipsec ike-group IKE-A key-exchange 'ikev1'"],
  ])('nothing on the stronger side alone: %s is left', (ruleId, weak) => {
    const pair = pairWith([], [weak]);
    const plan = fix(pair, { sites: [0] });
    expect(commandsOf(plan)).toEqual([[], []]);
    expect(plan.left).toMatchObject([{ ruleId, why: 'other-site', sites: [1] }]);
    for (const { fix: alternatives } of lint(pair).findings.filter(({ severity }) => severity === 'error'))
      expect(alternatives.map(({ site }) => site)).toEqual([1]);
  });

  test('the weaker where the release of one side has no word for the stronger, with a word on it', () => {
    const [a, b] = pairWith([`${ikeA} dh-group '32'`], []);
    const [plan] = fix([a, { ...b, release: '1.2' }]).sites;
    expect(plan?.steps.map(({ command, weakens }) => [command, weakens])).toEqual([
      [`${ikeA} dh-group '14'`, 'CURVE_448 becomes MODP_2048, which is weaker'],
    ]);
  });

  test('of one side alone, with a word on what leaves the tunnel', () => {
    const pair = pairWith(
      [],
      [`delete ${peerB} tunnel 1 remote prefix`, `set ${peerB} tunnel 1 remote prefix '10.1.0.0/25'`],
    );
    const plan = fix(pair, { sites: [0] });
    expect(plan.sites[0]?.steps.map(({ weakens }) => weakens)).toContain(
      '10.1.0.0/24 is no longer in tunnel 1',
    );
    expect(plan.left).toEqual([]);
  });

  test('warnings where they are wanted', () => {
    const pair = pairWith([], ["set vpn ipsec esp-group ESP-A lifetime '1800'"]);
    expect(commandsFor(pair)).toEqual([[], []]);
    const plan = fix(pair, { failOn: 'warning' });
    expect(plan).toMatchObject({ found: 1, mended: 1, left: [] });
  });

  test('what lies behind a secret is mended as if the secrets were the same', () => {
    expect(commandsFor(fixture('several-faults'))).toEqual([
      ["set vpn ipsec esp-group ESP-B pfs 'dh-group20'"],
      [
        `${ikeB} dh-group '14'`,
        `delete ${peerB} tunnel 1 remote prefix '10.7.0.0/24'`,
        `set ${peerB} tunnel 1 remote prefix '10.1.0.0/24'`,
      ],
    ]);
  });

  test('strongest weakens nothing where that can be, fewest takes the fewest commands', () => {
    const weak = [
      `set ${peerA} tunnel 2 local prefix '10.1.8.0/24'`,
      `set ${peerA} tunnel 2 remote prefix '10.2.8.0/24'`,
      `set ${peerA} tunnel 2 local prefix '10.1.9.0/24'`,
    ];
    const other = [
      `set ${peerB} tunnel 2 local prefix '10.2.8.0/24'`,
      `set ${peerB} tunnel 2 remote prefix '10.1.8.0/24'`,
      `set ${peerB} tunnel 2 remote prefix '10.1.9.0/24'`,
      `set ${peerB} tunnel 2 remote prefix '10.1.10.0/24'`,
      `set ${peerB} tunnel 2 remote prefix '10.1.11.0/24'`,
    ];
    const strongest = fix(pairWith(weak, other), { prefer: 'strongest' });
    expect(commandsOf(strongest)[0]).toHaveLength(2);
    expect(strongest.sites.flatMap(({ steps }) => steps.flatMap(({ weakens }) => weakens ?? []))).toEqual([]);
    const fewest = fix(pairWith(weak, other), { prefer: 'fewest' });
    expect(commandsOf(fewest).flat().length).toBeLessThanOrEqual(2);
  });
});

describe('an alternative is whole', () => {
  const router = [
    "set interfaces ethernet eth0 address '203.0.113.1/24'",
    "set interfaces ethernet eth1 address '10.1.0.1/24'",
    'set protocols static route 0.0.0.0/0 next-hop 203.0.113.254',
    "set nat source rule 100 outbound-interface name 'eth0'",
    "set nat source rule 100 source address '10.1.0.0/24'",
    "set nat source rule 100 translation address 'masquerade'",
  ];

  test('a NAT rule has all of its criteria', () => {
    expect(commandsFor(pairWith(router, []))[0]).toEqual([
      "set nat source rule 99 destination address '10.2.0.0/24'",
      'set nat source rule 99 exclude',
      "set nat source rule 99 outbound-interface name 'eth0'",
      "set nat source rule 99 source address '10.1.0.0/24'",
    ]);
  });

  test('dead-peer-detection is given an action and an interval', () => {
    const pair = pairWith([], ['delete vpn ipsec ike-group IKE-A dead-peer-detection']);
    const dpd = 'set vpn ipsec ike-group IKE-A dead-peer-detection';
    expect(commandsFor(pair, { failOn: 'warning' })[1]).toEqual([
      `${dpd} action 'clear'`,
      `${dpd} interval '30'`,
    ]);
  });
});

describe('a group that others use', () => {
  const hub = (spokes: readonly string[], cipher = 'aes128'): Input => ({
    file: 'hub.conf',
    text: spokes
      .map((spoke, index) => {
        const at = `set vpn ipsec site-to-site peer ${spoke}`;
        return [
          `${at} authentication mode 'pre-shared-secret'`,
          `${at} authentication local-id 'hub'`,
          `${at} authentication remote-id '${spoke}'`,
          `${at} ike-group 'IKE'`,
          `${at} default-esp-group 'ESP'`,
          `${at} local-address '192.0.2.1'`,
          `${at} remote-address '198.51.100.${index + 1}'`,
          `${at} tunnel 1 local prefix '10.0.0.0/24'`,
          `${at} tunnel 1 remote prefix '10.${index + 1}.0.0/24'`,
          `set vpn ipsec authentication psk ${spoke} id 'hub'`,
          `set vpn ipsec authentication psk ${spoke} id '${spoke}'`,
          `set vpn ipsec authentication psk ${spoke} secret 'an-example-secret'`,
          '',
        ].join('\n');
      })
      .join(groups(cipher)),
  });
  const groups = (cipher: string) =>
    [
      "set vpn ipsec ike-group IKE key-exchange 'ikev2'",
      "set vpn ipsec ike-group IKE proposal 1 dh-group '14'",
      `set vpn ipsec ike-group IKE proposal 1 encryption '${cipher}'`,
      "set vpn ipsec ike-group IKE proposal 1 hash 'sha256'",
      "set vpn ipsec esp-group ESP pfs 'dh-group14'",
      "set vpn ipsec esp-group ESP proposal 1 encryption 'aes256'",
      "set vpn ipsec esp-group ESP proposal 1 hash 'sha256'",
      '',
    ].join('\n');
  const spoke = (name: string, number: number, cipher: string): Input => {
    const at = 'set vpn ipsec site-to-site peer HUB';
    return {
      file: `${name}.conf`,
      text: [
        `${at} authentication mode 'pre-shared-secret'`,
        `${at} authentication local-id '${name}'`,
        `${at} authentication remote-id 'hub'`,
        `${at} ike-group 'IKE'`,
        `${at} default-esp-group 'ESP'`,
        `${at} local-address '198.51.100.${number}'`,
        `${at} remote-address '192.0.2.1'`,
        `${at} tunnel 1 local prefix '10.${number}.0.0/24'`,
        `${at} tunnel 1 remote prefix '10.0.0.0/24'`,
        "set vpn ipsec authentication psk HUB id 'hub'",
        `set vpn ipsec authentication psk HUB id '${name}'`,
        "set vpn ipsec authentication psk HUB secret 'an-example-secret'",
        groups(cipher),
      ].join('\n'),
    };
  };

  test.each([
    ['works', [hub(['ONE', 'TWO']), spoke('ONE', 1, 'aes256'), spoke('TWO', 2, 'aes128')]],
    ['is in no dump', [hub(['ONE', 'TWO']), spoke('ONE', 1, 'aes256')]],
  ])('is left alone where another link that uses it %s: the peer gets one of its own', (_, network) => {
    expect(lint(network).summary.errors).toBe(1);
    const plan = fix(network);
    expect(commandsOf(plan)).toEqual([
      [
        "set vpn ipsec ike-group IKE-ONE key-exchange 'ikev2'",
        "set vpn ipsec ike-group IKE-ONE proposal 1 dh-group '14'",
        "set vpn ipsec ike-group IKE-ONE proposal 1 encryption 'aes256'",
        "set vpn ipsec ike-group IKE-ONE proposal 1 hash 'sha256'",
        "set vpn ipsec site-to-site peer ONE ike-group 'IKE-ONE'",
      ],
      ...network.slice(1).map(() => []),
    ]);
    expect(plan).toMatchObject({ mended: 1, left: [] });
    const texts = network.map((input, index) => ({
      ...input,
      text: rewrite(input, plan.sites[index] ?? { steps: [] }),
    }));
    expect(lint(texts).summary.errors).toBe(0);
  });

  test.each(['strongest', 'fewest'] as const)('is weakened for nobody by %s', (prefer) => {
    const network = [hub(['ONE', 'TWO'], 'aes256'), spoke('ONE', 1, 'aes128'), spoke('TWO', 2, 'aes128')];
    const stronger = "set vpn ipsec ike-group IKE proposal 1 encryption 'aes256'";
    expect(commandsOf(fix(network, { prefer }))).toEqual([[], [stronger], [stronger]]);
  });

  test('is changed where that mends all who use it', () => {
    const network = [hub(['ONE', 'TWO']), spoke('ONE', 1, 'aes256'), spoke('TWO', 2, 'aes256')];
    const plan = fix(network);
    expect(commandsOf(plan)).toEqual([
      ["set vpn ipsec ike-group IKE proposal 1 encryption 'aes256'"],
      [],
      [],
    ]);
    const texts = network.map((input, index) => ({
      ...input,
      text: rewrite(input, plan.sites[index] ?? { steps: [] }),
    }));
    expect(lint(texts).summary.errors).toBe(0);
  });
});

describe('what is left to a person', () => {
  test.each([
    [
      'secrets that differ',
      ["set vpn ipsec authentication psk TUNNEL secret 'another-example'"],
      'psk-mismatch',
      'no-command',
    ],
    ['a secret that is not there', ['delete vpn ipsec authentication'], 'psk-missing', 'no-command'],
    [
      'a certificate',
      [
        `set ${peerB} authentication mode 'x509'`,
        `set ${peerB} authentication x509 ca-certificate 'ca'`,
        `set ${peerB} authentication x509 certificate 'gw'`,
      ],
      'authentication-mode-mismatch',
      'no-command',
    ],
    ['a line that cannot be read', ['et vpn ipsec'], 'syntax-error', 'no-command'],
  ])('%s', (_, b, ruleId, why) => {
    const inputs = pairWith([], b);
    const plan = fix(inputs, { sites: [0] });
    expect(plan.left).toMatchObject([{ ruleId, why }]);
    expect(plan.left[0]?.todo).toMatch(/^[A-Z].*\.$/);
    expect(JSON.stringify([plan.left, commandsOf(plan)])).not.toContain('example-secret');
  });

  test('a psk without its secret is told with the commands for its ids', () => {
    const { left } = fix(pairWith([], ['delete vpn ipsec authentication']));
    expect(left[0]?.commands).toEqual([
      {
        site: 1,
        commands: [
          "set vpn ipsec authentication psk SITE-A id 'site-b@example.com'",
          "set vpn ipsec authentication psk SITE-A id 'site-a@example.com'",
        ],
      },
    ]);
  });
});

test('the plan is the mirror image for the sides exchanged', () => {
  const inputs = pairWith([`${ikeA} encryption 'camellia256'`], [`${ikeB} dh-group '31'`]);
  expect(commandsFor(inputs.toReversed()).toReversed()).toEqual(commandsFor(inputs));
});

test('the texts are not changed by planning', () => {
  const input = { file: 'b.conf', text: examplePair.b };
  expect(rewrite(input, { steps: [] })).toBe(examplePair.b);
});
