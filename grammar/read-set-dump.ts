import type { IToken, Lexer } from 'chevrotain';
import { type SourceFile, type Span, sourceFile, span } from '../src/source/index.ts';
import type { Command, Dump, IgnoredText, SyntaxProblem, Word } from './command.ts';
import { missingPath, unknownCommand, wordProblem } from './command-problems.ts';
import { footerOf } from './footer.ts';
import { isVerb } from './near-miss.ts';
import { textProblem } from './not-text.ts';
import { repaired } from './repair.ts';
import { SetParser, type Statement, setLexer, type WordTokens } from './set-parser.ts';
import {
  BlockComment,
  Continuation,
  GluedVerb,
  LineComment,
  MaskedRest,
  Prompt,
  SessionOutput,
  TrailingComment,
} from './tokens.ts';
import { readWord, tokenSpan } from './words.ts';

interface Reader {
  readonly lexer: Lexer;
  readonly parser: SetParser;
}

/** Made at the first use and kept, because making it costs more than reading most dumps. */
let reader: Reader | undefined;

/** What one statement adds to the dump. */
interface Reading {
  readonly command?: Command;
  readonly problem?: SyntaxProblem;
  readonly ignored: readonly IgnoredText[];
  readonly glued?: boolean;
}

/** Reads a dump of `set` commands. It takes any text: what is no command is a problem, or ignored for a reason. */
export function readSetDump(file: SourceFile): Dump {
  const dump = readAsItIs(file);
  return { ...dump, problems: dump.problems.map((problem) => withMeaning(file, problem)) };
}

/** Without asking what a damaged line was: what is left of one is read so, and not repaired again. */
function readAsItIs(file: SourceFile): Dump {
  const binary = textProblem(file);
  const readings: readonly Reading[] =
    binary === undefined ? readLines(file) : [{ problem: binary, ignored: [] }];
  const ignored = readings.flatMap((reading) => reading.ignored);
  const footer = footerOf(file, ignored);
  return {
    file,
    notation: 'set',
    commands: readings.flatMap(({ command }) => command ?? []),
    problems: readings.flatMap(({ problem }) => problem ?? []),
    ignored,
    glued: readings.flatMap(({ command, glued }) =>
      glued === true && command !== undefined ? command.at : [],
    ),
    ...(footer === undefined ? {} : { footer }),
  };
}

function withMeaning(file: SourceFile, problem: SyntaxProblem): SyntaxProblem {
  const meant = repaired(file, problem, (text) => readAsItIs(sourceFile(file.name, text)));
  return meant === undefined ? problem : { ...problem, meant };
}

function parse(text: string): readonly (readonly Statement[])[] {
  reader ??= { lexer: setLexer({ skipValidations: true }), parser: new SetParser({ skipValidations: true }) };
  const { lexer, parser } = reader;
  parser.input = lexer.tokenize(text).tokens;
  const lines = parser.dump();
  // The parser would keep the tokens, and with them the text, until the next dump.
  parser.input = [];
  return lines;
}

function readLines(file: SourceFile): readonly Reading[] {
  const readings: Reading[] = [];
  let afterBrokenQuote = false;
  for (const line of parse(file.text)) {
    const before = readings.length;
    for (const statement of line) {
      const followsQuote = afterBrokenQuote && readings.length === before;
      readings.push(readStatement(file, statement, followsQuote));
    }
    afterBrokenQuote = readings.length > before && readings.at(-1)?.problem?.kind === 'unterminated-quote';
  }
  return readings;
}

function readStatement(file: SourceFile, statement: Statement, afterBrokenQuote: boolean): Reading {
  if (statement.kind === 'ignored') return { ignored: [ignoredText(file, statement.token)] };
  const { first, rest } = statement;
  const whole = wholeOf(file, first, rest);
  if (statement.kind === 'unreadable') {
    return { problem: unknownCommand(file, first, rest, whole, afterBrokenQuote), ignored: [] };
  }
  const glued = first.tokenType === GluedVerb;
  const verb = first.image;
  const problem = wordProblem(file, rest, whole);
  if (problem?.kind === 'unterminated-quote' && verb === 'comment') {
    const path = pathOfComment(file, rest, whole.end);
    if (path.length > 1) return { command: { verb, path, at: whole }, ignored: [], glued };
  }
  if (problem !== undefined) return { problem, ignored: [] };
  const path = rest.flatMap((tokens) => readWord(file, tokens) ?? []);
  const last = path.at(-1);
  if (last === undefined || !isVerb(verb) || (verb === 'comment' && path.length < 2)) {
    return { problem: missingPath(first, tokenSpan(file, first), whole), ignored: [] };
  }
  const at = span(file, first.startOffset, last.at.end);
  return { command: { verb, path, at }, ignored: dangling(file, rest, at.end), glued };
}

function wholeOf(file: SourceFile, first: IToken, rest: readonly WordTokens[]): Span {
  const last = rest.at(-1)?.at(-1) ?? first;
  return span(file, first.startOffset, last.startOffset + last.image.trimEnd().length);
}

/**
 * VyOS prints a node's comment between single quotes as it is, whatever stands in it: `comment vpn 'Bob's office'`.
 * So where its quotes do not pair, its text is all from the first quote to the end of the line.
 */
function pathOfComment(file: SourceFile, rest: readonly WordTokens[], end: number): readonly Word[] {
  const path: Word[] = [];
  for (const tokens of rest) {
    const start = tokens[0]?.startOffset ?? end;
    if (/['"]/.test(file.text.charAt(start))) {
      const text = file.text.slice(start + 1, end).replace(/['"]$/, '');
      return [...path, { text, quoted: true, at: span(file, start, end) }];
    }
    const word = readWord(file, tokens);
    if (word !== undefined) path.push(word);
  }
  return [];
}

/** Line continuations after the last word: a backslash before an empty line. They belong to no word. */
function dangling(file: SourceFile, rest: readonly WordTokens[], end: number): readonly IgnoredText[] {
  const after = rest.flat().filter((token) => token.tokenType === Continuation && token.startOffset >= end);
  return after.map((token) => ({
    reason: 'session-output',
    at: span(file, token.startOffset, token.startOffset + 1),
  }));
}

function ignoredText(file: SourceFile, token: IToken): IgnoredText {
  const at = span(file, token.startOffset, token.startOffset + token.image.trimEnd().length);
  switch (token.tokenType) {
    case LineComment:
    case TrailingComment:
    case BlockComment:
      return { reason: 'comment', at };
    case MaskedRest:
      return { reason: 'masked', at };
    case Prompt:
      return { reason: 'prompt', at };
    case SessionOutput:
      return { reason: 'session-output', at };
    default:
      return { reason: 'session-word', at };
  }
}
