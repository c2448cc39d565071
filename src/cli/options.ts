import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import yargs from 'yargs';
import type { Severity } from '../lint/finding.ts';
import type { FormatName } from '../report/index.ts';
import { readRelease } from '../vyos/release.ts';
import { nearest } from '../vyos/schema/nearest.ts';
import { RELEASES } from '../vyos/schema/node.ts';
import type {
  CommandLine,
  CommandLineContext,
  CourseFormatName,
  FixCommand,
  LintCommand,
  NegotiateCommand,
  Output,
  TextFormat,
  ToldRelease,
} from './command-line.ts';
import { type CommandSpec, colors, commandSpecs, generalOptions, shells } from './commands.ts';
import { outputClash } from './output-clash.ts';
import type { Color } from './surroundings.ts';

const program = 'vyos-ipsec-lint';

/** Reads the arguments with yargs. */
export async function parseOptions(
  argv: readonly string[],
  context: CommandLineContext,
): Promise<CommandLine> {
  const specs = commandSpecs(context.formats);
  const [nameless] = specs;
  const named = specs.find(({ name }) => name !== null && name === argv[0]);
  const spec = named ?? nameless;
  let failure: string | undefined;
  let output = '';
  const parser = helpOf(spec, context)
    .version(context.version)
    .alias('help', 'h')
    .alias('version', 'V')
    .strictOptions()
    .parserConfiguration({
      'duplicate-arguments-array': false,
      'boolean-negation': false,
      'camel-case-expansion': false,
      'parse-positional-numbers': false,
    })
    .exitProcess(false)
    .fail((message, error) => {
      failure ??= message ?? error?.message ?? 'bad usage';
    });
  const parsed = await parser.parseAsync(
    normalise(named ? argv.slice(1) : argv),
    {},
    (_error, _argv, text) => {
      output = text;
    },
  );
  const wrong = (message: string): CommandLine => ({ kind: 'usage-error', message, command: spec.name });
  // yargs lays its messages out on several lines.
  if (failure !== undefined) {
    const unknown = failure.startsWith('Unknown argument') ? unknownOptions(spec, argv) : undefined;
    return wrong(unknown ?? failure.replace(/\s+/g, ' ').trim());
  }
  if (output !== '') {
    // Put in afterwards: yargs would take the names for commands wherever they stand, and wrap what is to be copied.
    const lines = spec === nameless ? commandList(specs) : (spec.lines ?? []);
    const text = withBlock(
      withBlock(withRoom(output, helpWidth(context)), lines, '\n\nOptions:'),
      exampleList(spec, helpWidth(context)),
      '\n\nExit codes:',
    );
    return { kind: 'print', text: `${text}\n` };
  }

  const words = parsed._.map(String);
  // yargs has checked them against the choices of the command.
  const format = parsed.format as FormatName & TextFormat;
  const color = parsed.color as Color;
  switch (spec.name) {
    case 'render': {
      const [file, ...others] = words;
      if (file === undefined || others.length > 0)
        return wrong(`render takes one file, as in "${example(spec)}"`);
      const releases = releasesOf(argv);
      if (typeof releases === 'string') return wrong(releases);
      return { kind: 'render', file, releases };
    }
    case 'fix': {
      const clash = clashOf(clashesOfConfiguration(parsed));
      if (clash !== undefined) return wrong(clash);
      const releases = releasesOf(argv);
      if (typeof releases === 'string') return wrong(releases);
      return {
        kind: 'fix',
        command: {
          files: words,
          on: parsed.on as string | undefined,
          prefer: parsed.prefer as FixCommand['prefer'],
          failOn: parsed['fail-on'] as FixCommand['failOn'],
          write: parsed.write === true,
          format: parsed.format as FixCommand['format'],
          config: configOf(parsed),
          releases,
          baseline: parsed.baseline as string | undefined,
        },
      };
    }
    case 'negotiate': {
      const clash = clashOf(clashesOfConfiguration(parsed));
      if (clash !== undefined) return wrong(clash);
      const initiator = parsed.initiator as NegotiateCommand['initiator'];
      const config = configOf(parsed);
      const releases = releasesOf(argv);
      if (typeof releases === 'string') return wrong(releases);
      return {
        kind: 'negotiate',
        command: { files: words, format: format as CourseFormatName, color, initiator, config, releases },
      };
    }
    case 'explain':
      if (words.length === 0) {
        return wrong(
          `explain what? Name a rule, an IKE error or a line of the log, as in "${example(spec)}"`,
        );
      }
      return { kind: 'explain', words, format, color };
    case 'rules':
      if (words.length > 0) return wrong('rules takes no words; "vyos-ipsec-lint explain RULE" is about one');
      return { kind: 'rules', format, color };
    case 'completion': {
      const shell = shells.find((one) => one === words[0]);
      if (shell === undefined || words.length > 1) {
        return wrong(`completion takes one shell of ${shells.join(', ')}, as in "${example(spec)}"`);
      }
      return { kind: 'completion', shell };
    }
    default: {
      const outputs = outputsOf(argv);
      if (typeof outputs === 'string') return wrong(outputs);
      const releases = releasesOf(argv);
      if (typeof releases === 'string') return wrong(releases);
      const command = lintCommand(words, outputs, releases, parsed);
      const clash = clashOf(clashesOfLint(command, parsed));
      return clash === undefined ? { kind: 'lint', command } : wrong(clash);
    }
  }
}

