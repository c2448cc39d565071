/** What the releases since 2025 add: vyos-1x PR 4198, 4446, 4601, 4608, 4637, 4930, 5475. */
import { describe, expect, test } from '@jest/globals';
import { parseAddress } from '../../src/ike/address.ts';
import { compareSecrets, secretFromSwanctl } from '../../src/ike/secret.ts';
import { formatSelectors, resolveSelectors } from '../../src/ike/traffic-selector.ts';
import { loadSite } from '../../src/strongswan/load-site.ts';
import { renderConf } from '../../src/strongswan/render.ts';
import type { Release } from '../../src/vyos/schema/index.ts';
import { PEER, plain, siteOf, without } from '../pairing/dumps.ts';

function loaded(lines: readonly string[], release: Release = '1.5') {
  return loadSite(siteOf([...lines], release));
}

function connection(lines: readonly string[], release?: Release) {
  const [only] = loaded(lines, release).daemon.connections;
  if (!only) throw new Error('no connection');
  return only;
}

/** The selectors with which the first child calls from 203.0.113.1 to 198.51.100.1. */
function selectors(lines: readonly string[], release?: Release): string {
  const [child] = connection(lines, release).children;
  const [local, remote] = [parseAddress('203.0.113.1'), parseAddress('198.51.100.1')];
  if (!child || !local || !remote) throw new Error('no child');
  const text = [
    formatSelectors(resolveSelectors(child.localSelectors, local)),
    formatSelectors(resolveSelectors(child.remoteSelectors, remote)),
  ];
  return text.join(' === ');
}

const untunnelled = without(plain, 'tunnel');
const vti = [...untunnelled, `set ${PEER} vti bind vti1`];
const selectorOf = (side: string, prefix: string) =>
  `set ${PEER} vti traffic-selector ${side} prefix ${prefix}`;

describe('a VTI', () => {
  test.each([
    ['without a traffic-selector', [], '0.0.0.0/0 ::/0 === 0.0.0.0/0 ::/0'],
    ['with one side', [selectorOf('remote', '10.2.0.0/16')], '0.0.0.0/0 ::/0 === 10.2.0.0/16'],
    [
      'with both, one twice',
      [
        selectorOf('local', '10.1.0.0/16'),
        selectorOf('local', '2001:db8:1::/48'),
        selectorOf('remote', '10.2.0.0/16'),
      ],
      '10.1.0.0/16 2001:db8:1::/48 === 10.2.0.0/16',
    ],
  ])('%s', (_, lines, expected) => expect(selectors([...vti, ...lines])).toBe(expected));

  test('is written so', () => {
    const text = renderConf(loaded([...vti, selectorOf('remote', '10.2.0.0/16')]));
    expect(text).toContain('local_ts = 0.0.0.0/0,::/0\n');
    expect(text).toContain('remote_ts = 10.2.0.0/16\n');
  });

  test('with a tunnel has no child, and its selectors are of no effect', () => {
    const lines = [...plain, `set ${PEER} vti bind vti1`, selectorOf('remote', '10.9.0.0/16')];
    expect(selectors(lines)).toBe('10.1.0.0/24 === 10.2.0.0/24');
  });

  test('whose prefix is masked is not known', () => {
    const [child] = connection([...vti, selectorOf('remote', 'xxx.xxx.0.0/16')]).children;
    expect(child?.selectorsMasked).toBe(true);
  });
});

describe('a tunnel without prefixes', () => {
  const gre = [...untunnelled, `set ${PEER} tunnel 1 protocol gre`];
  const oneSide = [...gre, `set ${PEER} tunnel 1 local prefix 10.1.0.0/24`];
  const port = [...untunnelled, `set ${PEER} tunnel 1 protocol udp`, `set ${PEER} tunnel 1 remote port 4789`];

  test.each<readonly [Release, readonly string[], string]>([
    ['1.4', gre, '203.0.113.1/32 === 198.51.100.1/32'],
    ['1.5', gre, '203.0.113.1/32[gre] === 198.51.100.1/32[gre]'],
    ['1.4', oneSide, '10.1.0.0/24[gre] === 198.51.100.1/32'],
    ['1.5', oneSide, '10.1.0.0/24[gre] === 198.51.100.1/32[gre]'],
    ['1.5', port, '203.0.113.1/32[udp] === 198.51.100.1/32[udp/4789]'],
  ])('in %s', (release, lines, expected) => expect(selectors(lines, release)).toBe(expected));

  test('is written so in 1.5', () => {
    const text = renderConf(loaded(gre));
    expect(text).toContain('local_ts = dynamic[gre/]\n');
    expect(text).toContain('remote_ts = dynamic[gre/]\n');
    expect(renderConf(loaded(gre, '1.4'))).not.toContain('_ts');
  });
});

describe('a post-quantum preshared key', () => {
  const PPK = 'vpn ipsec authentication ppk Q';
  const lines = [
    ...plain,
    `set ${PPK} id ppk-1`,
    `set ${PPK} secret '7175616e74756d'`,
    `set ${PPK} secret-type hex`,
    `set ${PEER} authentication ppk id ppk-1`,
  ];

  test('is the connection’s and the daemon’s', () => {
    expect(connection(lines).ppk).toMatchObject({ id: { text: 'ppk-1' }, required: false });
    const [key] = loaded(lines).daemon.ppks;
    expect(key && compareSecrets(key.secret, secretFromSwanctl('quantum'))).toBe('equal');
    expect(connection([...lines, `set ${PEER} authentication ppk required`]).ppk.required).toBe(true);
    expect(connection(plain).ppk).toEqual({ id: undefined, required: false });
  });

  test('is written, and its secret is not', () => {
    const site = loaded([...lines, `set ${PEER} authentication ppk required`]);
    const text = renderConf(site);
    expect(text).toContain('ppk_id = "ppk-1"\n');
    expect(text).toContain('ppk_required = yes\n');
    expect(text).toContain('ppk-Q {\n');
    expect(text).not.toContain('7175616e74756d');
  });
});

describe('of the connection', () => {
  test.each(['allow', 'prefer', 'force', 'never'])('childless %s', (value) => {
    const lines = [...plain, `set ${PEER} childless ${value}`];
    expect(connection(lines).childless).toBe(value);
    expect(renderConf(loaded(lines))).toContain(`childless = ${value}\n`);
  });

  test.each<readonly [readonly string[], Release, string]>([
    [[], '1.5', 'no'],
    [[`set ${PEER} unique keep`], '1.5', 'keep'],
    [['set vpn ipsec disable-uniqreqids'], '1.5', 'never'],
    [['set vpn ipsec disable-uniqreqids'], '1.4', 'no'],
    [['set vpn ipsec disable-uniqreqids', `set ${PEER} unique replace`], '1.5', 'replace'],
  ])('unique of %j in %s', (lines, release, expected) =>
    expect(connection([...plain, ...lines], release).unique).toBe(expected),
  );
});

test('retransmission is charon’s own where it is not set', () => {
  const set = (name: string, value: string) => `set vpn ipsec options retransmission ${name} ${value}`;
  expect(loaded(plain).daemon.retransmission).toEqual({ tries: 5, timeout: 4, base: 1.8 });
  expect(loaded([...plain, set('attempts', '3'), set('timeout', '2.5')]).daemon.retransmission).toEqual({
    tries: 3,
    timeout: 2.5,
    base: 1.8,
  });
});
