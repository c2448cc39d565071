import { expect, test } from '@jest/globals';
import { examplePair } from '../../src/rules/example-pair.ts';
import { mendBoth, mendOf } from '../../src/rules/mend.ts';
import { lintPair, only } from './mending.ts';

test('a mend of which one command cannot be given is no mend', () => {
  expect(mendOf(0, ['set x', undefined])).toEqual([]);
  expect(mendOf(0, [])).toEqual([]);
  expect(mendOf(1, ['set x'])).toEqual([{ site: 1, commands: ['set x'] }]);
});

test('of two halves that are both needed, one alone is no mend', () => {
  expect(mendBoth(mendOf(0, ['set x']), [])).toEqual([]);
  expect(mendBoth(mendOf(0, ['set x']), mendOf(1, ['set y']))).toHaveLength(2);
});

test.each(["'b'\\''c'", "'b\u202ec'"])(
  'no command is printed for an identity that VyOS does not take: %s',
  (id) => {
    const pair = {
      ...examplePair,
      a: `${examplePair.a}set vpn ipsec site-to-site peer SITE-B authentication remote-id ${id}\n`,
    };
    const { fix } = only(lintPair(pair), 'peer-id-mismatch');
    // B can be left as it is: A can expect what B presents.
    expect(fix.map(({ site }) => site)).toEqual([0]);
  },
);
