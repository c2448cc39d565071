import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { occurrencesOf } from '../../src/source/occurrences.ts';

/** Which characters of a text any needle covers, found one needle after the other. */
function coveredOneByOne(needles: readonly string[], text: string): readonly boolean[] {
  const covered = Array.from({ length: text.length }, () => false);
  for (const needle of needles) {
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1))
      covered.fill(true, at, at + needle.length);
  }
  return covered;
}

const fewLetters = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength, maxLength });

test('covers what the needles cover one by one', () => {
  fc.assert(
    fc.property(fc.array(fewLetters(2, 6), { maxLength: 8 }), fewLetters(0, 60), (needles, text) => {
      const covered = Array.from({ length: text.length }, () => false);
      for (const { start, end } of occurrencesOf(needles, text, 2)) covered.fill(true, start, end);
      expect(covered).toEqual(coveredOneByOne(needles, text));
    }),
    { numRuns: 2000 },
  );
});
