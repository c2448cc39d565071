import { expect, test } from '@jest/globals';
import { checkOutsideJest, patience } from './outside-jest.ts';

// Each run looks at every format.
test(
  'no secret of any input is in any output',
  () => {
    expect(checkOutsideJest('leaks', 400)).toBe('');
  },
  patience,
);

test(
  'nor of dumps whose secret lines are mangled',
  () => {
    expect(checkOutsideJest('leaks-of-mangled', 400)).toBe('');
  },
  patience,
);
