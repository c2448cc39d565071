import { describe, expect, test } from '@jest/globals';
import { examplePair } from '../../src/rules/example-pair.ts';
import { apply, errorsOf, lintPair, only, type Pair } from './mending.ts';

const psk = 'set vpn ipsec authentication psk';
const ids = ["'site-a@example.com'", "'site-b@example.com'"];
const secret = "'an-example-secret-for-the-docs'";

/** The example pair with other psks on A. */
function withPsks(...lines: readonly string[]): Pair {
  const others = examplePair.a.split('\n').filter((line) => !line.startsWith(psk));
  return { ...examplePair, a: [...lines, ...others].join('\n') };
}

const ofAnotherPeer = [`${psk} K1 id '192.0.2.9'`, `${psk} K1 secret 'of-another-peer'`];

test('ids are added to the psk with the secret that the other side uses, not to the first', () => {
  const pair = withPsks(
    ...ofAnotherPeer,
    `${psk} K2 id 'somebody@example.com'`,
    `${psk} K2 secret ${secret}`,
  );
  const finding = only(lintPair(pair), 'psk-missing');
  expect(finding.fix).toMatchObject([{ site: 0, commands: ids.map((id) => `${psk} K2 id ${id}`) }]);
  expect(errorsOf(lintPair(apply(pair, finding.fix[0])))).toEqual([]);
});

describe.each([
  ['no psk holds the secret', ofAnotherPeer, 'SITE-B'],
  ['there is no psk at all', [], 'SITE-B'],
  [
    'a psk of the name is there',
    [`${psk} SITE-B id '192.0.2.9'`, `${psk} SITE-B secret 'of-another-peer'`],
    'SITE-B-2',
  ],
] as const)('where %s, a psk of its own is offered', (_, psks, name) => {
  const pair = withPsks(...psks);
  const finding = only(lintPair(pair), 'psk-missing');

  test('without a secret that could be taken for one', () => {
    const commands = ids.map((id) => `${psk} ${name} id ${id}`);
    expect(finding.fix).toMatchObject([{ site: 0, commands, partial: true }]);
    expect(finding.consequence).toContain(`set the secret of psk "${name}" as well, the one that B uses.`);
  });

  test('which mends it once the secret is typed', () => {
    const mended = apply(pair, finding.fix[0]);
    const typed = { ...mended, a: `${mended.a}${psk} ${name} secret ${secret}\n` };
    expect(errorsOf(lintPair(typed))).toEqual([]);
  });
});

test('where neither side has a psk, the secret is to be the same on both', () => {
  const without = (text: string) => `${text}delete vpn ipsec authentication psk\n`;
  const pair = { a: without(examplePair.a), b: without(examplePair.b) };
  const found = lintPair(pair).findings.filter(({ ruleId }) => ruleId === 'psk-missing');
  expect(found.length).toBeGreaterThan(0);
  for (const { consequence } of found) expect(consequence).toContain('the same on both sides');
});
