import { describe, expect, test } from '@jest/globals';
import { readSetDump } from '../../grammar/index.ts';
import { parseAddress } from '../../src/ike/address.ts';
import { linkSites, mayCall } from '../../src/pairing/link.ts';
import { natBefore } from '../../src/pairing/nat.ts';
import { pairPeers } from '../../src/pairing/pair.ts';
import { sourceFile } from '../../src/source/index.ts';
import { loadSite } from '../../src/strongswan/load-site.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import type { Peer, Site } from '../../src/vyos/site.ts';

interface PeerWords {
  readonly local?: string;
  readonly remote?: string;
  readonly localId?: string;
  readonly remoteId?: string;
  readonly more?: readonly string[];
}

/** A site: its peers by name, and the ids of its keys. */
function site(peers: Readonly<Record<string, PeerWords>>, keys: readonly (readonly string[])[] = []): Site {
  const lines = [
    'set vpn ipsec ike-group I key-exchange ikev2',
    'set vpn ipsec ike-group I proposal 1 dh-group 14',
    'set vpn ipsec esp-group E proposal 1 encryption aes256',
    ...Object.entries(peers).flatMap(([name, { local, remote, localId, remoteId, more = [] }]) => {
      const peer = `set vpn ipsec site-to-site peer ${name}`;
      return [
        `${peer} authentication mode pre-shared-secret`,
        `${peer} ike-group I`,
        `${peer} default-esp-group E`,
        `${peer} tunnel 1 protocol tcp`,
        ...(local === undefined ? [] : [`${peer} local-address ${local}`]),
        ...(remote ?? '')
          .split(' ')
          .flatMap((each) => (each === '' ? [] : [`${peer} remote-address ${each}`])),
        ...(localId === undefined ? [] : [`${peer} authentication local-id '${localId}'`]),
        ...(remoteId === undefined ? [] : [`${peer} authentication remote-id '${remoteId}'`]),
        ...more.map((line) => `${peer} ${line}`),
      ];
    }),
    ...keys.flatMap((ids, index) => [
      `set vpn ipsec authentication psk K${index} secret s`,
      ...ids.map((id) => `set vpn ipsec authentication psk K${index} id '${id}'`),
    ]),
  ];
  return readSite('x', readSetDump(sourceFile('x.conf', lines.join('\n'))));
}

/** `0:B = 1:A`, and the unpaired with their reasons. */
function pairing(...sites: readonly Site[]): {
  readonly pairs: readonly string[];
  readonly unpaired: readonly string[];
} {
  const { pairs, unpaired } = pairPeers(sites.map((each) => loadSite(each)));
  return {
    pairs: pairs.map(
      ({ one, other }) => `${one.site}:${one.source.peer.name} = ${other.site}:${other.source.peer.name}`,
    ),
    unpaired: unpaired.map(({ site: index, source, why }) => `${index}:${source.peer.name}: ${why}`),
  };
}

const [A, B, C, D] = ['192.0.2.1', '198.51.100.1', '203.0.113.1', '203.0.113.99'];

