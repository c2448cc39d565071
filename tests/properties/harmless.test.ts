import { expect, test } from '@jest/globals';
import { checkOutsideJest, patience } from './outside-jest.ts';

/** Each judges a network some fifty times: a minute of one core. PROPERTY_TIMES=25 looks at a thousand. */
const runs = 40;

test(
  'what a fix types is whole, gives no side more than its counterpart has, and harms no packet and no other link',
  () => {
    expect(checkOutsideJest('harmless', runs)).toBe('');
  },
  patience,
);
