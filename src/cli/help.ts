import yargs from 'yargs';
import { type CommandSpec, generalOptions, program } from './commands.ts';

/** The help of a command; `specs` are all of them, which the help of the nameless one lists. `width`: in columns. */
export async function helpText(
  spec: CommandSpec,
  specs: readonly CommandSpec[],
  { version, width }: { readonly version: string; readonly width: number },
): Promise<string> {
  const columns = Math.min(100, width);
  const plain = await helpOf(spec, columns).version(version).getHelp();
  // Put in afterwards: yargs would take the names for commands wherever they stand, and wrap what is to be copied.
  const lines = spec.name === null ? commandList(specs) : (spec.lines ?? []);
  const text = withBlock(
    withBlock(withRoom(plain, columns), lines, '\n\nOptions:'),
    exampleList(spec, columns),
    '\n\nExit codes:',
  );
  return `${text}\n`;
}

/** What lays the help out: yargs, told the options of a command. */
function helpOf(spec: CommandSpec, width: number) {
  const options = Object.keys(spec.options).length > 0 ? '[OPTION...]' : '';
  const parser = yargs()
    .scriptName(program)
    .locale('en')
    .usage(commandOf(spec.name, `${spec.operands} ${options}`.trim()));
  parser.usage('').usage(spec.about);
  const { help, version } = generalOptions;
  parser.alias('help', help?.alias ?? 'h').alias('version', version?.alias ?? 'V');
  for (const [name, { describe, choices, open, default: usual, alias, flag }] of Object.entries(
    spec.options,
  )) {
    parser.option(name, {
      describe,
      type: flag ? ('boolean' as const) : ('string' as const),
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
  return parser.epilogue(epilogue).wrap(width);
}

/** The help with a blank before the kind of a value, where the description fills the line to the last column. */
function withRoom(text: string, width: number): string {
  return text.replace(
    /^(.*[^\s[(])(\[(?:string|boolean)\].*)$/gm,
    (_, before: string, kind: string) => `${before}\n${kind.padStart(width)}`,
  );
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
    ...columns(specs.map(({ name, words = [], summary }) => [name ?? words.join(', '), summary])),
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
