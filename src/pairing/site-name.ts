import type { Side } from '../ike/outcome.ts';

/** Code points of a name that a sentence has room for. */
const longest = 32;

/**
 * A site's name as sentences have it. One letter is written large, or `a` would be read as the article; a very long
 * name is cut.
 */
export function calledName(name: string): string {
  const points = [...name];
  if (points.length === 1) return name.toUpperCase();
  return points.length <= longest ? name : `${points.slice(0, longest - 3).join('')}...`;
}

/** What the two ends of a link are called: their sites' names, or A and B where these are absent or cannot be told apart. */
export function endNames(siteOfA: string, siteOfB: string): Readonly<Record<Side, string>> {
  const [a, b] = [calledName(siteOfA), calledName(siteOfB)];
  return a.trim() === '' || b.trim() === '' || a === b ? { a: 'A', b: 'B' } : { a, b };
}
