/** Every command with its options and examples: the help and the shell completion are made from this. */

export const program = 'vyos-ipsec-lint';

export interface OptionSpec {
  readonly describe: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  readonly alias?: string;
  /** `choices` are examples: it takes other values too. */
  readonly open?: true;
  /** Takes no value. */
  readonly flag?: true;
  /** Its value is the name of a file. */
  readonly file?: true;
  /** May be given several times. */
  readonly repeated?: true;
}

export interface CommandSpec {
  /** Null for what the command does when none is named. */
  readonly name: string | null;
  /** Words that mean the nameless one, for those who are used to type one. */
  readonly words?: readonly string[];
  /** What stands behind the command: `FILE FILE...`. */
  readonly operands: string;
  /** What the operands are, for the shell completion. */
  readonly takes: 'files' | 'subjects' | 'shells' | 'nothing';
  /** One line, for the list of commands. */
  readonly summary: string;
  /** For its own help; `lines` are not wrapped. */
  readonly about: string;
  readonly lines?: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** The arguments, and what they are for. */
  readonly examples: readonly (readonly [args: string, purpose: string])[];
}

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export const textFormats = ['pretty', 'json', 'markdown'] as const;

export const courseFormatNames = ['pretty', 'json'] as const;

export const confNotations = ['swanctl.conf', 'ipsec.conf'] as const;

export const colors = ['auto', 'always', 'never'] as const;

const color: OptionSpec = { describe: 'colour in the terminal', choices: colors, default: 'auto' };

const textFormat: OptionSpec = {
  describe: 'how it is printed',
  choices: textFormats,
  default: 'pretty',
  alias: 'f',
};

/** What every command takes that reads the configuration. */
const configuration: Readonly<Record<'config' | 'no-config', OptionSpec>> = {
  config: {
    describe: 'the configuration file; default: the nearest from here upwards',
    alias: 'c',
    file: true,
  },
  'no-config': { describe: 'look for no configuration file', flag: true },
};

/** What every command takes that reads dumps. */
const vyosVersion: Readonly<Record<'vyos-version', OptionSpec>> = {
  'vyos-version': {
    describe:
      'the release of VyOS of all sites (1.2, 1.3, 1.4 or 1.5), or NAME=RELEASE of one: its name, its file, or a or b ' +
      'of two; default: found in the dump',
    choices: ['1.2', '1.3', '1.4', '1.5'],
    open: true,
    repeated: true,
  },
};

const baseline: OptionSpec = { describe: 'a file of findings that are known and not shown', file: true };

/** Whether the first word of a command line stands for a command. A file of that name is given as `./rules`. */
export function namesCommand(word: string, { name, words = [] }: CommandSpec): boolean {
  return word === name || words.includes(word);
}

/** The words for the nameless command. */
const wordsForLint = ['lint', 'check'] as const;

/** What every command takes. */
export const generalOptions: Readonly<Record<string, OptionSpec>> = {
  help: { describe: 'Show help', alias: 'h', flag: true },
  version: { describe: 'Show version number', alias: 'V', flag: true },
};

/** What may be given to every command, before its name or behind it: `--color` changes nothing where no colour is printed. */
export const globalOptions: Readonly<Record<string, OptionSpec>> = { ...generalOptions, color };

