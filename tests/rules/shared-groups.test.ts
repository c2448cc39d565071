import { describe, expect, test } from '@jest/globals';
import { lint } from '../../src/index.ts';
import { examplePair } from '../../src/rules/example-pair.ts';
import { apply, errorsOf, lintPair, only } from './mending.ts';

/** A is a hub: its peer C uses the groups of its peer B as well. */
const peerC = examplePair.a
  .split('\n')
  .filter((line) => line.includes(' peer SITE-B '))
  .join('\n')
  .replaceAll('peer SITE-B', 'peer SITE-C')
  .replaceAll('198.51.100.1', '198.51.100.9')
  .replaceAll('site-b@', 'site-c@')
  .replaceAll('10.2.0.0', '10.3.0.0');
const hub = { ...examplePair, a: `${examplePair.a}${peerC}\n` };

/** On B alone, and stronger than what A has; a lifetime is no weaker than another. */
const changes = [
  ['ike-encryption-mismatch', "ike-group IKE-A proposal 1 encryption 'aes256gcm128'", 'IKE'],
  ['ike-dh-group-mismatch', "ike-group IKE-A proposal 1 dh-group '21'", 'IKE'],
  ['esp-encryption-mismatch', "esp-group ESP-A proposal 1 encryption 'aes256gcm128'", 'ESP'],
  ['pfs-mismatch', "esp-group ESP-A pfs 'dh-group21'", 'ESP'],
  ['ike-lifetime-mismatch', "ike-group IKE-A lifetime '14400'", 'IKE'],
  ['esp-lifetime-mismatch', "esp-group ESP-A lifetime '1800'", 'ESP'],
] as const;

describe.each(changes)('%s', (rule, change, kind) => {
  const pair = { ...hub, b: `${hub.b}set vpn ipsec ${change}\n` };

  test('the users of the group are named, and the peer gets a group of its own: nothing is weakened', () => {
    const finding = only(lintPair(pair), rule);
    expect(finding.fix.map(({ site }) => site)).toEqual(rule.includes('lifetime') ? [1, 0] : [0]);
    const leaf = kind === 'IKE' ? 'ike-group' : 'tunnel 1 esp-group';
    const copy = `${kind}-B-SITE-B`;
    const { commands = [] } = finding.fix.at(-1) ?? {};
    expect(commands.at(-1)).toBe(`set vpn ipsec site-to-site peer SITE-B ${leaf} '${copy}'`);
    const changed = change.replace(/^(\S+) \S+/, `set vpn ipsec $1 ${copy}`);
    const leafOf = (command: string) => command.replace(/ '[^']*'$/, '');
    expect(commands.slice(0, -1).toSorted()).toEqual(
      hub.a
        .split('\n')
        .filter((line) => line.startsWith(`set vpn ipsec ${kind.toLowerCase()}-group ${kind}-B `))
        .map((line) => line.replace(`${kind}-B`, copy))
        .map((command) => (leafOf(command) === leafOf(changed) ? changed : command))
        .toSorted(),
    );
    expect(errorsOf(lintPair(apply(pair, finding.fix.at(-1))))).toEqual(errorsOf(lintPair(hub)));
    expect(finding.consequence).toContain(
      `On A the ${kind} group "${kind}-B" is also used by peer SITE-C: a change of it changes them too.`,
    );
    expect(errorsOf(lintPair(apply(pair, finding.fix[0])))).toEqual(errorsOf(lintPair(hub)));
  });

  test('a disabled peer uses nothing', () => {
    const alone = { ...pair, a: `${pair.a}set vpn ipsec site-to-site peer SITE-C disable\n` };
    expect(only(lintPair(alone), rule).consequence).not.toContain('also used');
  });
});

test('a tunnel of the same peer uses the group too, unless the finding is about it', () => {
  const tunnel = (own: string, other: string, peer: string) =>
    `set vpn ipsec site-to-site peer ${peer} tunnel 2 local prefix '${own}'\n` +
    `set vpn ipsec site-to-site peer ${peer} tunnel 2 remote prefix '${other}'\n`;
  const several = {
    a: examplePair.a + tunnel('10.1.9.0/24', '10.2.9.0/24', 'SITE-B'),
    b: examplePair.b + tunnel('10.2.9.0/24', '10.1.9.0/24', 'SITE-A'),
  };
  const stronger = "proposal 1 encryption 'aes256gcm128'\n";
  const bothDiffer = { ...several, b: `${several.b}set vpn ipsec esp-group ESP-A ${stronger}` };
  expect(only(lintPair(bothDiffer), 'esp-encryption-mismatch').consequence).not.toContain('also used');
  const one = {
    ...several,
    b:
      `${several.b}set vpn ipsec esp-group E2 ${stronger}set vpn ipsec esp-group E2 proposal 1 hash 'sha256'\n` +
      "set vpn ipsec esp-group E2 pfs 'dh-group14'\nset vpn ipsec esp-group E2 lifetime '3600'\n" +
      "set vpn ipsec site-to-site peer SITE-A tunnel 2 esp-group 'E2'\n",
  };
  const finding = only(lintPair(one), 'esp-encryption-mismatch');
  expect(finding.consequence).toContain('On A the ESP group "ESP-B" is also used by tunnel-1');
  expect(finding.fix.map(({ site, commands }) => [site, commands.at(-1)])).toEqual([
    [0, "set vpn ipsec site-to-site peer SITE-B tunnel 2 esp-group 'ESP-B-SITE-B'"],
  ]);
  expect(errorsOf(lintPair(apply(one, finding.fix[0])))).toEqual([]);
});

describe('an ESP group without proposals', () => {
  test.each([
    ['the other has another group than the IKE proposal', "set vpn ipsec esp-group ESP-B pfs 'dh-group19'\n"],
    ['the other has the group that pfs has here', ''],
  ])('has no Diffie-Hellman, whatever pfs says, and the mend adds a proposal: %s', (_, change) => {
    const pair = {
      a: examplePair.a + change,
      b: `${examplePair.b}delete vpn ipsec esp-group ESP-A proposal\n`,
    };
    const finding = only(lintPair(pair), 'pfs-mismatch');
    expect(finding.message).toMatch(
      /^Perfect forward secrecy differs: A uses group \d+, B uses strongSwan's own list, without Diffie-Hellman$/,
    );
    expect(finding.fix[0]?.site).toBe(1);
    for (const fix of finding.fix) {
      const mended = lintPair(apply(pair, fix));
      expect(mended.findings.map(({ message }) => message)).toEqual([]);
    }
  });
});

test('the group itself is changed where its other user fails for the same value', () => {
  const c = examplePair.b
    .replaceAll('198.51.100.1', '198.51.100.9')
    .replaceAll('site-b@', 'site-c@')
    .replaceAll('10.2.0.0', '10.3.0.0');
  const change = "set vpn ipsec ike-group IKE-A proposal 1 dh-group '21'\n";
  const fixes = (others: string) =>
    lint([
      { file: 'a.conf', text: hub.a },
      { file: 'b.conf', text: `${examplePair.b}${change}` },
      { file: 'c.conf', text: `${c}${others}` },
    ])
      .findings.filter(({ ruleId, link }) => ruleId === 'ike-dh-group-mismatch' && link === 0)
      .flatMap(({ fix }) => fix.flatMap(({ commands }) => commands));
  expect(fixes(change)).toEqual(["set vpn ipsec ike-group IKE-B proposal 1 dh-group '21'"]);
  expect(fixes('').at(-1)).toBe("set vpn ipsec site-to-site peer SITE-B ike-group 'IKE-B-SITE-B'");
});
