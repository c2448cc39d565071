import { EmbeddedActionsParser, type IToken, Lexer } from 'chevrotain';
import {
  Blank,
  Close,
  ConfigMaskedRest,
  ConfigOutput,
  ConfigPiece,
  ConfigPrompt,
  configTokens,
  DiffMark,
  Inactive,
  LineBreak,
  NodeComment,
  Open,
  OpenComment,
  PagerMark,
  Remark,
} from './config-tokens.ts';
import type { WordTokens } from './set-parser.ts';

/** A part of a line, before blocks are made of them. */
export type Part =
  | { readonly kind: 'words'; readonly words: readonly WordTokens[]; readonly inactive: IToken | undefined }
  | { readonly kind: 'open' | 'close' | 'ignored' | 'diff' | 'open-comment'; readonly token: IToken };

/**
 * The grammar of the notation with braces. It is flat: which brace closes which block is found out afterwards, where a
 * missing one can be told by the indentation. So every token has a place in every order, and there is no parse error.
 */
export class ConfigParser extends EmbeddedActionsParser {
  constructor(options: { readonly skipValidations: boolean }) {
    super(configTokens, { maxLookahead: 1, skipValidations: options.skipValidations });
    this.performSelfAnalysis();
  }

  readonly dump = this.RULE('dump', (): readonly (readonly Part[])[] => {
    const lines: (readonly Part[])[] = [];
    this.MANY_SEP({ SEP: LineBreak, DEF: () => lines.push(this.SUBRULE(this.line)) });
    return lines;
  });

  private readonly line = this.RULE('line', (): readonly Part[] => {
    const parts: Part[] = [];
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(Blank) }, { ALT: () => parts.push(this.SUBRULE(this.part)) }]);
    });
    return parts;
  });

  private readonly part = this.RULE('part', (): Part => {
    return this.OR<Part>([
      { ALT: () => this.SUBRULE(this.statement) },
      { ALT: () => ({ kind: 'open', token: this.CONSUME(Open) }) },
      { ALT: () => ({ kind: 'close', token: this.CONSUME(Close) }) },
      { ALT: () => ({ kind: 'diff', token: this.CONSUME(DiffMark) }) },
      { ALT: () => ({ kind: 'open-comment', token: this.CONSUME(OpenComment) }) },
      { ALT: () => ({ kind: 'ignored', token: this.SUBRULE(this.passedOver) }) },
    ]);
  });

  private readonly passedOver = this.RULE('passedOver', (): IToken => {
    return this.OR([
      { ALT: () => this.CONSUME(NodeComment) },
      { ALT: () => this.CONSUME(Remark) },
      { ALT: () => this.CONSUME(ConfigPrompt) },
      { ALT: () => this.CONSUME(ConfigOutput) },
      { ALT: () => this.CONSUME(PagerMark) },
      { ALT: () => this.CONSUME(ConfigMaskedRest) },
    ]);
  });

  /** The words of a leaf, or those before a brace. */
  private readonly statement = this.RULE('statement', (): Part => {
    return this.OR<Part>([
      {
        ALT: () => {
          const inactive = this.CONSUME(Inactive);
          this.OPTION(() => this.CONSUME(Blank));
          return { kind: 'words', inactive, words: this.OPTION1(() => this.SUBRULE(this.words)) ?? [] };
        },
      },
      { ALT: () => ({ kind: 'words', inactive: undefined, words: this.SUBRULE1(this.words) }) },
    ]);
  });

  private readonly words = this.RULE('words', (): readonly WordTokens[] => {
    const words: WordTokens[] = [];
    this.AT_LEAST_ONE(() => {
      words.push(this.SUBRULE(this.word));
      this.OPTION(() => this.CONSUME(Blank));
    });
    return words;
  });

  private readonly word = this.RULE('word', (): WordTokens => {
    const tokens: IToken[] = [];
    this.AT_LEAST_ONE(() => tokens.push(this.CONSUME(ConfigPiece)));
    return tokens;
  });
}

/** The lexer of the notation with braces. Only offsets are tracked: lines and columns are the report's business. */
export function configLexer(options: { readonly skipValidations: boolean }): Lexer {
  return new Lexer(configTokens, {
    positionTracking: 'onlyOffset',
    safeMode: true,
    skipValidations: options.skipValidations,
  });
}
