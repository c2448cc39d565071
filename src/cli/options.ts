import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Severity } from '../lint/finding.ts';
import type { FormatName } from '../report/index.ts';
import { readRelease } from '../vyos/release.ts';
import { nearest } from '../vyos/schema/nearest.ts';
import { RELEASES } from '../vyos/schema/node.ts';
import type {
  CommandLine,
  CommandLineContext,
  ConfNotation,
  CourseFormatName,
  FixCommand,
  LintCommand,
  NegotiateCommand,
  Output,
  TextFormat,
  ToldRelease,
} from './command-line.ts';
import {
  type CommandSpec,
  colors,
  commandSpecs,
  globalOptions,
  namesCommand,
  type OptionSpec,
  program,
  shells,
} from './commands.ts';
import { outputClash } from './output-clash.ts';
import type { Color } from './surroundings.ts';

/** An option as it was given. */
interface Given {
  readonly name: string;
  /** As it was typed: `-f`, `--format`. */
  readonly typed: string;
  readonly value: string | undefined;
  /** Whether the value stands in the same argument. */
  readonly inline: boolean;
  /** The argument in which it stands. */
  readonly argument: string;
}

/** The command line, taken apart: Node's parseArgs knows `-fjson`, `-qf json`, `--format=json` and `--` as getopt does. */
interface TakenApart {
  readonly spec: CommandSpec;
  readonly given: readonly Given[];
  readonly words: readonly string[];
}

/** Reads the arguments. Options may stand before the command. */
export async function parseOptions(
  argv: readonly string[],
  context: CommandLineContext,
): Promise<CommandLine> {
  const specs = commandSpecs(context.formats);
  const { spec, given, words } = takeApart(argv, specs);
  const wrong = (message: string): CommandLine => ({ kind: 'usage-error', message, command: spec.name });
  // Before the help: the letters of a file's name may spell it.
  const unknown = unknownOptions(spec, given);
  if (unknown !== undefined) return wrong(unknown);
  const isGiven = (name: string) => given.some((each) => each.name === name);
  if (isGiven('help')) {
    const { helpText } = await import('./help.ts');
    return { kind: 'print', text: await helpText(spec, specs, context) };
  }
  if (isGiven('version')) return { kind: 'print', text: `${context.version}\n` };
  const mistake = given.map((one) => wrongValue(one, spec)).find(isText);
  if (mistake !== undefined) return wrong(mistake);
  const parsed = valuesOf(spec, given);

  // They were checked against the choices of the command.
  const format = parsed.format as FormatName & TextFormat;
  const color = parsed.color as Color;
  switch (spec.name) {
    case 'render': {
      const [file, ...others] = words;
      if (file === undefined || others.length > 0)
        return wrong(`render takes one file, as in "${example(spec)}"`);
      const releases = releasesOf(given);
      if (typeof releases === 'string') return wrong(releases);
      return { kind: 'render', file, as: parsed.as as ConfNotation, releases };
    }
    case 'fix': {
      const clash = clashOf(clashesOfConfiguration(parsed));
      if (clash !== undefined) return wrong(clash);
      const releases = releasesOf(given);
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
      const releases = releasesOf(given);
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
      const outputs = outputsOf(given);
      if (typeof outputs === 'string') return wrong(outputs);
      const releases = releasesOf(given);
      if (typeof releases === 'string') return wrong(releases);
      const command = lintCommand(words, outputs, releases, parsed);
      const clash = clashOf(clashesOfLint(command, parsed));
      return clash === undefined ? { kind: 'lint', command } : wrong(clash);
    }
  }
}

function takeApart(argv: readonly string[], specs: readonly [CommandSpec, ...CommandSpec[]]): TakenApart {
  const args = withWordForColor(argv, specs);
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    // The options of all commands: which command it is follows from the words between them.
    options: Object.fromEntries(
      [globalOptions, ...specs.map(({ options }) => options)]
        .flatMap(Object.entries<OptionSpec>)
        .map(([name, { flag, alias }]) => [
          name,
          { type: flag ? 'boolean' : 'string', ...(alias === undefined ? {} : { short: alias }) } as const,
        ]),
    ),
  });
  const end = tokens.find(({ kind }) => kind === 'option-terminator')?.index ?? Infinity;
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' ? [token] : []));
  const [first, ...others] = positionals;
  const named =
    first && first.index < end ? specs.find((each) => namesCommand(first.value, each)) : undefined;
  const given = tokens.flatMap((token): readonly Given[] => {
    if (token.kind !== 'option') return [];
    const { name, rawName, value, inlineValue } = token;
    // `-f=json` is `-f json` to many.
    const isShort = !rawName.startsWith('--');
    return [
      {
        name,
        typed: rawName,
        value: isShort && inlineValue === true ? value.replace(/^=/, '') : value,
        inline: inlineValue === true,
        argument: args[token.index] ?? '',
      },
    ];
  });
  return {
    spec: named ?? specs[0],
    given,
    words: (named ? others : positionals).map(({ value }) => value),
  };
}

