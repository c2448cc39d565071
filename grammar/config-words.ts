import { type SourceFile, type Span, span } from '../src/source/index.ts';
import type { SyntaxProblem, Word } from './command.ts';
import { emphasisProblem, strayCharacter, typographicQuote, unterminatedQuote } from './command-problems.ts';
import {
  ConfigBrokenQuote,
  ConfigDoubleQuoted,
  ConfigMaskedQuote,
  ConfigSingleQuoted,
  ConfigStray,
  ConfigTypographicQuote,
} from './config-tokens.ts';
import type { WordTokens } from './set-parser.ts';
import { tokenSpan, unescapeValue } from './words.ts';

/** The words of a leaf or of a block's heading; or what is wrong with them. */
export type ReadWords =
  | { readonly kind: 'read'; readonly words: readonly Word[] }
  | { readonly kind: 'problem'; readonly problem: SyntaxProblem };

export function readWords(file: SourceFile, words: readonly WordTokens[], lost: Span): ReadWords {
  for (const tokens of words) {
    const problem = problemIn(file, tokens, lost);
    if (problem !== undefined) return { kind: 'problem', problem };
  }
  return { kind: 'read', words: words.flatMap((tokens) => readConfigWord(file, tokens) ?? []) };
}

function problemIn(file: SourceFile, tokens: WordTokens, lost: Span): SyntaxProblem | undefined {
  for (const token of tokens) {
    const { tokenType, image } = token;
    if (tokenType === ConfigBrokenQuote) return unterminatedQuote(file, token, lost);
    if (tokenType === ConfigTypographicQuote) return typographicQuote(tokenSpan(file, token), image, lost);
    if (tokenType === ConfigStray) {
      if (image === ';') return semicolon(tokenSpan(file, token), lost);
      return strayCharacter(tokenSpan(file, token), image, lost);
    }
  }
  return emphasisProblem(file, tokens, lost);
}

function semicolon(at: Span, lost: Span): SyntaxProblem {
  return {
    kind: 'stray-character',
    message: 'A semicolon does not end a setting in this notation',
    hint: 'Remove it: the line end is what ends a setting; a value with a semicolon stands between double quotes',
    at,
    lost,
  };
}

function readConfigWord(file: SourceFile, tokens: WordTokens): Word | undefined {
  const first = tokens[0];
  const last = tokens.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    text: tokens.map(({ tokenType, image }) => pieceText(tokenType.name, image)).join(''),
    quoted: tokens.some(isQuoted),
    at: span(file, first.startOffset, last.startOffset + last.image.length),
  };
}

export function isQuoted({ tokenType }: WordTokens[number]): boolean {
  return [ConfigDoubleQuoted, ConfigSingleQuoted, ConfigMaskedQuote].includes(tokenType);
}

function pieceText(type: string, image: string): string {
  if (type === ConfigDoubleQuoted.name) return unescapeConfigValue(image.slice(1, -1));
  if (type === ConfigSingleQuoted.name) return unescapeValue(image.slice(1, -1));
  return type === ConfigMaskedQuote.name ? image.slice(1) : image;
}

/** As vyos1x_lexer.mll reads it, after configtree.py has doubled the backslashes that begin no escape. */
function unescapeConfigValue(escaped: string): string {
  return escaped.replace(/\\(?:(["\\/'])|([bfnrt]))/g, (...match: readonly string[]) => {
    const [, itself, letter = ''] = match;
    return itself ?? CONTROL_BY_LETTER[letter] ?? letter;
  });
}

const CONTROL_BY_LETTER: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
