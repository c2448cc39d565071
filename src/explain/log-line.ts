import type { Finding } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import type { Rule } from '../lint/rule.ts';
import { oncePer } from '../source/once.ts';
import { type Lint, lintExample } from './explanation.ts';
import { symptoms } from './symptoms.ts';

/** A rule, and the lines of a log that lead to it, as its example has them or `symptoms`. */
export interface LoggedRule {
  readonly rule: Rule;
  readonly lines: readonly string[];
}

/**
 * The rules for whose examples charon logs a line, in IKEv2 or IKEv1, and those for which it is a symptom. The line may be a part of one, may have what a
 * log puts before it, and may name other addresses, identities, proposals and numbers: words alone are compared.
 */
export function rulesThatLog(line: string, rules: readonly Rule[], lint: Lint): readonly LoggedRule[] {
  const wanted = wordsOf(withoutPrefix(line));
  const seen = symptoms.filter(({ pattern }) => pattern.test(line));
  if (wanted.length < fewestWords && seen.length === 0) return [];
  return rules.flatMap((rule) => {
    const alike = [
      ...exampleLog(rule, lint).filter((own) => isAlike(wordsOf(own), wanted)),
      ...seen.filter((symptom) => symptom.rules.includes(rule.id)).map((symptom) => symptom.line),
    ];
    // Both directions may log it, each with its own addresses.
    const lines = new Map(alike.toReversed().map((own) => [wordsOf(own).join(' '), own]));
    return lines.size > 0 ? [{ rule, lines: [...lines.values()].toReversed() }] : [];
  });
}

/** A word or two stand in too many lines to say anything. */
const fewestWords = 3;

/**
 * What the routers log of a rule's bad pair, in IKEv2 and in IKEv1, each line once. Its findings tell one direction of each; where nothing else is wrong with
 * the pair, what its negotiations log is of the rule, too.
 */
export function exampleLog(rule: Rule, lint: Lint): readonly string[] {
  return logsOf(lint)(rule);
}

/** Each word of a question, and all together, are looked for in all of them. */
const logsOf = oncePer((lint: Lint) => oncePer((rule: Rule) => logOf(rule, lint)));

function logOf(rule: Rule, lint: Lint): readonly string[] {
  const versions = [rule.bad, { ...rule.bad, a: asIkev1(rule.bad.a), b: asIkev1(rule.bad.b) }];
  const lines = versions.flatMap((patch) => {
    const report = lintExample(patch, lint);
    const own = report.findings.filter(({ ruleId }) => ruleId === rule.id);
    const alone = own.length > 0 && report.findings.every((finding) => isOf(finding, rule));
    return [
      ...own.flatMap(({ log }) => [...log.a, ...log.b]),
      ...(alone ? report.links.flatMap(negotiationLines) : []),
    ];
  });
  return [...new Set(lines)];
}

function isOf({ ruleId, severity }: Finding, rule: Rule): boolean {
  return ruleId === rule.id || severity !== 'error';
}

/** The commands of a patch for a pair that speaks IKEv1; one that says itself which version it speaks stays. */
function asIkev1(patch: string | undefined): string {
  const commands = patch === undefined ? [] : [patch];
  const own = commands.some((command) => command.includes(' key-exchange '));
  const group = (letter: string) => `set vpn ipsec ike-group IKE-${letter} key-exchange 'ikev1'`;
  return [...(own ? [] : ['A', 'B'].map(group)), ...commands].join('\n');
}

function negotiationLines({ negotiations }: Report['links'][number]): readonly string[] {
  const failures = negotiations.flatMap(({ result, afterwards }) => [
    ...(result.outcome === 'failed' ? [result] : []),
    ...afterwards.map(({ failure }) => failure),
  ]);
  return failures.flatMap(({ log }) => [...log.initiator, ...log.responder]);
}

/** `Nov 24 14:17:24 vyos charon[811]: 07[IKE] <SITE-B|1> ` and what `swanctl --log` makes of it. */
function withoutPrefix(line: string): string {
  return line.replace(/^(?:.*?\s)?\d{0,2}\[[A-Z]{3}\]\s+(?:<[^>]*>\s+)?/, '');
}

/** The words that charon itself puts into a line: no quoted text, address, identity, proposal or number. */
function wordsOf(line: string): readonly string[] {
  return line
    .replace(/'[^']*'(?:\[[^\]]*\])?/g, ' ')
    .split(/\s+/)
    .map((word) => word.replace(/[,.:;?]+$/, ''))
    .filter((word) => /^[A-Za-z][A-Za-z_-]*$/.test(word))
    .map((word) => word.toLowerCase());
}

/** Whether one holds the other, word by word; what is held must be long enough to mean something. */
function isAlike(own: readonly string[], wanted: readonly string[]): boolean {
  const [whole, part] = own.length >= wanted.length ? [own, wanted] : [wanted, own];
  if (part.length < fewestWords) return false;
  return whole.some((_, start) => part.every((word, index) => whole[start + index] === word));
}
