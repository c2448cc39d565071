/** Sources: vyos-1x src/conf_mode/vpn_ipsec.py, verify; vyatta-cfg-vpn scripts/vpn-config.pl (equuleus). */
import { describe, expect, test } from '@jest/globals';
import { textOf } from '../../src/source/index.ts';
import { refusalsOf } from '../../src/vyos/refusals.ts';
import type { Release } from '../../src/vyos/schema/index.ts';
import { PEER, plain, siteOf, without } from '../pairing/dumps.ts';

const rsa = [
  `set ${PEER} authentication mode rsa`,
  `set ${PEER} authentication rsa local-key own`,
  `set ${PEER} authentication rsa remote-key theirs`,
];
const x509 = [
  `set ${PEER} authentication mode x509`,
  `set ${PEER} authentication x509 ca-certificate ca`,
  `set ${PEER} authentication x509 certificate gw`,
];
/** What no whole configuration lacks. */
const whole = "set system host-name 'r1'";
const vti = [...without(plain, 'tunnel'), `set ${PEER} vti bind vti0`, `set ${PEER} vti esp-group E`];

/** `kind: VyOS's words (place: label)`. */
function told(lines: readonly string[], release?: Release): readonly string[] {
  return refusalsOf(siteOf(lines, release)).map(
    ({ kind, log, at, label }) => `${kind}: ${log} (${textOf(at)}: ${label})`,
  );
}

