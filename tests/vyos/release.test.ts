import { describe, expect, test } from '@jest/globals';
import type { Footer } from '../../grammar/command.ts';
import { readSetDump } from '../../grammar/index.ts';
import { sourceFile, span } from '../../src/source/index.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import { readRelease, releaseSentence } from '../../src/vyos/release.ts';
import type { Release } from '../../src/vyos/schema/index.ts';
import type { Site } from '../../src/vyos/site.ts';

const peer = 'set vpn ipsec site-to-site peer';

function found(lines: readonly string[], footer?: Pick<Footer, 'release'> & { ipsec?: number }): Site {
  const file = sourceFile('a.conf', `${lines.join('\n')}\n`);
  const dump = readSetDump(file);
  if (!footer) return readSite('a', dump);
  const versions = new Map(footer.ipsec === undefined ? [] : [['ipsec', footer.ipsec] as const]);
  return readSite('a', { ...dump, footer: { versions, release: footer.release, at: span(file, 0, 1) } });
}

test.each<[string, Release | undefined]>([
  ['1.3.2', '1.3'],
  ['VyOS 1.3.2', '1.3'],
  ['VyOS-1.4.0-epa1', '1.4'],
  ['1.2.9-S1', '1.2'],
  ['1.2.0-rolling+201910', '1.2'],
  ['1.1.8', '1.2'],
  ['1.4-rolling-202203170317', '1.4'],
  ['1.5-rolling-202401', '1.5'],
  ['1.5-stream-2025-Q1', '1.5'],
  ['1.5', '1.5'],
  ['2025.11', '1.5'],
  ['2026.02.03-0021-rolling', '1.5'],
  ['999.202512', '1.5'],
  ['equuleus', '1.3'],
  ['sagitta', '1.4'],
  ['circinus', '1.5'],
  ['rolling', '1.5'],
  ['', undefined],
  ['14', undefined],
  ['2.0', undefined],
  ['v1.10.11.5274269', undefined],
])('%j names VyOS %s', (text, release) => {
  expect(readRelease(text)).toBe(release);
});

describe('by what the dump uses', () => {
  test.each<[string, readonly string[], string]>([
    [
      'a peer named by its address',
      [`${peer} 203.0.113.2 ike-group 'IKE'`],
      'VyOS 1.3, because of line 1: the name peer 203.0.113.2 is of VyOS 1.2 and 1.3',
    ],
    [
      'a peer named by an IPv6 address',
      [`${peer} 2001:db8::2 ike-group 'IKE'`],
      'VyOS 1.3, because of line 1: the name peer 2001:db8::2 is of VyOS 1.2 and 1.3',
    ],
    ['a name without dots', [`${peer} branch ike-group 'IKE'`], default14()],
    [
      'the secret of the peer',
      [`${peer} branch ike-group 'IKE'`, `${peer} branch authentication pre-shared-secret 'example'`],
      'VyOS 1.3, because of line 2: pre-shared-secret is of VyOS 1.2 and 1.3',
    ],
    [
      'a word of a list',
      ["set vpn ipsec ike-group IKE dead-peer-detection action 'hold'"],
      'VyOS 1.3, because of line 1: "hold" of action is of VyOS 1.2 and 1.3',
    ],
    [
      'nodes of both, as many',
      [`${peer} A remote-address '203.0.113.2'`, `${peer} A authentication pre-shared-secret 'x'`],
      default14(),
    ],
    [
      'nodes of both, more of the older',
      [
        `${peer} A remote-address '203.0.113.2'`,
        `${peer} A authentication pre-shared-secret 'x'`,
        "set vpn ipsec ike-group IKE mobike 'disable'",
      ],
      'VyOS 1.3, because of line 2: pre-shared-secret is of VyOS 1.2 and 1.3',
    ],
    [
      'many lines of one node count once',
      [
        `${peer} A authentication pre-shared-secret 'x'`,
        `${peer} B authentication pre-shared-secret 'x'`,
        `${peer} A remote-address '203.0.113.2'`,
        `${peer} A disable`,
      ],
      default14(),
    ],
    [
      'what is new in 1.5',
      ["set vpn ipsec authentication psk A secret-type 'base64'"],
      'VyOS 1.5, because of line 1: secret-type is of VyOS 1.5',
    ],
    [
      'connection-type trap',
      [`${peer} A connection-type 'trap'`],
      'VyOS 1.5, because of line 1: "trap" of connection-type is of VyOS 1.5',
    ],
    ['a number out of range is a slip', ["set vpn ipsec esp-group ESP lifetime '5'"], default14()],
    ['a prefix with host bits is a slip', [`${peer} A tunnel 1 local prefix '10.1.0.1/24'`], default14()],
    [
      'another subtree, where vpn ipsec tells nothing',
      [`${peer} A ike-group 'IKE'`, "set zone-policy zone LAN default-action 'drop'"],
      'VyOS 1.3, because of line 2: zone-policy is of VyOS 1.2 and 1.3',
    ],
    [
      'a ruleset bound at an interface',
      ["set interfaces ethernet eth0 firewall local name 'WAN'"],
      'VyOS 1.3, because of line 1: firewall is of VyOS 1.2 and 1.3',
    ],
    [
      'another subtree counts for nothing where vpn ipsec speaks against it',
      [`${peer} A remote-address '203.0.113.2'`, "set zone-policy zone LAN default-action 'drop'"],
      default14(),
    ],
    [
      'nor where the firewall is one of 1.4',
      [
        "set zone-policy zone LAN default-action 'drop'",
        "set firewall ipv4 input filter default-action 'drop'",
      ],
      default14(),
    ],
    ['nothing', [], default14()],
  ])('%s', (_, lines, sentence) => {
    expect(releaseSentence(found(lines))).toBe(sentence);
  });
});

