import type { Problem } from '../lint/finding.ts';
import type { JudgedComment, SuppressionRule } from '../lint/rule.ts';
import type { SuppressionComment } from '../lint/suppression-comment.ts';
import type { Span } from '../source/index.ts';
import { nearest } from '../vyos/schema/nearest.ts';
import { thisTool } from './sources.ts';

interface Fault {
  readonly message: string;
  readonly consequence: string;
  readonly at: Span;
  readonly label: string;
}

const nothing = 'The comment suppresses nothing.';
const forms =
  'Write "# vyos-ipsec-lint-ignore-next-line RULE -- reason" or "# vyos-ipsec-lint-ignore-file RULE -- reason".';

function* check(
  comments: readonly JudgedComment[],
  site: number,
  known: readonly string[],
): Iterable<Problem> {
  for (const { comment } of comments) {
    for (const { message, consequence, at, label } of faultsOf(comment, known)) {
      yield {
        message,
        consequence,
        locations: [{ site, at, path: [], value: null, origin: 'set', label }],
      };
    }
  }
}

function* faultsOf(comment: SuppressionComment, known: readonly string[]): Iterable<Fault> {
  const { at, kind, rules, reason, line } = comment;
  if (kind === 'unreadable') {
    yield {
      message: 'The suppression comment cannot be read',
      consequence: `${nothing} ${forms}`,
      at,
      label: 'neither ignore-next-line nor ignore-file',
    };
    return;
  }
  if (rules.length === 0) {
    yield {
      message: 'The suppression comment names no rule',
      consequence: `${nothing} ${forms}`,
      at,
      label: 'no rule',
    };
    return;
  }
  for (const { value, at: place } of rules) {
    if (known.includes(value)) continue;
    const meant = nearest(value, known);
    // The word itself is not shown: what stands in a comment may be a secret.
    yield {
      message: 'The suppression comment names a rule that is not there',
      consequence: `${nothing} ${meant === undefined ? 'The command "vyos-ipsec-lint rules" lists the rules.' : `Did you mean ${meant}?`}`,
      at: place,
      label: meant === undefined ? 'no such rule' : `did you mean ${meant}?`,
    };
  }
  if (kind === 'next-line' && line === undefined) {
    yield {
      message: 'The suppression comment stands at the end, with no line below it',
      consequence: nothing,
      at,
      label: 'no line follows',
    };
  }
  if (reason === null) {
    yield {
      message: 'The suppression comment gives no reason',
      consequence:
        'It is followed. Whoever reads it later cannot tell whether it still holds. Write " -- " and the reason behind the rule.',
      at,
      label: 'no reason',
    };
  }
}

export const suppressionInvalid: SuppressionRule = {
  id: 'suppression-invalid',
  scope: 'suppression',
  summary: 'A suppression comment cannot be read, or gives no reason.',
  severity: 'warning',
  notify: null,
  why:
    'A comment that is meant to hide a finding, and does not, or hides it for a reason that nobody knows any more, is ' +
    'worse than none.',
  mend: 'Name the rule and the reason: `# vyos-ipsec-lint-ignore-next-line RULE -- reason`.',
  sources: [thisTool],
  bad: { b: '# vyos-ipsec-lint-ignore-file psk-mismach -- the secret is set by hand' },
  good: { b: '# the secret is set by hand' },
  check,
};
