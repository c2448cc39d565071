import { type Explanation, explain, type Lint } from '../explain/explanation.ts';
import { explanationsToJson } from '../explain/json.ts';
import { document, explanationToMarkdown, ruleTable } from '../explain/markdown.ts';
import { type Subject, subjectNames, subjectsOf } from '../explain/subject.ts';
import { explanationToTerminal, type ListedRule, ruleList } from '../explain/terminal.ts';
import type { Rule } from '../lint/rule.ts';
import type { FormatOptions } from '../report/index.ts';
import { count, paper, wrapped } from '../report/paper.ts';
import { editDistance } from '../source/edit-distance.ts';
import type { Outcome, TextFormat } from './command-line.ts';

/** What the commands that speak of the rules need. */
export interface RuleBook {
  readonly rules: readonly Rule[];
  readonly lint: Lint;
  /** The address of a rule's page. */
  readonly pageOf: (id: string) => string;
}

/**
 * Explains rules, error notifies or a line of a log. What is not known is said, with what was probably meant, and
 * nothing is explained.
 */
export function explainSubjects(
  words: readonly string[],
  format: TextFormat,
  book: RuleBook,
  options: FormatOptions,
): Outcome {
  const answer = subjectsOf(words, book.rules, book.lint);
  if (answer.kind === 'unknown')
    return { out: '', messages: complaints(words, answer.words, book), exitCode: 2 };
  return { out: rendered(answer.subjects, format, book, options), messages: [], exitCode: 0 };
}

/** Lists every rule, in the order in which the exchanges trip over what it finds. */
export function listRules(format: TextFormat, book: RuleBook, options: FormatOptions): Outcome {
  const out = {
    pretty: () =>
      ruleList(
        book.rules.map((rule) => ({ ...listed(rule, book), notify: rule.notify })),
        options,
      ),
    markdown: () => `${ruleTable(book.rules, book.pageOf)}\n`,
    json: () => explanationsToJson(book.rules.map((rule) => explain(rule, book.lint))),
  }[format]();
  return { out, messages: [], exitCode: 0 };
}

function rendered(
  subjects: readonly Subject[],
  format: TextFormat,
  book: RuleBook,
  options: FormatOptions,
): string {
  switch (format) {
    case 'json':
      return explanationsToJson(
        [...new Set(subjects.flatMap(rulesOf))].map((rule) => explain(rule, book.lint)),
      );
    case 'markdown':
      return subjects.map((subject) => subjectToMarkdown(subject, book)).join('\n');
    case 'pretty':
      return subjects.map((subject) => subjectToTerminal(subject, book, options)).join('\n\n');
  }
}

function rulesOf(subject: Subject): readonly Rule[] {
  switch (subject.kind) {
    case 'rule':
      return [subject.rule];
    case 'notify':
      return subject.rules;
    case 'log':
      return subject.found.map(({ rule }) => rule);
  }
}

function subjectToMarkdown(subject: Subject, book: RuleBook): string {
  if (subject.kind === 'rule') return explanationToMarkdown(explanationOf(subject.rule, book));
  const rules = rulesOf(subject);
  return document([
    `# ${subject.kind === 'notify' ? notifyName(subject) : 'A line of a log'}`,
    said(subject),
    ...(rules.length > 0 ? [ruleTable(rules, book.pageOf)] : []),
  ]);
}

function subjectToTerminal(subject: Subject, book: RuleBook, options: FormatOptions): string {
  if (subject.kind === 'rule') return explanationToTerminal(explanationOf(subject.rule, book), options);
  const on = paper(options);
  const rules: readonly ListedRule[] =
    subject.kind === 'notify'
      ? subject.rules.map((rule) => listed(rule, book))
      : subject.found.map(({ rule, lines }) => ({ ...listed(rule, book), notes: lines }));
  const heading = wrapped(said(subject), on.width).map((line) => on.ink.bold(line));
  if (rules.length === 0) return `${heading.join('\n')}\n`;
  const hint = '"vyos-ipsec-lint explain RULE" tells more of one.';
  return `${heading.join('\n')}\n\n${ruleList(rules, options)}\n${on.ink.dim(hint)}\n`;
}

function said(subject: Exclude<Subject, { kind: 'rule' }>): string {
  const rules = rulesOf(subject);
  if (subject.kind === 'log') return `${count(rules.length, 'rule')} may be behind such a line of the log:`;
  if (rules.length === 0) return `No rule explains ${notifyName(subject)}.`;
  return `${count(rules.length, 'rule')} explain${rules.length === 1 ? 's' : ''} ${notifyName(subject)}:`;
}

function notifyName({ notify, code }: Extract<Subject, { kind: 'notify' }>): string {
  return `${notify} (${code})`;
}

function listed({ id, summary, severity }: Rule, { pageOf }: RuleBook): ListedRule {
  return { id, summary, severity, page: pageOf(id) };
}

function explanationOf(rule: Rule, { lint }: RuleBook): Explanation {
  return explain(rule, lint);
}

/** One sentence for each word that is not known, or one for a line that is in no log. */
function complaints(
  words: readonly string[],
  unknown: readonly string[],
  { rules }: RuleBook,
): readonly string[] {
  const hint = '"vyos-ipsec-lint rules" lists the rules';
  const names = subjectNames(rules);
  const guesses = new Map(unknown.map((word) => [word, likely(word, names)]));
  const noLine = (line: string) => `no rule has the line "${line}" in what the routers log; ${hint}`;
  // Words that are nothing by themselves were probably meant to be a line, without quotes.
  if (unknown.length === words.length && words.length > 2 && [...guesses.values()].flat().length === 0) {
    return [noLine(words.join(' '))];
  }
  return unknown.map((word) => {
    if (word.trim().includes(' ')) return noLine(word);
    const meant = guesses.get(word) ?? [];
    const question = meant.length > 0 ? `did you mean ${either(meant)}?` : hint;
    return `there is no rule and no IKE error "${word}"; ${question}`;
  });
}

/** The names that are a slip of the finger away, all that are equally near; else those of which a part begins so. */
function likely(word: string, names: readonly string[]): readonly string[] {
  const typed = word.toLowerCase();
  if (typed.length < 2 || typed.length > 64) return [];
  const scored = names.map((name) => ({ name, slips: editDistance(typed, name.toLowerCase()) }));
  const fewest = Math.min(...scored.map(({ slips }) => slips));
  const near = scored.filter(({ slips }) => slips === fewest && slips <= typed.length / 4);
  const parts = (name: string) => `-${name.toLowerCase().replaceAll('_', '-')}`;
  const meant =
    near.length > 0
      ? near.map(({ name }) => name)
      : names.filter((name) => parts(name).includes(parts(typed)));
  return meant.slice(0, 5);
}

function either(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}
