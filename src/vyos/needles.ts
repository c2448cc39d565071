import { isPlain } from './schema/index.ts';

/** A half-open range of offsets in a text. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Where texts stand that must not be seen, in their order, those that overlap made one. */
export type Finder = (text: string) => readonly Stretch[];

/** Fewer characters stand in too many words. */
const SHORTEST = 4;
/** One of fewer characters may be part of a word of its own. */
const SHORTEST_PART = 8;

/** Looks for all of them at once, whatever the case: in time that grows with the text alone. */
export function finderOf(secrets: Iterable<string>): Finder {
  const byHead = new Map<string, string[]>();
  for (const secret of new Set(secrets)) {
    if (secret.length < SHORTEST || isPlain(secret)) continue;
    const needle = lower(secret);
    const head = needle.slice(0, SHORTEST);
    const alike = byHead.get(head);
    if (alike === undefined) byHead.set(head, [needle]);
    else alike.push(needle);
  }
  if (byHead.size === 0) return () => [];
  return (text) => found(lower(text), byHead);
}

/** Of the same length as the text, as not all of Unicode is in lower case. */
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function found(text: string, byHead: ReadonlyMap<string, readonly string[]>): readonly Stretch[] {
  const stretches: { start: number; end: number }[] = [];
  for (let at = 0; at + SHORTEST <= text.length; at += 1) {
    const alike = byHead.get(text.slice(at, at + SHORTEST));
    if (alike === undefined) continue;
    const end = Math.max(
      0,
      ...alike.filter((needle) => standsAt(text, at, needle)).map(({ length }) => at + length),
    );
    if (end === 0) continue;
    const last = stretches.at(-1);
    if (last !== undefined && at <= last.end) last.end = Math.max(last.end, end);
    else stretches.push({ start: at, end });
  }
  return stretches;
}

function standsAt(text: string, at: number, needle: string): boolean {
  if (!text.startsWith(needle, at)) return false;
  if (needle.length >= SHORTEST_PART) return true;
  return !/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + needle.length));
}

/** What is looked through for parts; a dump of megabytes that is damaged throughout is looked through in part. */
const MOST_CHARACTERS = 500_000;

/**
 * The words of a text that stand within one of the secrets: where the end of a secret is lost, as in a dump that lost its
 * line ends, what is known of it is longer than itself.
 */
export function partFinderOf(secrets: Iterable<string>): Finder {
  const whole = lower([...secrets].join('\n').slice(0, MOST_CHARACTERS));
  const heads = new Set<string>();
  for (let at = 0; at + SHORTEST_PART <= whole.length; at += 1)
    heads.add(whole.slice(at, at + SHORTEST_PART));
  if (heads.size === 0) return () => [];
  return (text) =>
    [...lower(text).matchAll(/[^\s'"]+/g)].flatMap(({ 0: word, index }) =>
      heads.has(word.slice(0, SHORTEST_PART)) && !isPlain(word) && whole.includes(word)
        ? [{ start: index, end: index + word.length }]
        : [],
    );
}

/** What either finds. */
export function eitherFinder(one: Finder, other: Finder): Finder {
  return (text) => {
    const stretches: { start: number; end: number }[] = [];
    for (const { start, end } of [...one(text), ...other(text)].toSorted((x, y) => x.start - y.start)) {
      const last = stretches.at(-1);
      if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
      else stretches.push({ start, end });
    }
    return stretches;
  };
}
