import { describe, expect, test } from '@jest/globals';
import { lint } from '../../src/index.ts';
import { patchedPair } from '../../src/rules/example-pair.ts';
import { onRouteBasedPair } from '../../src/rules/route-based-pair.ts';

/** The rules about who calls, and when again. */
const own = new Set([
  ...['nobody-initiates', 'nat-side-waits', 'dpd-never-restarts', 'both-sides-restart'],
  ...['respond-not-passive', 'vti-dpd-trap', 'vti-address-mismatch'],
]);

function findings({ a, b }: { readonly a: string; readonly b: string }) {
  return lint([
    { file: 'a.conf', text: a },
    { file: 'b.conf', text: b },
  ]).findings.filter(({ ruleId }) => own.has(ruleId));
}
const ids = (pair: { readonly a: string; readonly b: string }) =>
  findings(pair)
    .map(({ ruleId, severity }) => `${severity} ${ruleId}`)
    .toSorted();
const commands = (pair: { readonly a: string; readonly b: string }) =>
  findings(pair).flatMap(({ fix }) => fix.flatMap((one) => one.commands));

const type = (peer: 'A' | 'B', word: string) =>
  `set vpn ipsec site-to-site peer SITE-${peer} connection-type '${word}'`;
const dpd = (peer: 'A' | 'B', word: string) =>
  `set vpn ipsec ike-group IKE-${peer} dead-peer-detection action '${word}'`;
const policyBased = (a: readonly string[], b: readonly string[]) =>
  patchedPair({ a: a.join('\n'), b: b.join('\n') });
const routeBased = (a: readonly string[], b: readonly string[]) =>
  patchedPair(onRouteBasedPair({ a: a.join('\n'), b: b.join('\n') }));

describe('connection-type respond', () => {
  const responds = [[type('B', 'initiate'), dpd('B', 'restart')], [type('A', 'respond')]] as const;

  test('calls, too, where prefixes make the policy', () => {
    expect(ids(policyBased(...responds))).toEqual(['info respond-not-passive']);
  });

  test('does not on a VTI, which is down until the tunnel is up', () => {
    expect(ids(routeBased(...responds))).toEqual([]);
  });

  test('behind a NAT it is told to initiate, and nothing else', () => {
    const inside = ["set vpn ipsec site-to-site peer SITE-A local-address '10.99.0.5'", ...responds[1]];
    const pair = policyBased(responds[0], inside);
    expect(ids(pair)).toEqual(['warning nat-side-waits']);
    expect(commands(pair)).toEqual([type('A', 'initiate')]);
  });
});

describe('DPD action trap', () => {
  const traps = [[dpd('B', 'trap')], [type('A', 'none'), dpd('A', 'trap')]] as const;

  test('brings a tunnel of prefixes back', () => {
    expect(ids(policyBased(...traps))).toEqual([]);
  });

  test('brings no VTI back, and where both sides have it nothing does', () => {
    const pair = routeBased(...traps);
    expect(ids(pair)).toEqual(['info vti-dpd-trap', 'info vti-dpd-trap', 'warning dpd-never-restarts']);
    // One side restarts: the mends make no pair that restarts on both.
    expect(new Set(commands(pair))).toEqual(new Set([dpd('B', 'restart'), dpd('A', 'clear')]));
  });
});
