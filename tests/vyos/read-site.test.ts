import { describe, expect, test } from '@jest/globals';
import { compareSecrets, isMasked, secretFromSwanctl } from '../../src/ike/secret.ts';
import type { Site } from '../../src/vyos/site.ts';
import { lineOf, PEER, peerOf, plain, siteOf, told, without } from '../pairing/dumps.ts';

const IKE = 'vpn ipsec ike-group I';
const ESP = 'vpn ipsec esp-group E';

function ike(...lines: readonly string[]) {
  const group = siteOf(lines).ikeGroups.get('I');
  if (!group) throw new Error('no ike-group');
  return group;
}

function esp(...lines: readonly string[]) {
  const group = siteOf(lines).espGroups.get('E');
  if (!group) throw new Error('no esp-group');
  return group;
}

function isSecret(site: Site, index: number, text: string): boolean {
  const secret = site.psks[index]?.secret?.value;
  return secret !== undefined && compareSecrets(secret, secretFromSwanctl(text)) === 'equal';
}

describe('defaults of 1.4, and where they are told', () => {
  test('an ike-group', () => {
    const group = ike(`set ${IKE} proposal 1`);
    const [proposal] = group.proposals;
    expect(told(group.keyExchange)).toBe('undefined (default of ike-group I)');
    expect(told(group.lifetime)).toBe('28800 (default of ike-group I)');
    expect(told(group.mode)).toBe('main (default of ike-group I)');
    expect(told(group.closeAction)).toBe('none (default of ike-group I)');
    expect(told(group.disableMobike)).toBe('false (default of ike-group I)');
    expect(group.deadPeerDetection).toBeUndefined();
    expect(told(proposal?.encryption)).toBe('aes128 (default of proposal 1)');
    expect(told(proposal?.hash)).toBe('sha1 (default of proposal 1)');
    expect(told(proposal?.dhGroup)).toBe('2 (default of proposal 1)');
    expect(told(proposal?.prf)).toBe('undefined (default of proposal 1)');
  });

  test('an esp-group', () => {
    const group = esp(`set ${ESP} proposal 1`);
    expect(told(group.lifetime)).toBe('3600 (default of esp-group E)');
    expect(told(group.mode)).toBe('tunnel (default of esp-group E)');
    expect(told(group.pfs)).toBe('enable (default of esp-group E)');
    expect(told(group.compression)).toBe('false (default of esp-group E)');
    expect(told(group.disableRekey)).toBe('false (default of esp-group E)');
    expect(told(group.proposals[0]?.encryption)).toBe('aes128 (default of proposal 1)');
    expect(told(group.proposals[0]?.hash)).toBe('sha1 (default of proposal 1)');
  });

  test('dead peer detection has defaults only where its node stands (vpn_ipsec.py, get_config)', () => {
    const dpd = ike(`set ${IKE} dead-peer-detection`).deadPeerDetection;
    expect(told(dpd?.action)).toBe('clear (default of dead-peer-detection)');
    expect(told(dpd?.interval)).toBe('30 (default of dead-peer-detection)');
    expect(told(dpd?.timeout)).toBe('120 (default of dead-peer-detection)');
    expect(told(ike(`set ${IKE} dead-peer-detection interval 10`).deadPeerDetection?.interval)).toBe(
      '10 (set: 10)',
    );
  });

  test('a peer', () => {
    const peer = peerOf([`set ${PEER} ike-group I`]);
    expect(told(peer.authentication.remoteId)).toBe('%any (default of peer P)');
    expect(told(peer.connectionType)).toBe('initiate (default of peer P)');
    expect(told(peer.authentication.localId)).toBe('nothing');
    expect(told(peer.authentication.mode)).toBe('nothing');
    expect(told(peer.localAddress)).toBe('nothing');
    expect(peer).toMatchObject({
      disabled: false,
      udpEncapsulation: { value: false },
      remoteAddresses: [],
      tunnels: [],
    });
    expect(peer.vti).toBeUndefined();
  });

  test('an empty dump is an empty site', () => {
    expect(siteOf([])).toMatchObject({ peers: [], psks: [], interfaces: [], schemaProblems: [] });
  });
});

