import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSetDump } from '../../grammar/index.ts';
import { sourceFile, textOf } from '../../src/source/index.ts';
import { checkSchema, type SchemaCheck } from '../../src/vyos/check-schema.ts';
import { type Release, schemaBelow } from '../../src/vyos/schema/index.ts';
import { buildTree } from '../../src/vyos/tree.ts';

function check(text: string, release: Release = '1.4'): SchemaCheck {
  const { commands } = readSetDump(sourceFile('dump', text));
  return checkSchema(buildTree(commands, schemaBelow(release)), release);
}

/** Each problem without its file, the span as the text it covers. */
function problems(lines: string, release: Release = '1.4') {
  return check(lines, release).problems.map(({ at, path, ...rest }) => ({
    ...rest,
    at: textOf(at),
    path: path.join(' '),
  }));
}

const PEER = 'vpn ipsec site-to-site peer P';

describe('one line, one problem', () => {
  test.each<[string, Release, object]>([
    [
      'esp-grp E pfs enable',
      '1.4',
      { kind: 'unknown-node', name: 'esp-grp', didYouMean: 'esp-group', at: 'esp-grp', path: 'vpn ipsec' },
    ],
    [
      'ike-group I dh-group 14',
      '1.4',
      {
        kind: 'unknown-node',
        name: 'dh-group',
        belongsAt: ['vpn ipsec ike-group I proposal <number> dh-group'],
        at: 'dh-group',
      },
    ],
    [
      'site-to-site peer P local-id me',
      '1.4',
      { kind: 'unknown-node', name: 'local-id', belongsAt: [`${PEER} authentication local-id`] },
    ],
    [
      'esp-group E pfs dh-group 14',
      '1.4',
      { kind: 'extra-words', didYouMean: 'dh-group14', at: 'dh-group 14', path: 'vpn ipsec esp-group E pfs' },
    ],
    [
      "esp-group E lifetime '3600' seconds please",
      '1.4',
      { kind: 'extra-words', expected: 'a number from 30 to 86400', at: 'seconds please' },
    ],
    [
      'esp-group E lifetime',
      '1.4',
      { kind: 'missing-value', expected: 'a number from 30 to 86400', at: 'lifetime' },
    ],
    ['esp-group', '1.4', { kind: 'missing-value', expected: 'a name', at: 'esp-group' }],
    [
      'ike-group I proposal dh-group 14',
      '1.4',
      { kind: 'missing-value', expected: 'a number', at: 'dh-group', path: 'vpn ipsec ike-group I proposal' },
    ],
    [
      "esp-group E lifetime '12'",
      '1.4',
      { kind: 'invalid-value', value: '12', subject: 'value', at: "'12'", takenBy: [] },
    ],
    [
      'ike-group I lifetime 0',
      '1.3',
      { kind: 'invalid-value', value: '0', takenBy: ['1.4', '1.5'], at: '0' },
    ],
    [
      'site-to-site peer 203.0.113.2 ike-group I',
      '1.4',
      {
        kind: 'invalid-value',
        subject: 'name',
        value: '203.0.113.2',
        at: '203.0.113.2',
        takenBy: ['1.2', '1.3'],
        path: 'vpn ipsec site-to-site peer 203.0.113.2',
      },
    ],
    ['options flexvpn yes', '1.4', { kind: 'unexpected-value', value: 'yes', at: 'yes' }],
    [
      'site-to-site peer P authentication pre-shared-secret hush',
      '1.4',
      {
        kind: 'wrong-release',
        subject: 'node',
        takenBy: ['1.2', '1.3'],
        instead: 'vpn ipsec authentication psk <psk> secret',
        at: 'pre-shared-secret',
      },
    ],
    [
      'site-to-site peer P authentication id me',
      '1.4',
      { kind: 'wrong-release', instead: `${PEER} authentication local-id`, at: 'id' },
    ],
    [
      'ike-group I mobike disable',
      '1.4',
      { kind: 'wrong-release', instead: 'vpn ipsec ike-group I disable-mobike', at: 'mobike' },
    ],
    ['ike-group I mobike enable', '1.4', { kind: 'wrong-release', instead: null }],
    [
      'ike-group I disable-mobike',
      '1.3',
      { kind: 'wrong-release', takenBy: ['1.4', '1.5'], instead: 'vpn ipsec ike-group I mobike disable' },
    ],
    [
      'esp-group E compression enable',
      '1.4',
      { kind: 'wrong-release', subject: 'value', instead: 'vpn ipsec esp-group E compression', at: 'enable' },
    ],
    ['esp-group E compression disable', '1.4', { kind: 'wrong-release', subject: 'value', instead: null }],
    [
      'esp-group E compression',
      '1.3',
      {
        kind: 'wrong-release',
        subject: 'value',
        takenBy: ['1.4', '1.5'],
        instead: 'vpn ipsec esp-group E compression enable',
      },
    ],
    [
      'ike-group I close-action restart',
      '1.4',
      {
        kind: 'wrong-release',
        subject: 'value',
        value: 'restart',
        takenBy: ['1.2', '1.3'],
        instead: 'vpn ipsec ike-group I close-action start',
      },
    ],
    [
      'site-to-site peer P connection-type trap',
      '1.4',
      { kind: 'wrong-release', takenBy: ['1.5'], instead: `${PEER} connection-type respond` },
    ],
    ['esp-group E pfs dh-group31', '1.2', { kind: 'wrong-release', takenBy: ['1.3', '1.4', '1.5'] }],
    ['ipsec-interfaces interface eth0', '1.4', { kind: 'wrong-release', instead: 'vpn ipsec interface' }],
    ['interface eth0', '1.3', { kind: 'wrong-release', instead: 'vpn ipsec ipsec-interfaces interface' }],
    ['authentication psk P secret-type base64', '1.4', { kind: 'wrong-release', takenBy: ['1.5'] }],
    ['force-encapsulation enable', '1.4', { kind: 'unknown-node', name: 'force-encapsulation' }],
  ])('%s (%s)', (line, release, expected) => {
    const found = problems(`set vpn ipsec ${line}`, release);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject(expected);
  });
});

