import { createToken, Lexer } from 'chevrotain';
import { bareRunEnd, TYPOGRAPHIC_QUOTE } from './characters.ts';
import { maskedQuoteEnd, maskedRestEnd } from './masks.ts';
import { Blank, endOf, found, promptEnd, sessionOutputEnd, touches } from './tokens.ts';

export const LineBreak = createToken({ name: 'LineBreak', pattern: /\r\n|\n|\r/ });
export const Open = createToken({ name: 'Open', pattern: '{' });
export const Close = createToken({ name: 'Close', pattern: '}' });

/** A comment of a node. One in which another begins was not meant to go on so far. */
export const NodeComment = found('NodeComment', (text, offset) => {
  if (!text.startsWith('/*', offset)) return undefined;
  const stop = /\*\/|(?<=\s)\/\*/g;
  stop.lastIndex = offset + 2;
  return stop.exec(text)?.[0] === '*/' ? stop.lastIndex : undefined;
});

/** A comment that nothing ends: its first line. */
export const OpenComment = createToken({ name: 'OpenComment', pattern: /\/\*[^\r\n]*/ });

/** `// …`, and `# …`, which people write. A value may begin with `#`, where no blank follows. */
export const Remark = found('Remark', (text, offset) => {
  const end = endOf(/\/\/[^\r\n]*|#[^\r\n]*/y, text, offset);
  if (end === undefined || !/[\s{}]|^$/.test(text.charAt(offset - 1))) return undefined;
  if (text.charAt(offset) === '/' || beginsLine(text, offset)) return end;
  return /\s|^$/.test(text.charAt(offset + 1)) ? end : undefined;
});

export const ConfigPiece = createToken({ name: 'ConfigPiece', pattern: Lexer.NA });

/** `! node`: VyOS 1.2 and older wrote what was deactivated so (vyatta-cfg, cparse_lex.l). */
export const Inactive = createToken({ name: 'Inactive', pattern: /!(?=\s)/ });

/** The first column of `show` in configuration mode: what is not committed yet. */
export const DiffMark = found('DiffMark', (text, offset) => {
  const isFirst = offset === 0 || /[\r\n]/.test(text.charAt(offset - 1));
  return isFirst ? endOf(/[+>-](?=[^\S\r\n]*[\w}"/!])/y, text, offset) : undefined;
});

/** What a pager or a terminal writes between the lines. */
export const PagerMark = found('PagerMark', (text, offset) =>
  beginsLine(text, offset)
    ? endOf(/(?:--More--|lines \d+-\d+|\^C)[^\r\n{}]*(?=[\r\n]|$)/y, text, offset)
    : undefined,
);

export const ConfigPrompt = found('ConfigPrompt', (text, offset) =>
  beginsLine(text, offset) ? promptEnd(text, offset) : undefined,
);

export const ConfigOutput = found('ConfigOutput', (text, offset, before) =>
  beginsLine(text, offset) || before?.tokenType === ConfigPrompt ? sessionOutputEnd(text, offset) : undefined,
);

/**
 * A value between double quotes, on one line. What 1.2 and 1.3 print is not escaped, so that a quote at the end of the
 * line closes even behind a backslash.
 */
export const ConfigDoubleQuoted = found(
  'ConfigDoubleQuoted',
  (text, offset) => {
    if (text.charAt(offset) !== '"') return undefined;
    for (let at = offset + 1; at < text.length; at += 1) {
      const character = text.charAt(at);
      if (character === '\n' || character === '\r') return undefined;
      if (character === '"') return at + 1;
      if (character !== '\\') continue;
      if (endOf(/\\"(?=[^\S\r\n]*(?:\{[^\S\r\n]*)?(?:[\r\n]|$))/y, text, at) !== undefined) return at + 2;
      if (!/[\r\n]/.test(text.charAt(at + 1))) at += 1;
    }
    return undefined;
  },
  { categories: ConfigPiece },
);

export const ConfigSingleQuoted = createToken({
  name: 'ConfigSingleQuoted',
  pattern: /'[^'\r\n]*'/,
  categories: ConfigPiece,
});

export const ConfigMaskedQuote = found('ConfigMaskedQuote', maskedQuoteEnd, { categories: ConfigPiece });

/** What `strip-private` left of a secret with blanks in it, behind the mask. */
export const ConfigMaskedRest = found('ConfigMaskedRest', maskedRestEnd);

/** Up to the end of the line, but for the brace that opens a block there. */
export const ConfigBrokenQuote = found(
  'ConfigBrokenQuote',
  (text, offset) => {
    if (!/["']/.test(text.charAt(offset))) return undefined;
    const end = endOf(/[^\r\n]*/y, text, offset) ?? offset + 1;
    const line = text.slice(offset, end);
    return offset + Math.max(1, line.replace(/\s*\{?\s*$/, '').length);
  },
  { categories: ConfigPiece },
);

export const ConfigTypographicQuote = found(
  'ConfigTypographicQuote',
  (text, offset, before) => {
    const character = text.charAt(offset);
    if (!TYPOGRAPHIC_QUOTE.test(character)) return undefined;
    // A backquote inside a word may well be a character of a secret.
    return character === '`' && touches(before, offset, ConfigBare) ? undefined : offset + 1;
  },
  { categories: ConfigPiece },
);

const ConfigBare = found(
  'ConfigBare',
  (text, offset) => {
    let end = offset;
    for (;;) {
      end = bareRunEnd(text, end, '{};');
      const next = text.charAt(end);
      if (next !== '\\' && !(next === '`' && end > offset)) break;
      end += 1;
    }
    return end > offset ? end : undefined;
  },
  { categories: ConfigPiece },
);

export const ConfigStray = createToken({
  name: 'ConfigStray',
  pattern: /[\uD800-\uDBFF][\uDC00-\uDFFF]|\S/,
  categories: ConfigPiece,
});

export { Blank };

/** Whether nothing but blanks, and the mark of a change, stands before an offset on its line. */
function beginsLine(text: string, offset: number): boolean {
  let at = offset;
  while (at > 0 && /[^\S\r\n]/.test(text.charAt(at - 1))) at -= 1;
  return at === 0 || /[\r\n]/.test(text.charAt(at - 1));
}

/** One mode for all: what only begins a line looks back. The order decides between tokens. */
export const configTokens = [
  LineBreak,
  Blank,
  ConfigMaskedRest,
  DiffMark,
  ConfigOutput,
  PagerMark,
  ConfigPrompt,
  NodeComment,
  OpenComment,
  Remark,
  Inactive,
  Open,
  Close,
  ConfigDoubleQuoted,
  ConfigSingleQuoted,
  ConfigMaskedQuote,
  ConfigBrokenQuote,
  ConfigTypographicQuote,
  ConfigBare,
  ConfigStray,
  ConfigPiece,
];
