/** No output of random pairs holds a secret, in any format. */
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { formats } from '../../src/index.ts';
import type { Report } from '../../src/lint/report.ts';
import { arbitraryPair, type SiteSpec } from '../arbitrary/site.ts';
import { judge, siteOf } from './judge.ts';

/** Long enough, and unlike anything else, so that finding it in an output means that it leaked. */
const telltale = 'Zq7-telltale';

function withTelltale(site: SiteSpec, mark: string): SiteSpec {
  return { ...site, psks: site.psks.map((psk) => ({ ...psk, secret: `${telltale}${mark}${psk.secret}` })) };
}

/** The formats whose output of a report holds what is not to be seen, at either width. */
function leaking(report: Report, color: boolean, secret: RegExp): readonly string[] {
  return Object.entries(formats).flatMap(([name, render]) =>
    [40, 120].some((width) => secret.test(render(report, { color, width }))) ? [name] : [],
  );
}

export function checkLeaks(numRuns: number, seed: number): void {
  fc.assert(
    fc.property(arbitraryPair, fc.constantFrom('', 'x'), ({ a, b }, mark) => {
      const { report } = judge(siteOf('a', withTelltale(a, '')), siteOf('b', withTelltale(b, mark)));
      deepStrictEqual(leaking(report, true, new RegExp(telltale)), []);
    }),
    { numRuns, seed },
  );
}
