/**
 * A text that was read: its name as the user gave it, and its characters. A byte order mark is not part of `text`.
 * `lineStarts[n]` is the offset at which line n + 1 begins; lines end with LF, CRLF or a lone CR.
 */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
}

/** A half-open range of UTF-16 offsets in a file: `file.text.slice(start, end)` is what it covers. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A value and the place it was read from. */
export interface Located<T> {
  readonly value: T;
  readonly at: Span;
}

/** A position for people: line and column count from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function sourceFile(name: string, content: string): SourceFile {
  const text = content.startsWith('\uFEFF') ? content.slice(1) : content;
  const lineStarts = [0];
  for (const lineEnd of text.matchAll(/\r\n|\n|\r/g)) lineStarts.push(lineEnd.index + lineEnd[0].length);
  return { name, text, lineStarts };
}

/** What a site is called that has no name of its own: its file's, without folder and extension; `.gz` is one more. */
export function siteName(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const unpacked = base.replace(/\.gz$/i, '') || base;
  return unpacked.replace(/\.[^.]+$/, '') || unpacked;
}

export function span(file: SourceFile, start: number, end: number): Span {
  return { file, start, end };
}

/** The smallest span that covers all of the given ones, which must be of one file. */
export function cover(first: Span, ...rest: readonly Span[]): Span {
  const start = rest.reduce((least, other) => Math.min(least, other.start), first.start);
  const end = rest.reduce((most, other) => Math.max(most, other.end), first.end);
  return { file: first.file, start, end };
}

export function textOf(at: Span): string {
  return at.file.text.slice(at.start, at.end);
}

/** Where an offset stands, by binary search over the line starts. */
export function positionAt(file: SourceFile, offset: number): Position {
  let low = 0;
  let high = file.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((file.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (file.lineStarts[low] ?? 0) + 1 };
}

/** The text of a line (counted from 1) without its line end. */
export function lineText(file: SourceFile, line: number): string {
  const start = file.lineStarts[line - 1] ?? file.text.length;
  const end = file.lineStarts[line] ?? file.text.length;
  return file.text.slice(start, end).replace(/(?:\r\n|\n|\r)$/, '');
}
