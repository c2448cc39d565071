import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSwanctlName, readSwanctlValue } from '../../src/ike/swanctl-value.ts';

describe('the text between the quotes (settings_lexer.l, settings_parser.y)', () => {
  test.each([
    ['plain', 'plain'],
    ['', ''],
    ['a\\"b', 'a"b'],
    ['a\\\\b', 'a\\b'],
    ['a\\nb\\tc\\rd', 'a\nb\tc\rd'],
    ['a\\\nb', 'ab'],
    ['\\x41', 'x41'],
    ['ends with \\\\', 'ends with \\'],
    ['100% # not a comment', '100% # not a comment'],
    ['a"b"c', 'a b c'],
    ['a" b  c "d', 'a b c d'],
    ['a"#b', 'a'],
  ])('%j means %j', (text, meaning) => {
    expect(readSwanctlValue(text)).toBe(meaning);
  });

  test.each(['s3"cret', '"', 'ends with \\', 'a"}b', 'a"b"c"d'])('%j breaks the file', (text) => {
    expect(readSwanctlValue(text)).toBeUndefined();
  });

  test('a text without quote and backslash is read as it is', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !/["\\]/.test(text)),
        (text) => {
          expect(readSwanctlValue(text)).toBe(text);
        },
      ),
    );
  });
});

test.each([
  ['OFFICE-B', true],
  ['a_b', true],
  ['a:b', true],
  ['192.0.2.1', false],
  ['2001:db8::1', false],
  ['a,b', false],
  ['a#b', false],
  ['a b', false],
  ['a=b', false],
  ['a"b', false],
  ['a{b', false],
  ['a}b', false],
])('%s in the name of a section: %s', (text, expected) => {
  expect(isSwanctlName(text)).toBe(expected);
});
