import { isPlain } from './schema/index.ts';

/** A half-open range of offsets in a text. */
export interface Stretch {
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
