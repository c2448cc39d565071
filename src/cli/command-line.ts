import type { Severity } from '../lint/finding.ts';
import type { FormatName } from '../report/format.ts';
import type { colors, Shell, textFormats } from './commands.ts';

type Color = (typeof colors)[number];

/** The formats of the commands that print texts and not a report. */
export type TextFormat = (typeof textFormats)[number];

/** The command line of the report, understood. */
export interface Options {
  readonly files: readonly string[];
  readonly format: FormatName;
  readonly color: Color;
  readonly failOn: Severity;
}

export const defaults: Omit<Options, 'files'> = { format: 'pretty', color: 'auto', failOn: 'error' };

/** What to do: lint, or one of the other commands, or print a text (help, version) and end, or tell what is wrong with the command line. */
export type CommandLine =
  | { readonly kind: 'lint'; readonly options: Options }
  | { readonly kind: 'render'; readonly file: string }
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
const commandNames: ReadonlySet<string | undefined> = new Set(['render', 'explain', 'rules', 'completion']);

/**
 * Reads the arguments. Where they are file names alone there is nothing to parse, and yargs is not even loaded: that
 * is a tenth of the start-up (npm run bench:startup).
 */
export async function readCommandLine(
  argv: readonly string[],
  context: CommandLineContext,
): Promise<CommandLine> {
  const [command, ...words] = argv;
  if (command === '__complete') return { kind: 'complete', words };
  if (!commandNames.has(command) && argv.every((argument) => !argument.startsWith('-'))) {
    return { kind: 'lint', options: { ...defaults, files: argv } };
  }
  const { parseOptions } = await import('./options.ts');
  return parseOptions(argv, context);
}
