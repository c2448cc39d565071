import { createToken, type IToken, Lexer, type TokenType } from 'chevrotain';
import { bareRunEnd, TYPOGRAPHIC_QUOTE } from './characters.ts';
import { bareWordEnd, gluedVerbAt, remarkEnd } from './glue.ts';
import { maskedQuoteEnd, maskedRestEnd } from './masks.ts';

export type Matcher = (text: string, offset: number, before: IToken | undefined) => number | undefined;

/** A token that code finds: the matcher says where it ends, or undefined if it does not stand here. */
export function found(
  name: string,
  matcher: Matcher,
  more: Partial<Parameters<typeof createToken>[0]> = {},
): TokenType {
  const pattern = (text: string, offset: number, matched: IToken[]): [string] | null => {
    const end = matcher(text, offset, matched.at(-1));
    return end === undefined ? null : [text.slice(offset, end)];
  };
  return createToken({ name, pattern, line_breaks: false, ...more });
}

/** Where a match at the offset ends; the pattern must be sticky. */
export function endOf(sticky: RegExp, text: string, offset: number): number | undefined {
  sticky.lastIndex = offset;
  return sticky.test(text) ? sticky.lastIndex : undefined;
}

export function touches(before: IToken | undefined, offset: number, ...types: readonly TokenType[]): boolean {
  if (before === undefined || before.startOffset + before.image.length !== offset) return false;
  return types.includes(before.tokenType);
}

export const LineEnd = createToken({ name: 'LineEnd', pattern: Lexer.NA });
const EmptyLineEnd = createToken({ name: 'EmptyLineEnd', pattern: /\r\n|\n|\r/, categories: LineEnd });
const WordsLineEnd = createToken({
  name: 'WordsLineEnd',
  pattern: /\r\n|\n|\r/,
  categories: LineEnd,
  pop_mode: true,
});

export const Blank = createToken({ name: 'Blank', pattern: /[^\S\r\n]+/ });

// What can stand at the start of a line.

/** What a terminal or a web page adds: `[edit]`, a pager's marks, code fences, rules, what ssh, `commit` and `save` say. */
export const SessionOutput = found('SessionOutput', sessionOutputEnd);