describe('values in force', () => {
  test.each<readonly [string, readonly string[], string]>([
    ['set', [`set ${ESP} lifetime 1800`], '1800 (set: 1800)'],
    ['quoted', [`set ${ESP} lifetime '1800'`], "1800 (set: '1800')"],
    ['the last set wins', [`set ${ESP} lifetime 1800`, `set ${ESP} lifetime 900`], '900 (set: 900)'],
    [
      'deleted',
      [`set ${ESP} lifetime 1800`, `delete ${ESP} lifetime`, `set ${ESP} pfs enable`],
      '3600 (default of esp-group E)',
    ],
    [
      'deleted by its value',
      [`set ${ESP} lifetime 1800`, `delete ${ESP} lifetime 1800`, `set ${ESP} pfs enable`],
      '3600 (default of esp-group E)',
    ],
    [
      'set again after that',
      [`set ${ESP} lifetime 1800`, `delete ${ESP} lifetime`, `set ${ESP} lifetime 60`],
      '60 (set: 60)',
    ],
    // VyOS refuses the value when it is typed.
    ['invalid: the default stays', [`set ${ESP} lifetime soon`], '3600 (default of esp-group E)'],
    [
      'invalid: what stood there stays',
      [`set ${ESP} lifetime 1800`, `set ${ESP} lifetime 5`],
      '1800 (set: 1800)',
    ],
    [
      'invalid, and then a good one',
      [`set ${ESP} lifetime soon`, `set ${ESP} lifetime 1800`],
      '1800 (set: 1800)',
    ],
    ['words too many', [`set ${ESP} lifetime 1800 s`], '3600 (default of esp-group E)'],
  ])('%s', (_, lines, expected) => {
    expect(told(esp(`set ${ESP} mode tunnel`, ...lines).lifetime)).toBe(expected);
  });

  test('what is refused is told', () => {
    expect(siteOf([`set ${ESP} lifetime soon`]).schemaProblems.map(({ kind }) => kind)).toEqual([
      'invalid-value',
    ]);
  });

  test('an invalid algorithm leaves the default', () => {
    const [proposal] = ike(
      `set ${IKE} proposal 1 encryption aes257`,
      `set ${IKE} proposal 1 dh-group 14`,
    ).proposals;
    expect(told(proposal?.encryption)).toBe('aes128 (default of proposal 1)');
    expect(told(proposal?.dhGroup)).toBe('14 (set: 14)');
  });

  test('a value says its place and its path', () => {
    const { lifetime } = esp(`set ${ESP} mode tunnel`, `set ${ESP} lifetime 1800`);
    expect(lineOf(lifetime.origin.at)).toBe(2);
    expect(lifetime.path).toEqual(['vpn', 'ipsec', 'esp-group', 'E', 'lifetime']);
  });

  test('flags', () => {
    const group = esp(`set ${ESP} compression`, `set ${ESP} disable-rekey`);
    expect(group.compression).toMatchObject({ value: true, origin: { kind: 'set' } });
    expect(group.disableRekey.value).toBe(true);
    expect(ike(`set ${IKE} disable-mobike`).disableMobike.value).toBe(true);
    expect(peerOf([`set ${PEER} force-udp-encapsulation`]).udpEncapsulation.value).toBe(true);
    expect(peerOf([`set ${PEER} disable`]).disabled).toBe(true);
  });

  test('the order of proposals and tunnels is that of their numbers', () => {
    const numbers = ['10', '2', '1', '20'];
    expect(ike(...numbers.map((id) => `set ${IKE} proposal ${id}`)).proposals.map(({ id }) => id)).toEqual([
      '1',
      '2',
      '10',
      '20',
    ]);
    expect(esp(...numbers.map((id) => `set ${ESP} proposal ${id}`)).proposals.map(({ id }) => id)).toEqual([
      '1',
      '2',
      '10',
      '20',
    ]);
    expect(
      peerOf(numbers.map((id) => `set ${PEER} tunnel ${id} protocol tcp`)).tunnels.map(({ id }) => id),
    ).toEqual(['1', '2', '10', '20']);
  });

  test('several values keep the order in which they were set, each once', () => {
    const peer = peerOf([
      `set ${PEER} remote-address 198.51.100.2`,
      `set ${PEER} remote-address 198.51.100.1`,
      `set ${PEER} remote-address 198.51.100.2`,
      `set ${PEER} tunnel 1 local prefix 10.2.0.0/24`,
      `set ${PEER} tunnel 1 local prefix 10.1.0.0/24`,
      `set ${PEER} tunnel 1 local prefix 10.3.0.0/24`,
      `delete ${PEER} tunnel 1 local prefix 10.1.0.0/24`,
    ]);
    expect(peer.remoteAddresses.map(({ value }) => value)).toEqual(['198.51.100.2', '198.51.100.1']);
    expect(peer.tunnels[0]?.localPrefixes.map(told)).toEqual([
      '10.2.0.0/24 (set: 10.2.0.0/24)',
      '10.3.0.0/24 (set: 10.3.0.0/24)',
    ]);
  });

  test('a prefix with host bits stays: 1.2 and 1.3 take it', () => {
    const site = siteOf([`set ${PEER} tunnel 1 local prefix 10.1.0.1/24`]);
    expect(site.schemaProblems).toMatchObject([{ kind: 'invalid-value', takenBy: ['1.2', '1.3'] }]);
    expect(site.peers[0]?.tunnels[0]?.localPrefixes.map(({ value }) => value)).toEqual(['10.1.0.1/24']);
  });

  test('a prefix that is none in any release is refused, and another one stays', () => {
    const peer = peerOf([
      `set ${PEER} tunnel 1 local prefix 10.1.0.0/33`,
      `set ${PEER} tunnel 1 local prefix 10.2.0.0/24`,
    ]);
    expect(peer.tunnels[0]?.localPrefixes.map(({ value }) => value)).toEqual(['10.2.0.0/24']);
  });

  test('tunnels, ports and a VTI', () => {
    const peer = peerOf([
      `set ${PEER} tunnel 1 disable`,
      `set ${PEER} tunnel 1 esp-group OTHER`,
      `set ${PEER} tunnel 1 protocol tcp`,
      `set ${PEER} tunnel 1 local port 443`,
      `set ${PEER} tunnel 1 remote port 8443`,
      `set ${PEER} vti bind vti1`,
      `set ${PEER} vti esp-group E`,
    ]);
    expect(peer.tunnels[0]).toMatchObject({
      disabled: true,
      espGroup: { value: 'OTHER' },
      protocol: { value: 'tcp' },
      localPort: { value: '443' },
      remotePort: { value: '8443' },
    });
    expect(peer.vti).toMatchObject({ bind: { value: 'vti1' }, espGroup: { value: 'E' } });
  });
});

