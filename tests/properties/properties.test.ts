import { test } from '@jest/globals';
import { properties, usualSeed } from './all.ts';

/** A slice of each, so that what is broken for everybody is told at once: `npm run properties` looks at many more. */
test.each(Object.entries(properties).filter(([, { slice }]) => slice > 0))('%s', (_, { check, slice }) => {
  // It throws where it does not hold.
  check(slice, usualSeed);
});
