import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { lint, type Report } from '../src/index.ts';
import { rules } from '../src/rules/index.ts';
import type { CoverageCase } from './cases/case.ts';
import { cases } from './cases/cases.ts';

interface Row {
  readonly number: number;
  readonly answer: string;
  /** The ids of the rules that it links. */
  readonly rules: readonly string[];
}

const page = readFileSync('docs/coverage.md', 'utf8');
const rows: readonly Row[] = [...page.matchAll(/^\| (\d+) \| [^|]+ \| ([^|]+) \|$/gm)].map(
  ([, number, answer = '']) => ({
    number: Number(number),
    answer,
    rules: [...answer.matchAll(/\[`([a-z0-9-]+)`\]\(rules\/([a-z0-9-]+)\.md\)/g)].map(([, id = '']) => id),
  }),
);

const reports = new Map<CoverageCase, Report>();
function reportOf(one: CoverageCase): Report {
  const report = reports.get(one) ?? lint(one.sites);
  reports.set(one, report);
  return report;
}

/** All that the two routers log, in the findings and in what the negotiations come to. */
function logOf({ findings, links }: Report): string {
  const failures = links.flatMap(({ negotiations }) =>
    negotiations.flatMap(({ result, afterwards }) => [
      ...(result.outcome === 'failed' ? [result] : []),
      ...afterwards.map(({ failure }) => failure),
    ]),
  );
  return [
    ...findings.flatMap(({ log }) => [...log.a, ...log.b]),
    ...failures.flatMap(({ log }) => [...log.initiator, ...log.responder]),
  ].join('\n');
}

describe('docs/coverage.md', () => {
  test('has a row for each case of the collection, in their order', () => {
    const all = Array.from({ length: 90 }, (_, index) => index + 1);
    expect(rows.map(({ number }) => number)).toEqual(all.filter((number) => number !== 66));
  });

  test.each(rows.map((row) => [row.number, row] as const))('answers case %i', (_, row) => {
    const ids: readonly string[] = rules.map(({ id }) => id);
    for (const id of row.rules) {
      expect(ids).toContain(id);
      expect(existsSync(`docs/rules/${id}.md`)).toBe(true);
    }
    // An id that is not linked is held to no rule.
    expect(
      row.answer.match(/(?<!\[)`[a-z]+(?:-[a-z0-9]+)+`/g)?.filter((id) => ids.includes(id.slice(1, -1))) ??
        [],
    ).toEqual([]);
    const found = cases
      .filter(({ number }) => number === row.number)
      .flatMap(({ finds }) => finds.map((each) => each.split(' ')[1]));
    expect([...new Set(found)].sort()).toEqual([...new Set(row.rules)].sort());
    // Without a rule it says why.
    if (row.rules.length === 0) expect(row.answer).toMatch(/^(?:Not|None|A symptom)\b.+: .{20}/);
  });
});

describe('the cases', () => {
  test.each(cases.map((one) => [one.number, one.title, one] as const))('%i: %s', (_, __, one) => {
    const report = reportOf(one);
    const found = report.findings.map(({ ruleId, severity }) => `${severity} ${ruleId}`);
    expect(found).toEqual(expect.arrayContaining([...one.finds]));
    if (one.only) {
      const listed: readonly string[] = one.finds;
      expect(found.filter((each) => !each.startsWith('info ') && !listed.includes(each))).toEqual([]);
    }
    if (one.notify) {
      const [, id] = one.finds[0]?.split(' ') ?? [];
      const notifies = report.findings.flatMap(({ ruleId, ikeError }) =>
        ruleId === id && ikeError ? [ikeError.notify] : [],
      );
      expect(notifies).toContain(one.notify);
    }
    for (const line of one.logs ?? []) expect(logOf(report)).toContain(line);
  });
});
