import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { explain } from '../../src/explain/explanation.ts';
import { explanationsToJson } from '../../src/explain/json.ts';
import { explanationToMarkdown } from '../../src/explain/markdown.ts';
import { explanationToTerminal, ruleList } from '../../src/explain/terminal.ts';
import { lint } from '../../src/index.ts';
import { rules } from '../../src/rules/index.ts';

/** Each rule explains itself in every rendering; what is checked here holds for a rule that is added, too. */

const plain = { color: false, width: 80 };
const each = rules.map((rule) => [rule.id, explain(rule, lint)] as const);
const esc = '\u001b';
const osc8 = new RegExp(`${esc}]8;;([^${esc}]*)${esc}\\\\`, 'g');

describe.each(each)('%s', (id, explanation) => {
  const { rule, findings, report } = explanation;
  const terminal = explanationToTerminal(explanation, plain);
  const flat = (text: string) => text.replaceAll(/\s+/g, ' ');

  test('says in the terminal why, what is bad, what each log says, the mend and the sources', () => {
    expect(terminal.split('\n')[0]).toBe(id);
    const shown = flat(terminal);
    for (const text of [
      rule.summary,
      rule.why,
      rule.mend,
      ...rule.sources.map(({ url }) => url),
      rule.page,
    ]) {
      expect(shown).toContain(flat(text));
    }
    for (const { message, log, fix } of findings) {
      expect(shown).toContain(flat(message));
      for (const line of [...log.a, ...log.b]) expect(shown).toContain(flat(line));
      for (const command of fix.flatMap(({ commands }) => commands)) expect(terminal).toContain(command);
    }
  });

  test('keeps prose within the terminal, and within what can be read', () => {
    for (const width of [60, 80, 250]) {
      const why = explanationToTerminal(explanation, { color: false, width })
        .split('\nWhy it matters\n')[1]
        ?.split('\n\n')[0]
        ?.split('\n');
      expect(why?.length).toBeGreaterThan(0);
      // A word that is longer than the line stays whole.
      for (const line of why ?? []) {
        expect(line.trim().includes(' ') ? line.length : 0).toBeLessThanOrEqual(Math.min(width, 100));
      }
    }
  });

  test('draws with ASCII where the terminal knows no more', () => {
    expect(explanationToTerminal(explanation, { ...plain, unicode: false })).not.toMatch(/[│┌└→⇄✔]/);
  });

  test('links its sources where the terminal can, and shows their addresses where it cannot', () => {
    // What runs unbundled does not know its home, and so no page.
    const page = `https://example.com/${id}.md`;
    const atHome = {
      ...explanation,
      rule: { ...rule, page },
      report: { ...report, rules: report.rules.map((one) => (one.id === id ? { ...one, page } : one)) },
    };
    const linked = explanationToTerminal(atHome, { ...plain, hyperlinks: true });
    const addresses = [...linked.matchAll(osc8)].map(([, address]) => address).filter((text) => text !== '');
    expect(addresses).toEqual([
      page,
      ...findings.map(() => page),
      ...rule.sources.map(({ url }) => url),
      page,
    ]);
    expect(linked.replaceAll(osc8, '')).not.toContain(esc);
    for (const { url } of rule.sources) expect(linked.replaceAll(osc8, '')).not.toContain(url);
    expect(terminal).not.toContain(esc);
  });

  test('says the same in markdown and in JSON', () => {
    const markdown = explanationToMarkdown(explanation);
    const [json] = JSON.parse(explanationsToJson([explanation]));
    for (const text of [json.summary, json.why, json.mend, json.example.findings[0].message]) {
      expect(markdown).toContain(text);
    }
    for (const { text } of json.example.lines) expect(markdown).toContain(text);
    for (const { log, fix } of json.example.findings.slice(0, 1)) {
      for (const line of [...log.a, ...log.b]) expect(markdown).toContain(line);
      for (const { commands } of fix) for (const command of commands) expect(markdown).toContain(command);
    }
  });
});

test('all rules as JSON fit the published schema', () => {
  const schema = JSON.parse(readFileSync('docs/rules.schema.json', 'utf8'));
  const validate = new Ajv2020({ strict: false }).compile(schema);
  const listed = JSON.parse(explanationsToJson(each.map(([, explanation]) => explanation)));
  validate(listed);
  expect(validate.errors).toBeNull();
  expect(listed).toHaveLength(rules.length);
  validate([{ ...listed[0], severity: 'fatal' }]);
  expect(validate.errors).not.toBeNull();
});

test('shows no secret of the examples', () => {
  const secrets = rules.flatMap(({ bad }) =>
    [...`${bad.a ?? ''}\n${bad.b ?? ''}`.matchAll(/ secret '([^']*)'/g)].map(([, secret]) => secret),
  );
  expect(secrets.length).toBeGreaterThan(1);
  for (const [, explanation] of each) {
    const all = explanationsToJson([explanation]) + explanationToTerminal(explanation, plain);
    for (const secret of [...secrets, 'an-example-secret-for-the-docs']) expect(all).not.toContain(secret);
  }
});

describe('the list of rules', () => {
  const listed = rules.map(({ id, summary, severity, notify }) => ({
    id,
    summary,
    severity,
    notify,
    page: 'https://example.com/x',
  }));

  test.each([40, 80, 120])('fits %d columns, with every rule at the start of a line', (width) => {
    const lines = ruleList(listed, { color: false, width }).trimEnd().split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.max(width, 62));
    expect(lines.flatMap((line) => /^\S+/.exec(line)?.[0] ?? [])).toEqual(rules.map(({ id }) => id));
  });

  test('links each rule to its page', () => {
    const linked = ruleList(listed, { ...plain, hyperlinks: true });
    expect([...linked.matchAll(osc8)].filter(([, address]) => address !== '')).toHaveLength(rules.length);
    expect(linked.replaceAll(osc8, '')).toBe(ruleList(listed, plain));
  });
});
