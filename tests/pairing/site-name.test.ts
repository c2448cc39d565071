import { expect, test } from '@jest/globals';
import { endNames } from '../../src/pairing/site-name.ts';

const long = 'a-router-whose-name-is-longer-than-a-line';

test.each([
  ['names', 'hq', 'branch', ['hq', 'branch']],
  ['equal names', 'hq', 'hq', ['A', 'B']],
  ['no name', '', 'hq', ['A', 'B']],
  ['blanks', '  ', 'hq', ['A', 'B']],
  ['one letter, which would be read as the article', 'b', 'a', ['B', 'A']],
  ['one letter in either case', 'a', 'A', ['A', 'B']],
  ['a long name', long, 'hq', ['a-router-whose-name-is-longer...', 'hq']],
  ['long names that are cut to the same', `${long}-1`, `${long}-2`, ['A', 'B']],
  ['a name that is cut within a pair of surrogates', '😀'.repeat(40), 'hq', [`${'😀'.repeat(29)}...`, 'hq']],
])('%s', (_, one, other, names) => {
  const { a, b } = endNames(one, other);
  expect([a, b]).toEqual(names);
});
