import { describe, expect, test } from '@jest/globals';
import { type CommandLine, readCommandLine } from '../../src/cli/command-line.ts';
import { commandSpecs } from '../../src/cli/commands.ts';
import { formatNames } from '../../src/report/format.ts';

function read(argv: readonly string[], width = 100): Promise<CommandLine> {
  return readCommandLine(argv, { version: '1', width, formats: formatNames });
}

describe('an option that does not exist', () => {
  test.each([
    [['--fali-on', 'error', 'a', 'b'], 'no such option: --fali-on; did you mean --fail-on?'],
    [['--failOn=error', 'a', 'b'], 'no such option: --failOn; did you mean --fail-on?'],
    [['a', 'b', '--vrebose'], 'no such option: --vrebose; did you mean --verbose?'],
    [['--nothing-like-it', 'a', 'b'], 'no such option: --nothing-like-it'],
    [['-x', 'a', 'b'], 'no such option: -x'],
    [['-qx', 'a', 'b'], 'no such option: -x'],
    [['fix', '--fali-on', 'error', '-z'], 'no such options of fix: --fali-on (did you mean --fail-on?), -z'],
    [['explain', '--fail-on', 'error'], 'no such option of explain: --fail-on'],
  ])('%j is told once, as it was typed', async (argv, message) => {
    const command = argv[0]?.startsWith('-') || argv[0] === 'a' ? null : argv[0];
    expect(await read(argv)).toEqual({ kind: 'usage-error', message, command });
  });
});

describe('a name of Object.prototype is no option', () => {
  const commands = ['lint', 'check', 'render', 'negotiate', 'fix', 'explain', 'rules', 'completion'];
  const names = Object.getOwnPropertyNames(Object.prototype);
  test.each(names)('--%s', async (name) => {
    for (const command of commands) {
      const line = await read([command, `--${name}`, 'a']);
      const whose = command === 'lint' || command === 'check' ? '' : ` of ${command}`;
      expect(line).toMatchObject({ kind: 'usage-error', message: `no such option${whose}: --${name}` });
    }
  });
});

test.each<[readonly string[], object]>([
  [['-fjson', 'a'], { files: ['a'], outputs: [{ format: 'json', file: undefined }] }],
  [['-fjson', '-oout', 'a'], { files: ['a'], outputs: [{ format: 'json', file: 'out' }] }],
  [['-f', 'json', '-o', 'out', 'a'], { files: ['a'], outputs: [{ format: 'json', file: 'out' }] }],
  [['-f=json', '--output=out', 'a'], { files: ['a'], outputs: [{ format: 'json', file: 'out' }] }],
  [
    ['-qwfjson', 'a'],
    { files: ['a'], quiet: true, watch: true, outputs: [{ format: 'json', file: undefined }] },
  ],
  [['-c', 'x.yaml', 'lint', 'a'], { files: ['a'], config: 'x.yaml' }],
  [['--quiet', 'check', 'a', '-w'], { files: ['a'], quiet: true, watch: true }],
  [['--', 'lint', '-x'], { files: ['lint', '-x'] }],
  [['a', 'fix'], { files: ['a', 'fix'] }],
  [['-', '--color', 'never'], { files: ['-'], color: 'never' }],
])('%j is read as getopt reads it', async (argv, command) => {
  expect(await read(argv)).toMatchObject({ kind: 'lint', command });
});

test.each<[readonly string[], string]>([
  [['--color', 'fix', 'a', 'b'], 'fix'],
  [['--config', 'x.yaml', 'negotiate', 'a', 'b'], 'negotiate'],
  [['-f', 'json', 'rules'], 'rules'],
  [['--color', 'never', 'render', 'a'], 'render'],
])('%j: options may stand before the command', async (argv, kind) => {
  expect(await read(argv)).toMatchObject({ kind });
});

test.each([
  ['rules', []],
  ['explain', ['pfs-mismatch']],
])('%s takes -f', async (name, words) => {
  expect(await read([name, '-f', 'json', ...words])).toMatchObject({ kind: name, format: 'json' });
});

test('the help has a blank before the kind of each value, however wide it is', async () => {
  for (const [at, { name }] of commandSpecs(formatNames).entries()) {
    // Two commands at least have each width.
    for (let width = 60 + (at % 3); width <= 120; width += 3) {
      const help = await read([...(name === null ? [] : [name]), '--help'], width);
      const lines = help.kind === 'print' ? help.text.split('\n') : [];
      expect(lines.length).toBeGreaterThan(5);
      expect(lines.filter((line) => /[^\s[(]\[(?:string|boolean)\]/.test(line))).toEqual([]);
      expect(lines.filter((line) => /\[(?:string|boolean)\]/.test(line) && line.length > width)).toEqual([]);
    }
  }
});

describe('--vyos-version', () => {
  test.each<[readonly string[], readonly unknown[]]>([
    [['a.conf', 'b.conf', '--vyos-version', '1.3'], [{ site: undefined, release: '1.3' }]],
    [['--vyos-version=b=1.3', 'a.conf', 'b.conf'], [{ site: 'b', release: '1.3' }]],
    [
      ['--vyos-version', '1.4', '--vyos-version', 'hub=1.2.9', 'a.conf', 'b.conf'],
      [
        { site: undefined, release: '1.4' },
        { site: 'hub', release: '1.2' },
      ],
    ],
    [['--vyos-version', 'x=y.conf=2025.11', 'a.conf'], [{ site: 'x=y.conf', release: '1.5' }]],
  ])('%j', async (argv, releases) => {
    expect(await read(argv)).toMatchObject({ kind: 'lint', command: { releases } });
  });

  test.each(['fix', 'negotiate', 'render'])('%s takes it', async (name) => {
    const line = await read([name, '--vyos-version', 'a=1.3', 'a.conf']);
    expect(JSON.stringify(line)).toContain('"releases":[{"site":"a","release":"1.3"}]');
  });

  test.each(['1.', 'a=', '=1.3', '2.0', 'a=b'])('%s is no release', async (value) => {
    expect(await read(['--vyos-version', value, 'a.conf'])).toMatchObject({
      kind: 'usage-error',
      message: `--vyos-version ${value}: expected a release (1.2, 1.3, 1.4, 1.5), or NAME=RELEASE for one site`,
    });
  });
});