export function sessionOutputEnd(text: string, offset: number): number | undefined {
  const alone =
    /(?:(?:```|~~~)[\w-]*|[-=*_]{2,}|:|\(END\)|Done|(?:Saving configuration to|No configuration changes to commit|Welcome to VyOS|Last login:|Connection to \S+ closed)[^\r\n]*)(?=[^\S\r\n]*(?:[\r\n]|$))/y;
  return endOf(/\[edit[^\]\r\n]*\]/y, text, offset) ?? endOf(alone, text, offset);
}

/** `vyos@r1#`, `root@r1:/home/vyos#`, `R1#` before a command or alone, and the `>` of a quotation. */
export const Prompt = found('Prompt', promptEnd);

export function promptEnd(text: string, offset: number): number | undefined {
  const userAtHost =
    /[\w.-]+@[\w.-]+(?:\([^\s()]*\))?(?::[^\s#$%>]*)?[#$%>](?=\s|$|(?:set|delete|comment|activate|deactivate)\s)/y;
  const host =
    /(?!(?:configure|conf|commit|save|exit|top)#)[\w.-]+[#$>](?=[^\S\r\n]*(?:[\r\n]|$)|[^\S\r\n]+(?:set|delete|comment|activate|deactivate|configure|conf|commit|save|exit|show|run|compare|top)\b)/y;
  const sign = /[>$%](?=\s|$|(?:set|delete|comment|activate|deactivate)\s)/y;
  return endOf(userAtHost, text, offset) ?? endOf(host, text, offset) ?? endOf(sign, text, offset);
}

export const BlockComment = createToken({ name: 'BlockComment', pattern: /\/\*[^\r\n]*?\*\// });

export const LineComment = found(
  'LineComment',
  (text, offset) => (endOf(/#|\/\//y, text, offset) ? remarkEnd(text, offset) : undefined),
  { push_mode: 'words' },
);

/** A line that changes nothing in the configuration that is shown: `configure`, `commit`, `save`, `show …`. */
export const SessionLine = found('SessionLine', sessionLineEnd, { push_mode: 'words' });

/** Where what was typed at a terminal ends, if it begins here: a command that changes no configuration. */
export function sessionLineEnd(text: string, offset: number): number | undefined {
  const whole =
    /(?:configure|conf|commit(?:-confirm(?:[^\S\r\n]+\d+)?)?|confirm|save|exit(?:[^\S\r\n]+(?:discard|configure))?|quit|logout|top|discard|compare)(?=[^\S\r\n]*(?:[\r\n#]|$))/y;
  const withMore =
    /(?:commit(?:-confirm[^\S\r\n]+\d+)?[^\S\r\n]+comment|compare|save|(?:run[^\S\r\n]+)?show|(?:set[^\S\r\n]+)?terminal[^\S\r\n]+(?:length|width|pager))(?=[^\S\r\n])/y;
  const end = endOf(whole, text, offset);
  if (end !== undefined) return end;
  return endOf(withMore, text, offset) === undefined
    ? undefined
    : trimmedEnd(text, offset, remarkEnd(text, offset));
}

export const Verb = createToken({
  name: 'Verb',
  pattern: /(?:set|delete|comment|activate|deactivate)(?!\S)/,
  push_mode: 'words',
});

export const UnknownWord = createToken({ name: 'UnknownWord', pattern: /\S+/, push_mode: 'words' });

// What can follow. Pieces that touch each other make one word, as in a shell.

export const Continuation = createToken({
  name: 'Continuation',
  pattern: /\\(?:\r\n|\n|\r)/,
  line_breaks: true,
});

export const Piece = createToken({ name: 'Piece', pattern: Lexer.NA });

/** VyOS writes no backslash before a single quote: inside single quotes the next one always ends them. */
export const SingleQuoted = createToken({ name: 'SingleQuoted', pattern: /'[^'\r\n]*'/, categories: Piece });

export const DoubleQuoted = found(
  'DoubleQuoted',
  (text, offset) => {
    if (text[offset] !== '"') return undefined;
    for (let at = offset + 1; at < text.length; at += 1) {
      const character = text[at];
      if (character === '\n' || character === '\r') return undefined;
      if (character === '"') return at + 1;
      if (character === '\\' && !/[\r\n]/.test(text.charAt(at + 1))) at += 1;
    }
    return undefined;
  },
  { categories: Piece },
);

/** What `strip-private` left of a value between quotes. */
export const MaskedQuote = found('MaskedQuote', maskedQuoteEnd, { categories: Piece });

/** What `strip-private` left of a secret with blanks in it, behind the mask. */
export const MaskedRest = found('MaskedRest', maskedRestEnd);

export const UnterminatedQuote = createToken({
  name: 'UnterminatedQuote',
  pattern: /['"][^\r\n]*/,
  categories: Piece,
});

/** A backslash and what it protects; alone at the end of the text it stands for itself. */
export const Escape = createToken({
  name: 'Escape',
  pattern: /\\(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|[^\r\n])?/,
  categories: Piece,
});

export const TypographicQuote = createToken({
  name: 'TypographicQuote',
  pattern: TYPOGRAPHIC_QUOTE,
  categories: Piece,
});

const Bare = found(
  'Bare',
  (text, offset, before) => {
    if (text.charAt(offset) > '~' && touches(before, offset, SingleQuoted, DoubleQuoted)) return undefined;
    const end = bareWordEnd(text, offset, bareRunEnd(text, offset));
    return end > offset ? end : undefined;
  },
  { categories: Piece },
);

export const StrayCharacter = createToken({
  name: 'StrayCharacter',
  pattern: /[\uD800-\uDBFF][\uDC00-\uDFFF]|\S/,
  categories: Piece,
});

/** The verb of a command whose line was joined to what stands before it. */
export const GluedVerb = found('GluedVerb', (text, offset, before) => {
  if (!touches(before, offset, SingleQuoted, DoubleQuoted, Bare, LineComment, TrailingComment, SessionLine))
    return;
  const verb = gluedVerbAt(text, offset);
  return verb === undefined ? undefined : offset + verb.length;
});

/** `commit` or the like, whose line was joined to a value: `'198.51.100.1'commit`. */
export const GluedSessionWord = found('GluedSessionWord', (text, offset, before) =>
  touches(before, offset, SingleQuoted, DoubleQuoted)
    ? endOf(/(?:configure|commit|save|exit)(?=[^\S\r\n]*(?:[\r\n#]|$))/y, text, offset)
    : undefined,
);

/** A remark starts where a word could; right after a closing quote only if its line was joined to the value. */
export const TrailingComment: TokenType = found('TrailingComment', (text, offset, before) => {
  if (text[offset] !== '#') return undefined;
  const atWordStart =
    /\s/.test(text.charAt(offset - 1)) || touches(before, offset, SessionLine, GluedSessionWord);
  const afterValue =
    touches(before, offset, SingleQuoted, DoubleQuoted) && /[\s#]/.test(text.charAt(offset + 1));
  return atWordStart || afterValue ? remarkEnd(text, offset) : undefined;
});

function trimmedEnd(text: string, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && /\s/.test(text.charAt(trimmed - 1))) trimmed -= 1;
  return trimmed;
}

/** The lexer's modes: `line` at the start of a line, `words` after its first word. The order decides between tokens. */
export const setTokens = {
  defaultMode: 'line',
  modes: {
    line: [
      EmptyLineEnd,
      Blank,
      SessionOutput,
      Prompt,
      BlockComment,
      LineComment,
      SessionLine,
      Verb,
      UnknownWord,
      LineEnd,
    ],
    words: [
      WordsLineEnd,
      Blank,
      Continuation,
      GluedVerb,
      GluedSessionWord,
      MaskedRest,
      TrailingComment,
      SingleQuoted,
      DoubleQuoted,
      MaskedQuote,
      UnterminatedQuote,
      Escape,
      TypographicQuote,
      Bare,
      StrayCharacter,
      LineEnd,
      Piece,
    ],
  },
};
