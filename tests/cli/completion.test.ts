import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandSpecs } from '../../src/cli/commands.ts';
import { answerShell, complete } from '../../src/cli/completion.ts';
import { rules } from '../../src/rules/index.ts';

const formats = ['pretty', 'json', 'sarif'];
const specs = commandSpecs(formats);
const ids = rules.map(({ id }) => id);

function at(line: string) {
  const { candidates, files } = complete(line.split(' '), specs, rules);
  return { words: candidates.map(({ word }) => word), files };
}

const words = ['lint', 'check', 'render', 'negotiate', 'fix', 'explain', 'rules', 'completion'];

/** What stands before the bar is on the line; of the last word the part that is typed. */
describe('what may stand at the end of a line', () => {
  test.each([
    ['', words, true],
    ['li', ['lint'], true],
    ['check ', [], true],
    ['check --fa', ['--fail-on'], false],
    ['-- e', [], true],
    ['e', ['explain'], true],
    ['a.conf ', [], true],
    ['a.conf e', [], true],
    ['render ', [], true],
    ['--format ', formats, false],
    ['--format j', ['json'], false],
    ['--format=', formats.map((name) => `--format=${name}`), false],
    ['--format=s', ['--format=sarif'], false],
    // Readline takes the sign for a word of its own, and wants the rest alone.
    ['--format =', formats, false],
    ['--format = s', ['sarif'], false],
    ['--format = json ', words, true],
    ['--format json ', words, true],
    ['--quiet ', words, true],
    ['--config x.yaml ex', ['explain'], true],
    ['--color negotiate --in', ['--initiator'], false],
    ['--config fix --wr', [], false],
    ['--vyos-version ', ['1.2', '1.3', '1.4', '1.5'], false],
    ['render --vyos-version 1.3 --v', ['--vyos-version', '--version'], false],
    ['--fa', ['--fail-on'], false],
    ['--fail-on info --f', ['--format'], false],
    ['--fail-on=info --f', ['--format'], false],
    ['--fail-on ', ['error', 'warning', 'info'], false],
    ['-- --f', [], true],
    ['a.conf -- ', [], true],
    ['explain --f', ['--format'], false],
    ['negotiate --c', ['--config', '--color'], false],
    ['negotiate -c ', [], true],
    ['fix --b', ['--baseline'], false],
    ['fix --baseline ', [], true],
    ['explain --format ', ['pretty', 'json', 'markdown'], false],
    ['explain pfs', ['pfs-mismatch'], false],
    ['explain pfs-mismatch pfs', [], false],
    ['explain TS', ['TS_UNACCEPTABLE'], false],
    ['rules ', [], false],
    ['completion ', ['bash', 'zsh', 'fish'], false],
    ['completion bash ', [], false],
    ['--help a', [], true],
    ['-f j', ['json'], false],
    ['-o ', [], true],
    ['--output=fi', [], true],
    ['--output = fi', [], true],
    ['-f json --forma', ['--format'], false],
    ['-q --qui', [], false],
  ])('%j', (line, words, files) => {
    expect(at(line)).toEqual({ words, files });
  });

  test('of the rules those that begin so, behind an option', () => {
    expect(at('explain --color never psk').words.toSorted()).toEqual([
      'psk-mismatch',
      'psk-missing',
      'psk-not-found',
      'psk-shared',
      'psk-weak',
    ]);
  });

  test('every rule after explain', () => {
    expect(at('explain ').words).toEqual(expect.arrayContaining(ids));
  });

  test('every option of a command after a dash, each once', () => {
    for (const { name, options } of specs) {
      const { words } = at(name === null ? '-' : `${name} -`);
      expect(words).toEqual([...Object.keys(options), 'help', 'version'].map((option) => `--${option}`));
    }
  });
});

test('whatever is typed, what is offered goes on from it', () => {
  const word = fc.oneof(
    fc.constantFrom('explain', 'rules', '--format', '--format=', '=', '--', '-', '', ...ids.slice(0, 3)),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (words) => {
      const last = words.at(-1) ?? '';
      for (const candidate of complete(words, specs, rules).candidates) {
        expect(candidate.word.startsWith(last) || last === '=').toBe(true);
      }
      const [first, ...lines] = answerShell(words, formats, rules).trimEnd().split('\n');
      expect(first).toMatch(/^(?:files|words)$/);
      for (const line of lines) expect(line.split('\t')).toHaveLength(2);
    }),
    { seed: 4, numRuns: 500 },
  );
});