describe('1.4 and 1.5', () => {
  const where = 'on site-to-site peer P';
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['a plain peer', plain, []],
    [
      'all at once, and not the first alone',
      without(plain, 'ike-group I', 'authentication mode', 'local-address', 'tunnel'),
      [
        `ike-group-missing: Missing ike-group ${where} (peer P: no ike-group)`,
        `authentication-missing: Missing authentication ${where} (peer P: no authentication mode)`,
        `local-address-missing: Missing local-address or dhcp-interface ${where} (peer P: no local-address)`,
        `child-missing: No VTI or tunnel specified ${where} (peer P: no tunnel and no vti)`,
      ],
    ],
    [
      'dhcp-interface stands for local-address',
      [...without(plain, 'local-address'), `set ${PEER} dhcp-interface eth0`],
      [],
    ],
    [
      'dhcp-interface without DHCP',
      [
        ...without(plain, 'local-address'),
        `set ${PEER} dhcp-interface eth0`,
        'set interfaces ethernet eth0 address 192.0.2.1/24',
      ],
      [`interface-undefined: Invalid dhcp-interface ${where} (eth0: has no address of DHCP)`],
    ],
    [
      'x509 without anything',
      [...plain, `set ${PEER} authentication mode x509`],
      [`authentication-incomplete: Missing x509 settings ${where} (x509: no x509 settings)`],
    ],
    [
      'x509 without an authority',
      [...plain, ...without(x509, 'ca-cert')],
      [`authentication-incomplete: Missing x509 certificates ${where} (x509: no x509 certificates)`],
    ],
    ['x509 where the dump holds no pki', [...plain, ...x509], []],
    [
      'x509 that pki does not have',
      [
        ...plain,
        ...x509,
        'set pki ca other certificate MIIB',
        'set pki certificate gw certificate MIIB',
        whole,
      ],
      [
        'key-undefined: Missing CA certificate on specified PKI CA certificate "ca" (ca: no CA certificate in pki)',
        'key-undefined: Missing private key on specified PKI certificate "gw" (gw: no private key in pki)',
      ],
    ],
    [
      'x509 that ACME brings',
      [
        ...plain,
        ...x509,
        'set pki ca ca certificate MIIB',
        'set pki certificate gw acme domain-name a.example',
      ],
      [],
    ],
    [
      'rsa without a key',
      [...plain, ...without(rsa, 'remote-key')],
      [`authentication-incomplete: Missing RSA remote-key ${where} (rsa: no RSA remote-key)`],
    ],
    [
      'rsa that pki does not have',
      [
        ...[...plain, ...rsa, whole],
        ...['set pki key-pair own public key MIIB', 'set pki key-pair theirs public key MIIB'],
      ],
      ['key-undefined: Missing private key on specified local-key "own" (own: no private key in pki)'],
    ],
    ['a VTI, and no interfaces in the dump', vti, []],
    [
      'a VTI, and others of the interfaces in a part of a configuration',
      [...vti, 'set interfaces ethernet eth0 address 203.0.113.1/24'],
      [],
    ],
    [
      'a key, and only a part of pki, in a part of a configuration',
      [...plain, ...rsa, 'set pki key-pair theirs public key MIIB'],
      [],
    ],
    ['a VTI that is there', [...vti, 'set interfaces vti vti0 address 10.0.0.1/30'], []],
    [
      'a VTI that is not there',
      [...vti, 'set interfaces vti vti1 address 10.0.0.1/30'],
      [
        'interface-undefined: VTI interface vti0 for site-to-site peer P does not exist! (vti0: no such interface)',
      ],
    ],
    [
      'a psk without an id, and one without a secret',
      [...plain, 'set vpn ipsec authentication psk L id left', 'set vpn ipsec authentication psk M secret s'],
      [
        'psk-incomplete: Authentication psk "L" missing "id" or "secret" (psk L: this psk has no secret)',
        'psk-incomplete: Authentication psk "M" missing "id" or "secret" (psk M: this psk has no id)',
      ],
    ],
    [
      'a hash that makes no PRF, which 1.4 takes (T6101)',
      [...plain, 'set vpn ipsec ike-group I proposal 2 hash sha256_96'],
      [],
    ],
    ['a VTI without an ESP group', without(vti, 'esp-group E'), []],
    [
      'a VTI with an ESP group that is not defined',
      [...without(vti, 'esp-group E'), `set ${PEER} vti esp-group X`],
      [],
    ],
    ...['dum0', 'wg3', 'bond1', 'br0', 'tun9', 'vti4', 'eth0.5', 'eth0.5.6', 'bond1.7'].map(
      (name): readonly [string, readonly string[], readonly string[]] => [
        `vpn ipsec interface ${name} that the configuration does not have`,
        [...plain, whole, `set vpn ipsec interface ${name}`],
        [`interface-undefined: Interface "${name}" does not exist! (${name}: no such interface)`],
      ],
    ),
    ...['eth7', 'lo', 'pppoe0', 'wlan0', 'eth1.9', 'eth1.9.8', 'dum1'].map(
      (name): readonly [string, readonly string[], readonly string[]] => [
        `vpn ipsec interface ${name} that is there, or may be`,
        [
          ...plain,
          whole,
          'set interfaces ethernet eth1 vif 9',
          'set interfaces ethernet eth1 vif-s 9 vif-c 8',
          'set interfaces dummy dum1',
          `set vpn ipsec interface ${name}`,
        ],
        [],
      ],
    ),
    [
      'vpn ipsec interface that a part of a configuration does not have',
      [...plain, 'set vpn ipsec interface dum0'],
      [],
    ],
    [
      'a profile',
      [...plain, 'set vpn ipsec profile NHRP esp-group X'],
      [
        'esp-group-undefined: Invalid esp-group on NHRP profile (X: not defined)',
        'ike-group-missing: Missing ike-group on NHRP profile (profile NHRP: no ike-group)',
        'authentication-missing: Missing authentication on NHRP profile (profile NHRP: no authentication)',
      ],
    ],
    [
      'remote access',
      [
        ...plain,
        'set vpn ipsec remote-access connection RW esp-group E',
        'set vpn ipsec remote-access connection RW ike-group X',
      ],
      [
        'local-address-missing: Missing local-address or dhcp-interface on remote-access connection RW (connection RW: no local-address)',
        'ike-group-undefined: Invalid ike-group on RW remote-access config (X: not defined)',
      ],
    ],
    [
      'a disabled tunnel is looked at all the same',
      [...plain, `set ${PEER} tunnel 2 disable`, `set ${PEER} tunnel 2 esp-group X`],
      ['esp-group-undefined: Invalid esp-group on tunnel 2 for site-to-site peer P (X: not defined)'],
    ],
  ])('%s', (_, lines, expected) => {
    expect(told(lines)).toEqual(expected);
  });

  test('1.5 refuses a hash that makes no PRF (T6101)', () => {
    const lines = [...plain, 'set vpn ipsec ike-group I proposal 2 hash sha256_96'];
    expect(told(lines, '1.5')).toEqual([
      'prf-missing: A PRF algorithm is mandatory in IKE proposal 2 (sha256_96: makes no PRF)',
    ]);
    expect(told([...lines, 'set vpn ipsec ike-group I proposal 2 prf prfsha256'], '1.5')).toEqual([]);
  });

  test('an address as the name of a peer is refused where the release is certain', () => {
    const lines = plain.map((line) => line.replace(PEER, `${PEER.slice(0, -1)}198.51.100.1`));
    expect(told(lines)).toEqual([]);
    expect(told(lines, '1.4')).toEqual([
      'peer-name: Incorrect peer name "198.51.100.1" (peer 198.51.100.1: VyOS refuses this name)',
    ]);
  });
});

