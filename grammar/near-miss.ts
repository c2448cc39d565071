import type { Verb } from './command.ts';

const VERBS: readonly Verb[] = ['set', 'delete', 'comment', 'activate', 'deactivate'];

/** The verb that a word was meant to be: one slip away from it in typing or copying, or with something stuck before it. */
export function meantVerb(word: string): Verb | undefined {
  if (word.length > 20) return undefined;
  const lower = word.toLowerCase();
  const close = VERBS.find(
    (verb) => lower.length > 1 && editDistance(lower, verb) <= (verb.length > 5 ? 2 : 1),
  );
  if (close !== undefined || /^(?:re|un|pre|off|sub|as)set$/.test(lower)) return close;
  // `activate` ends `deactivate`, so the longest verb that fits is meant.
  const stuck = (verb: Verb) => lower.length - verb.length <= 6 && lower.endsWith(verb);
  return VERBS.findLast(stuck);
}

/** How many characters must be added, taken away, replaced or exchanged with their neighbour to make one word the other. */
export function editDistance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (last[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      const best = Math.min(replaced, (last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current.push(swapped ? Math.min(best, (beforeLast[column - 2] ?? best) + 1) : best);
    }
    beforeLast = last;
    last = current;
  }
  return last[other.length] ?? 0;
}

/** Whether a word is a verb exactly. */
export function isVerb(word: string): word is Verb {
  return VERBS.some((verb) => verb === word);
}
