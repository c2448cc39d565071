import type { Severity } from '../lint/finding.ts';
import type { FormatName } from '../report/format.ts';
import type { Release } from '../vyos/schema/node.ts';
import type { confNotations, courseFormatNames, Shell, textFormats } from './commands.ts';
import type { Color } from './surroundings.ts';

/** The formats of the commands that print texts and not a report. */
export type TextFormat = (typeof textFormats)[number];

/** The notations of `render`. */
export type ConfNotation = (typeof confNotations)[number];

/** The formats of `negotiate`. */
export type CourseFormatName = (typeof courseFormatNames)[number];

/** One report: what it looks like, and the file that it is to be; undefined for standard output. */
export interface Output {
  readonly format: FormatName;
  readonly file: string | undefined;
}

/** A release of VyOS that the user told: of one site, as it was called, or of all. */
export interface ToldRelease {
  readonly site: string | undefined;
  readonly release: Release;
}

/** What a lint run is to do. What is undefined is for the configuration to say. */
export interface LintCommand {
  readonly files: readonly string[];
  readonly outputs: readonly Output[];
  readonly color: Color;
  readonly failOn: Severity | undefined;
  /** The configuration file; false for none, undefined for the one that is found. */
  readonly config: string | false | undefined;
  readonly releases: readonly ToldRelease[];
  /**
   * The files are those that changed: `typed` by a user, who may mistype one, or `listed` by git, among all else that
   * changed.
   */
  readonly changed: false | 'typed' | 'listed';
  readonly baseline: string | undefined;
  readonly updateBaseline: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly watch: boolean;
}

/** What a run that mends is to do. */
export interface FixCommand {
  readonly files: readonly string[];
  /** The only site that may be changed. */
  readonly on: string | undefined;
  readonly prefer: 'strongest' | 'fewest';
  readonly failOn: 'error' | 'warning' | undefined;
  readonly write: boolean;
  readonly format: 'session' | 'json';
  readonly config: string | false | undefined;
  readonly releases: readonly ToldRelease[];
  readonly baseline: string | undefined;
}

/** What a run that follows the negotiations is to do. */
export interface NegotiateCommand {
  readonly files: readonly string[];
  readonly format: CourseFormatName;
  readonly color: Color;
  /** One direction alone; undefined for both. */
  readonly initiator: 'a' | 'b' | undefined;
  readonly config: string | false | undefined;
  readonly releases: readonly ToldRelease[];
}

const defaults: Omit<LintCommand, 'files'> = {
  outputs: [{ format: 'pretty', file: undefined }],
  color: 'auto',
  failOn: undefined,
  config: undefined,
  releases: [],
  changed: false,
  baseline: undefined,
  updateBaseline: false,
  quiet: false,
  verbose: false,
  watch: false,
};

/** What to do: lint, or one of the other commands, or print a text (help, version) and end, or tell what is wrong with the command line. */
export type CommandLine =
  | { readonly kind: 'lint'; readonly command: LintCommand }
  | {
      readonly kind: 'render';
      readonly file: string;
      readonly as: ConfNotation;
      readonly releases: readonly ToldRelease[];
    }
  | { readonly kind: 'fix'; readonly command: FixCommand }
  | { readonly kind: 'negotiate'; readonly command: NegotiateCommand }
  | {
      readonly kind: 'explain';
      readonly words: readonly string[];
      readonly format: TextFormat;
      readonly color: Color;
    }
  | { readonly kind: 'rules'; readonly format: TextFormat; readonly color: Color }
  | { readonly kind: 'completion'; readonly shell: Shell }
  | { readonly kind: 'complete'; readonly words: readonly string[] }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'usage-error'; readonly message: string; readonly command: string | null };

/** What a command gives back: what it prints, one sentence for each thing that is wrong, and its exit code. */
export interface Outcome {
  readonly out: string;
  readonly messages: readonly string[];
  readonly exitCode: number;
}

export interface CommandLineContext {
  readonly version: string;
  /** Columns for the help. */
  readonly width: number;
  /** The names that `--format` takes. */
  readonly formats: readonly FormatName[];
}

/** The commands that have a name. A file of the same name is given as `./rules`. */
const commandNames: ReadonlySet<string | undefined> = new Set([
  'lint',
  'check',
  'render',
  'negotiate',
  'fix',
  'explain',
  'rules',
  'completion',
]);

/** `-` stands for standard input. */
function isFileName(argument: string): boolean {
  return argument === '-' || !argument.startsWith('-');
}

/** Reads the arguments. Where they are file names alone there is nothing to parse, and the specifications are not even loaded. */
export async function readCommandLine(
  argv: readonly string[],
  context: CommandLineContext,
): Promise<CommandLine> {
  const [command, ...words] = argv;
  if (command === '__complete') return { kind: 'complete', words };
  if (!commandNames.has(command) && argv.every(isFileName)) {
    return { kind: 'lint', command: { ...defaults, files: argv } };
  }
  const { parseOptions } = await import('./options.ts');
  return parseOptions(argv, context);
}
