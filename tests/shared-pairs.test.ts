import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readDump } from '../grammar/index.ts';
import { lint } from '../src/index.ts';
import type { Finding } from '../src/lint/finding.ts';
import { sourceFile, textOf } from '../src/source/index.ts';
import { discreetCommands } from '../src/vyos/exposure.ts';
import { readSite } from '../src/vyos/read-site.ts';
import { type ConfigTree, child, has } from '../src/vyos/tree.ts';

/**
 * Real configurations, from public documents. They stay where they are: beside the project, where a checkout has them
 * (in CI it does). What is expected of each is the verdict of its README.
 */
const folder = '../shared/pairs';
const guide = '../shared/fixtures';
const present = existsSync(folder) && existsSync(guide);
const suite = present ? describe : describe.skip;

const read = (file: string) => ({ file, text: readFileSync(file, 'utf8') });
const isDump = (file: string) => /(?:\.conf|guide-.*\.txt)$/.test(file);
const filesIn = (path: string) =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter(isDump)
    .map((file) => `${path}/${file}`);
const pair = (name: string) => ['a', 'b'].map((side) => read(`${folder}/${name}/${side}.conf`));
/** Whether a command's words lead to a node of the tree, or to a value of a leaf with what stands behind it. */
function holds(tree: ConfigTree, path: readonly string[]): boolean {
  if (has(tree, ...path)) return true;
  return path.some((value, index) => {
    const leaf = child(tree, ...path.slice(0, index));
    const values = [...(leaf?.values.values() ?? []), ...(leaf?.overridden ?? [])];
    return values.some((one) => one.value === value && one.extra.length === path.length - index - 1);
  });
}

const errorsOf = (findings: readonly Finding[]) =>
  findings.filter(({ severity }) => severity === 'error').map(({ ruleId }) => ruleId);

suite('real configurations (../shared is not here: skipped)', () => {
  test.each(present ? [...filesIn(folder), ...filesIn(guide)] : [])(
    'every line of %s is accounted for',
    (name) => {
      const { file, text } = read(name);
      const dump = readDump(sourceFile(file, text));
      const spans = [
        ...dump.commands.map(({ at }) => at),
        ...dump.problems.map(({ at, lost }) => lost ?? at),
        ...dump.ignored.map(({ at }) => at),
      ];
      const covered = new Uint8Array(dump.file.text.length);
      for (const { start, end } of spans) covered.fill(1, start, end);
      expect([...dump.file.text].filter((one, at) => /\S/.test(one) && covered[at] === 0)).toEqual([]);

      const { findings } = lint([{ file, text }]);
      const told = findings.flatMap(({ locations }) => locations.map(({ at }) => at));
      if (dump.problems.length > 0) expect(findings.map(({ ruleId }) => ruleId)).toContain('syntax-error');
      const { tree } = readSite(name, dump);
      const lost = discreetCommands(dump).filter(({ path, at }) => {
        const isTold = told.some(({ start, end }) => at.start <= start && end <= at.end);
        return (
          !isTold &&
          !holds(
            tree,
            path.map(({ text: word }) => word),
          )
        );
      });
      expect(lost.map(({ at }) => textOf(at))).toEqual([]);
    },
  );

  /** Those whose README says that the two agree: not one error. */
  test.each([
    'docs-azure-dual-bgp',
    'docs-cisco-policy',
    'docs-cisco-route',
    'docs-dmvpn-hub-spoke05-current',
    'docs-gre-rsa-current',
    'docs-new-policy',
    'docs-policy-firewall',
    'docs-qat-vti-current',
    'docs-s2s-ikev1-current',
    'docs-s2s-ikev2-vti-current',
    'lab-gre-ipsec',
    'vyos1x-dmvpn-hub-spoke',
  ])('%s agrees, and has no error', (name) => {
    expect(errorsOf(lint(pair(name)).findings)).toEqual([]);
  });

  /** What the README says is wrong in a pair, or worth knowing. */
  test.each<readonly [string, readonly (readonly [rule: string, message: RegExp])[]]>([
    [
      'docs-azure-bgp',
      [
        ['commit-refused', /Missing ike-group on site-to-site peer azure/],
        ['other-release', /peer 203\.0\.113\.2/],
      ],
    ],
    ['docs-azure-dual-bgp', [['nat-assumed', /A is taken to be behind a NAT/]]],
    ['docs-gre-rsa-current', [['peer-address-any', /A has no address to call/]]],
    ['docs-policy-firewall', [['no-route-to-peer', /No route leads to the peer at 198\.51\.100\.14/]]],
    [
      'docs-qat-vti-current',
      [
        ['dpd-missing', /no dead-peer-detection/],
        ['route-autoinstall-any', /disable-route-autoinstall/],
      ],
    ],
    ['docs-s2s-ikev1-crux', [['nat-exclude-incomplete', /10\.0\.1\.0-10\.0\.7\.255/]]],
    [
      'docs-s2s-ikev1-current',
      [
        ['nat-exclude-incomplete', /10\.0\.1\.0-10\.0\.7\.255/],
        ['weak-algorithm', /Diffie-Hellman group: 2/],
        ['weak-algorithm', /sha1/],
      ],
    ],
    [
      'docs-s2s-ikev2-vti-current',
      [
        ['vti-dpd-trap', /trap/],
        ['route-autoinstall-any', /disable-route-autoinstall/],
      ],
    ],
    ['ibm-vra-policy', [['unknown-node', /"security"/]]],
    [
      'ibm-vyatta5400',
      [
        ['syntax-error', /backquote/],
        ['invalid-value', /"disabl" for pfs/],
      ],
    ],
    ['lab-psk-mismatch-constructed', [['psk-mismatch', /differ/]]],
  ])('%s: what its README says is found', (name, expected) => {
    const { findings } = lint(pair(name));
    for (const [rule, message] of expected) {
      expect(
        findings
          .filter(({ ruleId }) => ruleId === rule)
          .map((finding) => finding.message)
          .join('\n'),
      ).toMatch(message);
    }
  });

  test('the lab: a refused secret is AUTHENTICATION_FAILED, and the responder says that the MAC mismatched', () => {
    const [found] = lint(pair('lab-psk-mismatch-constructed')).findings;
    expect(found?.ikeError?.notify).toBe('AUTHENTICATION_FAILED');
    expect(found?.log.b.join('\n')).toMatch(/tried 1 shared key for .* but MAC mismatched/);
  });

  test('masked against written: no mismatch is claimed', () => {
    const { findings } = lint(pair('ibm-vra-policy'));
    expect(findings.filter(({ link }) => link !== null)).toEqual([]);
  });

  /** 1.2's page: all of the dump is of that time, so that no other release is named. */
  test('docs-s2s-ikev1-crux is read as what it is, and has no error', () => {
    const { findings, sites } = lint(pair('docs-s2s-ikev1-crux'));
    expect(errorsOf(findings)).toEqual([]);
    expect(findings.map(({ ruleId }) => ruleId)).not.toContain('other-release');
    expect(sites.map(({ vyos }) => vyos)).toEqual(['1.3', '1.3']);
  });

  test('the guide: the two ends agree, and have no error', () => {
    const inputs = ['guide-site-a.txt', 'guide-site-b.txt'].map((file) => read(`${guide}/${file}`));
    const { findings, links } = lint(inputs);
    expect(errorsOf(findings)).toEqual([]);
    expect(links.flatMap(({ negotiations }) => negotiations.map(({ result }) => result.outcome))).toEqual([
      'established',
      'established',
    ]);
  });
});
