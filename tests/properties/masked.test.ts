import { expect, test } from '@jest/globals';
import { checkOutsideJest, patience } from './outside-jest.ts';

test(
  'masks of a pair that agrees make no error and no warning',
  () => {
    expect(checkOutsideJest('masks-of-mirrors', 1000)).toBe('');
  },
  patience,
);

test(
  'masks of any pair take findings away, and bring none',
  () => {
    expect(checkOutsideJest('masks-of-pairs', 500)).toBe('');
  },
  patience,
);
