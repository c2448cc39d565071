import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/** Which room of the house may import which other, and why. docs/architecture.md tells the same in prose. */

interface Room {
  readonly why: string;
  /** What it may import values and types of. */
  readonly may: readonly string[];
  /** What it may import types of, and nothing that runs. */
  readonly types?: readonly string[];
  /** Packages and modules of Node. */
  readonly external?: readonly string[];
}

const house: Readonly<Record<string, Room>> = {
  source: { why: 'Texts, places in them and the likeness of words are what all else stands on.', may: [] },
  grammar: {
    why: 'A notation is read without knowing what its words mean: it can be tested, and drawn, by itself.',
    may: ['source'],
    external: ['chevrotain'],
  },
  ike: {
    why: 'The model of strongSwan knows nothing of VyOS, files or lines: so it can be held against real daemons.',
    may: [],
    external: ['@zxcvbn-ts/core', 'ipaddr.js', 'node:util'],
  },
  vyos: {
    why:
      'VyOS reads commands, of whatever notation, so it needs their shape and no parser. How strongSwan reads a word of ' +
      'them (a prefix, a secret) is a fact of strongSwan that is told once, in ike: so it calls functions of ike and ' +
      'does not only name its types.',
    may: ['source', 'ike'],
    types: ['grammar'],
  },
  strongswan: {
    why:
      'What VyOS hands to strongSwan is one value, written here of a site and read by ike; so it knows both, and nobody ' +
      'else writes any of it.',
    may: ['source', 'vyos', 'ike'],
  },
  pairing: {
    why: 'Who faces whom follows from what VyOS configures and strongSwan matches.',
    may: ['strongswan', 'vyos', 'ike'],
  },
  lint: {
    why: 'The engine is handed the rules: it must not know one of them.',
    may: ['source', 'vyos', 'strongswan', 'ike', 'pairing'],
    external: ['node:crypto'],
  },
  rules: {
    why: 'A rule explains what was found. It says what a finding is made of; it runs nothing of the engine.',
    may: ['pairing', 'strongswan', 'vyos', 'ike', 'source'],
    types: ['lint'],
    external: ['node:util'],
  },
  fix: {
    why: 'A mend is checked by negotiating again, with the engine; it is handed the rules, and what reads and prints a notation.',
    may: ['lint', 'pairing', 'strongswan', 'vyos', 'ike', 'source'],
    types: ['grammar'],
  },
  report: {
    why: 'A format is a function of the report (or of a plan to mend) alone, so that every format says the same.',
    may: ['source'],
    types: ['lint', 'fix'],
    external: ['chalk', 'get-east-asian-width'],
  },
  explain: {
    why:
      "A rule is explained by its own bad pair: it needs the rules' example and the look of the report. The engine is " +
      'handed to it, so that the command has but one.',
    may: ['source', 'ike', 'rules', 'report'],
    types: ['lint', 'pairing'],
  },
  index: {
    why: 'The library is text in, report out, for whoever calls it: it must not know of the command.',
    may: ['source', 'grammar', 'ike', 'vyos', 'strongswan', 'pairing', 'lint', 'rules', 'fix', 'report'],
  },
  cli: {
    why: 'Files, environment and terminal are touched here alone; all else is a function of its input.',
    may: [
      'source',
      'grammar',
      'ike',
      'vyos',
      'strongswan',
      'pairing',
      'lint',
      'rules',
      'fix',
      'report',
      'explain',
      'index',
    ],
    external: [
      'chokidar',
      'lilconfig',
      'node:crypto',
      'node:events',
      'node:fs',
      'node:fs/promises',
      'node:net',
      'node:path',
      'node:util',
      'node:zlib',
      'supports-hyperlinks',
      'tinyglobby',
      'write-file-atomic',
      'yaml',
      'yargs',
      'zod',
    ],
  },
};

interface Import {
  readonly from: string;
  readonly room: string;
  readonly typesOnly: boolean;
  /** The room that is imported, or undefined for a package. */
  readonly target: string | undefined;
  readonly specifier: string;
  /** `import('…')` or `require('…')`. */
  readonly dynamic: boolean;
}

const files = ['src', 'grammar'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((file) => join(root, file))
    .filter((file) => file.endsWith('.ts')),
);

/** `grammar/…`, `src/<room>/…`, `src/index.ts`. */
function roomOf(file: string): string {
  const [root = '', name = ''] = file.split('/');
  return root === 'src' ? name.replace(/\.ts$/, '') : root;
}