const isText = (text: string | undefined): text is string => text !== undefined;

/** What is wrong with the value of an option, and what to type; undefined where nothing is. */
function wrongValue({ name, typed, value, inline }: Given, { options }: CommandSpec): string | undefined {
  const option = { ...globalOptions, ...options }[name];
  if (option === undefined) return undefined;
  if (option.flag) return value === undefined ? undefined : `${typed} takes no value: type ${typed} alone`;
  const choices = option.open ? undefined : option.choices;
  const names = choices?.join(', ');
  const example = `as in "${typed} ${option.file ? 'FILE' : (option.choices?.[0] ?? 'NAME')}"`;
  const wanted = names === undefined ? example : `one of ${names}`;
  const isMissing = value === undefined || value === '' || (!inline && /^-./.test(value));
  if (isMissing) return `${typed} needs a value, ${wanted}`;
  if (choices === undefined || choices.includes(value)) return undefined;
  const meant = nearest(value, choices);
  return `${typed} ${value}: expected one of ${names}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

/** The value of each option, the last where it is given more than once; its default where it is not. True for a flag. */
function valuesOf({ options }: CommandSpec, given: readonly Given[]): Parsed {
  const usual = Object.entries(options).map(([name, option]) => [name, option.default]);
  return Object.fromEntries([...usual, ...given.map(({ name, value }) => [name, value ?? true])]);
}

/** What was read and checked against the specification of the command. */
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
    changed: parsed.changed === true && 'typed',
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
    ['--changed and --no-config', changed !== false && config === false],
    ['--changed and --update-baseline', changed !== false && updateBaseline],
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

/** Which `--output` belongs to which `--format`: to the one before it. A sentence where that does not work out. */
function outputsOf(given: readonly Given[]): readonly Output[] | string {
  const outputs: Output[] = [];
  let early: string | undefined;
  for (const { name, value } of given) {
    if (value === undefined) continue;
    if (name === 'format') {
      if (early !== undefined) return `--output ${early} stands before its --format ${value}: put it behind`;
      outputs.push({ format: value as FormatName, file: undefined });
    }
    if (name !== 'output') continue;
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

/** Each `--vyos-version`. A sentence where one names no release. */
function releasesOf(given: readonly Given[]): readonly ToldRelease[] | string {
  const told: ToldRelease[] = [];
  for (const { name, value } of given) {
    if (name !== 'vyos-version' || value === undefined) continue;
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
function unknownOptions({ options, name }: CommandSpec, given: readonly Given[]): string | undefined {
  const known = { ...globalOptions, ...options };
  const unknown = given.filter((option) => !Object.hasOwn(known, option.name));
  const file = unknown.find(({ argument }) => isFileLike(argument))?.argument;
  if (file !== undefined) {
    return `${file} begins like an option: type ./${file} for the file, or -- before the names of all files`;
  }
  const told = [...new Set(unknown.map(({ typed }) => typed))].map((option) => {
    const meant = option.startsWith('--') ? nearest(option, Object.keys(known)) : undefined;
    return { option, question: meant === undefined ? '' : `did you mean --${meant}?` };
  });
  const whose = name === null ? '' : ` of ${name}`;
  const [one, ...more] = told;
  if (one === undefined) return undefined;
  if (more.length === 0) {
    return `no such option${whose}: ${one.option}${one.question === '' ? '' : `; ${one.question}`}`;
  }
  const all = told.map(({ option, question }) => (question === '' ? option : `${option} (${question})`));
  return `no such options${whose}: ${all.join(', ')}`;
}

/** `-dash.conf`: a file, or what is spelled like one. */
function isFileLike(argument: string): boolean {
  return !argument.startsWith('--') && (existsSync(argument) || /[./]/.test(argument.slice(2)));
}

function example({ name, examples }: CommandSpec): string {
  return [program, name, examples[0]?.[0]].join(' ');
}

/**
 * `--no-color` and a bare `--color`, as other programs take them. A word behind `--color` that is neither a file nor a
 * command is meant to be its value.
 */
function withWordForColor(argv: readonly string[], specs: readonly CommandSpec[]): readonly string[] {
  const end = argv.indexOf('--');
  const isValue = (word: string | undefined): boolean => {
    if (word === undefined || word === '' || word.startsWith('-')) return false;
    if (colors.some((color) => color === word)) return true;
    return !existsSync(word) && !specs.some((spec) => namesCommand(word, spec));
  };
  return argv.map((argument, index) => {
    if (end >= 0 && index > end) return argument;
    if (argument === '--no-color') return '--color=never';
    return argument === '--color' && !isValue(argv[index + 1]) ? '--color=always' : argument;
  });
}
