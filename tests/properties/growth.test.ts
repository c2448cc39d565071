import { expect, test } from '@jest/globals';
import { checkOutsideJest, patience } from './outside-jest.ts';

test(
  'twice the text of what was once quadratic takes about twice as long',
  () => {
    expect(checkOutsideJest('growth')).toBe('');
  },
  patience,
);
