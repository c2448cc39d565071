import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type InputName, inputsOf, readActionInputs } from '../../src/cli/action-inputs.ts';

/** What the inputs of the GitHub Action come to. tests/e2e/action.test.ts runs the action. */

type Given = Partial<Readonly<Record<InputName, string>>>;

let workspace = '';
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'vyos-ipsec-lint-inputs-'));
  for (const name of [
    'dumps/hq.conf',
    'dumps/branch.conf',
    'dumps/lab.conf',
    'dumps/our hq.conf',
    '[a].conf',
  ]) {
    const file = join(workspace, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
  }
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

function read(given: Given, folder = workspace) {
  return readActionInputs((name) => (given[name] ?? '').trim(), { workspace, folder });
}

function filesOf(given: Given, folder?: string): readonly string[] | string {
  const result = read(given, folder);
  return result.kind === 'read' ? result.command.files : JSON.stringify(result.mistakes);
}

describe('files', () => {
  const pair = ['dumps/hq.conf', 'dumps/branch.conf'];
  test.each<readonly [string, string, readonly string[]]>([
    ['none', '', []],
    ['names', pair.join('\n'), pair],
    ['blanks around them, and empty lines', '\n  dumps/hq.conf\r\n\n\tdumps/branch.conf \n', pair],
    ['a pattern', 'dumps/{hq,branch}.conf', ['dumps/branch.conf', 'dumps/hq.conf']],
    ['a pattern behind a name', 'dumps/hq.conf\ndumps/{hq,branch}.conf\n./dumps/hq.conf', pair],
    ['without some', 'dumps/*.conf\n!dumps/lab*\n!dumps/our*', ['dumps/branch.conf', 'dumps/hq.conf']],
    ['an array', JSON.stringify(pair), pair],
    ['a name with a blank', 'dumps/our hq.conf', ['dumps/our hq.conf']],
    ['a name that looks like a pattern', '[a].conf', ['[a].conf']],
    ['a name that is not there', 'gone.conf', ['gone.conf']],
  ])('%s', (_, files, expected) => {
    expect(filesOf({ files })).toEqual(expected);
  });

  test('patterns begin in the working directory', () => {
    expect(filesOf({ files: '{hq,branch}.conf' }, join(workspace, 'dumps'))).toEqual([
      'branch.conf',
      'hq.conf',
    ]);
  });

  test('an array can hold any name', () => {
    fc.assert(
      // Letters that no pattern has; the blanks at the ends would be taken for those of a line.
      fc.property(fc.array(fc.stringMatching(/^[a-z\n\r" ,:%\u00e4]+x$/)), (names) => {
        expect(filesOf({ files: JSON.stringify(names) })).toEqual([...new Set(names)]);
      }),
    );
  });
});

describe('changed', () => {
  test.each<readonly [string, string, readonly string[], boolean]>([
    ['nothing', '', [], false],
    ['an empty array', '[]', [], true],
    ['names, be they there or not', 'dumps/hq.conf\ngone.conf', ['dumps/hq.conf', 'gone.conf'], true],
    ['a name in an array whose words are files', '["gone dumps/hq.conf"]', ['gone dumps/hq.conf'], true],
    ['no pattern', 'dumps/*.conf', ['dumps/*.conf'], true],
  ])('%s', (_, changed, files, isChange) => {
    expect(read({ changed })).toMatchObject({
      kind: 'read',
      command: { files, changed: isChange ? 'listed' : false },
    });
  });

  test('names begin at the root of the repository', () => {
    expect(filesOf({ changed: 'dumps/hq.conf\nREADME.md' }, join(workspace, 'dumps'))).toEqual([
      'hq.conf',
      '../README.md',
    ]);
  });
});

test('the other inputs', () => {
  expect(read({})).toEqual({
    kind: 'read',
    sarif: undefined,
    command: {
      files: [],
      outputs: [{ format: 'github', file: undefined }],
      color: 'auto',
      failOn: undefined,
      config: undefined,
      changed: false,
      baseline: undefined,
      updateBaseline: false,
      releases: [],
      quiet: false,
      verbose: false,
      watch: false,
    },
  });
  const given = {
    config: 'network.yaml',
    format: 'concise\n json : out.json \nmarkdown:C:\\out.md',
    sarif: 'out.sarif',
    'fail-on': 'info',
    baseline: 'known.json',
    quiet: 'TRUE',
  };
  expect(read(given)).toMatchObject({
    sarif: 'out.sarif',
    command: {
      config: 'network.yaml',
      outputs: [
        { format: 'concise', file: undefined },
        { format: 'json', file: 'out.json' },
        { format: 'markdown', file: 'C:\\out.md' },
        { format: 'sarif', file: 'out.sarif' },
      ],
      failOn: 'info',
      baseline: 'known.json',
      quiet: true,
    },
  });
  expect(read({ config: 'false' })).toMatchObject({ command: { config: false } });
});

describe('what is wrong', () => {
  const several = 'but there are files of its words: write one name a line, or a JSON array';
  test.each<readonly [InputName, string, Given]>([
    [
      'format',
      'is one of pretty, concise, json, sarif, github, gitlab, junit, checkstyle, markdown, and not "xml"',
      { format: 'xml' },
    ],
    ['format', '"junit:" names no file', { format: 'junit:' }],
    [
      'format',
      'github and junit would be mixed in the log: give one of them a file, as in "junit:FILE"',
      { format: 'github\njunit' },
    ],
    ['format', 'two reports would be written to out', { format: 'github\njson:out', sarif: 'out' }],
    ['fail-on', 'is one of error, warning, info, and not "Error"', { 'fail-on': 'Error' }],
    ['quiet', 'is true or false, and not "yes"', { quiet: 'yes' }],
    ['files', 'no file is named like "dump/*.conf"', { files: 'dump/*.conf\ndumps/hq.conf' }],
    ['files', 'every file is taken out by a "!"', { files: 'dumps/*.conf\n!dumps/*' }],
    [
      'files',
      `there is no file "dumps/hq.conf dumps/branch.conf", ${several}`,
      { files: 'dumps/hq.conf dumps/branch.conf' },
    ],
    [
      'changed',
      `there is no file "dumps/hq.conf gone.conf", ${several}`,
      { changed: 'dumps/hq.conf gone.conf' },
    ],
    [
      'changed',
      'begins like a JSON array, and is no array of names',
      { changed: '["dumps/hq.conf"]\n["dumps/branch.conf"]' },
    ],
    [
      'changed',
      'does not go together with files: it chooses among the sites of the configuration',
      { files: 'dumps/*.conf', changed: '[]' },
    ],
    ['changed', 'needs a configuration, and config is false', { changed: '[]', config: 'false' }],
  ])('%s: %s', (input, message, given) => {
    expect(read(given)).toEqual({ kind: 'wrong', mistakes: [{ input, message }] });
  });

  test('all of it is told at once', () => {
    const result = read({ files: 'x*', format: 'xml\nyaml', 'fail-on': 'never', quiet: '1' });
    expect(result.kind === 'wrong' ? result.mistakes.map(({ input }) => input) : []).toEqual([
      'files',
      'format',
      'format',
      'fail-on',
      'quiet',
    ]);
  });
});

test('inputs are found as the runner names them', () => {
  const inputs = inputsOf({ 'INPUT_FAIL-ON': ' info\n', INPUT_FAIL_ON: 'error', 'fail-on': 'warning' });
  expect(inputs('fail-on')).toBe('info');
  expect(inputs('sarif')).toBe('');
});