test.each<[string, Release]>([
  ["esp-group E compression ''", '1.4'],
  ['site-to-site peer P tunnel 1 disable', '1.4'],
  ['ike-group I dead-peer-detection', '1.4'],
  ['site-to-site peer P', '1.4'],
  ['site-to-site peer 203.0.113.2 authentication pre-shared-secret hush', '1.3'],
  ['profile NHRP bind tunnel tun0', '1.3'],
  ['profile NHRP bind tunnel tun0', '1.4'],
  ['site-to-site peer P authentication ppk required', '1.5'],
  ['options retransmission base 1.8', '1.5'],
  ['remote-access radius server 192.0.2.1 key hush', '1.4'],
])('%s is fine in %s', (line, release) => {
  expect(check(`set vpn ipsec ${line}`, release)).toMatchObject({ problems: [], masked: [] });
});

test('what is not below vpn ipsec is not looked at', () => {
  expect(problems('set interfaces ethernet eth0 nonsense\nset vpn pptp nonsense')).toEqual([]);
});

test('an overridden value is checked too, in its place', () => {
  const lines = 'set vpn ipsec esp-group E lifetime 1\nset vpn ipsec esp-group E lifetime 60';
  expect(problems(lines)).toMatchObject([{ kind: 'invalid-value', at: '1' }]);
});

describe('masked text', () => {
  test.each([
    ['authentication psk P secret xxxxxx', 'xxxxxx'],
    [`site-to-site peer P remote-address xxx.xxx.12.1`, 'xxx.xxx.12.1'],
    ['site-to-site peer xxxxx.tld ike-group I', 'xxxxx.tld'],
    ['authentication psk P secret ********', '********'],
    ["site-to-site peer P tunnel 1 local prefix '<local-net>'", "'<local-net>'"],
  ])('%s', (line, hidden) => {
    const { problems: found, masked } = check(`set vpn ipsec ${line}`);
    expect(found).toEqual([]);
    expect(masked.map(({ at }) => textOf(at))).toEqual([hidden]);
  });
});

test('no secret in any problem, wherever it was put', () => {
  const places = [
    `${PEER} authentication pre-shared-secret`,
    `${PEER} authentication pre-shared-secrett`,
    `${PEER} pre-shared-secret`,
    `${PEER} authentication`,
    'vpn ipsec authentication psk P secret',
    'vpn ipsec authentication psk P secret word',
    'vpn ipsec authentication psk P',
    'vpn ipsec authentication psk secret',
    'vpn ipsec remote-access radius server 192.0.2.1 key',
    'vpn ipsec remote-access radius server 192.0.2.1',
    'vpn ipsec profile N authentication pre-shared-secret',
    'vpn ipsec profile N authentication',
  ];
  const hidden = fc.stringMatching(/^[A-Za-z][A-Za-z0-9!]{7,20}$/).map((text) => `Q${text}Z`);
  fc.assert(
    fc.property(fc.constantFrom(...places), hidden, fc.boolean(), (place, secret, more) => {
      const found = problems(`set ${place} ${secret}${more ? ` ${secret}` : ''}`).map(
        ({ at: _, ...rest }) => rest,
      );
      expect(JSON.stringify(found)).not.toContain(secret);
    }),
  );
});

test('no dump makes it fail, in any release', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'site-to-site',
      'peer',
      'P',
      'tunnel',
      '1',
      'local',
      'prefix',
      'esp-group',
      'compression',
    ),
    fc.constantFrom(
      'ike-group',
      'proposal',
      'dh-group',
      '14',
      'authentication',
      'psk',
      'secret',
      'profile',
      'bind',
    ),
    fc.constantFrom(
      '__proto__',
      'constructor',
      'lifetime',
      "''",
      'enable',
      'ipsec-interfaces',
      'logging',
      'x',
    ),
  );
  const lines = fc.array(
    fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => `set vpn ipsec ${words.join(' ')}`),
  );
  fc.assert(
    fc.property(lines, fc.constantFrom<Release>('1.2', '1.3', '1.4', '1.5'), (each, release) => {
      for (const problem of check(each.join('\n'), release).problems) expect(textOf(problem.at)).not.toBe('');
    }),
  );
});

test('the dumps that real daemons were set up from hold nothing but the secret of 1.3', () => {
  for (const line of readFileSync('fixtures/observed/pairs.jsonl', 'utf8').split('\n')) {
    if (line === '') continue;
    const pair: { a: string; b: string } = JSON.parse(line);
    for (const dump of [pair.a, pair.b]) {
      const { problems: found, masked } = check(dump);
      expect(masked).toEqual([]);
      for (const problem of found) {
        expect(problem.kind).toBe('wrong-release');
        expect(problem.path.at(-1)).toBe('pre-shared-secret');
      }
    }
  }
});

test('a text full of unknown nodes is checked', () => {
  const lines = Array.from({ length: 20_000 }, (_, n) => `set vpn ipsec x${n} y`).join('\n');
  const { commands } = readSetDump(sourceFile('dump', lines));
  const tree = buildTree(commands, schemaBelow('1.4'));
  expect(checkSchema(tree, '1.4').problems).toHaveLength(20_000);
});
