/** What VyOS's own migrations make of each older node, and what 1.2 and 1.3 themselves do with it. */
import { describe, expect, test } from '@jest/globals';
import { readSetDump } from '../../grammar/index.ts';
import { sourceFile, textOf } from '../../src/source/index.ts';
import { loadSite } from '../../src/strongswan/load-site.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import type { Release } from '../../src/vyos/schema/index.ts';
import type { IkeGroup, Peer, Site } from '../../src/vyos/site.ts';

const IKE = 'vpn ipsec ike-group IKE';

function siteOf(text: string, release?: Release): Site {
  return readSite('a', readSetDump(sourceFile('a.conf', `${text}\n`)), release);
}

function peerOf(site: Site): Peer {
  const [peer] = site.peers;
  if (!peer) throw new Error('no peer');
  return peer;
}

describe('an IKE group', () => {
  const group = (line: string, release: Release): IkeGroup => {
    const found = siteOf(`set ${IKE} ${line}`, release).ikeGroups.get('IKE');
    if (!found) throw new Error('no group');
    return found;
  };
  test.each<[string, (group: IkeGroup) => unknown, unknown]>([
    ["mobike 'disable'", ({ disableMobike }) => disableMobike.value, true],
    ["mobike 'enable'", ({ disableMobike }) => disableMobike.value, false],
    ["close-action 'hold'", ({ closeAction }) => closeAction.value, 'trap'],
    ["close-action 'restart'", ({ closeAction }) => closeAction.value, 'start'],
    ["close-action 'clear'", ({ closeAction }) => closeAction.value, 'none'],
    ["dead-peer-detection action 'hold'", (one) => one.deadPeerDetection?.action.value, 'trap'],
    ["dead-peer-detection action 'restart'", (one) => one.deadPeerDetection?.action.value, 'restart'],
    ["dead-peer-detection interval '30'", (one) => one.deadPeerDetection?.action.value, 'trap'],
  ])('%s', (line, get, meaning) => {
    expect(get(group(line, '1.3'))).toBe(meaning);
  });

  test('keeps the text, the path and the place as they are written', () => {
    const { disableMobike, closeAction } = group(
      "mobike 'disable'\nset vpn ipsec ike-group IKE close-action 'hold'",
      '1.3',
    );
    expect([disableMobike.path.at(-1), disableMobike.text, textOf(disableMobike.origin.at)]).toEqual([
      'mobike',
      'disable',
      "'disable'",
    ]);
    expect([closeAction.value, closeAction.text, textOf(closeAction.origin.at)]).toEqual([
      'trap',
      'hold',
      "'hold'",
    ]);
  });

  test.each<[Release, string | undefined]>([
    ['1.2', 'ikev1'],
    ['1.3', undefined],
    ['1.4', undefined],
    ['1.5', undefined],
  ])('key-exchange that is not set in %s', (release, value) => {
    expect(group("lifetime '3600'", release).keyExchange.value).toBe(value);
  });

  test('a default names its release where that is not today’s', () => {
    expect(group("lifetime '3600'", '1.3').mode.origin).toMatchObject({ kind: 'default', release: '1.3' });
    expect(group("lifetime '3600'", '1.4').mode.origin).not.toHaveProperty('release');
  });
});

test.each<[string, boolean]>([
  ["compression 'enable'", true],
  ["compression 'disable'", false],
])('%s of an ESP group', (line, meaning) => {
  const site = siteOf(`set vpn ipsec esp-group ESP ${line}`, '1.3');
  expect(site.espGroups.get('ESP')?.compression.value).toBe(meaning);
});

describe('the name of a peer', () => {
  test.each<[string, Release, readonly string[], string, string]>([
    // As vpn-config.pl has it.
    ['203.0.113.2', '1.3', ['203.0.113.2'], '203.0.113.2', 'derived'],
    ['2001:db8::2', '1.2', ['2001:db8::2'], '2001:db8::2', 'derived'],
    ['branch.example.net', '1.3', ['branch.example.net'], 'branch.example.net', 'derived'],
    ['branch', '1.3', ['branch'], 'branch', 'derived'],
    ['@branch', '1.3', ['any'], '@branch', 'derived'],
    ['any', '1.3', ['any'], '%any', 'default'],
    ['0.0.0.0', '1.3', ['any'], '%any', 'default'],
    // As the migration has it.
    ['203.0.113.2', '1.4', ['203.0.113.2'], '203.0.113.2', 'derived'],
    ['branch.example.net', '1.5', ['branch.example.net'], 'branch.example.net', 'derived'],
    ['0.0.0.0', '1.4', ['any'], '%any', 'default'],
    // A name and no more.
    ['branch', '1.4', [], '%any', 'default'],
    ['@branch', '1.4', [], '%any', 'default'],
    ['any', '1.4', [], '%any', 'default'],
  ])('%s in %s', (name, release, remotes, remoteId, kind) => {
    const peer = peerOf(siteOf(`set vpn ipsec site-to-site peer ${name} ike-group 'IKE'`, release));
    expect(peer.remoteAddresses.map(({ value }) => value)).toEqual(remotes);
    expect(peer.authentication.remoteId).toMatchObject({ value: remoteId, origin: { kind } });
  });

  test('is no address where that stands in a node of its own', () => {
    const text = "set vpn ipsec site-to-site peer 203.0.113.9 remote-address '203.0.113.2'";
    for (const release of ['1.3', '1.4'] as const) {
      const { remoteAddresses, authentication } = peerOf(siteOf(text, release));
      expect(remoteAddresses.map(({ value }) => value)).toEqual(['203.0.113.2']);
      expect(authentication.remoteId.value).toBe('%any');
    }
  });
});