const clause = String.raw`(?:\*(?: as \w+)?|\w+(?:\s*,)?)?\s*(?:\{[^}]*\})?`;
const declaration = new RegExp(
  String.raw`^(?:import|export)\s+(type\s+)?(?:(${clause})\s*from\s*)?'([^']+)'`,
  'gm',
);

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, 'utf8');
  const dynamic = [...text.matchAll(/\b(?:import|require)\(\s*['"`]([^'"`]+)/g)];
  return [
    ...[...text.matchAll(declaration)].map(([, type, names, specifier = '']) =>
      importOf(file, specifier, type !== undefined || onlyTypes(names)),
    ),
    ...dynamic.map(([, specifier = '']) => ({ ...importOf(file, specifier, false), dynamic: true })),
  ];
}

/** `{ type Link, type End }` */
function onlyTypes(names = ''): boolean {
  const listed = /^\{([^}]*)\}$/.exec(names.trim())?.[1]?.split(',') ?? [];
  const given = listed.map((name) => name.trim()).filter((name) => name !== '');
  return given.length > 0 && given.every((name) => name.startsWith('type '));
}

function importOf(file: string, specifier: string, typesOnly: boolean): Import {
  const target = specifier.startsWith('.') ? roomOf(normalize(join(dirname(file), specifier))) : undefined;
  return { from: file, room: roomOf(file), typesOnly, target, specifier, dynamic: false };
}

const imports = files.flatMap(importsOf);
const named = ({ from, specifier, typesOnly }: Import) =>
  `${from}: ${typesOnly ? 'type ' : ''}'${specifier}'`;

describe.each(Object.entries(house))('%s', (room, { may, types = [], external = [] }) => {
  const own = imports.filter((item) => item.room === room);

  test(`imports of ${[...may, ...types.map((name) => `${name} (types)`)].join(', ') || 'nothing'} alone`, () => {
    const strays = own.filter(
      ({ target, typesOnly }) =>
        target !== undefined &&
        target !== room &&
        !may.includes(target) &&
        !(typesOnly && types.includes(target)),
    );
    expect(strays.map(named)).toEqual([]);
  });

  test(`needs ${external.join(', ') || 'no package'}`, () => {
    const packages = own.filter(({ target, specifier }) => !target && !external.includes(specifier));
    expect(packages.map(named)).toEqual([]);
  });
});

test('no import of the sources is overlooked', () => {
  const written = files.flatMap((file) => readFileSync(file, 'utf8').match(/ from '[^']+';$/gm) ?? []);
  expect(written.length).toBeGreaterThan(files.length);
  const found = imports.filter(
    ({ dynamic, specifier }) => !dynamic && written.includes(` from '${specifier}';`),
  );
  expect(found).toHaveLength(written.length);
});

test('every file lies in a room of the house', () => {
  expect(files.filter((file) => !(roomOf(file) in house))).toEqual([]);
});

test('the rooms import each other in one direction', () => {
  const imported = (room: string) =>
    imports.flatMap((item) => (item.room === room && item.target !== undefined ? item.target : []));
  const cyclic = Object.keys(house).filter((room) => {
    const reached = new Set(imported(room).filter((target) => target !== room));
    // A set that grows while it is walked is walked to its end.
    for (const other of reached) for (const target of imported(other)) reached.add(target);
    return reached.has(room);
  });
  expect(cyclic).toEqual([]);
});

/** The code without its comments and plain strings; what stands in a template stays. */
function codeOf(file: string): string {
  const noise = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return readFileSync(file, 'utf8').replace(noise, (text) => text.replace(/[^\n]/g, ' '));
}

test('a rule about a link reads the record and nothing else', () => {
  // What reads the configuration for a rule, or spells a fix, is no rule and has a file of its own.
  const linkRules = files.filter(
    (file) => roomOf(file) === 'rules' && /\bLinkRule\b/.test(codeOf(file)) && file !== 'src/rules/index.ts',
  );
  expect(linkRules.length).toBeGreaterThan(40);
  const ofSite = ['vyos/site', 'vyos/tree', 'vyos/peer-source', 'vyos/read-site', 'strongswan/load-site'];
  const strays = imports.filter(
    ({ from, specifier }) =>
      linkRules.includes(from) && ofSite.some((module) => specifier === `../${module}.ts`),
  );
  expect(strays.map(named)).toEqual([]);
  const reading = /\b(?:source|loaded)\b/;
  // An address of a packet is called its source, too.
  const code = (file: string) => codeOf(file).replace(/\bpacket\.source\b/g, '');
  expect(linkRules.filter((file) => reading.test(code(file)))).toEqual([]);
});

test('only the command knows the process it runs in', () => {
  const touching = files.filter((file) => /\b(?:process|globalThis)\b/.test(codeOf(file)));
  expect(touching.filter((file) => roomOf(file) !== 'cli')).toEqual([]);
});

test('nothing is written to the console: what a run says is its result', () => {
  expect(files.filter((file) => /\bconsole\b/.test(codeOf(file)))).toEqual([]);
});

test('nothing depends on the time, on chance, or on the network', () => {
  const fickle = /\b(?:Date|performance|fetch|setTimeout|setInterval)\b|\bMath\.random\b/;
  // The command tells the day, after which an ignore expires, and waits for files to change.
  const clocks = ['src/cli/today.ts', 'src/cli/watch.ts'];
  expect(files.filter((file) => fickle.test(codeOf(file)))).toEqual(clocks);
});

test('a helper lives with the noun it serves', () => {
  const anything = /(?:^|\/)(?:utils?|helpers?|common|core|misc)(?:\/|\.ts$)/;
  expect(files.filter((file) => anything.test(file))).toEqual([]);
});

test('nothing of one call of the library is there in the next', () => {
  const kept =
    /^(?:export )?(?:let\b|const \w+(?:: [^=\n]+)? = (?:new (?:Map|Set)\b(?:<[^\n]*>)?\(\)|\[\];|\{\};))/m;
  // Parsers, which forget what they read, and the exit code of the one run of a command.
  const known = [
    'grammar/read-config-dump.ts',
    'grammar/read-set-dump.ts',
    'src/cli/action-bin.ts',
    'src/cli/bin.ts',
  ];
  expect(files.filter((file) => kept.test(codeOf(file))).toSorted()).toEqual(known);
});