describe('two sites', () => {
  test.each<readonly [string, Site, Site, readonly string[]]>([
    [
      'by their addresses',
      site({ B: { local: A, remote: B } }),
      site({ A: { local: B, remote: A } }),
      ['0:B = 1:A'],
    ],
    [
      'in whatever order',
      site({ X: { local: A, remote: D }, B: { local: A, remote: B } }),
      site({ A: { local: B, remote: A }, Y: { local: B, remote: D } }),
      ['0:B = 1:A'],
    ],
    [
      'several, by addresses',
      site({ P1: { local: A, remote: C }, P2: { local: A, remote: B } }),
      site({ Q1: { local: B, remote: A }, Q2: { local: C, remote: A } }),
      ['0:P1 = 1:Q2', '0:P2 = 1:Q1'],
    ],
    [
      'by another spelling of an address',
      site({ X: { local: A, remote: D }, B: { local: '2001:DB8::1', remote: '2001:db8::2' } }),
      site({ A: { local: '2001:db8:0::2', remote: '2001:db8::1' } }),
      ['0:B = 1:A'],
    ],
    [
      'by one of several addresses',
      site({ X: { local: A, remote: D }, B: { local: A, remote: `${D} ${B}` } }),
      site({ A: { local: B, remote: A } }),
      ['0:B = 1:A'],
    ],
    [
      'by one direction alone',
      site({ X: { local: A, remote: D }, B: { local: A, remote: B } }),
      site({ A: { local: B, remote: 'any' } }),
      ['0:B = 1:A'],
    ],
    [
      'the same addresses, by identities',
      site({
        P1: { local: A, remote: B, localId: 'a1', remoteId: 'b1' },
        P2: { local: A, remote: B, localId: 'a2', remoteId: 'b2' },
      }),
      site({
        Q2: { local: B, remote: A, localId: 'b2', remoteId: 'a2' },
        Q1: { local: B, remote: A, localId: 'b1', remoteId: 'a1' },
      }),
      ['0:P1 = 1:Q1', '0:P2 = 1:Q2'],
    ],
    [
      'by identities alone',
      site({
        X: { local: A, remote: 'any', localId: 'x' },
        B: { local: 'any', remote: 'any', localId: 'a', remoteId: 'b' },
      }),
      site({ A: { local: 'any', remote: 'any', localId: 'b', remoteId: 'a' } }),
      ['0:B = 1:A'],
    ],
    [
      'an identity that is the address',
      site({ X: { local: A, remote: 'any' }, B: { local: C, remote: 'any', remoteId: B } }),
      site({ A: { local: B, remote: 'any' } }),
      ['0:B = 1:A'],
    ],
    [
      'addresses outweigh an identity',
      site({ P1: { local: A, remote: B, remoteId: 'other' }, P2: { local: A, remote: D, remoteId: 'b' } }),
      site({ Q: { local: B, remote: A, localId: 'b' } }),
      ['0:P1 = 1:Q'],
    ],
    [
      'by the ids of their keys alone',
      site({ X: { local: A, remote: D, localId: 'x' }, B: { local: 'any', remote: 'any', localId: 'a' } }, [
        ['a', 'b'],
      ]),
      site({ A: { local: 'any', remote: 'any', localId: 'b' } }, [['a', 'b']]),
      ['0:B = 1:A'],
    ],
    [
      'a wildcard names nobody in particular',
      site({ X: { local: A, remote: D }, Y: { local: C, remote: D, remoteId: '%any' } }),
      site({ A: { local: B, remote: 'any' } }),
      [],
    ],
    [
      'a lone peer on each that initiates to somebody else',
      site({ B: { local: A, remote: C } }),
      site({ A: { local: B, remote: D } }),
      [],
    ],
    [
      'a lone peer on each, and one of them initiates to the other',
      site({ B: { local: A, remote: C } }),
      site({ A: { local: B, remote: A } }),
      ['0:B = 1:A'],
    ],
    [
      'a lone peer on each, and one of them expects the other',
      site({ B: { local: A, remote: C, remoteId: 'b' } }),
      site({ A: { local: B, remote: D, localId: 'b', remoteId: A } }),
      ['0:B = 1:A'],
    ],
    ['a lone peer on each, of which nothing is known', site({ B: {} }), site({ A: {} }), ['0:B = 1:A']],
    [
      'but not where there are others',
      site({ B: { local: A, remote: C }, X: { local: A, remote: D } }),
      site({ A: { local: B, remote: D } }),
      [],
    ],
    ['no peer on one of them', site({}), site({ A: { local: B, remote: A } }), []],
    [
      'a disabled peer is paired too',
      site({ B: { local: A, remote: B, more: ['disable'] } }),
      site({ A: { local: B, remote: A } }),
      ['0:B = 1:A'],
    ],
    [
      'none of two equal ones',
      site({ P2: { local: A, remote: B }, P1: { local: A, remote: B } }),
      site({ Q: { local: B, remote: A } }),
      [],
    ],
  ])('%s', (_, one, other, expected) => {
    expect(pairing(one, other).pairs).toEqual(expected);
    const turned = (pair: string) => pair.replace(/^0:(.*) = 1:(.*)$/, '0:$2 = 1:$1');
    expect([...pairing(other, one).pairs].sort()).toEqual([...expected.map(turned)].sort());
  });

  test('why a peer stays alone', () => {
    const one = site({
      P1: { local: A, remote: B },
      P2: { local: A, remote: B },
      P3: { local: A, remote: `${C} ${D}` },
      P4: { local: A },
      P5: { local: A, remote: 'any' },
    });
    expect(pairing(one, site({ Q: { local: B, remote: A } })).unpaired).toEqual([
      '0:P1: ambiguous: Q of x may also face P2 of x; name its counterpart in the configuration',
      '0:P2: ambiguous: Q of x may also face P1 of x; name its counterpart in the configuration',
      `0:P3: no other site is at ${C}, ${D}`,
      '0:P4: no peer of another site fits it',
      '0:P5: no peer of another site fits it',
      '1:Q: ambiguous: it may face P1 of x or P2 of x; name its counterpart in the configuration',
    ]);
    expect(pairing(site({ P: { local: A, remote: C } })).unpaired).toEqual(['0:P: only one site was given']);
  });
});

