import { type Located, lineText, positionAt, type Span, span, textOf } from '../source/index.ts';
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
  return comments.flatMap(({ at }) =>
    [...textOf(at).matchAll(form)].map((match) => readComment(dump, at, match)),
  );
}

function readComment(dump: Dump, comment: Span, match: RegExpExecArray): SuppressionComment {
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
  const line = nextLine(dump, comment);
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
  const own = comments.flatMap(({ keyword, rules }) => [
    keyword,
    ...rules.filter(({ value }) => known.includes(value)).map(({ at }) => at),
  ]);
  return own.reduce<readonly Span[]>(
    (spans, word) =>
      spans.flatMap((secret) => {
        if (secret.end <= word.start || word.end <= secret.start) return [secret];
        return [
          trimmed(span(secret.file, secret.start, word.start)),
          trimmed(span(secret.file, word.end, secret.end)),
        ].filter(({ start, end }) => end > start);
      }),
    secrets,
  );
}

/** Without the blanks and commas around it. */
function trimmed(at: Span): Span {
  const text = textOf(at);
  const start = at.start + (/^[\s,]*/.exec(text)?.[0].length ?? 0);
  return span(at.file, start, Math.max(start, at.start + text.replace(/[\s,]+$/, '').length));
}

/** The first line behind a comment that is neither empty nor a comment itself: comments may stand above each other. */
function nextLine({ file, ignored }: Dump, comment: Span): number | undefined {
  const comments = new Set(ignored.flatMap(({ reason, at }) => (reason === 'comment' ? linesOf(at) : [])));
  for (let line = positionAt(file, comment.end).line + 1; line <= file.lineStarts.length; line += 1) {
    if (lineText(file, line).trim() !== '' && !comments.has(line)) return line;
  }
  return undefined;
}

function linesOf({ file, start, end }: Span): readonly number[] {
  const first = positionAt(file, start).line;
  return Array.from({ length: positionAt(file, end).line - first + 1 }, (_, index) => first + index);
}
