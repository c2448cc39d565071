import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readSetDump } from '../grammar/index.ts';
import { lint } from '../src/index.ts';
import type { Finding, Fix, Location } from '../src/lint/finding.ts';
import type { Report } from '../src/lint/report.ts';
import type { ExamplePatch, Rule } from '../src/lint/rule.ts';
import type { Expectation } from '../src/pairing/knowledge.ts';
import { examplePair, patchedPair } from '../src/rules/example-pair.ts';
import { rules } from '../src/rules/index.ts';
import { sourceFile, textOf } from '../src/source/index.ts';
import { comparable, saidOf } from './rules/mirror.ts';

/** The contract of every rule, read off the registry: a new rule needs no test file of its own to be held to it. */

type Pair = Readonly<Record<'a' | 'b', string>>;

const inputs = ({ a, b }: Pair) =>
  [
    { file: 'a.conf', text: a },
    { file: 'b.conf', text: b },
  ] as const;
type Expectations = ExamplePatch['expectations'];
const run = (pair: Pair, expectations: Expectations = []): Report => lint(inputs(pair), { expectations });
const runSwapped = (pair: Pair, expectations: Expectations = []): Report =>
  lint(inputs(pair).toReversed(), { expectations });

/** What a rule's bad pair gives besides the rule's own finding, because the one thing cannot be had without the other. */
const implied: Readonly<Record<string, readonly string[]>> = {
  'dump-incomplete': ['not-judged'],
  'undefined-group': ['connection-not-loaded'],
  'commit-refused': ['connection-not-loaded'],
  'ike-mode-mismatch': ['aggressive-mode-refused', 'ikev1-used'],
  'aggressive-mode-refused': ['ikev1-used'],
  'ikev1-proposal-lost': ['ikev1-used'],
  'nat-side-waits': ['nat-assumed'],
  'ike-dh-group-mismatch': ['weak-algorithm'],
  'esp-mode-mismatch': ['ikev1-used'],
  'route-autoinstall-any': ['passthrough-swallows-tunnel'],
};

const each = rules.map((rule) => [rule.id, rule] as const);

describe('the registry', () => {
  const files = readdirSync('src/rules').filter((file) => file.endsWith('.ts') && file !== 'index.ts');
  const isRule = (value: unknown): value is Rule =>
    typeof value === 'object' && value !== null && 'id' in value && 'scope' in value;

  test.each(files)('%s: a rule is alone in a file of its own name, and in index.ts', async (file) => {
    const found = Object.entries(await import(`../src/rules/${file}`)).filter(([, value]) => isRule(value));
    const id = file.replace(/\.ts$/, '');
    const name = id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const expected = rules.filter((rule) => rule.id === id).map((rule) => [name, rule]);
    expect(found).toEqual(expected);
  });

  test('each rule is listed once, and imported from the file of its id', () => {
    const ids = rules.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    const imported = readFileSync('src/rules/index.ts', 'utf8').matchAll(/from '\.\/([\w-]+)\.ts'/g);
    expect([...imported].map(([, id]) => id).toSorted()).toEqual(ids.toSorted());
  });

  test('the example pair is clean', () => {
    expect(run(examplePair).findings).toEqual([]);
  });
});

const names = { A: 'hq', B: 'branch' };
const renamed = ({ between: [one, other], ...rest }: Expectation): Expectation => ({
  ...rest,
  between: [
    { ...one, site: one.site === 'a' ? names.A : names.B },
    { ...other, site: other.site === 'a' ? names.A : names.B },
  ],
});

