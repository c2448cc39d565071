import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  acceptsValue,
  childrenOf,
  defaultOf,
  existsIn,
  expectedValue,
  formsOf,
  isMasked,
  isSecretPath,
  lookup,
  lookupNearest,
  RELEASES,
  type Release,
  type SchemaNode,
  schemaRoot,
  spelling,
} from '../../src/vyos/schema/index.ts';

const path = (text: string) => text.split(' ');
const PEER = 'vpn ipsec site-to-site peer P';

/** Every form of every node, with a path to it. */
function everyForm(): readonly (readonly [string, SchemaNode])[] {
  const found: [string, SchemaNode][] = [];
  const walk = (above: string, children: SchemaNode['children']): void => {
    for (const name of Object.keys(children ?? {})) {
      for (const form of formsOf(children, name)) {
        const at = `${above} ${name}`.trim();
        found.push([at, form]);
        walk(form.kind === 'tag' ? `${at} X` : at, form.children);
      }
    }
  };
  walk('', schemaRoot);
  return found;
}

function node(text: string, release: Release = '1.4'): SchemaNode {
  const found = lookup(path(text), release);
  if (found === undefined) throw new Error(`no ${text} in ${release}`);
  return found;
}

describe('the data', () => {
  test('defaults are accepted values', () => {
    for (const [at, form] of everyForm()) {
      if (form.default !== undefined)
        expect([at, acceptsValue(form, form.default)]).toEqual([at, { ok: true }]);
    }
  });

  test('every enum value is accepted, and every synonym by some release', () => {
    for (const [at, form] of everyForm()) {
      for (const rule of form.values ?? []) {
        if (rule.kind !== 'enum') continue;
        for (const value of rule.of) expect([at, acceptsValue(form, value).ok]).toEqual([at, true]);
        expect(new Set(rule.of).size).toBe(rule.of.length);
        const lists = Object.values(rule.aliases ?? {});
        expect(lists.length === 0 || lists.some((alias) => rule.of.includes(alias))).toBe(true);
      }
    }
  });

  test('the forms of a node never exist side by side', () => {
    const walk = (children: SchemaNode['children']): void => {
      for (const name of Object.keys(children ?? {})) {
        const forms = formsOf(children, name);
        expect(forms.length).toBeGreaterThan(0);
        for (const release of RELEASES) {
          expect(forms.filter((form) => existsIn(form, release)).length).toBeLessThanOrEqual(1);
        }
        for (const form of forms) walk(form.children);
      }
    };
    walk(schemaRoot);
  });

  test('only what has names or members has children; only leaves have defaults', () => {
    for (const [, form] of everyForm()) {
      if (form.kind === 'leaf' || form.kind === 'valueless') expect(form.children).toBeUndefined();
      if (form.kind !== 'leaf') expect(form.default).toBeUndefined();
    }
  });

  test('every renamed spelling leads to a node of another release', () => {
    for (const [at, form] of everyForm()) {
      for (const template of [form.renamedTo, form.renamedFrom]) {
        if (template === undefined || template.startsWith('pki ') || /peer <address>$/.test(template))
          continue;
        const words = template.split(' ');
        const found = RELEASES.some(
          (release) =>
            !existsIn(form, release) &&
            [words, words.slice(0, -1)].some((names) => lookup(names, release) !== undefined),
        );
        expect([at, template, found]).toEqual([at, template, true]);
      }
    }
  });
});