describe('1.2 and 1.3', () => {
  const P = 'vpn ipsec site-to-site peer 198.51.100.1';
  const old = [
    'set vpn ipsec ike-group I key-exchange ikev2',
    'set vpn ipsec ike-group I proposal 1 encryption aes256',
    'set vpn ipsec esp-group E proposal 1 encryption aes256',
    `set ${P} authentication mode pre-shared-secret`,
    `set ${P} authentication pre-shared-secret s3cret`,
    `set ${P} ike-group I`,
    `set ${P} default-esp-group E`,
    `set ${P} local-address 203.0.113.1`,
    `set ${P} tunnel 1 local prefix 10.1.0.0/24`,
    `set ${P} tunnel 1 remote prefix 10.2.0.0/24`,
  ];
  const v6 = old.map((line) => line.replace('198.51.100.1', '2001:db8::1'));
  const oldVti = [...without(old, 'tunnel'), `set ${P} vti bind vti0`, `set ${P} vti esp-group E`];
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['a plain peer', old, []],
    ['no IKE group', without(old, 'ike-group I'), ['ike-group-missing']],
    ['an unknown IKE group', [...old, `set ${P} ike-group X`], ['ike-group-undefined']],
    ['an unknown ESP group', [...old, `set ${P} default-esp-group X`], ['esp-group-undefined']],
    ['no ESP group', without(old, 'default-esp-group'), ['esp-group-missing']],
    ['no local-address', without(old, 'local-address'), ['local-address-missing']],
    ['local-address and dhcp-interface', [...old, `set ${P} dhcp-interface eth0`], ['local-address-unfit']],
    ['an IPv6 peer called from IPv4', v6, ['local-address-unfit']],
    ['an IPv6 peer', [...v6, 'set vpn ipsec site-to-site peer 2001:db8::1 local-address 2001:db8::2'], []],
    ['no tunnel', without(old, 'tunnel'), ['child-missing']],
    ['a VTI', oldVti, []],
    ['a VTI beside a tunnel', [...old, `set ${P} vti bind vti0`], ['tunnel-beside-vti']],
    ['a VTI with any local address', [...oldVti, `set ${P} local-address any`], ['local-address-unfit']],
    ['a VTI without bind', without(oldVti, 'bind'), ['interface-undefined']],
    ['no secret', without(old, 's3cret'), ['secret-missing']],
    ['IPv4 and IPv6 prefixes', [...old, `set ${P} tunnel 1 remote prefix 2001:db8::/64`], ['prefixes-unfit']],
    ['the same prefixes', [...old, `set ${P} tunnel 1 remote prefix 10.1.0.0/24`], ['prefixes-unfit']],
    [
      'a port of a protocol that has none',
      [...old, `set ${P} tunnel 1 remote port 80`, `set ${P} tunnel 1 protocol gre`],
      ['port-without-protocol'],
    ],
    [
      'prefixes in transport mode',
      [...old, 'set vpn ipsec esp-group E mode transport'],
      ['transport-with-prefixes'],
    ],
    ['a group without a proposal', [...old, 'set vpn ipsec esp-group F lifetime 3600'], ['proposal-missing']],
    [
      'the mode of IKEv1 in IKEv2',
      [...old, 'set vpn ipsec ike-group I mode main'],
      ['setting-of-other-version'],
    ],
  ])('%s', (_, lines, kinds) => {
    expect(refusalsOf(siteOf(lines, '1.3')).map(({ kind }) => kind)).toEqual(kinds);
  });
});
