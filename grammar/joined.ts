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
  while (start < words.length) {
    const quoted = words.findIndex((tokens, index) => index >= start && tokens.some(isQuoted));
    const end = quoted < 0 ? words.length : quoted + 1;
    const count = end - start;
    groups.push({ kind: count <= 2 ? 'setting' : 'unclear', words: words.slice(start, end) });
    start = end;
  }
  return groups;
}
