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

test.each([
  ['rules', []],
  ['explain', ['pfs-mismatch']],
])('%s takes -f', async (name, words) => {
  expect(await read([name, '-f', 'json', ...words])).toMatchObject({ kind: name, format: 'json' });
});

test('the help has a blank before the kind of each value, however wide it is', async () => {
  for (const { name } of commandSpecs(formatNames)) {
    for (let width = 60; width <= 120; width += 1) {
      const help = await read([...(name === null ? [] : [name]), '--help'], width);
      const lines = help.kind === 'print' ? help.text.split('\n') : [];
      expect(lines.length).toBeGreaterThan(5);
      expect(lines.filter((line) => /[^\s[(]\[(?:string|boolean)\]/.test(line))).toEqual([]);
      expect(lines.filter((line) => /\[(?:string|boolean)\]/.test(line) && line.length > width)).toEqual([]);
    }
  }
}, 60_000);
