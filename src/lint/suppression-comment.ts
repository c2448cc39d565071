import {
  type Located,
  lineText,
  positionAt,
  type SourceFile,
  type Span,
  span,
  textOf,
} from '../source/index.ts';
import type { Site } from '../vyos/site.ts';

type Dump = Site['dump'];

/**
 * A comment of a dump that speaks to this tool:
 *
 *     # vyos-ipsec-lint-ignore-next-line RULE, RULE -- reason
 *     # vyos-ipsec-lint-ignore-file RULE -- reason
 *
 * In braces it stands between the marks of a comment there, which VyOS keeps with the node that follows.
 */
export interface SuppressionComment {
  /** The words of the comment, without what marks it as one. */
  readonly at: Span;
  /** The first of them, which names this tool. */
  readonly keyword: Span;
  readonly kind: 'next-line' | 'file' | 'unreadable';
  readonly rules: readonly Located<string>[];
  /** Null where none is given. */
  readonly reason: string | null;
  /** Counted from 1: the line that it is about. Undefined where it is about all of the file, or where no line follows. */
  readonly line?: number;
}

const form = /vyos-ipsec-lint-ignore(?:-(?<kind>[\w-]*))?(?<rest>(?:(?!vyos-ipsec-lint-ignore)[^\r\n])*)/g;

/** What ends the words of a comment: the end of a block, or what begins another comment on the same line. */
const end = /\s*(?:\*\/)?[\s#]*$/;

/** The suppression comments of a dump, in their order. */
export function suppressionComments(dump: Dump): readonly SuppressionComment[] {
  const comments = dump.ignored.filter(({ reason }) => reason === 'comment');
  const found = comments.flatMap(({ at }) =>
    [...textOf(at).matchAll(form)].map((match) => ({ comment: at, match })),
  );
  if (found.length === 0) return [];
  const below = linesBelow(
    dump.file,
    comments.map(({ at }) => at),
  );
  return found.map(({ comment, match }) => readComment(comment, match, below));
}

function readComment(
  comment: Span,
  match: RegExpExecArray,
  below: readonly (number | undefined)[],
): SuppressionComment {
  const { kind, rest = '' } = match.groups ?? {};
  const words = match[0].replace(end, '');
  const at = span(comment.file, comment.start + match.index, comment.start + match.index + words.length);
  const [list = '', ...reasons] = rest.replace(end, '').split(/(?<=\s)--(?=\s|$)/);
  const reason = reasons.join('--').trim();
  const listStart = at.start + match[0].length - rest.length;
  const rules = [...list.matchAll(/[^\s,]+/g)].map(({ index, 0: value }) => ({
    value,
    at: span(comment.file, listStart + index, listStart + index + value.length),
  }));
  const keyword = span(comment.file, at.start, listStart);
  const shared = { at, keyword, rules, reason: reason === '' ? null : reason };
  if (kind === 'file') return { ...shared, kind: 'file' };
  if (kind !== 'next-line') return { ...shared, kind: 'unreadable' };
  const line = below[positionAt(comment.file, comment.end).line];
  return { ...shared, kind: 'next-line', ...(line === undefined ? {} : { line }) };
}

/**
 * The spans without those words of suppression comments that are this tool's own. Whatever else stands in a comment may
 * be a secret.
 */
export function withoutOwnWords(
  secrets: readonly Span[],
  comments: readonly SuppressionComment[],
  known: readonly string[],
): readonly Span[] {
  const ids = new Set(known);
  const own = comments
    .flatMap(({ keyword, rules }) => [
      keyword,
      ...rules.filter(({ value }) => ids.has(value)).map(({ at }) => at),
    ])
    .toSorted((one, other) => one.start - other.start);
  return secrets.flatMap((secret) => between(secret, own));
}

/** What is left of a span without words, which stand in their order and do not overlap. */
function between(secret: Span, words: readonly Span[]): readonly Span[] {
  const { file, start, end } = secret;
  const rest: Span[] = [];
  let from = start;
  for (let index = firstEndingBehind(words, start); index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined || word.start >= end) break;
    rest.push(trimmed(span(file, from, word.start)));
    from = word.end;
  }
  if (from === start) return [secret];
  return [...rest, trimmed(span(file, from, end))].filter((each) => each.end > each.start);
}

/** By binary search. */
function firstEndingBehind(words: readonly Span[], offset: number): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Without the blanks and commas around it. */
function trimmed(at: Span): Span {
  const text = textOf(at);
  const start = at.start + (/^[\s,]*/.exec(text)?.[0].length ?? 0);
  return span(at.file, start, Math.max(start, at.start + text.replace(/[\s,]+$/, '').length));
}

/**
 * For each line (counted from 1, the first at index 0): the first behind it that is neither empty nor a comment itself,
 * for comments may stand above each other. Undefined where none is.
 */
function linesBelow(file: SourceFile, comments: readonly Span[]): readonly (number | undefined)[] {
  const ofComments = new Set(comments.flatMap(linesOf));
  const count = file.lineStarts.length;
  const below = new Array<number | undefined>(count + 1);
  for (let line = count; line > 0; line -= 1) {
    const isNext = !ofComments.has(line) && lineText(file, line).trim() !== '';
    below[line - 1] = isNext ? line : below[line];
  }
  return below;
}

function linesOf({ file, start, end }: Span): readonly number[] {
  const first = positionAt(file, start).line;
  return Array.from({ length: positionAt(file, end).line - first + 1 }, (_, index) => first + index);
}
