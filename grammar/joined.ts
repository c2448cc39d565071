import { isQuoted } from './config-words.ts';
import type { WordTokens } from './set-parser.ts';

/** What stands together on a line whose line ends were lost: the words of one setting, or those that nobody can part. */
export interface Group {
  readonly kind: 'setting' | 'unclear';
  readonly words: readonly WordTokens[];
}

/**
 * The settings among words that stand in one line. A setting is a name and at most one value, and what is between quotes
 * is a value; more words without quotes could be parted in more than one way.
 */
export function groupsOf(words: readonly WordTokens[]): readonly Group[] {
  const groups: Group[] = [];
  let start = 0;
  for (const [index, tokens] of words.entries()) {
    const isLast = index === words.length - 1;
    if (!isLast && !tokens.some(isQuoted)) continue;
    const count = index + 1 - start;
    groups.push({ kind: count <= 2 ? 'setting' : 'unclear', words: words.slice(start, index + 1) });
    start = index + 1;
  }
  return groups;
}
