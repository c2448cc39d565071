import { notifyTypes } from '../ike/notify.ts';
import type { Notify } from '../ike/outcome.ts';
import type { Rule } from '../lint/rule.ts';
import type { Lint } from './explanation.ts';
import { exampleLog, type LoggedRule, rulesThatLog } from './log-line.ts';

/** What somebody asks about: a rule, an error notify with the rules that explain it, or a line of a log with those that log it. */
export type Subject =
  | { readonly kind: 'rule'; readonly rule: Rule }
  | {
      readonly kind: 'notify';
      readonly notify: Notify;
      readonly code: number;
      readonly rules: readonly Rule[];
    }
  | { readonly kind: 'log'; readonly line: string; readonly found: readonly LoggedRule[] };

export type Answer =
  | { readonly kind: 'found'; readonly subjects: readonly Subject[] }
  /** The words that are no rule and no notify, where they are no line of a log either. */
  | { readonly kind: 'unknown'; readonly words: readonly string[] };

/**
 * What the words of a command line ask about: each a rule, a notify or a line of a log, or all of them together a line. The
 * case counts for nothing; `error[RULE]` and `N(NO_PROP)` are taken as a report and a log show them.
 */
export function subjectsOf(words: readonly string[], rules: readonly Rule[], lint: Lint): Answer {
  const named = words.map((word) => {
    const subjects = namedBy(word, rules, lint);
    return subjects.length > 0 || !/\S\s+\S/.test(word) ? subjects : loggedAs(word, rules, lint);
  });
  if (named.every((subjects) => subjects.length > 0)) return { kind: 'found', subjects: named.flat() };
  const together = words.length > 1 ? loggedAs(words.join(' '), rules, lint) : [];
  if (together.length > 0) return { kind: 'found', subjects: together };
  return { kind: 'unknown', words: words.filter((_, index) => named[index]?.length === 0) };
}

/** A line of a log: the rules that log it, or else the notifies that it names. */
function loggedAs(line: string, rules: readonly Rule[], lint: Lint): readonly Subject[] {
  const found = rulesThatLog(line, rules, lint);
  return found.length > 0 ? [{ kind: 'log', line, found }] : notifySubjects(notifiesIn(line), rules, lint);
}

function namedBy(word: string, rules: readonly Rule[], lint: Lint): readonly Subject[] {
  const id = word
    .trim()
    .replace(/^(?:error|warning|info)\[(.*)\]$/i, '$1')
    .toLowerCase();
  const rule = rules.find((one) => one.id === id);
  if (rule) return [{ kind: 'rule', rule }];
  return notifySubjects(notifiesNamed(word.trim()), rules, lint);
}

/** Of several that a number may mean those that a rule explains, where there are such. */
function notifySubjects(
  named: readonly Notify[],
  rules: readonly Rule[],
  lint: Lint,
): readonly (Subject & { readonly kind: 'notify' })[] {
  const all = named.map((notify) => subjectOf(notify, rules, lint));
  const explained = all.filter((subject) => subject.rules.length > 0);
  return explained.length > 0 ? explained : all;
}

const notifies = Object.keys(notifyTypes) as Notify[];

/** Names, short names and numbers; some of both kinds mean one thing in IKEv2 and another in IKEv1. */
function notifiesNamed(word: string): readonly Notify[] {
  const name = word.replace(/^N\((.*)\)$/i, '$1').toUpperCase();
  const exact = notifies.filter((notify) => notify === name);
  return exact.length > 0
    ? exact
    : notifies.filter((notify) =>
        [notifyTypes[notify].short, String(notifyTypes[notify].code)].includes(name),
      );
}

function notifiesIn(line: string): readonly Notify[] {
  const words = line.match(/\b[A-Z][A-Z_]+\b/gi) ?? [];
  return [...new Set(words.filter((word) => word.includes('_')).flatMap(notifiesNamed))];
}

function subjectOf(
  notify: Notify,
  rules: readonly Rule[],
  lint: Lint,
): Subject & { readonly kind: 'notify' } {
  const word = new RegExp(`\\b${notify}\\b`);
  return {
    kind: 'notify',
    notify,
    code: notifyTypes[notify].code,
    // The other version of IKE may have another notify for the same fault: its log tells.
    rules: rules.filter(
      (rule) => rule.notify === notify || exampleLog(rule, lint).some((line) => word.test(line)),
    ),
  };
}

/** Every word that a subject may be asked for by, besides the lines of logs. */
export function subjectNames(rules: readonly Pick<Rule, 'id'>[]): readonly string[] {
  return [...rules.map(({ id }) => id), ...notifies];
}
