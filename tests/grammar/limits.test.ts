import { expect, test } from '@jest/globals';
import { readDump } from '../../grammar/index.ts';
import { sourceFile } from '../../src/source/index.ts';

const problemsOf = (text: string) => readDump(sourceFile('a.conf', text)).problems;
const setting = 'interfaces {\n    ethernet eth0 {\n        address 192.0.2.1/24\n    }\n}\n';

test.each(['/*', '/*/*', '//*', '*/'])('many %s are read once', (unit) => {
  const run = unit.repeat(9000);
  for (const text of [run, `set vpn ipsec interface eth0\n${run}\n`, `${setting}${run}\n`]) {
    expect(problemsOf(text).length).toBeLessThan(2);
  }
});

test.each([
  ['closed', 'vpn {\n'.repeat(5000) + '}\n'.repeat(5000)],
  ['on one line', 'vpn { '.repeat(5000) + '} '.repeat(5000)],
])('blocks that stand too deep, %s, are one problem, and what stands before them is read', (_, deep) => {
  const { commands, problems } = readDump(sourceFile('a.conf', `${setting}${deep}`));
  expect(problems.map(({ kind }) => kind)).toEqual(['too-deep']);
  expect(commands.map(({ path }) => path.map(({ text }) => text).join(' '))).toEqual([
    'interfaces ethernet eth0 address 192.0.2.1/24',
  ]);
});

test('blocks that nothing closes, with no indentation to tell where they end, are one problem', () => {
  expect(problemsOf('vpn {\n'.repeat(5000)).map(({ kind }) => kind)).toEqual(['too-deep']);
});

test('a hundred blocks in each other are not too deep', () => {
  expect(problemsOf('vpn {\n'.repeat(100) + '}\n'.repeat(100))).toEqual([]);
});

test('a line may have more words than a function takes arguments', () => {
  expect(() => problemsOf(`vpn {\n${'a '.repeat(200_000)}\n}\n`)).not.toThrow();
});
