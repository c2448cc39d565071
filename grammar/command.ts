import type { SourceFile, Span } from '../src/source/index.ts';

/** What a line of configuration mode does to the configuration tree. */
export type Verb = 'set' | 'delete' | 'comment' | 'activate' | 'deactivate';

/** One word of a command: its meaning without quotes and escapes, and the place of all its characters, quotes included. */
export interface Word {
  readonly text: string;
  readonly quoted: boolean;
  readonly at: Span;
}

/**
 * One command. `path` holds every word after the verb, the value last. `at` runs from the verb to the last word; in
 * braces, where a command is a leaf with one value, or a node with nothing below it, `at` covers the words of its own
 * line, and the words before them in `path` are those of the blocks around it: shared by all commands of a block.
 */
export interface Command {
  readonly verb: Verb;
  readonly path: readonly Word[];
  readonly at: Span;
}

/** A line that could not be read: what is wrong with it, and what was meant where that can be told. */
export interface SyntaxProblem {
  readonly kind:
    | 'unknown-command'
    | 'unterminated-quote'
    | 'typographic-quote'
    | 'missing-path'
    | 'stray-character'
    | 'missing-brace'
    | 'extra-brace'
    | 'too-deep'
    | 'settings-joined'
    | 'other-notation'
    | 'not-text';
  readonly message: string;
  readonly hint?: string;
  /** The place of the mistake itself. */
  readonly at: Span;
  /** The whole command or line that is not read because of it; `at` lies inside. Absent where `at` is all of it. */
  readonly lost?: Span;
  /** The command that the line was before it was damaged, where that is plain; it is not among the dump's commands. */
  readonly meant?: Command;
}

/**
 * A stretch of the dump that holds no command, and why it does no harm. `masked`: what `strip-private` left of a secret
 * with blanks in it. `brace`: a brace around a block. `too-deep`: a block deeper than any, behind the one that is a problem.
 */
export interface IgnoredText {
  readonly reason: 'comment' | 'session-word' | 'prompt' | 'session-output' | 'masked' | 'brace' | 'too-deep';
  readonly at: Span;
}

/** What VyOS writes at the end of a saved configuration: the numbers of its schemas, such as `ipsec` 13, and its release. */
export interface Footer {
  readonly versions: ReadonlyMap<string, number>;
  /** As it stands there, such as `1.4.0` or `VyOS 1.3.2`; undefined where no such line is. */
  readonly release: string | undefined;
  readonly at: Span;
}

/**
 * What a dump says, whatever notation it is written in. Every non-blank character is in exactly one of `commands` (in
 * braces: in the words of their paths), `problems` (in what is `lost`, or else in `at`) and `ignored`. Only where a
 * brace is missing does a problem point at words that are read all the same: those after which it should stand.
 */
export interface Dump {
  readonly file: SourceFile;
  readonly notation: 'set' | 'config-boot';
  readonly commands: readonly Command[];
  readonly problems: readonly SyntaxProblem[];
  readonly ignored: readonly IgnoredText[];
  /** The commands that stood glued to what precedes them, because the line ends of the text were lost. */
  readonly glued: readonly Span[];
  readonly footer?: Footer;
}