describe('third parties', () => {
  const key = (own: string, other: string) => [own, other];

  test('of two routers each are not paired: a key is for the peer that it names', () => {
    const one = site({ B: { local: A, remote: B }, AWS: { local: A, remote: C } }, [key(A, B), key(A, C)]);
    const other = site({ A: { local: B, remote: A }, ACME: { local: B, remote: D } }, [key(B, A), key(B, D)]);
    expect(pairing(one, other)).toEqual({
      pairs: ['0:B = 1:A'],
      unpaired: [`0:AWS: no other site is at ${C}`, `1:ACME: no other site is at ${D}`],
    });
  });

  test('the same one of both routers, with the same secret', () => {
    const one = site({ AWS: { local: A, remote: C } }, [key(A, C)]);
    const other = site({ AWS: { local: B, remote: C } }, [key(B, C)]);
    expect(pairing(one, other).pairs).toEqual([]);
  });

  test('the peer of one that the other initiates to faces another', () => {
    const sites = [
      site({ B: { local: A, remote: B } }),
      site({ A: { local: B, remote: A } }),
      site({ A: { local: C, remote: A } }),
    ];
    expect(pairing(...sites)).toEqual({
      pairs: ['0:B = 1:A'],
      unpaired: ['2:A: the peer that it initiates to, B, faces another one'],
    });
  });

  test('what speaks for two peers and against them is told', () => {
    const sites = [site({ B: { local: A, remote: C } }), site({ A: { local: B, remote: A } })];
    const [pair] = pairPeers(sites.map((each) => loadSite(each))).pairs;
    expect(pair?.grounds).toEqual({
      kind: 'signs',
      signs: [{ kind: 'remote-address', side: 'b' }],
      against: [{ kind: 'remote-address', side: 'a' }],
    });
  });

  test('a lone peer on each of which nothing is known is a guess', () => {
    const [pair] = pairPeers([site({ B: {} }), site({ A: {} })].map((each) => loadSite(each))).pairs;
    expect(pair?.grounds).toEqual({ kind: 'guess', signs: [], against: [] });
  });
});

describe('three sites', () => {
  test('each with each', () => {
    const sites = [
      site({ B: { local: A, remote: B }, C: { local: A, remote: C } }),
      site({ A: { local: B, remote: A }, C: { local: B, remote: C } }),
      site({ A: { local: C, remote: A }, B: { local: C, remote: B } }),
    ];
    expect(pairing(...sites)).toEqual({ pairs: ['0:B = 1:A', '0:C = 2:A', '1:C = 2:B'], unpaired: [] });
  });

  test('lone peers with nothing in common stay alone', () => {
    expect(
      pairing(
        site({ P: { local: A, remote: D } }),
        site({ Q: { local: B, remote: D } }),
        site({ R: { local: C, remote: D } }),
      ).pairs,
    ).toEqual([]);
  });
});

