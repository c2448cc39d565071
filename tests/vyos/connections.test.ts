/** Sources: vyos-1x data/templates/ipsec/swanctl/peer.j2, src/conf_mode/vpn_ipsec.py; strongSwan vici_config.c. */
import { describe, expect, test } from '@jest/globals';
import { parseAddress } from '../../src/ike/address.ts';
import { formatProposal } from '../../src/ike/proposal.ts';
import { formatSelectors, resolveSelectors } from '../../src/ike/traffic-selector.ts';
import { loadSite } from '../../src/strongswan/load-site.ts';
import { passthroughPrefixes } from '../../src/strongswan/passthrough.ts';
import { connectionName } from '../../src/vyos/peer-source.ts';
import { loadedOf, PEER, peerOf, plain, siteOf, told, without } from '../pairing/dumps.ts';

function connectionOf(lines: readonly string[]) {
  const { daemon } = loadedOf(lines);
  const [connection, ...others] = daemon.connections;
  if (!connection || others.length > 0) throw new Error(`not one: ${JSON.stringify(daemon.rejected)}`);
  return connection;
}

function childOf(lines: readonly string[]) {
  const [child, ...others] = connectionOf(lines).children;
  if (!child || others.length > 0) throw new Error('not one child');
  return child;
}

function refusals(lines: readonly string[]): readonly string[] {
  return loadedOf(lines).sources.flatMap((source) => source.refusals.map(({ log }) => log));
}

/** The selectors with which the child calls from 203.0.113.1 to 198.51.100.1. */
function selectors(lines: readonly string[]): string {
  const child = childOf(lines);
  const [local, remote] = [parseAddress('203.0.113.1'), parseAddress('198.51.100.1')];
  if (!local || !remote) throw new Error('no address');
  return [
    formatSelectors(resolveSelectors(child.localSelectors, local)),
    formatSelectors(resolveSelectors(child.remoteSelectors, remote)),
  ].join(' === ');
}

const proposals = (lines: readonly string[]) => connectionOf(lines).proposals.map(formatProposal);
const espProposals = (lines: readonly string[]) => childOf(lines).proposals.map(formatProposal);
const untunnelled = without(plain, 'tunnel');

test('a plain peer', () => {
  expect(connectionOf(plain)).toMatchObject({
    name: 'P',
    version: 2,
    aggressive: false,
    localHosts: [{ kind: 'address', address: '203.0.113.1' }],
    remoteHosts: [{ kind: 'address', address: '198.51.100.1' }],
    local: { identity: { kind: 'FQDN', text: 'left' }, method: 'psk' },
    remote: { identity: { kind: 'FQDN', text: 'right' }, method: 'psk' },
    children: [{ name: 'tunnel-1', mode: 'tunnel', startAction: 'start' }],
    lifetime: { rekey: 28800, hard: 31680, jitter: 2880 },
  });
  expect(loadedOf(plain).daemon).toMatchObject({
    rejected: [],
    addresses: ['203.0.113.1'],
    translations: [],
  });
  expect(refusals(plain)).toEqual([]);
});

describe('names (dot_colon_to_dash)', () => {
  test.each([
    ['SITE-B', 'SITE-B'],
    ['192.0.2.1', '192-0-2-1'],
    ['2001:db8::1', '2001-db8--1'],
    ['@right', 'right'],
    ['a@b.c', 'ab-c'],
  ])('%s: %s', (peer, name) => {
    expect(connectionName(peer)).toBe(name);
  });
});