describe.each(each)('%s', (id, rule) => {
  const bad = patchedPair(rule.bad);
  const { expectations } = rule.bad;
  const report = run(bad, expectations);
  const all = report.findings;
  const own = all.filter(({ ruleId }) => ruleId === id);

  test('finds its bad pair, and no other rule does', () => {
    expect(own.length).toBeGreaterThan(0);
    const others = all.map(({ ruleId }) => ruleId).filter((other) => other !== id);
    expect(others.filter((other) => !implied[id]?.includes(other))).toEqual([]);
  });

  test('finds nothing in its good pair, and nor does any other', () => {
    expect(run(patchedPair(rule.good), rule.good.expectations).findings).toEqual([]);
  });

  test('finds the mirror image when the sides are exchanged', () => {
    const swapped = runSwapped(bad, expectations);
    expect(comparable(swapped, 'exchanged')).toEqual(comparable(report, 'as they are'));
    expect(fingerprints(swapped)).toEqual(fingerprints(report));
  });

  test('calls the routers by their names', () => {
    const named = lint(
      inputs(bad).map((input, index) => ({ ...input, name: index === 0 ? names.A : names.B })),
      { expectations: expectations?.map(renamed) ?? [] },
    );
    const said = ({ findings }: Report, called?: typeof names) =>
      findings.map((finding) => saidOf(finding, called));
    expect(said(named)).toEqual(said(report, names));
  });

  test('its severity and notify are those of its finding', () => {
    expect(own.map(({ severity }) => severity)).toContain(rule.severity);
    expect(own.map(({ ikeError }) => ikeError?.notify ?? null)).toContain(rule.notify);
  });

  test('its own texts are sentences, and its sources can be followed', () => {
    for (const text of [rule.summary, rule.why, rule.mend])
      expect(text).toMatch(/^(?:[A-Z]|strongSwan).*\.$/);
    expect(rule.summary.length).toBeLessThanOrEqual(100);
    for (const { title, url } of rule.sources) {
      expect(title).toMatch(/\S/);
      expect(new URL(url).protocol).toBe('https:');
    }
  });

  test.each(all.map((finding) => [finding.message, finding] as const))('says: %s', (message, finding) => {
    expect(message).toMatch(/^(?:[A-Z"]|strongSwan )[^\n\r]*[^.\s]$/);
    expect(message.length).toBeLessThanOrEqual(160);
    expect(finding.consequence).toMatch(/^[A-Z][^\n\r]*[.?]$/);
    expect(finding.consequence).not.toMatch(/[.?!]{2}| {2}|\. [a-z]/);
    // A sentence stands in the consequence or beside its line, and not in both.
    const sentences = finding.locations.map(({ label }) => label).filter((label) => /[.?]$/.test(label));
    expect(sentences.filter((label) => finding.consequence.includes(label))).toEqual([]);
  });

  test('shows no secret', () => {
    const secrets = [...`${bad.a}${bad.b}`.matchAll(/ secret '([^']*)'/g)].map(([, secret]) => secret ?? '');
    expect(secrets.length).toBeGreaterThanOrEqual(2);
    for (const { locations, fix, ...texts } of all) {
      const said = JSON.stringify([
        texts,
        locations.map(({ at: _, ...location }) => location),
        fix.map(({ replaces: _, ...mend }) => mend),
      ]);
      for (const secret of secrets) expect(said).not.toContain(secret);
    }
  });

  test('points at what it speaks of', () => {
    for (const location of all.flatMap(({ locations }) => locations)) expectSensible(location, report);
  });

  test('its commands can be read, and each alternative mends the finding', () => {
    const errors = new Set(all.map((finding) => finding.message));
    for (const finding of own) {
      for (const { commands } of finding.fix) expectCommands(commands);
      const ways = finding.fixAll ? [finding.fix] : finding.fix.map((fix) => [fix]);
      for (const way of ways) {
        const before = refused.has(id) ? withoutLine(bad, finding) : bad;
        const mended = run(way.reduce(withFix, before), expectations).findings;
        expect(mended.filter(({ message }) => message === finding.message)).toHaveLength(
          // The same words may be said of the other site.
          own.filter(({ message }) => message === finding.message).length - 1,
        );
        // Where each side is to be mended, half of the work may bring another error up.
        if (own.length > 1) continue;
        const added = mended.filter(({ severity, message }) => severity === 'error' && !errors.has(message));
        expect(added.map(({ message }) => message)).toEqual([]);
      }
    }
  });

  test('its fingerprints are its own, and stay when lines move or groups are renamed', () => {
    const straight = fingerprints(report);
    for (const fingerprint of straight) expect(fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(straight).toEqual([...new Set(straight)]);
    const both = (change: (text: string) => string): Pair => ({ a: change(bad.a), b: change(bad.b) });
    expect(
      fingerprints(
        run(
          both((text) => `# a remark\n\n# another\n\n${text}`),
          expectations,
        ),
      ),
    ).toEqual(straight);
    const renamed = both((text) => text.replace(/\b(IKE|ESP)-([AB])\b/g, '$1-TO-$2'));
    expect(renamed.a).not.toBe(bad.a);
    expect(fingerprints(run(renamed, expectations))).toEqual(straight);
  });
});

/** Rules on a command that VyOS refuses: it is in the dump and not in the router, and the mend takes its place. */
const refused: ReadonlySet<string> = new Set(['unknown-node', 'invalid-value']);

/** The pair without the line that a finding is about. */
function withoutLine(pair: Pair, { locations: [{ site, at }] }: Finding): Pair {
  const side = site === 0 ? 'a' : 'b';
  const start = pair[side].lastIndexOf('\n', at.start) + 1;
  return {
    ...pair,
    [side]: pair[side].slice(0, start) + pair[side].slice(pair[side].indexOf('\n', at.end) + 1),
  };
}

function withFix(pair: Pair, { site, commands }: Fix): Pair {
  const side = site === 0 ? 'a' : 'b';
  return { ...pair, [side]: `${pair[side]}${commands.join('\n')}\n` };
}

function fingerprints(report: Report): readonly string[] {
  return report.findings.map(({ fingerprint }) => fingerprint).toSorted();
}

/**
 * A place is a piece of its site's file. It holds the value that was set there; for a default, the node that lacks it;
 * and where it is a node or a secret, nothing but words of the path, or one quoted word.
 */
function expectSensible({ site, at, path, value, origin }: Location, report: Report): void {
  expect(at.file.name).toBe(report.sites[site]?.file.name);
  expect(at.start).toBeGreaterThanOrEqual(0);
  expect(at.end).toBeGreaterThan(at.start);
  expect(at.end).toBeLessThanOrEqual(at.file.text.length);
  const text = textOf(at);
  expect(text).toBe(text.trim());
  expect(text).not.toMatch(/[\n\r]/);
  if (origin === 'set' && value !== null) expect(text.replace(/^'(.*)'$/, '$1')).toBe(value);
  else if (origin === 'default') expect(path.join(' ')).toContain(text);
  else if (path.length > 0 && !/^'.*'$/.test(text)) expect(path.join(' ').endsWith(text)).toBe(true);
}

function expectCommands(commands: readonly string[]): void {
  expect(commands.length).toBeGreaterThan(0);
  const dump = readSetDump(sourceFile('fix', commands.join('\n')));
  expect(dump.problems).toEqual([]);
  expect(dump.glued).toEqual([]);
  expect(dump.commands).toHaveLength(commands.length);
  for (const { verb } of dump.commands) expect(['set', 'delete']).toContain(verb);
}
