import type { Location } from '../lint/finding.ts';
import type { ReportSite } from '../lint/report.ts';
import { type Position, positionAt, type Span } from '../source/index.ts';
import { oncePer } from '../source/once.ts';

/** A range for people and editors: lines and columns count from 1 in UTF-16 units, `endColumn` is the column after. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A half-open range of offsets in a file that is known. */
export type Stretch = Pick<Span, 'start' | 'end'>;

/** Where a location stands. A range that would measure out a secret ends before it, or is the secret's first column. */
export function placeOf(location: Location, site: ReportSite): Place {
  const { start, end } = discreet(location.at, site.secrets);
  const from = shownPosition(site, start);
  // One column is one, even where it is a mask's first.
  const to = end === start + 1 ? { ...from, column: from.column + 1 } : shownPosition(site, end);
  return {
    file: site.file.name,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
  };
}

/** What stands for a secret has this many columns. */
const MASK_WIDTH = 8;

/** Where an offset stands when each secret before it on its line is as long as its mask. */
function shownPosition({ file, secrets }: ReportSite, offset: number): Position {
  const { line, column } = positionAt(file, offset);
  const lineStart = offset - column + 1;
  const all = merged(secrets);
  const [first, end] = [firstBehind(all, lineStart), firstBehind(all, offset)];
  if (first === end) return { line, column };
  const growth = growthOf(all);
  const cut = Math.max(0, lineStart - (all[first]?.start ?? lineStart));
  return { line, column: column + (growth[end] ?? 0) - (growth[first] ?? 0) + cut };
}

/** The index of the first span that ends behind an offset. */
function firstBehind(spans: readonly Stretch[], offset: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By how much a text grows in all up to each of the spans when they are masked. */
const growthOf = oncePer((spans: readonly Stretch[]): readonly number[] => {
  const growth = [0];
  for (const { start, end } of spans) growth.push((growth.at(-1) ?? 0) + MASK_WIDTH - (end - start));
  return growth;
});

/** Whether two spans share a character, or one is empty and within the other, or both are the same empty place. */
export function overlaps(one: Stretch, other: Stretch): boolean {
  return (
    (one.start < other.end && other.start < one.end) || (one.start === other.start && one.end === other.end)
  );
}

function discreet(at: Span, secrets: readonly Span[]): Stretch {
  const all = merged(secrets);
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.end ?? 0) < at.start) low = middle + 1;
    else high = middle;
  }
  const first = all.slice(low, low + 2).find((secret) => overlaps(at, secret));
  if (first === undefined) return at;
  if (at.start < first.start) return { start: at.start, end: first.start };
  return { start: first.start, end: first.start + 1 };
}

/** Spans of one file in order, those that overlap or touch made one: how many there are tells nothing. Asked for each place of a report. */
export const merged = oncePer((spans: readonly Span[]): readonly Span[] => {
  const result: Span[] = [];
  for (const next of [...spans].sort((one, other) => one.start - other.start || one.end - other.end)) {
    const last = result.at(-1);
    if (last !== undefined && next.start <= last.end) {
      result[result.length - 1] = { ...last, end: Math.max(last.end, next.end) };
    } else {
      result.push(next);
    }
  }
  return result;
});