describe('ends', () => {
  test.each<readonly [string, readonly string[], unknown, unknown]>([
    ['any local', [`set ${PEER} local-address any`], [{ kind: 'any' }], undefined],
    [
      'DHCP, which the dump does not tell',
      [`delete ${PEER} local-address`, `set ${PEER} dhcp-interface eth0`],
      [{ kind: 'masked' }],
      undefined,
    ],
    [
      'a local address before DHCP',
      [`set ${PEER} dhcp-interface eth0`],
      [{ kind: 'address', address: '203.0.113.1' }],
      undefined,
    ],
    ['masked', [`set ${PEER} local-address xxx.xxx.113.1`], [{ kind: 'masked' }], undefined],
    [
      'a name',
      [`delete ${PEER} remote-address`, `set ${PEER} remote-address gw.example.net`],
      undefined,
      [{ kind: 'name', name: 'gw.example.net' }],
    ],
    [
      'any remote',
      [`delete ${PEER} remote-address`, `set ${PEER} remote-address any`],
      undefined,
      [{ kind: 'any' }],
    ],
    ['any among others', [`set ${PEER} remote-address any`], undefined, [{ kind: 'any' }]],
    ['no remote', [`delete ${PEER} remote-address`], undefined, [{ kind: 'any' }]],
    [
      'several remotes',
      [`set ${PEER} remote-address 2001:DB8::1`],
      undefined,
      [
        { kind: 'address', address: '198.51.100.1' },
        { kind: 'address', address: '2001:db8::1' },
      ],
    ],
  ])('%s', (_, lines, local, remote) => {
    const connection = connectionOf([...plain, ...lines]);
    if (local) expect(connection.localHosts).toEqual(local);
    if (remote) expect(connection.remoteHosts).toEqual(remote);
  });

  test('the addresses of a site: of its peers, then of its interfaces, each once', () => {
    const { daemon } = loadedOf([
      ...plain,
      'set interfaces ethernet eth0 address 203.0.113.1/24',
      'set interfaces ethernet eth0 address dhcp',
      'set interfaces ethernet eth0 vif 7 address 2001:DB8::7/64',
    ]);
    expect(daemon.addresses).toEqual(['203.0.113.1', '2001:db8::7']);
  });

  test('a NAT that is assumed', () => {
    const site = siteOf(plain);
    expect(loadSite(site, [{ inside: '203.0.113.1', outside: '192.0.2.1' }]).daemon.translations).toEqual([
      { inside: '203.0.113.1', outside: '192.0.2.1' },
    ]);
    expect(
      loadSite(site, [{ inside: '203.0.113.1', outside: 'gw.example.net' }]).daemon.translations,
    ).toEqual([]);
  });
});

describe('identities and methods', () => {
  test.each<readonly [string, readonly string[], unknown]>([
    ['no local id', [`delete ${PEER} authentication local-id`], { local: { identity: undefined } }],
    ['no remote id', [`delete ${PEER} authentication remote-id`], { remote: { identity: { kind: 'ANY' } } }],
    [
      'masked ids',
      [`set ${PEER} authentication local-id xxxxxx`],
      { local: { identity: { kind: 'masked' } } },
    ],
    // VyOS escapes nothing, and strongSwan reads the backslash (settings_lexer.l).
    [
      'a backslash',
      [`set ${PEER} authentication local-id 'le\\ft'`],
      { local: { identity: { text: 'left' } } },
    ],
    [
      'x509',
      [
        `set ${PEER} authentication mode x509`,
        `set ${PEER} authentication x509 ca-certificate ca`,
        `set ${PEER} authentication x509 certificate gw`,
      ],
      { local: { method: 'pubkey' }, remote: { method: 'pubkey' } },
    ],
    [
      'rsa',
      [
        `set ${PEER} authentication mode rsa`,
        `set ${PEER} authentication rsa local-key own`,
        `set ${PEER} authentication rsa remote-key theirs`,
      ],
      { local: { method: 'pubkey' }, remote: { method: 'pubkey' } },
    ],
  ])('%s', (_, lines, expected) => {
    expect(connectionOf([...plain, ...lines])).toMatchObject(expected as object);
  });
});

describe('the IKE version and mode', () => {
  const I = 'vpn ipsec ike-group I';
  test.each<readonly [readonly string[], number, boolean]>([
    [[], 2, false],
    [[`set ${I} key-exchange ikev1`], 1, false],
    [[`delete ${I} key-exchange`], 0, false],
    [[`set ${I} key-exchange ikev1`, `set ${I} mode aggressive`], 1, true],
    // peer.j2 writes `aggressive` for IKEv1 alone.
    [[`set ${I} mode aggressive`], 2, false],
    [[`delete ${I} key-exchange`, `set ${I} mode aggressive`], 0, false],
  ])('%j: %i, aggressive %s', (lines, version, aggressive) => {
    expect(connectionOf([...plain, ...lines])).toMatchObject({ version, aggressive });
  });
});