/** The commands; `formats` are the names that `--format` of the report takes. The first is the one without a name. */
export function commandSpecs(formats: readonly string[]): readonly [CommandSpec, ...CommandSpec[]] {
  return [
    {
      name: null,
      words: wordsForLint,
      operands: '[FILE FILE...]',
      takes: 'files',
      summary: 'Judge the tunnels between two routers or more',
      about:
        'Reads what "show configuration commands" or "show configuration" prints on the two VyOS routers of an IPsec ' +
        'tunnel, or their config.boot, packed by gzip or not; "-" is standard input. Names every mismatch between them, with the IKE error it causes and the command that mends it. With more files every ' +
        'two peers that face each other are judged, one file is checked by itself. Without a file the sites of the ' +
        'configuration are.',
      options: {
        format: {
          describe: 'how the report is printed; may be given several times, each with its --output',
          choices: formats,
          default: 'pretty',
          alias: 'f',
          repeated: true,
        },
        output: {
          describe: 'the file for the report of the --format before it, instead of standard output',
          alias: 'o',
          file: true,
          repeated: true,
        },
        'fail-on': {
          describe: 'the least severity that gives exit code 1; default: error',
          choices: ['error', 'warning', 'info'],
        },
        ...configuration,
        ...vyosVersion,
        changed: {
          describe:
            'the files are those that changed: judge all sites of the configuration, speak of their links',
          flag: true,
        },
        baseline,
        'update-baseline': { describe: 'write all that is found to the baseline', flag: true },
        quiet: {
          describe: 'print only what gives exit code 1, and nothing where nothing does',
          alias: 'q',
          flag: true,
        },
        verbose: {
          describe:
            'show advice, clean links and unpaired peers whole; tell what was read and what is suppressed',
          flag: true,
        },
        watch: { describe: 'run again when a file changes', alias: 'w', flag: true },
        color,
      },
      examples: [
        ['a.conf b.conf', 'what is wrong between the two'],
        ['a.conf', 'what is wrong or weak on one side'],
        ['--fail-on warning a.conf b.conf', 'exit code 1 for warnings, too'],
        ['-f sarif -o out.sarif -f concise a.conf b.conf', 'a file, and a line a finding'],
        ['', 'all sites that the configuration names'],
        ['--changed siteA.conf', 'of these the links of one site'],
        ['--vyos-version b=1.3 a.conf b.conf', 'the second router runs VyOS 1.3'],
      ],
    },
    {
      name: 'render',
      operands: 'FILE',
      takes: 'files',
      summary: 'Print the swanctl.conf that VyOS makes of a dump',
      about:
        'Prints the swanctl.conf that VyOS makes of a dump, without its secrets. VyOS 1.2 and 1.3 write ipsec.conf and ' +
        'ipsec.secrets: what they amount to is printed, or with --as ipsec.conf those two. Of 1.3 that was held against ' +
        "what VyOS's own program writes; of 1.2 its source alone is known.",
      options: {
        as: { describe: 'the notation', choices: confNotations, default: 'swanctl.conf' },
        ...vyosVersion,
      },
      examples: [
        ['a.conf', 'what strongSwan gets of it'],
        ['--as ipsec.conf a.conf', 'the same as VyOS 1.2 and 1.3 write it'],
      ],
    },
    {
      name: 'negotiate',
      operands: '[FILE FILE...]',
      takes: 'files',
      summary: 'Show every message, where it stops, and the timers',
      about:
        'Shows the messages of each negotiation between the peers that face each other, for either side as initiator: ' +
        'what is in them, where they stop and why; then the rekeys, and when the timers of each side fire. ' +
        'Without a file the sites of the configuration are taken.',
      options: {
        initiator: {
          describe: 'one direction alone; a is the file that was named first',
          choices: ['a', 'b'],
        },
        format: {
          describe: 'how it is printed',
          choices: courseFormatNames,
          default: 'pretty',
          alias: 'f',
        },
        ...configuration,
        ...vyosVersion,
        color,
      },
      examples: [
        ['a.conf b.conf', 'both directions, then the timers'],
        ['--initiator b a.conf b.conf', 'what happens when the second calls'],
      ],
    },
    {
      name: 'fix',
      operands: '[FILE FILE...]',
      takes: 'files',
      summary: 'Print the fewest commands that mend a pair, or apply them',
      about:
        'Prints the fewest commands that mend what is wrong, checked by negotiating again, as a session to paste into ' +
        "VyOS's configuration mode. What no command can mend is left for you, with the side and what to do. " +
        'Without a file the sites of the configuration are mended.',
      options: {
        on: { describe: 'change this site alone: its name or its file, or a or b of two' },
        prefer: {
          describe: 'weaken nothing where that is possible, or the fewest commands whatever they weaken',
          choices: ['strongest', 'fewest'],
          default: 'strongest',
        },
        write: {
          describe: 'work the commands into the files; each original is kept as FILE.orig',
          flag: true,
        },
        'fail-on': {
          describe: 'the least severity that is mended; default: error',
          choices: ['error', 'warning'],
        },
        format: {
          describe: 'how the plan is printed',
          choices: ['session', 'json'],
          default: 'session',
          alias: 'f',
        },
        ...configuration,
        ...vyosVersion,
        baseline: { ...baseline, describe: 'a file of findings that are known and not mended' },
      },
      examples: [
        ['a.conf b.conf', 'what to type on which router'],
        ['--on b a.conf b.conf', 'on the second router alone'],
        ['--write a.conf b.conf', 'mend the files'],
      ],
    },
    {
      name: 'explain',
      operands: 'RULE|IKE-ERROR|LOG-LINE...',
      takes: 'subjects',
      summary: 'Explain a rule, an IKE error or a line of the log',
      about:
        'Explains rules: why each matters, what the routers log, a bad pair and how to mend it. Of an IKE error or a line ' +
        "of charon's log it lists the rules that may be behind it.",
      options: { format: textFormat, color },
      examples: [
        ['pfs-mismatch', 'a rule'],
        ['NO_PROPOSAL_CHOSEN', 'an IKE error; 14 will do, too'],
        ['"no IKE config found"', 'a line of the log'],
      ],
    },
    {
      name: 'rules',
      operands: '',
      takes: 'nothing',
      summary: 'List the rules',
      about: 'Lists the rules, in the order in which the IKE exchanges trip over what they find.',
      options: { format: textFormat, color },
      examples: [
        ['', 'a table'],
        ['--format json', 'all that explain tells, for programs'],
      ],
    },
    {
      name: 'completion',
      operands: 'SHELL',
      takes: 'shells',
      summary: 'Print the completion script of a shell: bash, zsh or fish',
      about: 'Prints a script with which the shell completes commands, options, rules and files.',
      lines: [
        'How to load it:',
        '  bash  in ~/.bashrc                 eval "$(vyos-ipsec-lint completion bash)"',
        '  zsh   in ~/.zshrc, after compinit  eval "$(vyos-ipsec-lint completion zsh)"',
        '  fish  in config.fish               vyos-ipsec-lint completion fish | source',
      ],
      options: {},
      examples: [['bash', 'print the script for bash']],
    },
  ];
}
