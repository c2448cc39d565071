import { expect, test } from '@jest/globals';
import { checkOutsideJest, manyRuns, patience } from './outside-jest.ts';

test(
  'a site of each release agrees with its mirror of each other',
  () => {
    // Each run judges all sixteen pairs of releases.
    expect(checkOutsideJest('releases', manyRuns / 20)).toBe('');
  },
  patience,
);