describe('proposals', () => {
  const I = 'vpn ipsec ike-group I';
  const E = 'vpn ipsec esp-group E';

  test('in the order of their numbers, a PRF between the hash and the group', () => {
    expect(
      proposals([
        ...plain,
        `set ${I} proposal 10 encryption aes128gcm128`,
        `set ${I} proposal 10 prf prfsha512`,
        `set ${I} proposal 10 dh-group 31`,
        `set ${I} proposal 2 encryption 3des`,
        `set ${I} proposal 2 hash md5`,
      ]),
    ).toEqual([
      'AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048',
      '3DES_CBC/HMAC_MD5_96/PRF_HMAC_MD5/MODP_1024',
      'AES_GCM_16_128/PRF_HMAC_SHA2_512/CURVE_25519',
    ]);
  });

  test.each([
    ...[
      ['1', 'MODP_768'],
      ['2', 'MODP_1024'],
      ['5', 'MODP_1536'],
      ['14', 'MODP_2048'],
      ['15', 'MODP_3072'],
    ],
    ...[
      ['16', 'MODP_4096'],
      ['17', 'MODP_6144'],
      ['18', 'MODP_8192'],
      ['19', 'ECP_256'],
      ['20', 'ECP_384'],
    ],
    ...[
      ['21', 'ECP_521'],
      ['22', 'MODP_1024_160'],
      ['23', 'MODP_2048_224'],
      ['24', 'MODP_2048_256'],
    ],
    ...[
      ['25', 'ECP_192'],
      ['26', 'ECP_224'],
      ['27', 'ECP_224_BP'],
      ['28', 'ECP_256_BP'],
      ['29', 'ECP_384_BP'],
    ],
    ...[
      ['30', 'ECP_512_BP'],
      ['31', 'CURVE_25519'],
      ['32', 'CURVE_448'],
    ],
  ])('dh-group %s is %s (IANA’s numbers)', (group, expected) => {
    expect(proposals([...plain, `set ${I} proposal 1 dh-group ${group}`])[0]?.endsWith(`/${expected}`)).toBe(
      true,
    );
    expect(espProposals([...plain, `set ${E} pfs dh-group${group}`])[0]).toContain(`/${expected}/`);
  });

  test('without any, strongSwan’s own', () => {
    const lines = [...without(plain, 'proposal'), `set ${E} lifetime 3600`];
    expect(proposals(lines)).toHaveLength(2);
    expect(espProposals(lines).map((each) => each.includes('AES_GCM'))).toEqual([true, false]);
  });

  test('one that strongSwan does not take keeps the whole connection from being loaded', () => {
    expect(loadedOf([...plain, `set ${E} proposal 1 hash aes256gmac`]).daemon.rejected).toMatchObject([
      {
        log: [
          "classic and combined-mode (AEAD) encryption algorithms can't be contained in the same ESP proposal",
        ],
      },
    ]);
  });
});

describe('PFS (template.py, get_esp_ike_cipher)', () => {
  const E = 'vpn ipsec esp-group E';
  const I = 'vpn ipsec ike-group I';
  const pfs = (lines: readonly string[]) => told(loadedOf(lines).sources[0]?.children[0]?.pfsGroup);

  test.each<readonly [string, readonly string[], string]>([
    ['not set: as `enable`', plain, '14 (default of esp-group E)'],
    ['enable', [...plain, `set ${E} pfs enable`], '14 (set: enable)'],
    ['disable', [...plain, `set ${E} pfs disable`], 'undefined (set: disable)'],
    ['a group', [...plain, `set ${E} pfs dh-group19`], '19 (set: dh-group19)'],
    [
      'of the first proposal by number, not by place',
      [...plain, `set ${E} pfs enable`, `set ${I} proposal 10 dh-group 5`, `set ${I} proposal 0 dh-group 20`],
      '20 (set: enable)',
    ],
    [
      '2 comes before 10',
      [
        ...without(plain, 'ike-group I proposal'),
        `set ${I} proposal 10 dh-group 5`,
        `set ${I} proposal 2 dh-group 20`,
        `set ${E} pfs enable`,
      ],
      '20 (set: enable)',
    ],
    [
      'of a proposal without a group: its default',
      [...without(plain, 'dh-group'), `set ${E} pfs enable`],
      '2 (set: enable)',
    ],
    [
      'without any IKE proposal',
      [...without(plain, 'ike-group I proposal'), `set ${E} pfs enable`],
      '2 (set: enable)',
    ],
  ])('%s', (_, lines, expected) => {
    expect(pfs(lines)).toBe(expected);
  });

  test('each ESP proposal has the group', () => {
    expect(espProposals([...plain, `set ${E} proposal 2 encryption aes128gcm128`])).toEqual([
      'AES_CBC_256/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ',
      'AES_GCM_16_128/MODP_2048/NO_EXT_SEQ',
    ]);
    expect(espProposals([...plain, `set ${E} pfs disable`])).toEqual([
      'AES_CBC_256/HMAC_SHA2_256_128/NO_EXT_SEQ',
    ]);
  });
});

