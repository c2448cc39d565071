/** Texts by their lines, whatever ends them. */

export function splice(text: string, start: number, end: number, between: string): string {
  return text.slice(0, start) + between + text.slice(end);
}

export function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** Before the line end. */
export function lineEnd(text: string, offset: number): number {
  const end = text.slice(offset).search(/[\r\n]/);
  return end < 0 ? text.length : offset + end;
}

export function eolAt(text: string, offset: number): string {
  return /^(?:\r\n|\n|\r)/.exec(text.slice(offset, offset + 2))?.[0] ?? '';
}

/** The line end of a text, by its first. */
export function usualEol(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}
