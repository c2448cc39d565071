/** A refused commit is said first and once, and hides nothing: the link is judged as if it were repaired. */
import { describe, expect, test } from '@jest/globals';
import { readSetDump } from '../../grammar/index.ts';
import { patchedPair } from '../../src/rules/example-pair.ts';
import { sourceFile } from '../../src/source/index.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import { judge } from '../properties/judge.ts';

const ofA = 'vpn ipsec site-to-site peer SITE-B';
const ofB = 'vpn ipsec site-to-site peer SITE-A';
const otherSecret = "set vpn ipsec authentication psk TUNNEL secret 'another-secret-of-this-example'";

/** The errors, each with what it is hidden behind. */
function errorsOf(patch: { readonly a?: string; readonly b?: string }): readonly string[] {
  const texts = patchedPair(patch);
  const [a, b] = (['a', 'b'] as const).map((name) =>
    readSite(name, readSetDump(sourceFile(`${name}.conf`, texts[name]))),
  );
  if (!a || !b) throw new Error('no pair');
  const { findings } = judge(a, b).report;
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ ruleId, hiddenBehind }) =>
      hiddenBehind === null ? ruleId : `${ruleId} behind ${findings[hiddenBehind]?.ruleId}`,
    );
}

describe('what else is wrong is found behind the refusal', () => {
  test.each<readonly [string, { readonly a?: string; readonly b?: string }, readonly string[]]>([
    [
      'of A',
      { a: `delete ${ofA} authentication mode` },
      ['commit-refused', 'psk-mismatch behind commit-refused'],
    ],
    [
      'of B',
      { b: `delete ${ofB} authentication mode` },
      ['commit-refused', 'psk-mismatch behind commit-refused'],
    ],
    [
      'of both',
      { a: `delete ${ofA} authentication mode`, b: `delete ${ofB} authentication mode` },
      ['commit-refused', 'commit-refused', 'psk-mismatch behind commit-refused'],
    ],
    [
      'of another peer of the site',
      { a: 'set vpn ipsec site-to-site peer ELSEWHERE remote-address 203.0.113.77' },
      [...Array(4).fill('commit-refused'), 'psk-mismatch behind commit-refused'],
    ],
    [
      'of all of vpn ipsec',
      { a: 'set vpn ipsec authentication psk OTHER id nobody' },
      ['commit-refused', 'psk-mismatch behind commit-refused'],
    ],
    ['a group that is missing: nobody can tell', { a: `delete ${ofA} ike-group` }, ['commit-refused']],
    ['a group that is not defined: nobody can tell', { b: `set ${ofB} ike-group NONE` }, ['undefined-group']],
  ])('%s', (_, { a, b }, expected) => {
    const withSecret = { ...(a ? { a } : {}), b: [b ?? '', otherSecret].join('\n') };
    const found = errorsOf(withSecret);
    expect(found).toEqual(expected);
    expect(errorsOf(withSecret.a ? { a: withSecret.a, b: b ?? '' } : { b: b ?? '' })).toEqual(
      expected.filter((each) => !each.startsWith('psk-mismatch')),
    );
  });
});