describe('lookup', () => {
  test.each([
    ['vpn ipsec esp-group X lifetime', '1.4', 'leaf'],
    ['vpn ipsec esp-group X', '1.4', 'tag'],
    ['vpn ipsec esp-group X compression', '1.3', 'leaf'],
    ['vpn ipsec esp-group X compression', '1.4', 'valueless'],
    ['vpn ipsec ike-group X mobike', '1.3', 'leaf'],
    ['vpn ipsec ike-group X mobike', '1.4', undefined],
    ['vpn ipsec ike-group X disable-mobike', '1.3', undefined],
    [`${PEER} authentication pre-shared-secret`, '1.3', 'leaf'],
    [`${PEER} authentication pre-shared-secret`, '1.4', undefined],
    [`${PEER} vti traffic-selector local prefix`, '1.4', undefined],
    [`${PEER} vti traffic-selector local prefix`, '1.5', 'leaf'],
    ['vpn ipsec profile N bind tunnel', '1.3', 'tag'],
    ['vpn ipsec profile N bind tunnel', '1.4', 'leaf'],
    ['vpn ipsec ike-group lifetime lifetime', '1.4', 'leaf'],
    ['vpn ipsec __proto__', '1.4', undefined],
    ['constructor', '1.4', undefined],
    ['vpn ipsec esp-group X lifetime 3600', '1.4', undefined],
    ['interfaces ethernet eth0 vif 10 address', '1.4', 'leaf'],
    ['nat source rule 10 outbound-interface', '1.3', 'leaf'],
    ['nat source rule 10 outbound-interface', '1.4', 'node'],
    ['firewall ipv4 input filter rule 10 state', '1.4', 'leaf'],
    ['firewall name WAN rule 10 state', '1.3', 'node'],
  ] as const)('%s in %s', (at, release, kind) => {
    expect(lookup(path(at), release)?.kind).toBe(kind);
  });

  test('the nearest release answers for a node that is gone', () => {
    expect(lookupNearest(path(`${PEER} authentication pre-shared-secret`), '1.5')?.secret).toBe(true);
    expect(lookupNearest(path('vpn ipsec nonsense'), '1.4')).toBeUndefined();
  });

  test('prefixes are single until 1.3 and many since', () => {
    expect(node(`${PEER} tunnel 1 local prefix`, '1.3').multi).toBeUndefined();
    expect(node(`${PEER} tunnel 1 local prefix`).multi).toBe(true);
  });

  test('children are those of the release', () => {
    const names = [...childrenOf(node('vpn ipsec ike-group X'), '1.4').keys()];
    expect(names).toContain('disable-mobike');
    expect(names).not.toContain('mobike');
  });
});

describe('defaults', () => {
  test.each([
    ['vpn ipsec ike-group I lifetime', '1.4', '28800'],
    ['vpn ipsec esp-group E lifetime', '1.4', '3600'],
    ['vpn ipsec esp-group E pfs', '1.4', 'enable'],
    ['vpn ipsec esp-group E mode', '1.4', 'tunnel'],
    ['vpn ipsec ike-group I proposal 1 dh-group', '1.4', '2'],
    ['vpn ipsec ike-group I proposal 1 encryption', '1.4', 'aes128'],
    ['vpn ipsec esp-group E proposal 1 hash', '1.4', 'sha1'],
    ['vpn ipsec ike-group I dead-peer-detection action', '1.3', 'hold'],
    ['vpn ipsec ike-group I dead-peer-detection action', '1.4', 'clear'],
    ['vpn ipsec ike-group I key-exchange', '1.2', 'ikev1'],
    ['vpn ipsec ike-group I key-exchange', '1.4', undefined],
    [`${PEER} authentication remote-id`, '1.4', '%any'],
    [`${PEER} authentication mode`, '1.3', 'pre-shared-secret'],
    [`${PEER} authentication mode`, '1.4', undefined],
  ] as const)('%s in %s: %s', (at, release, value) => {
    expect(defaultOf(path(at), release)).toBe(value);
  });
});

