import { editDistance } from '../../source/edit-distance.ts';
/** The word of a list that was probably meant: mistyped, abbreviated, or with the punctuation of another vendor. */
export function nearest(
  word: string,
  candidates: readonly string[],
  aliases: Readonly<Record<string, string>> = {},
): string | undefined {
  const plain = normalise(word);
  if (plain === '' || plain.length > 64) return undefined;
  const alias = Object.hasOwn(aliases, plain) ? aliases[plain] : undefined;
  if (alias !== undefined && candidates.includes(alias)) return alias;
  const same = candidates.find((candidate) => normalise(candidate) === plain);
  if (same !== undefined) return same;
  const byDistance = closest(plain, candidates);
  if (byDistance !== undefined) return byDistance;
  const longer = candidates.filter((candidate) => isPrefixed(normalise(candidate), plain));
  return longer.length === 1 ? longer[0] : undefined;
}

/** Candidates in order of likeness: those that a cut list should show first. */
export function nearestFirst(word: string, candidates: readonly string[]): readonly string[] {
  const plain = normalise(word).slice(0, 64);
  const scored = candidates.map((candidate, index) => ({
    candidate,
    index,
    score: editDistance(plain, normalise(candidate)),
  }));
  scored.sort((x, y) => x.score - y.score || x.index - y.index);
  return scored.map(({ candidate }) => candidate);
}

function normalise(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function isPrefixed(candidate: string, word: string): boolean {
  return word.length >= 3 && candidate.startsWith(word);
}

/** The one candidate that is a few typing mistakes away; none where two are equally near by different digits. */
function closest(word: string, candidates: readonly string[]): string | undefined {
  const most = word.length <= 3 ? 1 : word.length <= 7 ? 2 : 3;
  let best: string | undefined;
  let bestDistance = most + 1;
  let tied = false;
  for (const candidate of candidates) {
    const found = editDistance(word, normalise(candidate));
    if (found < bestDistance) [best, bestDistance, tied] = [candidate, found, false];
    else if (found === bestDistance) tied = true;
  }
  const numeric = /^\d+$/.test(word);
  return best === undefined || numeric || (tied && bestDistance > 1) ? undefined : best;
}

/** Whether two words are at most so many slips apart. */
export function isWithin(word: string, name: string, most: number): boolean {
  // Each letter of the name that the word has nowhere is a slip at least. That tells nearly all words apart at once.
  let missing = 0;
  for (let index = 0; index < name.length; index += 1) if (!word.includes(name.charAt(index))) missing += 1;
  return missing <= most && editDistance(word, name) <= most;
}