describe('pre-shared keys', () => {
  test('those of their section', () => {
    const site = siteOf(plain);
    expect(site.psks.map(({ name, ids }) => [name, ...ids.map(({ value }) => value)])).toEqual([
      ['K', 'left', 'right'],
    ]);
    expect(isSecret(site, 0, 's3cret')).toBe(true);
    expect(site.psks[0]?.secret?.text).toBeNull();
  });

  test('their order is VyOS’s, by number', () => {
    const names = ['K10', 'K2', 'A'].map((name) => `set vpn ipsec authentication psk ${name} secret s`);
    expect(siteOf(names).psks.map(({ name }) => name)).toEqual(['A', 'K2', 'K10']);
  });

  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['the identities and addresses of the peer', [], ['left', 'right', '203.0.113.1', '198.51.100.1']],
    [
      'no default identity',
      [`delete ${PEER} authentication remote-id`],
      ['left', '203.0.113.1', '198.51.100.1'],
    ],
    [
      'every remote address',
      [`set ${PEER} remote-address 192.0.2.9`],
      ['left', 'right', '203.0.113.1', '198.51.100.1', '192.0.2.9'],
    ],
    [
      '`any` becomes `%any`',
      [`delete ${PEER} remote-address`, `set ${PEER} remote-address any`],
      ['left', 'right', '203.0.113.1', '%any'],
    ],
  ])('of a peer’s own: %s (migration-scripts/ipsec/10-to-11)', (_, lines, expected) => {
    const site = siteOf([
      ...without(plain, 'authentication psk'),
      `set ${PEER} authentication pre-shared-secret own`,
      ...lines,
    ]);
    expect(site.psks.map(({ name, ids }) => [name, ...ids.map(({ value }) => value)])).toEqual([
      ['P', ...expected],
    ]);
    expect(isSecret(site, 0, 'own')).toBe(true);
    expect(site.psks[0]?.path.at(-1)).toBe('pre-shared-secret');
  });

  test.each(['****', 'xxxxxx', '********', '<secret>'])('%s is a masked one', (text) => {
    const secret = siteOf([`set vpn ipsec authentication psk K secret '${text}'`]).psks[0]?.secret?.value;
    expect(secret && isMasked(secret)).toBe(true);
  });

  test('one without a secret has none', () => {
    expect(siteOf(['set vpn ipsec authentication psk K id left']).psks).toMatchObject([
      { name: 'K', secret: undefined },
    ]);
  });

  test('no key stands in what is read', () => {
    const {
      dump: _,
      tree: __,
      file: ___,
      ...site
    } = siteOf([...plain, `set ${PEER} authentication pre-shared-secret 0wn`]);
    expect(
      JSON.stringify([site.psks.map(({ secret, ids }) => [secret?.value, secret?.text, ids.length])]),
    ).not.toMatch(/s3cret|0wn/);
  });

  test('1.5: base64 is another spelling of the same key (vyos-1x PR 4198, secret-type)', () => {
    const site = siteOf(
      [
        'set vpn ipsec authentication psk K secret czNjcmV0',
        'set vpn ipsec authentication psk K secret-type base64',
      ],
      '1.5',
    );
    expect(isSecret(site, 0, 's3cret')).toBe(true);
  });
});

describe('interfaces', () => {
  test('of every type, VLANs included', () => {
    const { interfaces } = siteOf([
      'set interfaces ethernet eth10 address 192.0.2.10/24',
      'set interfaces ethernet eth2 address dhcp',
      'set interfaces ethernet eth2 vif 100 address 10.1.0.1/24',
      'set interfaces ethernet eth2 vif 20 address 10.2.0.1/24',
      'set interfaces ethernet eth2 vif-s 7 vif-c 8 address 10.3.0.1/24',
      'set interfaces ethernet eth2 description nothing',
      'set interfaces dummy dum0 address 2001:db8::1/64',
      'set interfaces dummy dum0 address 10.4.0.1/32',
      'set interfaces loopback lo',
    ]);
    expect(interfaces.map(({ name, addresses }) => [name, ...addresses.map(({ value }) => value)])).toEqual([
      ['eth2', 'dhcp'],
      ['eth2.20', '10.2.0.1/24'],
      ['eth2.100', '10.1.0.1/24'],
      ['eth2.7'],
      ['eth2.7.8', '10.3.0.1/24'],
      ['eth10', '192.0.2.10/24'],
      ['dum0', '2001:db8::1/64', '10.4.0.1/32'],
      ['lo'],
    ]);
  });
});
