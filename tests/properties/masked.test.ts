import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lint } from '../../src/index.ts';
import { type Braces, inBraces } from '../arbitrary/in-braces.ts';
import { arbitraryPair, arbitrarySite, mirror, toDump } from '../arbitrary/site.ts';
import { stripped } from '../arbitrary/stripped.ts';

type Texts = readonly [a: string, b: string];

function heavy([a, b]: Texts): readonly string[] {
  return lint([
    { file: 'a.conf', text: a },
    { file: 'b.conf', text: b },
  ])
    .findings.filter(({ severity }) => severity !== 'info')
    .map(({ ruleId, message, locations }) =>
      JSON.stringify([ruleId, message, locations.map(({ path }) => path)]),
    );
}

const subset = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });
const notation = fc.constantFrom<Braces | 'set'>('set', 'show', 'saved');

function written(dump: string, how: Braces | 'set'): string {
  return how === 'set' ? dump : inBraces(dump, how);
}

test('masks of a pair that agrees make no error and no warning', () => {
  fc.assert(
    fc.property(arbitrarySite, subset, subset, notation, (site, keepA, keepB, how) => {
      const [a, b] = [site, mirror(site)].map((spec) => written(toDump(spec), how)) as unknown as Texts;
      const before = new Set(heavy([a, b]).map((each) => JSON.parse(each)[0]));
      const masked: Texts = [
        stripped(a, (index) => keepA[index % keepA.length] === true),
        stripped(b, (index) => keepB[index % keepB.length] === true),
      ];
      expect(heavy(masked).filter((each) => !before.has(JSON.parse(each)[0]))).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

test('masks of any pair take findings away, and bring none', () => {
  fc.assert(
    fc.property(arbitraryPair, notation, ({ a, b }, how) => {
      const texts = [a, b].map((spec) => written(toDump(spec), how)) as unknown as Texts;
      const before = new Set(heavy(texts).map((each) => JSON.parse(each)[0]));
      const masked: Texts = [stripped(texts[0]), stripped(texts[1])];
      expect(heavy(masked).filter((each) => !before.has(JSON.parse(each)[0]))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
