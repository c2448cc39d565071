/** No output of random pairs holds a secret. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formats, lint } from '../../src/index.ts';
import { mangled, slip } from '../arbitrary/mangled.ts';
import { arbitraryPair, type SiteSpec, toDump } from '../arbitrary/site.ts';
import { judge, siteOf } from './judge.ts';

describe('nothing leaks: no secret of any input is in any output', () => {
  /** Long enough, and unlike anything else, so that finding it in an output means that it leaked. */
  const telltale = 'Zq7-telltale';
  const withTelltale = (site: SiteSpec, mark: string): SiteSpec => ({
    ...site,
    psks: site.psks.map((psk) => ({ ...psk, secret: `${telltale}${mark}${psk.secret}` })),
  });

  test.each(Object.entries(formats))('%s', (_, render) => {
    fc.assert(
      fc.property(arbitraryPair, fc.constantFrom('', 'x'), ({ a, b }, mark) => {
        const { report } = judge(siteOf('a', withTelltale(a, '')), siteOf('b', withTelltale(b, mark)));
        for (const width of [40, 120]) {
          expect(render(report, { color: true, width })).not.toContain(telltale);
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each(Object.entries(formats))('%s, of dumps whose secret lines are mangled', (_, render) => {
    fc.assert(
      fc.property(arbitraryPair, slip, ({ a, b }, how) => {
        const [one, other] = [a, b].map((spec) => mangled(toDump(withTelltale(spec, '')), how));
        const report = lint([
          { file: 'a.conf', text: one ?? '' },
          { file: 'b.conf', text: other ?? '' },
        ]);
        for (const width of [40, 120]) {
          // A line that was broken may have been broken within the telltale.
          expect(render(report, { color: false, width })).not.toMatch(/Zq7|telltale|lltale/);
        }
      }),
      { numRuns: 150 },
    );
  });
});
