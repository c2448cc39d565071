import { describe, expect, test } from '@jest/globals';
import type { LinkEnds, Report } from '../../src/lint/report.ts';
import { formats } from '../../src/report/index.ts';
import { lettersExplained } from '../../src/report/site-letter.ts';
import * as sample from './sample.ts';

const named = (...sites: readonly (readonly [name: string, file: string])[]) =>
  sites.map(([name, file]) => ({ name, file: { name: file } }));
const between = (a: number, b: number): LinkEnds => ({
  a: { site: a, peer: 'ONE' },
  b: { site: b, peer: 'OTHER' },
});
const three = named(['hq', 'hq.conf'], ['east', 'e/r.conf'], ['west', 'w/r.conf']);

describe('who A and B are', () => {
  test.each<readonly [string, LinkEnds | null, ReturnType<typeof named>, string]>([
    ['the ends of the link', between(0, 2), three, ' (A: hq, B: west)'],
    ['no link', null, three, ''],
    ['two sites', between(0, 1), three.slice(0, 2), ''],
    [
      'a name that two sites have',
      between(0, 2),
      named(['r', 'x/r.conf'], ['hq', 'hq.conf'], ['r', 'y/r.conf']),
      ' (A: x/r.conf, B: y/r.conf)',
    ],
    ['one site', between(1, 1), three, ' (A: east peer ONE, B: east peer OTHER)'],
  ])('%s', (_, link, sites, text) => {
    expect(lettersExplained(link, sites)).toBe(text);
  });
});

const explained = '(A: siteA, B: siteB)';
const hostile = 'x\n::error::\u001b[31m<b>|`';
const withThird = (name = 'siteB'): Report => {
  const { sites, ...report } = sample.report();
  const [a, b, ...others] = sites;
  if (!a || !b) throw new Error('two sites');
  return { ...report, sites: [a, { ...b, name }, sample.site('siteC', 'set x\n'), ...others] };
};

describe.each(['concise', 'github', 'gitlab', 'checkstyle', 'junit', 'markdown', 'sarif'] as const)(
  '%s',
  (format) => {
    const shown = (report: Report) => formats[format](report, { color: false, width: 100 });

    test('says it of three sites, behind the message, and not of two', () => {
      expect(shown(withThird())).toContain(`B accepts 2 ${explained}`);
      expect(shown(sample.report())).not.toContain('(A: ');
    });

    test('and shows a hostile name inert', () => {
      const text = shown(withThird(hostile));
      expect(text).toMatch(/\(A: siteA, B: (?:`` )?x/);
      expect(text).not.toContain('\u001b');
      expect(text).not.toContain('\n::error::');
      if (format === 'checkstyle' || format === 'junit') expect(text).not.toContain('<b>');
    });
  },
);