/** What yargs has read and checked against the specification of the command. */
type Parsed = Readonly<Record<string, unknown>>;

function configOf(parsed: Parsed): string | false | undefined {
  return parsed['no-config'] === true ? false : (parsed.config as string | undefined);
}

function lintCommand(
  files: readonly string[],
  outputs: readonly Output[],
  releases: readonly ToldRelease[],
  parsed: Parsed,
): LintCommand {
  return {
    files,
    outputs,
    color: parsed.color as Color,
    failOn: parsed['fail-on'] as Severity | undefined,
    config: configOf(parsed),
    releases,
    changed: parsed.changed === true,
    baseline: parsed.baseline as string | undefined,
    updateBaseline: parsed['update-baseline'] === true,
    quiet: parsed.quiet === true,
    verbose: parsed.verbose === true,
    watch: parsed.watch === true,
  };
}

/** Options that do not go together, and whether both are there. */
type Clashes = readonly (readonly [options: string, both: boolean])[];

function clashesOfConfiguration(parsed: Parsed): Clashes {
  return [['--config and --no-config', parsed['no-config'] === true && parsed.config !== undefined]];
}

function clashesOfLint(
  { config, changed, files, quiet, updateBaseline, verbose, watch }: LintCommand,
  parsed: Parsed,
): Clashes {
  return [
    ...clashesOfConfiguration(parsed),
    ['--changed and --no-config', changed && config === false],
    ['--changed and --update-baseline', changed && updateBaseline],
    ['--watch and --update-baseline', watch && updateBaseline],
    ['--output and --update-baseline', parsed.output !== undefined && updateBaseline],
    ['--quiet and --verbose', quiet && verbose],
    ['--watch and standard input', watch && files.includes('-')],
  ];
}

function clashOf(clashes: Clashes): string | undefined {
  const [clash] = clashes.find(([, both]) => both) ?? [];
  return clash === undefined ? undefined : `${clash} do not go together`;
}

/**
 * Which `--output` belongs to which `--format`: to the one before it. yargs does not tell the order of different
 * options, so the words are looked at once more. A sentence where that does not work out.
 */
function outputsOf(argv: readonly string[]): readonly Output[] | string {
  const option = { type: 'string', multiple: true } as const;
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: { format: { ...option, short: 'f' }, output: { ...option, short: 'o' } },
  });
  const outputs: Output[] = [];
  let early: string | undefined;
  for (const token of tokens) {
    if (token.kind !== 'option' || token.value === undefined) continue;
    // To yargs `-f=json` is `-f json`.
    const value = token.rawName.startsWith('--') ? token.value : token.value.replace(/^=/, '');
    if (token.name === 'format') {
      if (early !== undefined) return `--output ${early} stands before its --format ${value}: put it behind`;
      outputs.push({ format: value as FormatName, file: undefined });
    }
    if (token.name !== 'output') continue;
    if (value === '') return '--output names no file';
    if (outputs.length === 0) early = value;
    const last = outputs.pop() ?? { format: 'pretty', file: undefined };
    if (last.file !== undefined) return `--output ${value} belongs to no --format: name one before it`;
    outputs.push({ ...last, file: value });
  }
  const clash = outputClash(outputs);
  if (clash?.kind === 'mixed') {
    return `${clash.formats.join(' and ')} would be mixed on standard output: give one of them its --output FILE`;
  }
  if (clash?.kind === 'same-file') return `two reports would be written to ${clash.file}`;
  return outputs.length > 0 ? outputs : [{ format: 'pretty', file: undefined }];
}

/** Each `--vyos-version`, which yargs would give the last of. A sentence where one names no release. */
function releasesOf(argv: readonly string[]): readonly ToldRelease[] | string {
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: { 'vyos-version': { type: 'string', multiple: true } },
  });
  const told: ToldRelease[] = [];
  for (const token of tokens) {
    if (token.kind !== 'option' || token.name !== 'vyos-version' || token.value === undefined) continue;
    const { value } = token;
    const [, site, text = ''] = /^(?:(.*)=)?([^=]*)$/s.exec(value) ?? [];
    const release = readRelease(text);
    if (release === undefined || site === '') {
      return `--vyos-version ${value}: expected a release (${RELEASES.join(', ')}), or NAME=RELEASE for one site`;
    }
    told.push({ site, release });
  }
  return told;
}