describe('children', () => {
  const names = (lines: readonly string[]) => connectionOf(lines).children.map(({ name }) => name);
  const second = [
    `set ${PEER} tunnel 10 local prefix 10.3.0.0/24`,
    `set ${PEER} tunnel 2 local prefix 10.4.0.0/24`,
  ];
  const vti = `set ${PEER} vti bind vti0`;

  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['one tunnel', plain, ['tunnel-1']],
    ['several, by number', [...plain, ...second], ['tunnel-1', 'tunnel-2', 'tunnel-10']],
    ['not a disabled one', [...plain, ...second, `set ${PEER} tunnel 2 disable`], ['tunnel-1', 'tunnel-10']],
    ['a VTI', [...untunnelled, vti], ['vti']],
    ['a VTI beside a tunnel has none of its own', [...plain, vti], ['tunnel-1']],
    ['nor beside one that is disabled', [...plain, vti, `set ${PEER} tunnel 1 disable`], []],
    ['a VTI without an interface', [...untunnelled, `set ${PEER} vti esp-group E`], []],
  ])('%s', (_, lines, expected) => {
    expect(names(lines)).toEqual(expected);
  });

  test('a VTI carries everything', () => {
    expect(selectors([...untunnelled, vti])).toBe('0.0.0.0/0 ::/0 === 0.0.0.0/0 ::/0');
  });

  test('a disabled peer has no connection, but a source', () => {
    const loaded = loadedOf([...plain, `set ${PEER} disable`]);
    expect(loaded.daemon).toMatchObject({ connections: [], rejected: [] });
    expect(loaded.sources.map(({ peer }) => peer.name)).toEqual(['P']);
  });

  test('the group of the tunnel before the default one', () => {
    const lines = [
      ...plain,
      'set vpn ipsec esp-group F mode transport',
      'set vpn ipsec esp-group F lifetime 900',
      `set ${PEER} tunnel 1 esp-group F`,
    ];
    expect(loadedOf(lines).sources[0]?.children[0]?.espGroup.name).toBe('F');
  });

  test.each([
    ['initiate', 'start'],
    ['respond', 'trap'],
    ['none', 'none'],
  ])('connection-type %s: %s', (type, action) => {
    expect(childOf([...plain, `set ${PEER} connection-type ${type}`]).startAction).toBe(action);
  });

  test('a peer that is named by an identity starts nothing (peer.j2)', () => {
    expect(childOf(plain.map((line) => line.replace('peer P ', 'peer @P '))).startAction).toBe('none');
  });
});

