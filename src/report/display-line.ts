import { lineText, positionAt, type SourceFile, type Span } from '../source/index.ts';
import { cellWidth } from './cell-width.ts';
import { inert, writtenOut } from './inert.ts';
import { merged, overlaps } from './place.ts';

/** What one grapheme, one tab or one secret of a line looks like, and which offsets of the file it stands for. */
interface Cell {
  readonly text: string;
  readonly width: number;
  readonly start: number;
  readonly end: number;
}

/** The part of a line that is shown: the marked text and what stands around it. */
export interface Excerpt {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
  /** Cells before the mark, and cells of the mark. */
  readonly indent: number;
  readonly extent: number;
}

/** Stands for a secret, whatever its length. */
const mask = '********';

const tabStop = 4;

/**
 * The line in which `at` begins, cut to `room` cells around it, with each secret masked and each character that
 * could mislead written out.
 */
export function excerpt(
  file: SourceFile,
  at: Span,
  secrets: readonly Span[],
  room: number,
  cut: string,
): Excerpt {
  const line = cellsAround(file, at, secrets, room, cut);
  const [first, last] = markedCells(line, at);
  const columns = [0];
  for (const { width } of line) columns.push((columns.at(-1) ?? 0) + width);
  const columnOf = (index: number): number => columns[Math.min(index, line.length)] ?? 0;
  const total = columnOf(line.length);
  const [from, to] = window(total, columnOf(first), columnOf(last), room, cut.length);

  const shown = (start: number, end: number): string =>
    line
      .slice(start, end)
      .filter((_, index) => columnOf(start + index) >= from && columnOf(start + index + 1) <= to)
      .map(({ text }) => text)
      .join('');
  const before = (from > 0 ? cut : '') + shown(0, first);
  const marked = shown(first, last);
  const after = shown(last, line.length) + (to < total ? cut : '');
  return { before, marked, after, indent: cellWidth(before), extent: Math.max(1, cellWidth(marked)) };
}

/** As much of the line as could be shown, and no more: a dump may be one line of many megabytes. */
function cellsAround(
  file: SourceFile,
  at: Span,
  secrets: readonly Span[],
  room: number,
  cut: string,
): readonly Cell[] {
  const reach = Math.min(room, 1000) * 4;
  const { line: lineNumber, column } = positionAt(file, at.start);
  const lineStart = at.start - column + 1;
  const lineEnd = lineStart + lineText(file, lineNumber).length;
  const from = Math.max(lineStart, shownBefore(at.start, reach, secrets));
  const to = Math.min(lineEnd, shownBehind(at.start, 2 * reach, secrets));
  const ellipsis = (offset: number): Cell => ({ text: cut, width: cut.length, start: offset, end: offset });

  const line: Cell[] = from > lineStart ? [ellipsis(from)] : [];
  let offset = from;
  for (const secret of merged(secrets)) {
    if (secret.end < offset || secret.start > to) continue;
    line.push(...plainCells(file.text, offset, secret.start));
    line.push({ text: mask, width: mask.length, start: secret.start, end: secret.end });
    offset = secret.end;
  }
  line.push(...plainCells(file.text, offset, to));
  if (to < lineEnd) line.push(ellipsis(to));
  return withTabs(line);
}

/** The offset so many characters before another, each secret counted by its mask: how far one sees tells no length. */
function shownBefore(offset: number, reach: number, secrets: readonly Span[]): number {
  let from = offset - reach;
  for (const { start, end } of merged(secrets).toReversed()) {
    if (start >= offset) continue;
    if (Math.min(end, offset) <= from) break;
    from = Math.min(start, from - (Math.min(end, offset) - start) + (end > offset ? 0 : mask.length));
  }
  return from;
}

function shownBehind(offset: number, reach: number, secrets: readonly Span[]): number {
  let to = offset + reach;
  for (const { start, end } of merged(secrets)) {
    if (end <= offset) continue;
    if (start >= to) break;
    to = Math.max(end, to + (end - Math.max(start, offset)) - mask.length);
  }
  return to;
}

function plainCells(text: string, from: number, to: number): readonly Cell[] {
  if (from >= to) return [];
  const plain = text.slice(from, to);
  return graphemesOf(plain).map(({ segment, index }) => {
    // A runner's command is more than one character, so inert would not see it in one.
    const commands = segment === '#' && /^##[a-z]*\[/i.test(plain.slice(index, index + 64));
    const shown = segment === '\t' ? segment : commands ? writtenOut(segment) : inert(segment);
    const start = from + index;
    return { text: shown, width: cellWidth(shown), start, end: start + segment.length };
  });
}

/** Of plain ASCII every character is one; asking the segmenter costs as much at start-up as parsing a dump. */
function graphemesOf(text: string): readonly { readonly segment: string; readonly index: number }[] {
  if (/^[\t\x20-\x7e]*$/.test(text)) return [...text].map((segment, index) => ({ segment, index }));
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)];
}

function withTabs(line: readonly Cell[]): readonly Cell[] {
  let column = 0;
  return line.map((cell) => {
    const width = cell.text === '\t' ? tabStop - (column % tabStop) : cell.width;
    column += width;
    return cell.text === '\t' ? { ...cell, text: ' '.repeat(width), width } : cell;
  });
}

/** The cells that a span covers, from the first up to, not with, the last; at least one, perhaps past the line's end. */
function markedCells(line: readonly Cell[], at: Span): readonly [first: number, last: number] {
  const covered = line.flatMap((cell, index) => (overlaps(cell, at) ? [index] : []));
  const first = covered.at(0) ?? line.findIndex(({ start }) => start >= at.start);
  if (first === -1) return [line.length, line.length];
  return [first, (covered.at(-1) ?? first) + 1];
}

/** The columns that are shown of a line that may be longer than its room, with room kept for what says it was cut. */
function window(
  total: number,
  focusStart: number,
  focusEnd: number,
  room: number,
  cut: number,
): readonly [from: number, to: number] {
  const end = Math.max(focusEnd, focusStart + 1);
  const full = Math.max(total, end);
  if (full <= room) return [0, full];
  if (end <= room - cut) return [0, room - cut];
  if (focusStart >= full - (room - cut)) return [full - (room - cut), full];
  const inner = room - 2 * cut;
  const from = Math.max(0, focusStart - Math.max(0, Math.floor((inner - (end - focusStart)) / 2)));
  return [from, from + inner];
}
