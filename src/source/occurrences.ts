/** A range of offsets in a text. */
export interface Occurrence {
  readonly start: number;
  readonly end: number;
}

/** Needles that begin alike, in the order of their characters. */
interface Family {
  readonly needles: readonly string[];
  /** For each the index of the longest other that it begins with; -1 for none. */
  readonly within: readonly number[];
  readonly longest: number;
}

/**
 * Where any of the needles stands in a text, at each offset the longest that does: together they cover what all cover.
 * Each offset is looked up and not compared with every needle, so that many needles in a long text take no longer than the
 * two together. A needle has at least `head` characters.
 */
export function occurrencesOf(needles: readonly string[], text: string, head: number): readonly Occurrence[] {
  const families = familiesOf(needles, head);
  if (families.size === 0) return [];
  const firsts = new Set([...families.keys()].map((one) => firstTwo(one, 0)));
  const found: Occurrence[] = [];
  for (let start = 0; start + head <= text.length; start += 1) {
    if (!firsts.has(firstTwo(text, start))) continue;
    const family = families.get(text.slice(start, start + head));
    const needle = family && longestAt(family, text, start);
    if (needle !== undefined) found.push({ start, end: start + needle.length });
  }
  return found;
}

/** The first two units of a text, or of what begins at an offset, as one number. */
function firstTwo(text: string, offset: number): number {
  return text.charCodeAt(offset) * 0x1_0000 + text.charCodeAt(offset + 1);
}

function familiesOf(needles: readonly string[], head: number): ReadonlyMap<string, Family> {
  const byHead = new Map<string, string[]>();
  for (const needle of new Set(needles)) {
    const start = needle.slice(0, head);
    const alike = byHead.get(start);
    if (alike) alike.push(needle);
    else byHead.set(start, [needle]);
  }
  return new Map([...byHead].map(([start, alike]) => [start, familyOf(alike.toSorted(byUnits))]));
}

function familyOf(needles: readonly string[]): Family {
  const open: number[] = [];
  const within = needles.map((needle, index) => {
    while (open.length > 0 && !needle.startsWith(needles[open.at(-1) ?? 0] ?? '')) open.pop();
    const above = open.at(-1) ?? -1;
    open.push(index);
    return above;
  });
  return { needles, within, longest: needles.reduce((most, { length }) => Math.max(most, length), 0) };
}

function byUnits(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function longestAt({ needles, within, longest }: Family, text: string, offset: number): string | undefined {
  const here = text.slice(offset, offset + longest);
  let low = 0;
  let high = needles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((needles[middle] ?? '') <= here) low = middle + 1;
    else high = middle;
  }
  // Whatever stands here is the last that does not come behind it, or one that this begins with.
  for (let index = low - 1; index >= 0; index = within[index] ?? -1) {
    const needle = needles[index];
    if (needle !== undefined && here.startsWith(needle)) return needle;
  }
  return undefined;
}
