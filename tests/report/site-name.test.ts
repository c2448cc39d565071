import { describe, expect, test } from '@jest/globals';
import type { LinkEnds, Report } from '../../src/lint/report.ts';
import { formats } from '../../src/report/index.ts';
import { lettersExplained } from '../../src/report/site-name.ts';
import * as sample from './sample.ts';

const named = (...sites: readonly (readonly [name: string, file: string])[]) =>
  sites.map(([name, file]) => ({ name, file: { name: file } }));
const between = (a: number, b: number, names = { a: 'A', b: 'B' }): LinkEnds => ({
  a: { site: a, peer: 'ONE', name: names.a },
  b: { site: b, peer: 'OTHER', name: names.b },
});
const three = named(['hq', 'hq.conf'], ['east', 'e/r.conf'], ['west', 'w/r.conf']);

describe('who A and B are', () => {
  test.each<readonly [string, LinkEnds | null, ReturnType<typeof named>, string]>([
    ['the ends of the link', between(0, 2), three, ' (A: hq, B: west)'],
    ['the ends of the link that are called by name', between(0, 2, { a: 'hq', b: 'west' }), three, ''],
    ['sites that are named so', between(0, 2), named(['a', 'a.conf'], ['c', 'c.conf'], ['b', 'b.conf']), ''],
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

const hostile = 'x\n::error::\u001b[31m<b>|`';
/** Three sites, of which the two of the link have the same name, so that messages speak of A and B. */
const alike = (name = 'siteA', folder = 'east'): Report => {
  const { sites, links, ...report } = sample.report();
  const [a, b] = sites;
  const [link] = links;
  if (!a || !b || !link) throw new Error('two sites');
  const file = { ...b.file, name: `${folder}/${name}.conf` };
  return {
    ...report,
    sites: [
      { ...a, name, called: name },
      { ...b, name, called: name, file },
      sample.site('siteC', 'set x\n'),
    ],
    links: [{ ...link, a: { ...link.a, name: 'A' }, b: { ...link.b, name: 'B' } }],
  };
};

describe.each(['concise', 'github', 'gitlab', 'checkstyle', 'junit', 'markdown', 'sarif'] as const)(
  '%s',
  (format) => {
    const shown = (report: Report) => formats[format](report, { color: false, width: 100 });

    test('says who A and B are of three sites, behind the message, and not of two or of sites with names', () => {
      expect(shown(alike())).toMatch(/B accepts 2 \(A: `?siteA.conf`?, B: `?east\/siteA.conf/);
      expect(shown(sample.report())).not.toContain('(A: ');
      expect(shown({ ...sample.report(), sites: alike().sites })).not.toContain('(A: ');
    });

    test('and shows a hostile name inert', () => {
      const text = shown(alike(hostile));
      expect(text).not.toContain('\u001b');
      expect(text).not.toContain('\n::error::');
      if (format === 'checkstyle' || format === 'junit') expect(text).not.toContain('<b>');
    });
  },
);
