import type { IToken } from 'chevrotain';
import { type SourceFile, type Span, span } from '../src/source/index.ts';
import type { Word } from './command.ts';
import type { WordTokens } from './set-parser.ts';
import { Continuation, DoubleQuoted, Escape, MaskedQuote, SingleQuoted } from './tokens.ts';

/** The place of a token. Chevrotain counts the end of a token differently from version to version; its text does not lie. */
export function tokenSpan(file: SourceFile, token: IToken): Span {
  return span(file, token.startOffset, token.startOffset + token.image.length);
}

/** One word out of its tokens, or undefined if they are line continuations only. */
export function readWord(file: SourceFile, tokens: WordTokens): Word | undefined {
  const pieces = tokens.filter((token) => token.tokenType !== Continuation);
  const first = pieces[0];
  const last = pieces.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    text: pieces.map(pieceText).join(''),
    quoted: pieces.some((piece) => [SingleQuoted, DoubleQuoted, MaskedQuote].includes(piece.tokenType)),
    at: span(file, first.startOffset, last.startOffset + last.image.length),
  };
}

function pieceText(piece: IToken): string {
  const { image, tokenType } = piece;
  if (tokenType === SingleQuoted) return unescapeValue(image.slice(1, -1));
  if (tokenType === DoubleQuoted) return image.slice(1, -1).replace(/\\(["\\])/g, '$1');
  if (tokenType === MaskedQuote) return image.slice(1);
  if (tokenType === Escape && image.length > 1) return image.slice(1);
  return image;
}

const CONTROL_BY_LETTER: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b' };

/**
 * Undoes what VyOS does to a value before it puts it between single quotes, and nothing else: `escape_string` in
 * vyos1x-config's src/util.ml. A backslash that VyOS would not have written stands for itself.
 */
export function unescapeValue(escaped: string): string {
  return escaped.replace(/\\(?:(["\\])|([ntrb])|(0[0-2]\d|03[01]|127))/g, (...match: readonly string[]) => {
    const [, itself, letter, decimal] = match;
    if (itself !== undefined) return itself;
    if (letter !== undefined) return CONTROL_BY_LETTER[letter] ?? letter;
    return String.fromCharCode(Number(decimal));
  });
}

/** Writes a word between single quotes as VyOS does; the single quote, which VyOS forbids in values, as a shell reads it. */
export function quoteWord(text: string): string {
  const escaped = text.replace(/["\\]|\p{Cc}/gu, escapeCharacter);
  return `'${escaped.replaceAll("'", "'\\''")}'`;
}

function escapeCharacter(character: string): string {
  const letter = Object.keys(CONTROL_BY_LETTER).find((key) => CONTROL_BY_LETTER[key] === character);
  if (letter !== undefined) return `\\${letter}`;
  if (character === '"' || character === '\\') return `\\${character}`;
  if (character > '\u007f') return character;
  return `\\${String(character.charCodeAt(0)).padStart(3, '0')}`;
}
