import { expect, test } from '@jest/globals';
import { fuzz, readSeeds } from './fuzz.ts';

test('what nobody meant crashes nothing, and no line of it is dropped', () => {
  const seeds = readSeeds();
  expect(seeds.length).toBeGreaterThan(100);
  const { faults } = fuzz(seeds, 400, 1);
  // How long it takes depends on what else the machine does: npm run fuzz looks at that.
  expect(faults.filter(({ what }) => !what.includes(': took '))).toEqual([]);
});