describe('values', () => {
  test.each([
    ['vpn ipsec esp-group E lifetime', '30', true],
    ['vpn ipsec esp-group E lifetime', '29', false],
    ['vpn ipsec esp-group E lifetime', '86401', false],
    ['vpn ipsec esp-group E lifetime', '1e3', false],
    ['vpn ipsec esp-group E lifetime', '', false],
    ['vpn ipsec ike-group I lifetime', '0', true],
    [`${PEER} local-address`, '203.0.113.1', true],
    [`${PEER} local-address`, 'any', true],
    [`${PEER} local-address`, 'gw.example.com', false],
    [`${PEER} local-address`, '010.0.0.1', false],
    [`${PEER} local-address`, '0xa.0.0.1', false],
    [`${PEER} local-address`, '10.1', false],
    [`${PEER} local-address`, '2001:db8::1', true],
    [`${PEER} local-address`, '2001:db8::1::2', false],
    [`${PEER} local-address`, 'fe80::1%eth0', false],
    [`${PEER} local-address`, '::ffff:10.0.0.1', false],
    [`${PEER} remote-address`, 'gw.example.com', true],
    [`${PEER} remote-address`, '203.0.113.256', false],
    [`${PEER} remote-address`, 'under_score', false],
    [`${PEER} tunnel 1 local prefix`, '10.0.0.0/24', true],
    [`${PEER} tunnel 1 local prefix`, '10.0.0.1/24', false],
    [`${PEER} tunnel 1 local prefix`, '10.0.0.1/32', true],
    [`${PEER} tunnel 1 local prefix`, '0.0.0.0/0', true],
    [`${PEER} tunnel 1 local prefix`, '10.0.0.0/33', false],
    [`${PEER} tunnel 1 local prefix`, '10.0.0.0/024', false],
    [`${PEER} tunnel 1 local prefix`, '10.0.0.0', false],
    [`${PEER} tunnel 1 local prefix`, '2001:DB8::/32', true],
    [`${PEER} tunnel 1 local prefix`, '2001:db8::1/32', false],
    [`${PEER} tunnel 1 local port`, '65536', false],
    [`${PEER} tunnel 1 protocol`, 'gre', true],
    [`${PEER} tunnel 1 protocol`, '47', true],
    [`${PEER} tunnel 1 protocol`, '256', false],
    ['vpn ipsec site-to-site peer', 'SITE-B', true],
    ['vpn ipsec site-to-site peer', '203.0.113.1', false],
    ['vpn ipsec site-to-site peer', '2001:db8::1', false],
    ['vpn ipsec interface', 'eth0.100', true],
    ['vpn ipsec interface', 'eth 0', false],
  ])('%s %s: %s', (at, value, ok) => {
    expect(acceptsValue(node(at), value).ok).toBe(ok);
  });

  test('1.3 takes a prefix with host bits, and peers by address', () => {
    expect(acceptsValue(node(`${PEER} tunnel 1 local prefix`, '1.3'), '10.0.0.1/24').ok).toBe(true);
    expect(acceptsValue(node('vpn ipsec site-to-site peer', '1.3'), '203.0.113.1').ok).toBe(true);
  });

  test.each([
    ['vpn ipsec esp-group E lifetime', 'a number from 30 to 86400'],
    [`${PEER} remote-address`, 'an IPv4 or IPv6 address, a host name or any'],
    [
      `${PEER} tunnel 1 local prefix`,
      'an IPv4 or IPv6 prefix such as 192.0.2.0/24, without host bits or any',
    ],
    ['vpn ipsec esp-group E mode', 'one of tunnel or transport'],
    ['vpn ipsec esp-group E pfs', 'one of enable, dh-group1, dh-group2, dh-group5, dh-group14 and 19 more'],
  ])('%s expects %s', (at, expected) => {
    expect(expectedValue(node(at))).toBe(expected);
  });

  test('a cut list begins with what is nearest to the value', () => {
    expect(acceptsValue(node('vpn ipsec esp-group E proposal 1 hash'), 'sha265')).toEqual({
      ok: false,
      expected: 'one of sha256, sha1, sha1_160, sha256_96, sha384 and 8 more',
      didYouMean: 'sha256',
    });
  });

  test.each([
    ['vpn ipsec esp-group E proposal 1 encryption', 'aes-256', 'aes256'],
    ['vpn ipsec esp-group E proposal 1 encryption', 'AES256', 'aes256'],
    ['vpn ipsec esp-group E proposal 1 encryption', 'aes256gcm', 'aes256gcm128'],
    ['vpn ipsec esp-group E proposal 1 encryption', 'aes-256-gcm', 'aes256gcm128'],
    ['vpn ipsec esp-group E proposal 1 hash', 'sha2_512', 'sha512'],
    ['vpn ipsec esp-group E pfs', 'dh14', 'dh-group14'],
    ['vpn ipsec esp-group E pfs', '14', 'dh-group14'],
    ['vpn ipsec esp-group E pfs', 'modp2048', 'dh-group14'],
    ['vpn ipsec ike-group I proposal 1 dh-group', 'dh-group14', '14'],
    ['vpn ipsec ike-group I proposal 1 dh-group', '3', undefined],
    ['vpn ipsec ike-group I key-exchange', 'ikv2', 'ikev2'],
    ['vpn ipsec ike-group I key-exchange', 'yes', undefined],
    [`${PEER} tunnel 1 local prefix`, '10.1.2.3/16', '10.1.0.0/16'],
    [`${PEER} tunnel 1 local prefix`, '10.1.2.3', '10.1.2.3/32'],
    [`${PEER} tunnel 1 local prefix`, '10.1.2.0', undefined],
    [`${PEER} local-address`, '203.0.113.1/30', '203.0.113.1'],
    [`${PEER} tunnel 1 protocol`, 'tpc', 'tcp'],
  ])('%s %s: did you mean %s', (at, value, meant) => {
    expect(acceptsValue(node(at), value)).toMatchObject(
      meant === undefined ? { ok: false } : { ok: false, didYouMean: meant },
    );
  });

  test('what is meant is always accepted, and no text crashes', () => {
    const leaves = everyForm().filter(([, form]) => form.values !== undefined);
    fc.assert(
      fc.property(
        fc.constantFrom(...leaves),
        fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()),
        ([, form], value) => {
          const accepted = acceptsValue(form, value);
          if (accepted.ok) return;
          expect(accepted.expected).not.toBe('');
          if (accepted.didYouMean !== undefined)
            expect(acceptsValue(form, accepted.didYouMean).ok).toBe(true);
        },
      ),
    );
  });

  test.each([
    ['vpn ipsec ike-group I dead-peer-detection action', 'hold', '1.4', 'trap'],
    ['vpn ipsec ike-group I dead-peer-detection action', 'trap', '1.3', 'hold'],
    ['vpn ipsec ike-group I dead-peer-detection action', 'restart', '1.4', 'restart'],
    ['vpn ipsec ike-group I close-action', 'restart', '1.4', 'start'],
    ['vpn ipsec ike-group I close-action', 'clear', '1.4', 'none'],
    [`${PEER} connection-type`, 'trap', '1.4', 'respond'],
    [`${PEER} connection-type`, 'respond', '1.5', 'respond'],
    [`${PEER} connection-type`, 'none', '1.3', undefined],
  ] as const)('%s %s is in %s: %s', (at, value, release, expected) => {
    const form = lookup(path(at), release);
    expect(form && spelling(form, value)).toBe(expected);
  });

  test('a leaf without rules spells everything as it is', () => {
    expect(spelling(node(`${PEER} ike-group`), 'X')).toBe('X');
  });
});

