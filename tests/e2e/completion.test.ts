import { describe, expect, test } from '@jest/globals';
import { serve } from './service.ts';

/** What the command answers; the completion in real shells is in tests/long/shells.test.ts. */
const run = (...args: readonly string[]) =>
  serve({ program: 'command', args, cwd: process.cwd(), env: { LANG: 'en_US.UTF-8' } }).stdout;

describe('the hidden argument that the scripts ask', () => {
  const answer = (...words: readonly string[]) =>
    run('__complete', ...words)
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t')[0]);

  test.each(['', 'render', 'fix', 'explain', 'rules', 'completion'])(
    'offers every option that the help of "%s" shows',
    (name) => {
      const command = name === '' ? [] : [name];
      const help = run(...command, '--help');
      const shown = [...help.matchAll(/^ +(?:-\w, )? *(--[\w-]+) /gm)].map(([, option]) => option);
      expect(shown.length).toBeGreaterThan(1);
      expect(
        answer(...command, '--')
          .slice(1)
          .toSorted(),
      ).toEqual(shown.toSorted());
    },
  );

  test('offers every value that --format takes', () => {
    const help = run('--help');
    const choices = /--format [\s\S]*?\[choices: ([^\]]*)\]/.exec(help)?.[1];
    const values = [...(choices ?? '').matchAll(/"([^"]+)"/g)].map(([, value]) => value);
    expect(values).toContain('json');
    expect(answer('--format', '')).toEqual(['words', ...values]);
  });
});
