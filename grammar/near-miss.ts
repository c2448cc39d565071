import { editDistance } from '../src/source/edit-distance.ts';
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

/** Whether a word is a verb exactly. */
export function isVerb(word: string): word is Verb {
  return VERBS.some((verb) => verb === word);
}