describe('selectors', () => {
  const T = `${PEER} tunnel 1`;
  test.each<readonly [string, readonly string[], string]>([
    ['prefixes', plain, '10.1.0.0/24 === 10.2.0.0/24'],
    ['several', [...plain, `set ${T} local prefix 10.3.0.0/24`], '10.1.0.0/24 10.3.0.0/24 === 10.2.0.0/24'],
    [
      'a protocol and ports',
      [...plain, `set ${T} protocol tcp`, `set ${T} local port 443`],
      '10.1.0.0/24[tcp/443] === 10.2.0.0/24[tcp]',
    ],
    ['a port without a protocol', [...plain, `set ${T} remote port 53`], '10.1.0.0/24 === 10.2.0.0/24[0/53]'],
    [
      'no prefix: the hosts',
      [...without(plain, 'prefix'), `set ${T} esp-group E`],
      '203.0.113.1/32 === 198.51.100.1/32',
    ],
    [
      'and the protocol is lost with it',
      [...without(plain, 'prefix'), `set ${T} protocol tcp`, `set ${T} local port 443`],
      '203.0.113.1/32 === 198.51.100.1/32',
    ],
    [
      'at that end alone',
      [...without(plain, 'local prefix'), `set ${T} protocol tcp`],
      '203.0.113.1/32 === 10.2.0.0/24[tcp]',
    ],
  ])('%s', (_, lines, expected) => {
    expect(selectors(lines)).toBe(expected);
  });

  test('`any` is everything, alone or among others (peer.j2)', () => {
    const lines = [...without(plain, 'local prefix'), `set ${T} local prefix any`, `set ${T} protocol udp`];
    expect(selectors(lines)).toBe('0.0.0.0/0[udp] ::/0[udp] === 10.2.0.0/24[udp]');
    expect(selectors([...lines, `set ${T} local prefix 10.3.0.0/24`])).toBe(
      '0.0.0.0/0[udp] ::/0[udp] === 10.2.0.0/24[udp]',
    );
  });

  test('a protocol that Debian does not know keeps the connection from being loaded', () => {
    expect(loadedOf([...plain, `set ${T} protocol tcp_udp`]).daemon.rejected).toMatchObject([
      { log: [expect.stringContaining('invalid value for: local_ts, config discarded')] },
    ]);
  });

  const transport = [...without(plain, 'prefix'), 'set vpn ipsec esp-group E mode transport'];
  test.each<readonly [string, readonly string[], string]>([
    ['the addresses of the peer', [`set ${T} protocol gre`], '203.0.113.1/32[gre] === 198.51.100.1/32[gre]'],
    [
      'ports',
      [`set ${T} protocol udp`, `set ${T} local port 1701`],
      '203.0.113.1/32[udp/1701] === 198.51.100.1/32[udp]',
    ],
    // peer.j2 joins before it appends.
    [
      'of several remotes only the last gets the protocol',
      [`set ${T} protocol gre`, `set ${PEER} remote-address 192.0.2.9`],
      '203.0.113.1/32[gre] === 198.51.100.1/32 192.0.2.9/32[gre]',
    ],
  ])('transport mode: %s', (_, lines, expected) => {
    expect(selectors([...transport, ...lines])).toBe(expected);
    expect(childOf([...transport, ...lines]).mode).toBe('transport');
  });

  test('transport mode to any address is no selector (vici_config.c, parse_ts)', () => {
    const lines = [
      ...transport,
      `set ${T} esp-group E`,
      `delete ${PEER} remote-address`,
      `set ${PEER} remote-address any`,
    ];
    expect(loadedOf(lines).daemon.rejected).toMatchObject([
      { log: [expect.stringContaining('invalid value for: remote_ts, config discarded')] },
    ]);
  });

  test('transport mode with DHCP: VyOS writes the address that it got (vpn_ipsec.py, generate)', () => {
    const lines = [
      ...transport,
      `set ${T} esp-group E`,
      `delete ${PEER} local-address`,
      `set ${PEER} dhcp-interface eth0`,
    ];
    expect(loadedOf(lines).daemon.rejected).toEqual([]);
  });

  test('transport mode without a remote address: no selector is written, and it is dynamic', () => {
    expect(selectors([...transport, `set ${T} esp-group E`, `delete ${PEER} remote-address`])).toBe(
      '203.0.113.1/32 === 198.51.100.1/32',
    );
  });

  test('prefixes that overlap pass by the tunnel (vpn_ipsec.py, generate)', () => {
    const peer = peerOf([
      ...plain,
      `set ${T} remote prefix 10.0.0.0/8`,
      `set ${T} local prefix 192.168.0.0/24`,
    ]);
    const [tunnel] = peer.tunnels;
    expect(tunnel && passthroughPrefixes(tunnel).map(({ value }) => value)).toEqual(['10.1.0.0/24']);
  });
});

describe('lifetimes in seconds', () => {
  test.each([
    [28800, 28800, 31680, 2880],
    [3600, 3600, 3960, 360],
    [35, 35, 38, 3],
    // Never: no rekey, and no end.
    [0, 0, 0, 0],
  ])(
    'IKE %i: rekey %i, hard %i, at random up to %i (peer_cfg over_time of a tenth)',
    (given, rekey, hard, jitter) => {
      expect(connectionOf([...plain, `set vpn ipsec ike-group I lifetime ${given}`]).lifetime).toEqual({
        rekey,
        hard,
        jitter,
      });
    },
  );

  test.each([
    [3600, 3272, 3600, 328],
    [1800, 1636, 1800, 164],
    [30, 27, 30, 3],
  ])('ESP %i: rekey %i, hard %i, at random up to %i', (given, rekey, hard, jitter) => {
    expect(childOf([...plain, `set vpn ipsec esp-group E lifetime ${given}`]).lifetime).toEqual({
      rekey,
      hard,
      jitter,
    });
  });

  test('ESP that is never rekeyed ends', () => {
    expect(childOf([...plain, `set vpn ipsec esp-group E disable-rekey`]).lifetime).toEqual({
      rekey: 0,
      hard: 3600,
      jitter: 0,
    });
  });
});

