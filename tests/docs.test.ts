import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { configurationSchemaText } from '../scripts/configuration-schema.ts';
import { rulePages, withRulesTable } from '../scripts/rule-pages.ts';
import { withTranscripts } from '../scripts/transcript.ts';
import { formatNames } from '../src/report/format.ts';
import { severityLevels } from '../src/report/severity-levels.ts';
import { examplePair } from '../src/rules/example-pair.ts';
import { rules } from '../src/rules/index.ts';

/** What is generated from the rules must be what the rules say now: `npm run docs` brings it up to date. */

const pages = rulePages();

describe('docs/rules', () => {
  test('holds a page for each rule, the list of them, and nothing else', () => {
    expect(readdirSync('docs/rules').toSorted()).toEqual([...pages.keys()].toSorted());
  });

  test.each([...pages])('%s is up to date', (file, text) => {
    expect(readFileSync(`docs/rules/${file}`, 'utf8')).toBe(text);
  });

  test('shows no secret of the examples', () => {
    const dumps = [...Object.values(examplePair), ...rules.flatMap(({ bad }) => [bad.a ?? '', bad.b ?? ''])];
    const secrets = dumps.flatMap((text) =>
      [...text.matchAll(/ secret '([^']*)'/g)].map(([, secret]) => secret),
    );
    expect(new Set(secrets).size).toBeGreaterThan(2);
    for (const text of pages.values()) for (const secret of secrets) expect(text).not.toContain(secret);
  });
});

test('the transcripts in README.md are what the command prints', () => {
  const readme = readFileSync('README.md', 'utf8');
  expect(readme).toContain('error[ike-dh-group-mismatch]');
  expect(withTranscripts(readme, (path) => readFileSync(path, 'utf8'))).toBe(readme);
});

test('the examples in docs/formats.md are what the command prints, one of each format that it does not only describe', () => {
  const page = readFileSync('docs/formats.md', 'utf8');
  expect(withTranscripts(page, (path) => readFileSync(path, 'utf8'))).toBe(page);
  const shown = [...page.matchAll(/<!-- transcript: \S+ (\S+) -->/g)].map(([, format]) => format);
  const described = new Set(['pretty', 'json']);
  expect(shown).toEqual(formatNames.filter((name) => !described.has(name)));
  for (const name of formatNames) expect(page).toContain(`\n## ${name}\n`);
});

test('the table of levels in docs/formats.md is the one of the code', () => {
  const page = readFileSync('docs/formats.md', 'utf8');
  const { error, warning, info } = severityLevels;
  const rows = [
    ['sarif `level`', error.sarif, warning.sarif, info.sarif],
    ['sarif `problem.severity`', error.problem, warning.problem, info.problem],
    ['github', error.github, warning.github, info.github],
    ['gitlab', error.gitlab, warning.gitlab, info.gitlab],
    ['checkstyle', error.checkstyle, warning.checkstyle, info.checkstyle],
  ];
  for (const row of rows) expect(page).toContain(`\n| ${row.join(' | ')} |\n`);
});

test('the table in README.md is up to date', () => {
  const readme = existsSync('README.md') ? readFileSync('README.md', 'utf8') : '';
  expect(withRulesTable(readme)).toBe(readme);
});

test('the table is put between its marks, and nothing else is touched', () => {
  const readme = 'before\n<!-- rules -->\nold\n<!-- /rules -->\nafter\n';
  const current = withRulesTable(readme);
  expect(current).toMatch(/^before\n<!-- rules -->\n\n\| Rule \|[\s\S]*\|\n\n<!-- \/rules -->\nafter\n$/);
  for (const { id } of rules) expect(current).toContain(`[${id}](docs/rules/${id}.md)`);
  expect(withRulesTable(current)).toBe(current);
  expect(withRulesTable('no marks')).toBe('no marks');
});

test('the schema of the configuration file is that of the code', () => {
  expect(readFileSync('docs/configuration.schema.json', 'utf8')).toBe(configurationSchemaText());
});