/** A sentence about the options that a command does not have, as they were typed; undefined where there are none. */
function unknownOptions({ options, name }: CommandSpec, argv: readonly string[]): string | undefined {
  const specs = { ...generalOptions, ...options };
  const { tokens } = parseArgs({
    args: normalise(argv),
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(specs).map(([long, { flag, alias }]) => [
        long,
        { type: flag ? 'boolean' : 'string', ...(alias === undefined ? {} : { short: alias }) } as const,
      ]),
    ),
  });
  const typed = tokens.flatMap((token) =>
    token.kind === 'option' && !Object.hasOwn(specs, token.name) ? [token.rawName] : [],
  );
  if (typed.length === 0) return undefined;
  const known = Object.keys(specs);
  const told = [...new Set(typed)].map((option) => {
    const meant = option.startsWith('--') ? nearest(option, known) : undefined;
    return { option, question: meant === undefined ? '' : `did you mean --${meant}?` };
  });
  const whose = name === null ? '' : ` of ${name}`;
  const [one, ...more] = told;
  if (one && more.length === 0) {
    return `no such option${whose}: ${one.option}${one.question === '' ? '' : `; ${one.question}`}`;
  }
  const all = told.map(({ option, question }) => (question === '' ? option : `${option} (${question})`));
  return `no such options${whose}: ${all.join(', ')}`;
}

/** A parser that knows the options of a command, and prints its help. */
function helpOf(spec: CommandSpec, context: CommandLineContext) {
  const options = Object.keys(spec.options).length > 0 ? '[OPTION...]' : '';
  const parser = yargs()
    .scriptName(program)
    .locale('en')
    .usage(commandOf(spec.name, `${spec.operands} ${options}`.trim()));
  parser.usage('').usage(spec.about);
  for (const [name, { describe, choices, open, default: usual, alias, flag }] of Object.entries(
    spec.options,
  )) {
    parser.option(name, {
      describe,
      ...(flag ? { type: 'boolean' as const } : { type: 'string' as const, requiresArg: name !== 'color' }),
      ...(choices && !open ? { choices } : {}),
      ...(usual === undefined ? {} : { default: usual }),
      ...(alias === undefined ? {} : { alias }),
    });
  }
  const epilogues: Readonly<Record<string, string>> = {
    '': exitCodesOfReport,
    negotiate: exitCodesOfNegotiate,
    fix: exitCodesOfFix,
  };
  const epilogue = epilogues[spec.name ?? ''] ?? exitCodesOfOthers;
  return parser.epilogue(epilogue).wrap(helpWidth(context));
}

/** The help with a blank before the kind of a value, where the description fills the line to the last column. */
function withRoom(text: string, width: number): string {
  return text.replace(
    /^(.*[^\s[(])(\[(?:string|boolean)\].*)$/gm,
    (_, before: string, kind: string) => `${before}\n${kind.padStart(width)}`,
  );
}

function helpWidth({ width }: CommandLineContext): number {
  return Math.min(100, width);
}

function withBlock(text: string, lines: readonly string[], before: string): string {
  return lines.length === 0 ? text : text.replace(before, () => `\n\n${lines.join('\n')}${before}`);
}

/** Each example with its purpose beside it, or above it where the terminal is too narrow: it is to be copied whole. */
function exampleList({ name, examples }: CommandSpec, width: number): readonly string[] {
  const beside = columns(examples.map(([args, purpose]) => [commandOf(name, args), purpose]));
  const above = examples.flatMap(([args, purpose]) => [`  # ${purpose}`, `  ${commandOf(name, args)}`]);
  return ['Examples:', ...(beside.every((line) => line.length <= width) ? beside : above)];
}

function commandList(specs: readonly CommandSpec[]): readonly string[] {
  return [
    'Commands:',
    ...columns(specs.flatMap(({ name, summary }) => (name === null ? [] : [[name, summary]]))),
  ];
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`);
}

/** `vyos-ipsec-lint explain pfs-mismatch`. */
function commandOf(name: string | null, args: string): string {
  return [program, name, args].filter((part) => part !== null && part !== '').join(' ');
}

const exitCodesOfReport =
  'Exit codes: 0 nothing at or above --fail-on, 1 something, 2 the command could not do its work (bad usage, an ' +
  'unreadable file, a file that is no dump, syntax errors in a dump). "vyos-ipsec-lint COMMAND --help" tells of a command.';

const exitCodesOfFix =
  'Exit codes: 0 nothing to mend, or the commands mend all, 1 something is left for you, 2 the command could not do ' +
  'its work.';

const exitCodesOfNegotiate =
  'Exit codes: 0 each direction that can happen comes up and is rekeyed, 1 something fails, 2 the command could not do ' +
  'its work.';

const exitCodesOfOthers = 'Exit codes: 0 done, 2 the command could not do its work.';

function example({ name, examples }: CommandSpec): string {
  return [program, name, examples[0]?.[0]].join(' ');
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