test.each<[string, (peer: Peer) => unknown, unknown]>([
  ["authentication id '@left'", ({ authentication }) => authentication.localId?.value, '@left'],
  ["authentication remote-id '@right'", ({ authentication }) => authentication.remoteId.value, '@right'],
  ["force-encapsulation 'enable'", ({ udpEncapsulation }) => udpEncapsulation.value, true],
  ["force-encapsulation 'disable'", ({ udpEncapsulation }) => udpEncapsulation.value, false],
  ["ike-group 'IKE'", ({ authentication }) => authentication.mode?.value, 'pre-shared-secret'],
  ["ike-group 'IKE'", ({ connectionType }) => connectionType.value, 'initiate'],
])('%s of a peer', (line, get, meaning) => {
  const site = siteOf(`set vpn ipsec site-to-site peer 203.0.113.2 ${line}`, '1.3');
  expect(get(peerOf(site))).toEqual(meaning);
});

describe('what 1.2 and 1.3 hand to strongSwan', () => {
  const lines = (name: string, more = '') => `set vpn ipsec ike-group IKE proposal 1 encryption 'aes256'
set vpn ipsec ike-group IKE key-exchange 'ikev2'
set vpn ipsec ike-group IKE lifetime '28800'
set vpn ipsec esp-group ESP proposal 1 encryption 'aes256'
set vpn ipsec esp-group ESP lifetime '3600'
set vpn ipsec site-to-site peer ${name} authentication pre-shared-secret '0x736563726574'
set vpn ipsec site-to-site peer ${name} default-esp-group 'ESP'
set vpn ipsec site-to-site peer ${name} ike-group 'IKE'
set vpn ipsec site-to-site peer ${name} local-address '198.51.100.1'
${more.replaceAll('PEER', `vpn ipsec site-to-site peer ${name}`)}`;
  const tunnel =
    "set PEER tunnel 3 local prefix '10.0.0.0/8'\nset PEER tunnel 3 local prefix '10.1.0.7/24'\nset PEER tunnel 3 remote prefix '10.2.0.0/24'";
  const daemonOf = (name: string, more: string, release: Release = '1.3') =>
    loadSite(siteOf(lines(name, more), release)).daemon;

  test('a connection by the name of its first tunnel, with the identities of its addresses', () => {
    const [connection] = daemonOf('203.0.113.2', tunnel).connections;
    expect(connection).toMatchObject({
      name: 'peer-203.0.113.2-tunnel-3',
      version: 2,
      local: { method: 'psk', identity: { kind: 'IPV4_ADDR', text: '198.51.100.1' } },
      remote: { method: 'psk', identity: { kind: 'IPV4_ADDR', text: '203.0.113.2' } },
      lifetime: { rekey: 28_260, hard: 28_800, jitter: 540 },
    });
    // The last prefix is the one.
    expect(connection?.children).toMatchObject([
      { name: 'tunnel-3', startAction: 'start', lifetime: { rekey: 3060, hard: 3600, jitter: 540 } },
    ]);
    expect(connection?.children[0]?.localSelectors).toHaveLength(1);
  });

  test('a margin below the shorter lifetime', () => {
    const short = `${tunnel}\nset vpn ipsec esp-group ESP lifetime '600'`;
    const [connection] = daemonOf('203.0.113.2', short).connections;
    expect(connection?.lifetime).toEqual({ rekey: 28_501, hard: 28_800, jitter: 299 });
    expect(connection?.children[0]?.lifetime).toEqual({ rekey: 301, hard: 600, jitter: 299 });
  });

  test.each<[string, string, string]>([
    ['203.0.113.2', "set PEER connection-type 'respond'", 'trap'],
    ['203.0.113.2', "set PEER connection-type 'initiate'", 'start'],
    ['any', "set PEER connection-type 'initiate'", 'none'],
    ['@branch', '', 'none'],
  ])('peer %s, %s: start action %s', (name, more, action) => {
    const [connection] = daemonOf(name, `${tunnel}\n${more}`).connections;
    expect(connection?.children[0]?.startAction).toBe(action);
  });

  test('no rekey and no lifetime for a peer that may be anybody', () => {
    const [connection] = daemonOf('any', tunnel).connections;
    const never = { rekey: 0, hard: 0, jitter: 0 };
    expect([connection?.lifetime, connection?.children[0]?.lifetime]).toEqual([never, never]);
    expect(connection?.remote.identity.kind).toBe('ANY');
    expect(connection?.remoteHosts).toEqual([{ kind: 'any' }]);
  });

  test('a VTI carries IPv4 alone', () => {
    const [connection] = daemonOf('203.0.113.2', "set PEER vti bind 'vti0'").connections;
    expect(connection?.children[0]?.remoteSelectors).toMatchObject([{ family: 4 }]);
  });

  test('the name of a service is a port that the dump does not tell', () => {
    const [connection] = daemonOf(
      '203.0.113.2',
      `${tunnel}\nset PEER tunnel 3 protocol 'tcp'\nset PEER tunnel 3 remote port 'https'`,
    ).connections;
    expect(connection?.children[0]?.selectorsMasked).toBe(true);
  });

  test('a key for both addresses, and for an identity in as many pieces as it has words', () => {
    const ownersOf = (more: string) =>
      daemonOf('203.0.113.2', `${tunnel}\n${more}`).sharedKeys.flatMap(({ owners }) =>
        owners.map(({ text }) => text),
      );
    expect(ownersOf('')).toEqual(['198.51.100.1', '203.0.113.2']);
    expect(ownersOf("set PEER authentication id '@left'")).toContain('left');
    expect(ownersOf("set PEER authentication id 'C=US, CN=gw'")).not.toContain('C=US, CN=gw');
  });
});
