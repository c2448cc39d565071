import type { IToken } from 'chevrotain';
import { positionAt, type SourceFile, type Span, span } from '../src/source/index.ts';
import type { Part } from './config-parser.ts';
import type { WordTokens } from './set-parser.ts';
import { tokenSpan } from './words.ts';

/** A part of the text with all that is to know of its place. */
export interface Placed {
  readonly kind: Part['kind'];
  readonly at: Span;
  /** Of all but words. */
  readonly token: IToken | undefined;
  readonly words: readonly WordTokens[];
  readonly inactive: IToken | undefined;
  /** The column of the first part of a line, blanks counted; undefined for the parts behind it. */
  readonly indent: number | undefined;
  /** Whether a brace stands on the same line that words of VyOS would have for themselves. */
  readonly crowded: boolean;
  /** Whether the line is one that a commit would delete. */
  readonly isDeleted: boolean;
  /** Of words: a setting, the heading of a block, or a heading whose brace is missing. */
  readonly role: 'leaf' | 'heading' | 'unopened';
}

export interface Structure {
  readonly placed: readonly Placed[];
  /** Whether the indentation says which brace is missing: only asked where the braces do not pair. */
  readonly byIndent: boolean;
}

/** Puts the parts of all lines in one row. */
export function place(file: SourceFile, lines: readonly (readonly Part[])[]): Structure {
  const flat = lines.flatMap((line) => placeLine(file, line));
  const byIndent = !isBalanced(flat) && flat.some(({ indent }) => indent !== undefined && indent > 0);
  let nextOnOwnLine: Placed | undefined;
  const placed: Placed[] = [];
  for (let index = flat.length - 1; index >= 0; index -= 1) {
    const part = flat[index];
    if (part === undefined) continue;
    if (part.kind !== 'words') {
      placed.push(part);
    } else {
      const next = flat[index + 1];
      const opens = next?.kind === 'open';
      const isAlone = part.indent !== undefined && (next === undefined || next.indent !== undefined);
      const goesDeeper =
        nextOnOwnLine?.kind === 'words' && (nextOnOwnLine.indent ?? 0) > (part.indent ?? Infinity);
      const role = opens ? 'heading' : byIndent && isAlone && goesDeeper ? 'unopened' : 'leaf';
      placed.push({ ...part, role });
    }
    const isStructure = part.kind === 'words' || part.kind === 'close' || part.kind === 'open';
    if (isStructure && part.indent !== undefined) nextOnOwnLine = part;
  }
  return { placed: placed.toReversed(), byIndent };
}

function placeLine(file: SourceFile, line: readonly Part[]): readonly Placed[] {
  const isDeleted = line.some((part) => part.kind === 'diff' && part.token.image === '-');
  const braces = line.filter(({ kind }) => kind === 'open' || kind === 'close').length;
  const parts = line.filter(({ kind }) => kind !== 'diff');
  return line.map((part) => {
    const at = placeOf(file, part);
    const isFirst = part === parts[0];
    const isLastHeading = part.kind === 'words' && parts.at(-2) === part && parts.at(-1)?.kind === 'open';
    return {
      kind: part.kind,
      at,
      token: part.kind === 'words' ? undefined : part.token,
      words: part.kind === 'words' ? part.words : [],
      inactive: part.kind === 'words' ? part.inactive : undefined,
      indent: isFirst ? columnOf(file, at.start) : undefined,
      crowded: braces > (isLastHeading ? 1 : 0),
      isDeleted,
      role: 'leaf',
    };
  });
}

function placeOf(file: SourceFile, part: Part): Span {
  if (part.kind !== 'words') {
    const { start } = tokenSpan(file, part.token);
    return span(file, start, start + part.token.image.trimEnd().length);
  }
  const first = part.inactive ?? part.words[0]?.[0];
  const last = part.words.at(-1)?.at(-1) ?? first;
  const start = first?.startOffset ?? 0;
  return span(file, start, (last?.startOffset ?? start) + (last?.image.length ?? 0));
}

function columnOf(file: SourceFile, offset: number): number {
  const start = offset - positionAt(file, offset).column + 1;
  let column = 0;
  for (const character of file.text.slice(start, offset)) column += character === '\t' ? 8 - (column % 8) : 1;
  return column;
}

function isBalanced(parts: readonly Placed[]): boolean {
  let depth = 0;
  for (const { kind } of parts) {
    if (kind === 'open') depth += 1;
    if (kind === 'close') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
