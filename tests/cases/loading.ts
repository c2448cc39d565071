import { type CoverageCase, patched } from './case.ts';

const told = { release: '1.4' } as const;

/** One end cannot even be loaded. */
export const loading: readonly CoverageCase[] = [
  {
    number: 80,
    title: 'the peer of A is named by its address',
    sites: patched().map((input) => ({
      ...input,
      ...told,
      text: input.text.replaceAll('peer SITE-B', 'peer 198.51.100.1'),
    })),
    finds: ['error other-release'],
  },
  {
    number: 80,
    title: 'the peer of A is spread over two names',
    sites: patched({ a: ["set vpn ipsec site-to-site peer 198.51.100.1 tunnel 2 protocol 'gre'"] }).map(
      (input) => ({ ...input, ...told }),
    ),
    finds: ['error commit-refused', 'error other-release'],
  },
  {
    number: 81,
    title: 'the peer has no ike-group',
    sites: patched({ a: ['delete $peer ike-group'] }),
    finds: ['error commit-refused'],
  },
  {
    number: 82,
    title: 'dh-group below the group itself',
    sites: patched({ a: ["set $ike dh-group '14'"] }),
    finds: ['error unknown-node'],
  },
  ...["pfs 'dh14'", "pfs dh-group '14'"].map(
    (words): CoverageCase => ({
      number: 82,
      title: words,
      sites: patched({ a: [`set $esp ${words}`] }),
      finds: ['error invalid-value'],
    }),
  ),
  {
    number: 83,
    title: 'remote-address beside a secret of the peer',
    sites: patched({
      a: ["set $peer authentication pre-shared-secret 'an-example-secret-for-the-docs'"],
    }),
    finds: ['warning other-release'],
  },
  {
    number: 83,
    title: 'the same, where the release is told',
    sites: patched({
      a: ["set $peer authentication pre-shared-secret 'an-example-secret-for-the-docs'"],
    }).map((input) => ({ ...input, ...told })),
    finds: ['error other-release'],
  },
  ...(
    [
      ['a typographic quote', 'set $peer description ‘Office', 'syntax-error'],
      ['a lost letter', 'et $peer description Office', 'syntax-error'],
      ['a stray character', "set $peer tunnel 1 local prefix '10.1.0.0/24}'", 'invalid-value'],
      ['a node without its last letter', 'set $peer disabl', 'unknown-node'],
    ] as const
  ).map(
    ([title, line, rule]): CoverageCase => ({
      number: 84,
      title,
      sites: patched({ a: [line] }),
      finds: [`error ${rule}`],
    }),
  ),
  ...["dead-peer-detection action 'hold'", "close-action 'restart'", "close-action 'clear'"].flatMap(
    (words): CoverageCase[] => [
      {
        number: 85,
        title: `${words}, where the release is told`,
        sites: patched({ a: [`set $ike ${words}`] }).map((input) => ({ ...input, ...told })),
        finds: ['error other-release'],
      },
    ],
  ),
  ...[
    "set vpn ipsec include-ipsec-conf '/config/ipsec.conf'",
    "set vpn ipsec include-ipsec-secrets '/config/ipsec.secrets'",
    'set vpn ipsec nat-networks allowed-network 10.0.0.0/8',
  ].map(
    (line): CoverageCase => ({
      number: 86,
      title: line,
      sites: patched({ a: [line] }).map((input) => ({ ...input, ...told })),
      finds: ['error other-release'],
    }),
  ),
  {
    number: 87,
    title: 'without an id',
    sites: patched({ a: ['delete $psk id'] }),
    finds: ['error commit-refused'],
  },
  {
    number: 87,
    title: 'without a secret',
    sites: patched({ a: ['delete $psk secret'] }),
    finds: ['error commit-refused'],
  },
  {
    number: 88,
    title: 'an IKE group without a proposal has all of strongSwan, and finds one',
    sites: patched({ a: ['delete $ike proposal'] }),
    finds: [],
    only: true,
  },
  {
    number: 88,
    title: 'an ESP group without a proposal',
    sites: patched({ a: ['delete $esp proposal'] }),
    finds: ['error pfs-mismatch'],
  },
  ...["default-esp-group 'esp-b'", "ike-group 'ike-b'"].map(
    (words): CoverageCase => ({
      number: 89,
      title: words,
      sites: patched({ a: [`set $peer ${words}`] }),
      finds: ['error undefined-group'],
    }),
  ),
  {
    number: 90,
    title: 'the peer of B is disabled',
    sites: patched({ b: ['set $peer disable'] }),
    finds: ['error connection-not-loaded'],
  },
  {
    number: 90,
    title: 'the tunnel of B is disabled',
    sites: patched({
      a: ["set $peer tunnel 2 local prefix '10.1.1.0/24'", "set $peer tunnel 2 remote prefix '10.2.1.0/24'"],
      b: [
        "set $peer tunnel 2 local prefix '10.2.1.0/24'",
        "set $peer tunnel 2 remote prefix '10.1.1.0/24'",
        'set $peer tunnel 2 disable',
      ],
    }),
    finds: ['error tunnel-without-counterpart'],
  },
];
