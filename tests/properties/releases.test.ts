import { expect, test } from '@jest/globals';
import { checkOutsideJest, manyRuns, patience } from './outside-jest.ts';

test(
  'a site of each release agrees with its mirror of each other',
  () => {
    // Each run judges all sixteen pairs of releases.
    expect(checkOutsideJest('releases', manyRuns / 25)).toBe('');
  },
  patience,
);

test(
  'sound, complete and symmetric over random pairs of releases',
  () => {
    expect(checkOutsideJest('pairs-of-releases', manyRuns / 2)).toBe('');
  },
  patience,
);

test(
  'mended in the spelling of each release',
  () => {
    expect(checkOutsideJest('mended-of-releases', manyRuns / 20)).toBe('');
  },
  patience,
);
