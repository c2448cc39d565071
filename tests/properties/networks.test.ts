import { expect, test } from '@jest/globals';
import { checkOutsideJest, patience } from './outside-jest.ts';

test(
  'in a network whose truth is known each link is right, or ambiguous where nobody could tell',
  () => {
    expect(checkOutsideJest('networks', 1000)).toBe('');
  },
  patience,
);

test(
  'what is mistaken at one end of a link pairs no strangers',
  () => {
    expect(checkOutsideJest('networks-mistaken', 1000)).toBe('');
  },
  patience,
);
