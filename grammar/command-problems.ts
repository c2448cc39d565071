import type { IToken } from 'chevrotain';
import { type SourceFile, type Span, span } from '../src/source/index.ts';
import { TOP_LEVEL_WORDS } from '../src/source/top-level-nodes.ts';
import { bareRunEnd, characterName, shownWord, TYPOGRAPHIC_QUOTE } from './characters.ts';
import type { SyntaxProblem } from './command.ts';
import { isVerb, meantVerb } from './near-miss.ts';
import type { WordTokens } from './set-parser.ts';
import { DoubleQuoted, SingleQuoted, StrayCharacter, TypographicQuote, UnterminatedQuote } from './tokens.ts';
import { tokenSpan } from './words.ts';

// What stands on a line may be a secret: a message quotes at most a first word that is close to a verb.

/** The first thing wrong with the words of a command, if anything is. */
export function wordProblem(
  file: SourceFile,
  words: readonly WordTokens[],
  lost: Span,
): SyntaxProblem | undefined {
  for (const tokens of words) {
    for (const token of tokens) {
      const problem = pieceProblem(file, token, lost);
      if (problem !== undefined) return problem;
    }
    const problem = emphasisProblem(file, tokens, lost);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function pieceProblem(file: SourceFile, token: IToken, lost: Span): SyntaxProblem | undefined {
  switch (token.tokenType) {
    case UnterminatedQuote:
      return unterminatedQuote(file, token, lost);
    case TypographicQuote:
      return typographicQuote(tokenSpan(file, token), token.image, lost);
    case StrayCharacter:
      return strayCharacter(tokenSpan(file, token), token.image, lost);
    default:
      return undefined;
  }
}

export function unterminatedQuote(file: SourceFile, token: IToken, lost: Span): SyntaxProblem {
  const quote = token.image.charAt(0);
  const image = token.image.trimEnd();
  const wrongEnd = [...image.slice(1)].find((one) => TYPOGRAPHIC_QUOTE.test(one));
  return {
    kind: 'unterminated-quote',
    message: `A ${quote === '"' ? 'double' : 'single'} quote is opened and not closed on the same line`,
    hint:
      wrongEnd === undefined
        ? `Close the value with ${quote}; if the line was broken in two, join it again`
        : `Close the value with a straight ${quote}; ${characterName(wrongEnd)} does not close it`,
    at: span(file, token.startOffset, token.startOffset + image.length),
    lost,
  };
}

export function typographicQuote(at: Span, character: string, lost: Span): SyntaxProblem {
  const isCode = character === '`';
  return {
    kind: 'typographic-quote',
    message: isCode
      ? `A backquote (${characterName(character)}) is no quote in a command`
      : `${characterName(character)} is a typographic quote; a straight quote was meant`,
    hint: isCode
      ? "Remove it if it marks code on a web page; around a value, write '…' with straight quotes"
      : "Write '…' with straight quotes",
    at,
    lost,
  };
}

export function strayCharacter(at: Span, character: string, lost: Span): SyntaxProblem {
  const hint =
    character === '\u001b'
      ? 'It begins a colour code of a terminal; paste the text without colours'
      : 'Remove it; if it belongs to the value, put the whole value between single quotes';
  return {
    kind: 'stray-character',
    message: `The character ${characterName(character)} does not belong here`,
    hint,
    at,
    lost,
  };
}

/** `**word**`: bold, copied from the source of a page. */
export function emphasisProblem(file: SourceFile, tokens: WordTokens, lost: Span): SyntaxProblem | undefined {
  const [first] = tokens;
  const last = tokens.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (tokens.some(({ tokenType }) => tokenType === SingleQuoted || tokenType === DoubleQuoted))
    return undefined;
  const offset = /^\*\*[^*]/.test(first.image)
    ? first.startOffset
    : /[^*]\*\*$/.test(last.image)
      ? last.startOffset + last.image.length - 2
      : undefined;
  if (offset === undefined) return undefined;
  return {
    kind: 'stray-character',
    message: 'The marks ** (U+002A) around a word are not part of a command',
    hint: 'Remove them: they make a word bold in the source of a web page',
    at: span(file, offset, offset + 2),
    lost,
  };
}

/** A verb with nothing to work on. */
export function missingPath(verb: IToken, at: Span, lost: Span): SyntaxProblem {
  return {
    kind: 'missing-path',
    message: `The command "${verb.image}" has no path`,
    hint:
      verb.image === 'comment'
        ? "Write the path and the text: comment <path> '…'"
        : 'Write the path after it',
    at,
    lost,
  };
}

/** A line that begins with no verb. `afterBrokenQuote`: the line above it ends inside a quote. */
export function unknownCommand(
  file: SourceFile,
  first: IToken,
  rest: readonly WordTokens[],
  lost: Span,
  afterBrokenQuote: boolean,
): SyntaxProblem {
  const word = first.image;
  const at = tokenSpan(file, first);
  if (TYPOGRAPHIC_QUOTE.test(word.charAt(0)))
    return typographicQuote(span(file, at.start, at.start + 1), word.charAt(0), lost);
  const kind = 'unknown-command';
  const notAVerb = 'The line does not begin with a command such as "set"';
  if (afterBrokenQuote) {
    return { kind, message: notAVerb, hint: 'If it is the rest of the line above, join the two', at, lost };
  }
  const stray = strayIn(word);
  if (stray !== undefined) {
    const start = at.start + stray.offset;
    return strayCharacter(span(file, start, start + stray.character.length), stray.character, lost);
  }
  if (word === 'edit' || word === 'up') {
    return {
      kind,
      message: `"${word}" changes the place that later commands start from`,
      hint: 'Paste commands with their full paths, as "show configuration commands" prints them',
      at,
      lost,
    };
  }
  const next = firstPlainWord(rest);
  const verb = meantVerb(word);
  if (verb !== undefined) {
    const node = TOP_LEVEL_WORDS.find((one) => one === next);
    const meant = node === undefined ? `${verb} …` : `${verb} ${node} …`;
    return {
      kind,
      // A word that stands alone may be the rest of a value that was broken in two.
      message: rest.length === 0 ? notAVerb : `"${shownWord(word)}" is not a command`,
      hint: `Did you mean "${meant}"?`,
      at,
      lost,
    };
  }
  return { kind, message: notAVerb, hint: unknownHint(word, next, rest), at, lost };
}

function unknownHint(word: string, next: string | undefined, rest: readonly WordTokens[]): string {
  const node = TOP_LEVEL_WORDS.find((one) => one === word);
  const lastImage = rest.at(-1)?.at(-1)?.image ?? word;
  if (lastImage === '{' || word === '}') {
    return 'This is the notation of "show configuration", among "set" commands; paste one of the two alone';
  }
  if (node !== undefined) return `Did you mean "set ${node} …"?`;
  if (next !== undefined && isVerb(next)) return `Remove what stands before "${next}"`;
  if (word.startsWith('/*'))
    return 'End the comment with */ on the same line, or begin each of its lines with #';
  return 'Paste the output of "show configuration commands"; a remark begins with #';
}

function firstPlainWord(rest: readonly WordTokens[]): string | undefined {
  return rest.find((tokens) => tokens.length === 1)?.[0]?.image;
}

/** The first character of a word that no command holds outside quotes. */
function strayIn(word: string): { readonly offset: number; readonly character: string } | undefined {
  let offset = bareRunEnd(word, 0);
  while (/["'\\`]/.test(word.charAt(offset)) || TYPOGRAPHIC_QUOTE.test(word.charAt(offset))) {
    offset = bareRunEnd(word, offset + 1);
  }
  if (offset >= word.length) return undefined;
  return { offset, character: String.fromCodePoint(word.codePointAt(offset) ?? 0) };
}
