import { expect, test } from '@jest/globals';
import { checkOutsideJest, patience } from './outside-jest.ts';

test(
  'sound, complete and symmetric over random pairs',
  () => {
    expect(checkOutsideJest('pairs', 10_000)).toBe('');
  },
  patience,
);