describe('pre-shared keys', () => {
  test('in VyOS’s order, with their owners', () => {
    const { sharedKeys } = loadedOf(plain).daemon;
    expect(sharedKeys.map(({ name, owners }) => [name, ...owners.map(({ text }) => text)])).toEqual([
      ['K', 'left', 'right'],
    ]);
  });

  test('one without a secret is as good as masked, a masked id is a masked owner', () => {
    const { sharedKeys } = loadedOf([
      'set vpn ipsec authentication psk A id left',
      'set vpn ipsec authentication psk B id xxx.xxx.113.1',
      'set vpn ipsec authentication psk B secret s',
    ]).daemon;
    expect(sharedKeys).toMatchObject([
      { name: 'A', secret: { kind: 'masked' } },
      { name: 'B', owners: [{ kind: 'masked' }] },
    ]);
  });
});

describe('what breaks the file that VyOS writes: it escapes nothing, and swanctl then loads nothing at all', () => {
  const key = 'set vpn ipsec authentication psk K secret';
  // settings_lexer.l (unterminated string detected), settings_parser.y (a section name has no dot).
  test.each([
    ['a quote in a key', [`${key} 's3"cret'`]],
    ['a backslash at the end of a key', [`${key} 's3cret\\'`]],
    ['a quote in an identity', [`set ${PEER} authentication local-id 'le"ft'`]],
    ['a quote in an owner of a key', [`set vpn ipsec authentication psk K id 'le"ft'`]],
    [
      'a dot in the name of a key',
      [
        'set vpn ipsec authentication psk 192.0.2.1 id x',
        'set vpn ipsec authentication psk 192.0.2.1 secret y',
      ],
    ],
  ])('%s', (_, lines) => {
    expect(loadedOf([...plain, ...lines]).daemon.connections).toEqual([]);
  });
});

describe('what VyOS refuses to commit (vpn_ipsec.py, verify)', () => {
  test.each<readonly [string, readonly string[], readonly (string | RegExp)[]]>([
    ['no ike-group', without(plain, 'ike-group I'), [/^Missing ike-group/]],
    ['an unknown ike-group', [...plain, `set ${PEER} ike-group X`], [/^Invalid ike-group/]],
    [
      'an unknown default esp-group',
      [...plain, `set ${PEER} default-esp-group X`],
      [/^Invalid esp-group on site-to-site/],
    ],
    [
      'an unknown esp-group of a tunnel',
      [...plain, `set ${PEER} tunnel 1 esp-group X`],
      [/^Invalid esp-group on tunnel 1/],
    ],
    ['no esp-group at all', without(plain, 'default-esp-group'), [/^Missing esp-group on tunnel 1/]],
    ['no authentication', without(plain, 'authentication mode'), [/^Missing authentication/]],
    ['no local address', without(plain, 'local-address'), [/^Missing local-address or dhcp-interface/]],
    ['no tunnel', untunnelled, [/^No VTI or tunnel specified/]],
    ['no remote address is no fault', without(plain, 'remote-address'), []],
    [
      'prefixes in transport mode',
      [...plain, 'set vpn ipsec esp-group E mode transport'],
      [/^Local\/remote prefix cannot be used with ESP transport mode/],
    ],
    [
      'a protocol in transport mode without an address',
      [
        ...without(plain, 'prefix'),
        'set vpn ipsec esp-group E mode transport',
        `set ${PEER} local-address any`,
        `set ${PEER} tunnel 1 protocol gre`,
      ],
      [/^Fixed local-address or peer required/],
    ],
  ])('%s', (_, lines, expected) => {
    const found = refusals(lines);
    expect(found).toEqual(expected.map((each) => expect.stringMatching(each)));
    if (expected.length > 0) expect(loadedOf(lines).daemon.rejected).toMatchObject([{ name: 'P', log: [] }]);
  });
});
