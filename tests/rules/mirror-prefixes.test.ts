import { expect, test } from '@jest/globals';
import { examplePair } from '../../src/rules/example-pair.ts';
import { apply, errorsOf, lintPair, only, type Pair } from './mending.ts';

const tunnel = 'vpn ipsec site-to-site peer SITE-A tunnel 1';
const exchanged = ({ a, b }: Pair): Pair => ({ a: b, b: a });

test.each([
  ['refused', `delete ${tunnel} local prefix\nset ${tunnel} local prefix '10.2.0.0/33'\n`],
  ['left out', `delete ${tunnel} local prefix\n`],
])('a prefix that was %s is set on its own side, and not taken from the other', (_, change) => {
  const pair = { ...examplePair, b: `${examplePair.b}${change}` };
  const wanted = [`set ${tunnel} local prefix '10.2.0.0/24'`];
  const { fix } = only(lintPair(pair), 'traffic-selectors-disjoint');
  expect(fix).toMatchObject([{ site: 1, commands: wanted }]);
  expect(only(lintPair(exchanged(pair)), 'traffic-selectors-disjoint').fix).toMatchObject([
    { site: 0, commands: wanted },
  ]);
  const left = errorsOf(lintPair(apply(pair, fix[0])));
  expect(left.filter((message) => !message.startsWith('Invalid value'))).toEqual([]);
});

test('beside a prefix that is no mirror either, the side with the refused one is mended first', () => {
  const pair = {
    ...examplePair,
    b:
      `${examplePair.b}delete ${tunnel} local prefix\nset ${tunnel} local prefix '10.2.0.0/33'\n` +
      `set ${tunnel} local prefix '10.7.0.0/24'\n`,
  };
  const { fix } = only(lintPair(pair), 'traffic-selectors-disjoint');
  expect(fix.map(({ site }) => site)).toEqual([1, 0]);
});

test('a protocol of one side alone can be set or taken away', () => {
  const pair = { ...examplePair, b: `${examplePair.b}set ${tunnel} protocol 'tcp'\n` };
  const { fix } = only(lintPair(pair), 'traffic-selectors-narrowed');
  expect(fix).toEqual([
    { site: 0, commands: ["set vpn ipsec site-to-site peer SITE-B tunnel 1 protocol 'tcp'"] },
    { site: 1, commands: [`delete ${tunnel} protocol`] },
  ]);
});