function default14(): string {
  return 'VyOS 1.4, as nothing in the dump speaks for another release';
}

describe('by the footer', () => {
  const old = `${peer} 203.0.113.2 ike-group 'IKE'`;
  const today = `${peer} A remote-address '203.0.113.2'`;
  const beyond = "set vpn ipsec authentication psk A secret-type 'base64'";
  test.each<[string, string, { release: string | undefined; ipsec?: number }, Release, string]>([
    ['its release', today, { release: '1.3.2', ipsec: 5 }, '1.3', 'footer'],
    ['1.2, which the dump cannot tell', old, { release: '1.2.9', ipsec: 5 }, '1.2', 'footer'],
    ['the number alone, 1.2 or 1.3', today, { release: undefined, ipsec: 5 }, '1.3', 'footer'],
    ['the number alone, 1.4 or 1.5', old, { release: undefined, ipsec: 13 }, '1.4', 'footer'],
    ['the number alone, and a node of 1.5', beyond, { release: undefined, ipsec: 13 }, '1.5', 'footer'],
    ['ipsec@14', today, { release: undefined, ipsec: 14 }, '1.5', 'footer'],
    ['a rolling release of 2025', today, { release: '2025.11', ipsec: 14 }, '1.5', 'footer'],
    [
      'a release that the number contradicts',
      old,
      { release: '1.4-rolling-202101', ipsec: 5 },
      '1.3',
      'footer',
    ],
    ['a rolling release on the way to 1.4', old, { release: '1.4-rolling-202203', ipsec: 8 }, '1.4', 'found'],
    ['such a number alone', old, { release: undefined, ipsec: 9 }, '1.4', 'found'],
    ['a text that names none', old, { release: 'unknown' }, '1.3', 'found'],
  ])('%s', (_, line, footer, release, kind) => {
    const site = found([line], footer);
    expect([site.release, site.releaseReason.kind]).toEqual([release, kind]);
  });
});

test('what the user tells comes before all else', () => {
  const dump = readSetDump(sourceFile('a.conf', `${peer} 203.0.113.2 ike-group 'IKE'\n`));
  const site = readSite('a', dump, '1.5');
  expect(releaseSentence(site)).toBe('VyOS 1.5, as was told');
});
