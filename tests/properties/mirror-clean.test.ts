import { expect, test } from '@jest/globals';
import { checkOutsideJest, patience } from './outside-jest.ts';

test(
  'mirror-clean over random sites',
  () => {
    expect(checkOutsideJest('mirror-clean')).toBe('');
  },
  patience,
);