describe('a NAT that is assumed', () => {
  const peerOf = (words: PeerWords): Peer => {
    const [peer] = site({ P: words }).peers;
    if (!peer) throw new Error('no peer');
    return peer;
  };

  test.each<readonly [string, PeerWords, PeerWords, unknown]>([
    [
      'a private address, called by a public one',
      { local: '10.0.0.1' },
      { remote: B },
      { inside: '10.0.0.1', outside: B, assumed: true },
    ],
    ['the address itself is called', { local: '10.0.0.1' }, { remote: '10.0.0.1' }, undefined],
    ['a private one is called', { local: '10.0.0.1' }, { remote: '10.0.0.2' }, undefined],
    ['a public address', { local: A }, { remote: B }, undefined],
    ['any is called', { local: '10.0.0.1' }, { remote: 'any' }, undefined],
    ['several are called', { local: '10.0.0.1' }, { remote: `${B} ${C}` }, undefined],
    ['a name is called', { local: '10.0.0.1' }, { remote: 'gw.example.net' }, undefined],
    ['no local address', {}, { remote: B }, undefined],
  ])('%s', (_, peer, facing, expected) => {
    expect(natBefore(peerOf(peer), peerOf(facing))).toEqual(expected);
  });

  test.each<readonly [string, PeerWords, PeerWords, string, unknown]>([
    [
      'it is called',
      { local: '10.0.0.1' },
      { remote: B },
      B,
      { inside: '10.0.0.1', outside: B, assumed: false },
    ],
    [
      'it is one of several',
      { local: '10.0.0.1' },
      { remote: `${C} ${B}` },
      B,
      { inside: '10.0.0.1', outside: B, assumed: false },
    ],
    ['another one is called', { local: '10.0.0.1' }, { remote: C }, B, undefined],
    ['the router has it itself', { local: B }, { remote: B }, B, undefined],
    [
      'a public address is translated, too',
      { local: A },
      { remote: B },
      B,
      { inside: A, outside: B, assumed: false },
    ],
    ['the inside is not known', { local: 'any' }, { remote: B }, B, undefined],
  ])('the user tells the public address, and %s', (_, peer, facing, publicAddress, expected) => {
    expect(natBefore(peerOf(peer), peerOf(facing), publicAddress)).toEqual(expected);
  });

  test('a name of the letters a to f is a name', () => {
    expect(natBefore(peerOf({ local: '10.0.0.1' }), peerOf({ remote: 'facade.de' }))).toBeUndefined();
    const own = parseAddress('203.0.113.2');
    const [peer, facing] = [peerOf({ local: '10.0.0.1' }), peerOf({ remote: '203.0.113.2' })];
    expect(natBefore(peer, facing, undefined, own ? [own] : [])).toBeUndefined();
    expect(natBefore(peer, facing)).toBeDefined();
  });

  test('it does not turn IPv4 into IPv6', () => {
    expect(natBefore(peerOf({ local: '10.0.0.1' }), peerOf({ remote: '2001:db8::1' }))).toBeUndefined();
  });

  test('the link is negotiated through it', () => {
    const { links } = linkSites([
      site({ B: { local: '10.0.0.1', remote: B, localId: 'a', remoteId: 'b' } }, [['a', 'b']]),
      site({ A: { local: B, remote: A, localId: 'b', remoteId: 'a' } }, [['a', 'b']]),
    ]);
    expect(
      links.map(({ a, b, negotiations }) => [
        a.nat,
        b.nat,
        ...negotiations.map(
          ({ initiator, result }) =>
            `${initiator}: ${result.outcome === 'failed' ? result.reason : result.outcome}`,
        ),
      ]),
    ).toEqual([
      [
        { inside: '10.0.0.1', outside: A, assumed: true },
        undefined,
        'a: no-matching-ts',
        'b: no-matching-ts',
      ],
    ]);
  });
});

test('what becomes of an end that asks for a virtual address is not judged', () => {
  const ids = [['a', 'b']];
  const [link] = linkSites([
    site(
      { B: { local: A, remote: B, localId: 'a', remoteId: 'b', more: ['virtual-address 10.9.9.9'] } },
      ids,
    ),
    site({ A: { local: B, remote: A, localId: 'b', remoteId: 'a' } }, ids),
  ]).links;
  expect(link?.negotiations.find(({ initiator }) => initiator === 'a')?.result.outcome).toBe('unknown');
});

describe('who may call', () => {
  test.each<readonly [string, PeerWords, boolean]>([
    ['an end with somebody to call', { local: A, remote: B }, true],
    ['by a name', { local: A, remote: 'gw.example.net' }, true],
    ['of several', { local: A, remote: `${B} ${C}` }, true],
    ['anybody', { local: A, remote: 'any' }, false],
    ['nobody', { local: A }, false],
    ['connection-type none', { local: A, remote: B, more: ['connection-type none'] }, false],
    [
      'connection-type respond: traffic makes it call',
      { local: A, remote: B, more: ['connection-type respond'] },
      true,
    ],
    ['disabled', { local: A, remote: B, more: ['disable'] }, false],
  ])('%s: %s', (_, words, expected) => {
    const [link] = linkSites([site({ X: words }), site({ Y: { local: B, remote: A } })]).links;
    expect(link && mayCall(link.a, 'tunnel-1')).toBe(expected);
  });
});
