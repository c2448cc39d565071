import { type CoverageCase, ikev1, olderSite, patched, routeBased } from './case.ts';

/** ESP proposals, modes and traffic selectors. */
export const selectors: readonly CoverageCase[] = [
  ...(
    [
      ['encryption', 'aes128', 'esp-encryption-mismatch'],
      ['hash', 'sha1', 'esp-hash-mismatch'],
    ] as const
  ).map(
    ([leaf, value, rule]): CoverageCase => ({
      number: 52,
      title: `another ${leaf}`,
      sites: patched({ a: [`set $esp proposal 1 ${leaf} '${value}'`] }),
      finds: [`error ${rule}`],
      notify: 'NO_PROPOSAL_CHOSEN',
      logs: [
        'received proposals: ESP:',
        'configured proposals: ESP:',
        'no acceptable proposal found',
        'received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built',
        'failed to establish CHILD_SA, keeping IKE_SA',
      ],
    }),
  ),
  {
    number: 53,
    title: 'under GCM',
    sites: patched({
      both: ["set $esp proposal 1 encryption 'aes256gcm128'"],
      a: ["set $esp proposal 1 hash 'sha512'"],
    }),
    finds: [],
    only: true,
  },
  {
    number: 53,
    title: 'sha256_96 against sha256 under CBC',
    sites: patched({ a: ["set $esp proposal 1 hash 'sha256_96'"] }),
    finds: ['error esp-hash-mismatch'],
    notify: 'NO_PROPOSAL_CHOSEN',
  },
  {
    number: 54,
    title: 'another remote prefix',
    sites: patched({
      a: ['delete $peer tunnel 1 remote prefix', "set $peer tunnel 1 remote prefix '10.9.0.0/24'"],
    }),
    finds: ['error traffic-selectors-disjoint'],
    notify: 'TS_UNACCEPTABLE',
    logs: [
      'received TS_UNACCEPTABLE notify, no CHILD_SA built',
      'traffic selectors',
      'unacceptable',
      'failed to establish CHILD_SA, keeping IKE_SA',
    ],
  },
  {
    number: 54,
    title: 'the same words on both sides',
    sites: patched({
      b: [
        'delete $peer tunnel 1',
        "set $peer tunnel 1 local prefix '10.1.0.0/24'",
        "set $peer tunnel 1 remote prefix '10.2.0.0/24'",
      ],
    }),
    finds: ['error traffic-selectors-not-swapped'],
    notify: 'TS_UNACCEPTABLE',
  },
  {
    number: 54,
    title: 'IKEv1',
    sites: patched(ikev1, {
      a: ['delete $peer tunnel 1 remote prefix', "set $peer tunnel 1 remote prefix '10.9.0.0/24'"],
    }),
    finds: ['error traffic-selectors-disjoint'],
    notify: 'INVALID_ID_INFORMATION',
    logs: ['no matching CHILD_SA config found for'],
  },
  {
    number: 55,
    title: 'A protects more than B',
    sites: patched({
      a: ['delete $peer tunnel 1 remote prefix', "set $peer tunnel 1 remote prefix '10.2.0.0/16'"],
    }),
    finds: ['error traffic-selectors-narrowed'],
  },
  {
    number: 56,
    title: 'two prefixes in one tunnel with IKEv1',
    sites: patched(ikev1, {
      a: ["set $peer tunnel 1 local prefix '10.1.1.0/24'"],
      b: ["set $peer tunnel 1 remote prefix '10.1.1.0/24'"],
    }),
    finds: ['error traffic-selectors-narrowed'],
  },
  {
    number: 56,
    title: 'two prefixes in one tunnel with IKEv2',
    sites: patched({
      a: ["set $peer tunnel 1 local prefix '10.1.1.0/24'"],
      b: ["set $peer tunnel 1 remote prefix '10.1.1.0/24'"],
    }),
    finds: [],
    only: true,
  },
  ...([[], [ikev1]] as const).map(
    (version): CoverageCase => ({
      number: 57,
      title: `one tunnel against two, ${version.length > 0 ? 'IKEv1' : 'IKEv2'}`,
      sites: patched(...version, {
        a: ["set $peer tunnel 1 local prefix '10.1.1.0/24'"],
        b: [
          "set $peer tunnel 2 local prefix '10.2.0.0/24'",
          "set $peer tunnel 2 remote prefix '10.1.1.0/24'",
        ],
      }),
      finds: ['error traffic-selectors-narrowed'],
    }),
  ),
  ...([[], [ikev1]] as const).map(
    (version): CoverageCase => ({
      number: 58,
      title: `a VTI against prefixes, ${version.length > 0 ? 'IKEv1' : 'IKEv2'}`,
      sites: [patched(routeBased, ...version)[0], patched(...version)[1]],
      finds: ['warning traffic-selectors-narrowed'],
    }),
  ),
  {
    number: 59,
    title: 'a tunnel for everything',
    sites: patched({
      a: ['delete $peer tunnel 1 remote prefix', "set $peer tunnel 1 remote prefix '0.0.0.0/0'"],
      b: ['delete $peer tunnel 1 local prefix', "set $peer tunnel 1 local prefix '0.0.0.0/0'"],
    }),
    finds: ['warning route-autoinstall-any'],
  },
  {
    number: 59,
    title: 'a VTI',
    sites: patched(routeBased, { a: ['delete vpn ipsec options'] }),
    finds: ['info route-autoinstall-any'],
  },
  {
    number: 60,
    title: 'two peers with the same prefixes',
    sites: patched({
      b: [
        "set vpn ipsec site-to-site peer SITE-C authentication local-id 'site-b@example.com'",
        "set vpn ipsec site-to-site peer SITE-C authentication mode 'pre-shared-secret'",
        "set vpn ipsec site-to-site peer SITE-C authentication remote-id 'site-c@example.com'",
        "set vpn ipsec site-to-site peer SITE-C connection-type 'none'",
        "set vpn ipsec site-to-site peer SITE-C default-esp-group 'ESP-A'",
        "set vpn ipsec site-to-site peer SITE-C ike-group 'IKE-A'",
        "set vpn ipsec site-to-site peer SITE-C local-address '198.51.100.1'",
        "set vpn ipsec site-to-site peer SITE-C remote-address '192.0.2.1'",
        "set vpn ipsec site-to-site peer SITE-C tunnel 1 local prefix '10.2.0.0/24'",
        "set vpn ipsec site-to-site peer SITE-C tunnel 1 remote prefix '10.1.0.0/24'",
        "set $psk id 'site-c@example.com'",
      ],
    }),
    finds: ['warning duplicate-policy'],
  },
  {
    number: 61,
    title: 'GRE without prefixes in 1.4',
    sites: patched({
      both: ['delete $peer tunnel 1', "set $peer tunnel 1 protocol 'gre'"],
    }).map((input) => ({ ...input, release: '1.4' })),
    finds: ['warning tunnel-protocol-lost'],
  },
  ...([[], [ikev1]] as const).map(
    (version): CoverageCase => ({
      number: 62,
      title: `transport against tunnel, ${version.length > 0 ? 'IKEv1' : 'IKEv2'}`,
      sites: patched(...version, {
        a: ["set $esp mode 'transport'", 'delete $peer tunnel 1', "set $peer tunnel 1 protocol 'gre'"],
        b: [
          'delete $peer tunnel 1',
          "set $peer tunnel 1 local prefix '198.51.100.1/32'",
          "set $peer tunnel 1 remote prefix '203.0.113.1/32'",
          "set $peer tunnel 1 protocol 'gre'",
        ],
      }),
      finds: version.length > 0 ? ['error esp-mode-mismatch'] : ['warning esp-mode-mismatch'],
    }),
  ),
  {
    number: 63,
    title: 'compression on A alone',
    sites: patched({ a: ['set $esp compression'] }),
    finds: [],
    only: true,
  },
  {
    number: 64,
    title: '1.3',
    sites: [
      olderSite('a', '1.3', { more: ["set $peer tunnel 1 remote prefix '2001:db8:2::/64'"] }),
      olderSite('b', '1.3'),
    ],
    finds: ['error commit-refused'],
  },
  {
    number: 64,
    title: '1.4',
    sites: patched({
      a: ["set $peer tunnel 1 remote prefix '2001:db8:2::/64'"],
      b: ["set $peer tunnel 1 local prefix '2001:db8:2::/64'"],
    }),
    finds: [],
    only: true,
  },
  {
    number: 65,
    title: '1.3',
    sites: [
      olderSite('a', '1.3', {
        more: [
          "set $peer vti bind 'vti0'",
          "set $peer vti esp-group 'ESP'",
          "set interfaces vti vti0 address '172.16.0.1/30'",
        ],
      }),
      olderSite('b', '1.3'),
    ],
    finds: ['error commit-refused'],
  },
  {
    number: 65,
    title: '1.4',
    sites: patched({ both: ["set $peer vti bind 'vti0'"] }),
    finds: ['warning vti-beside-tunnel'],
  },
];
