import type { Severity } from '../lint/finding.ts';
import type { FormatName } from '../report/format.ts';

/** The command line, understood. */
export interface Options {
  readonly files: readonly string[];
  readonly format: FormatName;
  readonly color: (typeof colors)[number];
  readonly failOn: Severity;
}

export const colors = ['auto', 'always', 'never'] as const;

export const defaults: Omit<Options, 'files'> = { format: 'pretty', color: 'auto', failOn: 'error' };

/** What to do: lint, or show a dump's swanctl.conf, or print a text (help, version) and end, or tell what is wrong with the command line. */
export type CommandLine =
  | { readonly kind: 'lint'; readonly options: Options }
  | { readonly kind: 'render'; readonly file: string }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'usage-error'; readonly message: string };

export interface CommandLineContext {
  readonly version: string;
  /** Columns for the help. */
  readonly width: number;
  /** The names that `--format` takes. */
  readonly formats: readonly FormatName[];
}

/**
 * Reads the arguments. Where they are file names alone there is nothing to parse, and yargs is not even loaded: that
 * is a tenth of the start-up (npm run bench:startup).
 */
export async function readCommandLine(
  argv: readonly string[],
  context: CommandLineContext,
): Promise<CommandLine> {
  const [command, file, ...others] = argv;
  if (command === 'render' && !argv.some((argument) => argument.startsWith('-'))) {
    return file !== undefined && others.length === 0
      ? { kind: 'render', file }
      : { kind: 'usage-error', message: 'render takes one file, as in "vyos-ipsec-lint render site.conf"' };
  }
  if (argv.every((argument) => !argument.startsWith('-'))) {
    return { kind: 'lint', options: { ...defaults, files: argv } };
  }
  const { parseOptions } = await import('./options.ts');
  return parseOptions(argv, context);
}
