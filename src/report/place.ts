import type { Location } from '../lint/finding.ts';
import type { ReportSite } from '../lint/report.ts';
import { positionAt, type Span } from '../source/index.ts';

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
  const from = positionAt(site.file, start);
  const to = positionAt(site.file, end);
  return {
    file: site.file.name,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
  };
}

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

/** Spans of one file in order, those that overlap or touch made one: how many there are tells nothing. */
export function merged(spans: readonly Span[]): readonly Span[] {
  const known = mergedOf.get(spans) ?? mergedAnew(spans);
  mergedOf.set(spans, known);
  return known;
}

/** Asked for each place of a report, of which there may be as many as there are secrets. */
const mergedOf = new WeakMap<readonly Span[], readonly Span[]>();

function mergedAnew(spans: readonly Span[]): readonly Span[] {
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
}
