import { EmbeddedActionsParser, type IToken, Lexer } from 'chevrotain';
import {
  Blank,
  BlockComment,
  Continuation,
  GluedSessionWord,
  GluedVerb,
  LineComment,
  LineEnd,
  MaskedRest,
  Piece,
  Prompt,
  SessionLine,
  SessionOutput,
  setTokens,
  TrailingComment,
  UnknownWord,
  Verb,
} from './tokens.ts';

/** The tokens of one word: pieces, and line continuations between or after them. A continuation can also stand alone. */
export type WordTokens = readonly IToken[];

/** What a part of a line is, before its words are read. */
export type Statement =
  | { readonly kind: 'command'; readonly first: IToken; readonly rest: readonly WordTokens[] }
  | { readonly kind: 'unreadable'; readonly first: IToken; readonly rest: readonly WordTokens[] }
  | { readonly kind: 'ignored'; readonly token: IToken };

/**
 * The grammar of `set` commands. It has a place for every token in every order the lexer can give them: a line that
 * cannot be read is a statement like others, and the end of the line is where reading starts anew.
 */
export class SetParser extends EmbeddedActionsParser {
  constructor(options: { readonly skipValidations: boolean }) {
    super(setTokens, { maxLookahead: 1, skipValidations: options.skipValidations });
    this.performSelfAnalysis();
  }

  readonly dump = this.RULE('dump', (): readonly (readonly Statement[])[] => {
    const lines: (readonly Statement[])[] = [];
    this.MANY_SEP({ SEP: LineEnd, DEF: () => lines.push(this.SUBRULE(this.line)) });
    return lines;
  });

  private readonly line = this.RULE('line', (): readonly Statement[] => {
    const statements: Statement[] = [];
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(Blank) }, { ALT: () => statements.push(this.SUBRULE(this.lead)) }]);
    });
    this.OPTION(() => statements.push(this.SUBRULE(this.statement)));
    this.MANY1(() => {
      this.OR1([
        { ALT: () => this.CONSUME1(Blank) },
        { ALT: () => statements.push(this.SUBRULE(this.joined)) },
      ]);
    });
    return statements;
  });

  /** What can stand before a command on its line. */
  private readonly lead = this.RULE('lead', (): Statement => {
    const token = this.OR([
      { ALT: () => this.CONSUME(Prompt) },
      { ALT: () => this.CONSUME(SessionOutput) },
      { ALT: () => this.CONSUME(BlockComment) },
    ]);
    return { kind: 'ignored', token };
  });

  private readonly statement = this.RULE('statement', (): Statement => {
    return this.OR<Statement>([
      { ALT: () => ({ kind: 'command', first: this.CONSUME(Verb), rest: this.SUBRULE(this.words) }) },
      {
        ALT: () => ({
          kind: 'unreadable',
          first: this.CONSUME(UnknownWord),
          rest: this.SUBRULE1(this.words),
        }),
      },
      { ALT: () => ({ kind: 'ignored', token: this.CONSUME(SessionLine) }) },
      { ALT: () => ({ kind: 'ignored', token: this.CONSUME(LineComment) }) },
    ]);
  });

  /** What can follow on the same line: a remark, or what stood on lines of its own before the line ends were lost. */
  private readonly joined = this.RULE('joined', (): Statement => {
    return this.OR<Statement>([
      { ALT: () => ({ kind: 'ignored', token: this.CONSUME(TrailingComment) }) },
      { ALT: () => ({ kind: 'ignored', token: this.CONSUME(MaskedRest) }) },
      { ALT: () => ({ kind: 'ignored', token: this.CONSUME(GluedSessionWord) }) },
      { ALT: () => ({ kind: 'command', first: this.CONSUME(GluedVerb), rest: this.SUBRULE(this.words) }) },
    ]);
  });

  private readonly words = this.RULE('words', (): readonly WordTokens[] => {
    const words: WordTokens[] = [];
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(Blank) }, { ALT: () => words.push(this.SUBRULE(this.word)) }]);
    });
    return words;
  });

  private readonly word = this.RULE('word', (): WordTokens => {
    const tokens: IToken[] = [];
    this.AT_LEAST_ONE(() => {
      this.OR([
        { ALT: () => tokens.push(this.CONSUME(Piece)) },
        { ALT: () => tokens.push(this.CONSUME(Continuation)) },
      ]);
    });
    return tokens;
  });
}

/** The lexer of `set` commands. Only offsets are tracked: lines and columns are the report's business. */
export function setLexer(options: { readonly skipValidations: boolean }): Lexer {
  return new Lexer(setTokens, {
    positionTracking: 'onlyOffset',
    safeMode: true,
    skipValidations: options.skipValidations,
  });
}