describe('secrets', () => {
  test.each([
    `${PEER} authentication pre-shared-secret`,
    `${PEER} authentication pre-shared-secret hush`,
    `${PEER} authentication pre-shared-secrett hush`,
    `${PEER} authentication x509 passphrase`,
    'vpn ipsec authentication psk X secret',
    'vpn ipsec authentication ppk X secret',
    'vpn ipsec remote-access connection R authentication local-users username U password',
    'vpn ipsec remote-access radius server 192.0.2.1 key',
    'vpn ipsec profile N authentication pre-shared-secret',
    'vpn l2tp remote-access ipsec-settings authentication pre-shared-secret hush',
    'security vpn ipsec site-to-site peer 192.0.2.1 authentication pre-shared-secret hush',
    'pki certificate C private key MIIE',
    'pki certificate C private passphrase hush',
    'interfaces wireguard wg0 private-key abc',
    'interfaces wireguard wg0 peer P preshared-key abc',
    'interfaces openvpn vtun0 shared-secret-key abc',
    'interfaces pppoe pppoe0 authentication password hush',
    'system login user vyos authentication encrypted-password $6$',
    'system login user vyos authentication plaintext-password hush',
    'service snmp community hush authorization ro',
    'service https api keys id K key hush',
    'protocols bgp neighbor 192.0.2.1 password hush',
    'protocols ospf interface eth0 authentication md5 key-id 1 md5-key hush',
    'protocols nhrp tunnel tun0 cisco-authentication hush',
    'high-availability vrrp group G authentication password hush',
  ])('%s', (at) => {
    expect(isSecretPath(path(at))).toBe(true);
  });

  test.each([
    'vpn ipsec authentication psk MY-KEY id 192.0.2.1',
    `${PEER} authentication mode pre-shared-secret`,
    `${PEER} authentication rsa local-key K`,
    `${PEER} authentication local-id secret`,
    'vpn ipsec ike-group my-key proposal 1 hash sha1',
    'vpn ipsec ike-group I key-exchange ikev2',
    'vpn ipsec authentication psk X secret-type base64',
    'interfaces wireguard wg0 peer P public-key abc',
    'pki key-pair K public key abc',
    'interfaces ethernet eth0 address 192.0.2.1/24',
    'protocols bgp 65001 neighbor 192.0.2.1 remote-as 65002',
  ])('not %s', (at) => {
    expect(isSecretPath(path(at))).toBe(false);
  });
});

test.each([
  ['xxxxxx', true],
  ['****************', true],
  ['xxx.xxx.12.1', true],
  ['xxx.xxx.12.0/24', true],
  ['xxxx:xxxx:0:1::2', true],
  ['xxxxx.tld', true],
  ['<your-psk>', true],
  ['ab\ufffd', true],
  ['xxx', false],
  ['*', false],
  ['10.0.0.1', false],
  ['a<b>', false],
  ['maxxxxx', false],
])('%s is masked: %s', (text, masked) => {
  expect(isMasked(text)).toBe(masked);
});
