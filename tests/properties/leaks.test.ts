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
  'nor of dumps in which the line of a secret is damaged: npm run leaks looks at more',
  () => {
    expect(checkOutsideJest('leaks-of-damage', 300)).toBe('');
  },
  patience,
);

test(
  'nor does any output tell how long a secret is',
  () => {
    expect(checkOutsideJest('lengths-of-secrets', 60)).toBe('');
  },
  patience,
);

test(
  'nor of the inputs that once leaked, those of fixtures/leaks',
  () => {
    expect(checkOutsideJest('leak-cases', 1)).toBe('');
  },
  patience,
);
