import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readDump } from '../grammar/index.ts';
import { lint } from '../src/index.ts';
import type { Finding } from '../src/lint/finding.ts';
import { sourceFile, textOf } from '../src/source/index.ts';
import { commandsOf } from '../src/vyos/damaged-commands.ts';
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
      const lost = commandsOf(dump).filter(({ path, at }) => {
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
    'docs-s2s-ikev2-vti-current',
    'lab-gre-ipsec',
    'vyos1x-dmvpn-hub-spoke',
  ])('%s agrees, and has no error', (name) => {
    expect(errorsOf(lint(pair(name)).findings)).toEqual([]);
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
