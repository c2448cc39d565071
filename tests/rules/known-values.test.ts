import { describe, expect, test } from '@jest/globals';
import { lint } from '../../src/index.ts';
import { examplePair } from '../../src/rules/example-pair.ts';
import { textOf } from '../../src/source/index.ts';
import { apply, errorsOf, lintPair, only } from './mending.ts';

const ike = 'set vpn ipsec ike-group IKE-A';
const esp = 'set vpn ipsec esp-group ESP-A';
const peer = 'vpn ipsec site-to-site peer SITE-A';
const onB = (change: string) => ({ ...examplePair, b: `${examplePair.b}${change}\n` });

describe('what was meant is offered', () => {
  test.each([
    ['invalid-value', `${esp} pfs 'dh14'`, [`${esp} pfs 'dh-group14'`]],
    ['unknown-node', `${ike} proposal 1 dhgroup '14'`, [`${ike} proposal 1 dh-group '14'`]],
    [
      'unknown-node',
      `${ike} proposol 2 dh-group '14'\n${ike} proposol 2 hash 'sha256'`,
      [`${ike} proposal 2 dh-group '14'`, `${ike} proposal 2 hash 'sha256'`],
    ],
    ['unknown-node', `set ${peer} tunnel 1 disabel`, [`set ${peer} tunnel 1 disable`]],
  ])('%s: %s', (rule, change, commands) => {
    const pair = onB(change);
    const { fix } = only(lintPair(pair), rule);
    expect(fix.map(({ replaces, beside, ...mend }) => mend)).toEqual([{ site: 1, commands }]);
    expect(fix.flatMap(({ replaces = [] }) => replaces.map(textOf))).toEqual(change.split('\n'));
    // The slip still stands in the dump, and is all that is found beside what the mend says.
    expect(lintPair(apply(pair, fix[0])).summary.links).toBe(1);
  });

  test.each([
    "set vpn ipsec authentication psk TUNNEL secrt 'not-to-be-shown'",
    "set vpn ipsec authentcation psk OTHER secret 'not-to-be-shown'",
    "set vpn ipsec authentcation psk OTHER secrt 'not-to-be-shown'",
  ])('but no secret with it: %s', (change) => {
    const report = lintPair(onB(change));
    expect(JSON.stringify(report.findings.map(({ fix }) => fix))).not.toContain('not-to-be-shown');
  });

  test('and nothing where a command cannot be corrected as a whole', () => {
    expect(only(lintPair(onB(`${ike} proposol 2 dhgruop '14'`)), 'unknown-node').fix).toEqual([]);
    expect(only(lintPair(onB(`${ike} lifetme`)), 'unknown-node').fix).toEqual([]);
  });
});

test('no command puts a secret in the place of a key', () => {
  const rsa = `set ${peer} authentication rsa`;
  const pair = onB(
    `set ${peer} authentication mode 'rsa'\n${rsa} local-key 'own'\n${rsa} remote-key 'theirs'`,
  );
  expect(only(lintPair(pair), 'authentication-mode-mismatch').fix).toEqual([]);
});

describe('a peer that is not loaded', () => {
  test.each([
    ['the IKE group', `delete ${peer} ike-group`, 'peer SITE-A', 'no ike-group'],
    ['the IKE group by name', `set ${peer} ike-group 'NONE'`, "'NONE'", 'not defined'],
    ['the ESP group', `delete ${peer} default-esp-group`, 'tunnel 1', 'no esp-group'],
    ['the ESP group of a tunnel', `set ${peer} tunnel 1 esp-group 'NONE'`, "'NONE'", 'not defined'],
    ['the mode', `delete ${peer} authentication mode`, 'peer SITE-A', 'no authentication mode'],
    ['the tunnel', `delete ${peer} tunnel`, 'peer SITE-A', 'no tunnel and no vti'],
    ['transport mode', `${esp} mode 'transport'`, 'tunnel 1', 'not in transport mode'],
    [
      'an IKE proposal',
      `${ike} proposal 1 hash 'aes256gmac'`,
      'proposal 1',
      'strongSwan discards this proposal',
    ],
    [
      'an ESP proposal',
      `${esp} proposal 1 encryption 'aes256ctr'\n${esp} proposal 1 hash 'aes256gmac'`,
      'proposal 1',
      'strongSwan discards this proposal',
    ],
  ])('is pointed at where it fails: %s', (_, change, text, label) => {
    const [first] = lintPair(onB(change)).findings;
    const place = first?.locations[0];
    expect(first?.ruleId).toMatch(/^(?:commit-refused|undefined-group|connection-not-loaded)$/);
    expect(place && [textOf(place.at), place.label]).toEqual([text, label]);
  });

  test('is given the address that the other side calls', () => {
    const pair = onB(`delete ${peer} local-address`);
    const { fix, locations } = only(lintPair(pair), 'commit-refused');
    expect(locations[0].label).toBe('no local-address');
    expect(fix).toEqual([{ site: 1, commands: [`set ${peer} local-address '198.51.100.1'`] }]);
    expect(errorsOf(lintPair(apply(pair, fix[0])))).toEqual([]);
  });

  const named = { ...examplePair, b: examplePair.b.replaceAll('peer SITE-A', 'peer 203.0.113.1') };

  test('is said to be refused for its name where the release is certain', () => {
    const report = lint([
      { file: 'a.conf', text: named.a, release: '1.4' },
      { file: 'b.conf', text: named.b, release: '1.4' },
    ]);
    const { consequence, severity } = only(report, 'other-release');
    expect({ consequence, severity }).toEqual({
      consequence: 'VyOS 1.4 refuses it. It is judged by its meaning all the same.',
      severity: 'error',
    });
    const { locations } = only(report, 'connection-not-loaded');
    expect(locations[0].label).toBe('VyOS refuses this name');
  });

  test('is judged by the meaning of its name where the release is not certain', () => {
    const report = lintPair(named);
    expect(errorsOf(report)).toEqual([]);
    expect(only(report, 'other-release').message).toBe(
      'The name of "peer 203.0.113.1" is a spelling of VyOS 1.2 and 1.3, not of 1.4',
    );
  });
});
