import { expect, test } from '@jest/globals';
import { checkOutsideJest, patience } from './outside-jest.ts';

/** Each judges a pair a hundred times and more. */
const runs = 1000;

test(
  'the plan to mend a random pair leaves no error that it does not name, and touches nothing else',
  () => {
    expect(checkOutsideJest('mended', runs)).toBe('');
  },
  patience,
);

test(
  'a plan for dumps in braces is that for set commands, and what is written means the same',
  () => {
    expect(checkOutsideJest('mended-in-braces', 60)).toBe('');
  },
  patience,
);
