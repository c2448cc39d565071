import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { defaultRetransmission, givesUpAfter } from '../../src/ike/retransmission.ts';

/** The table of docs.strongswan.org, config/retransmission: 165 seconds. */
test('charon gives up after 165 seconds by itself', () => {
  expect(givesUpAfter(defaultRetransmission)).toBe(165);
});

test.each([
  [{ tries: 0, timeout: 4, base: 1.8 }, 4],
  [{ tries: 2, timeout: 1, base: 2 }, 7],
  [{ tries: 1, timeout: 0.4, base: 1 }, 1],
])('%j', (how, seconds) => expect(givesUpAfter(how)).toBe(seconds));

test('one try more takes no less', () => {
  const how = fc.record({
    tries: fc.nat({ max: 30 }),
    timeout: fc.double({ min: 0.1, max: 60, noNaN: true }),
    base: fc.double({ min: 1, max: 3, noNaN: true }),
  });
  fc.assert(
    fc.property(how, (each) => {
      expect(givesUpAfter({ ...each, tries: each.tries + 1 })).toBeGreaterThanOrEqual(givesUpAfter(each));
    }),
  );
});
