import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Dump, readSetDump } from '../../grammar/index.ts';
import { sourceFile, textOf } from '../../src/source/index.ts';

const read = (text: string): Dump => readSetDump(sourceFile('r1.conf', text));
const meantBy = (text: string) =>
  read(text).problems.map(
    ({ meant }) => meant && [meant.verb, ...meant.path.map((word) => word.text)].join(' '),
  );

test.each<readonly [string, string, string]>([
  ['code on a web page', "`set vpn ipsec esp-group E pfs 'enable'`", 'set vpn ipsec esp-group E pfs enable'],
  ['a bullet and italics', '* *set vpn ipsec interface eth1*', 'set vpn ipsec interface eth1'],
  [
    'bold',
    'set vpn ipsec site-to-site peer **P** ike-group I',
    'set vpn ipsec site-to-site peer P ike-group I',
  ],
  ['a stray mark', 'set vpn ipsec esp-group E pfs disable\u06ea', 'set vpn ipsec esp-group E pfs disable'],
  ['a blank of no width', 'set vpn ipsec\u200b interface eth1', 'set vpn ipsec interface eth1'],
  ['typographic quotes', 'set vpn ipsec esp-group E mode ‘tunnel’', 'set vpn ipsec esp-group E mode tunnel'],
  ['one of them', "set vpn ipsec esp-group E mode 'tunnel’", 'set vpn ipsec esp-group E mode tunnel'],
])('%s: what was meant is plain', (_, text, meant) => {
  expect(meantBy(text)).toEqual([meant]);
});

test.each([
  ['a lost letter', 'et vpn ipsec interface eth1'],
  ['a quote without an end', "set vpn ipsec esp-group E mode 'tunnel"],
  ['words of a page', '`a remark`'],
  ['what changes the place', '`edit vpn ipsec`'],
])('%s: nothing is guessed', (_, text) => {
  expect(meantBy(text)).toEqual([undefined]);
});

test('letters of any alphabet and all between quotes stay', () => {
  expect(meantBy("`set interfaces dummy dum0 description 'Büro 東京 \u06ea *'`")).toEqual([
    'set interfaces dummy dum0 description Büro 東京 \u06ea *',
  ]);
});

test('each word of what was meant is where it stands, damage within it and all', () => {
  const line = 'set vpn ipsec site-to-site peer **P** local-address \u06ea10.0.0.1';
  const [problem] = read(line).problems;
  expect(problem?.meant?.path.map(({ at }) => textOf(at)).slice(-3)).toEqual([
    'P',
    'local-address',
    '10.0.0.1',
  ]);
});

test('damage in a clean command is seen, and never makes another command of it', () => {
  const word = fc.stringMatching(/^[a-z0-9./-]{1,8}$/);
  const clean = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => `set vpn ${words.join(' ')}`);
  const damage = fc.constantFrom('`', '\u06ea', '\u200b', '\u0007');
  fc.assert(
    fc.property(clean, damage, fc.nat(), (line, character, place) => {
      const at = place % (line.length + 1);
      const dump = read(line.slice(0, at) + character + line.slice(at));
      expect(dump.commands).toEqual([]);
      for (const meant of meantBy(line.slice(0, at) + character + line.slice(at)))
        if (meant !== undefined) expect(meant).toBe(line);
    }),
  );
});
