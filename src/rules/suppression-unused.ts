import type { Problem } from '../lint/finding.ts';
import type { JudgedComment, SuppressionRule } from '../lint/rule.ts';
import { thisTool } from './sources.ts';

function* check(
  comments: readonly JudgedComment[],
  site: number,
  known: readonly string[],
): Iterable<Problem> {
  for (const { comment, unused } of comments) {
    const where = comment.kind === 'file' ? 'in this file' : 'on the line below';
    for (const { value, at } of comment.kind === 'unreadable' ? [] : comment.rules) {
      if (!unused.has(value) || !known.includes(value)) continue;
      yield {
        message: `There is no finding of ${value} ${where} to suppress`,
        consequence:
          'The comment hides nothing today. Left where it is, it hides a mistake that is made later.',
        locations: [{ site, at, path: [], value: null, origin: 'set', label: 'suppresses nothing' }],
      };
    }
  }
}

export const suppressionUnused: SuppressionRule = {
  id: 'suppression-unused',
  scope: 'suppression',
  summary: 'A comment suppresses a rule that finds nothing there.',
  severity: 'warning',
  notify: null,
  why:
    'A suppression is written for one finding, with a reason. When the finding is gone, the comment stays and waits for ' +
    'the next mistake on that line, which nobody will then be told of.',
  mend: 'Remove the comment, or the name of the rule from it.',
  sources: [thisTool],
  bad: { b: '# vyos-ipsec-lint-ignore-file pfs-mismatch -- the other side is not ours' },
  good: { b: '# the other side is not ours' },
  check,
};
