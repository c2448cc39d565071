import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { editDistance } from '../../src/source/edit-distance.ts';
import { isWithin } from '../../src/vyos/schema/nearest.ts';

describe('whether two words are at most so many slips apart', () => {
  test.each([
    ['secret', 'secret', 0, true],
    ['secrte', 'secret', 1, true],
    ['secert', 'secret', 1, true],
    ['scret', 'secret', 1, true],
    ['sekret', 'secret', 1, true],
    ['sekrit', 'secret', 1, false],
    ['sekrit', 'secret', 2, true],
    ['remote', 'secret', 2, false],
    ['', 'psk', 2, false],
    ['', 'psk', 3, true],
  ] as const)('%s, %s, %i', (word, name, most, expected) => {
    expect(isWithin(word, name, most)).toBe(expected);
  });

  const few = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', '-'), maxLength: 8 });

  test('it is what the distance says', () => {
    fc.assert(
      fc.property(few, few, fc.nat(4), (word, name, most) => {
        expect(isWithin(word, name, most)).toBe(editDistance(word, name) <= most);
      }),
    );
  });
});
