import { existsSync } from 'node:fs';
import yargs from 'yargs';
import type { Severity } from '../lint/finding.ts';
import { type CommandLine, type CommandLineContext, colors, defaults } from './command-line.ts';

const severities = ['error', 'warning', 'info'] as const satisfies readonly Severity[];

/** Reads the arguments with yargs. */
export async function parseOptions(
  argv: readonly string[],
  context: CommandLineContext,
): Promise<CommandLine> {
  let failure: string | undefined;
  let output = '';
  const parser = yargs()
    .scriptName('vyos-ipsec-lint')
    .locale('en')
    .usage('$0 FILE FILE...')
    .usage('$0 render FILE')
    .usage('')
    .usage(
      'Reads what "show configuration commands" prints on the two VyOS routers of an IPsec tunnel and names every ' +
        'mismatch between them, with the IKE error it causes and the command that mends it. With more files every ' +
        'two peers that face each other are judged.',
    )
    .option('format', {
      describe: 'how the report is printed',
      choices: context.formats,
      default: defaults.format,
      requiresArg: true,
    })
    .option('fail-on', {
      describe: 'the least severity that gives exit code 1',
      choices: severities,
      default: defaults.failOn,
      requiresArg: true,
    })
    .option('color', { describe: 'colour in the terminal', choices: colors, default: defaults.color })
    .example('$0 a.conf b.conf', 'what is wrong between the two')
    .example('$0 render a.conf', 'the swanctl.conf that VyOS makes of it')
    .example('$0 --format json a.conf b.conf', 'for other programs')
    .example('$0 --fail-on warning a.conf b.conf', 'exit code 1 for warnings, too')
    .epilogue(
      'Exit codes: 0 nothing at or above --fail-on, 1 something, 2 the command could not do its work ' +
        '(bad usage, an unreadable file, a file that is no dump, syntax errors in a dump).',
    )
    .version(context.version)
    .alias('help', 'h')
    .alias('version', 'V')
    .wrap(Math.min(100, context.width))
    .strictOptions()
    .parserConfiguration({ 'duplicate-arguments-array': false, 'boolean-negation': false })
    .exitProcess(false)
    .fail((message, error) => {
      failure ??= message ?? error?.message ?? 'bad usage';
    });
  const parsed = await parser.parseAsync(normalise(argv), {}, (_error, _argv, text) => {
    output = text;
  });
  if (failure !== undefined) {
    // yargs lays its messages out on several lines.
    return { kind: 'usage-error', message: failure.replace(/\s+/g, ' ').trim() };
  }
  if (output !== '') return { kind: 'print', text: `${output}\n` };
  const { format, failOn, color } = parsed;
  return { kind: 'lint', options: { files: parsed._.map(String), format, failOn, color } };
}

/**
 * `--no-color` and a bare `--color`, as other programs take them; file names that are numbers stay texts. A word behind
 * `--color` that is no file is meant to be its value.
 */
function normalise(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return argv.map((argument, index) => {
    if (end >= 0 && index > end) return argument;
    if (argument === '--no-color') return '--color=never';
    return argument === '--color' && !isValue(argv[index + 1]) ? '--color=always' : argument;
  });
}

function isValue(word: string | undefined): boolean {
  if (word === undefined || word === '' || word.startsWith('-')) return false;
  return colors.some((color) => color === word) || !existsSync(word);
}
