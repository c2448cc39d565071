/** The order of a link's findings is that in which its negotiations fail: for each initiator, in both versions of IKE. */
import { describe, expect, test } from '@jest/globals';
import { kinds, pairWith } from '../properties/faults.ts';
import type { Judged } from '../properties/judge.ts';
import { disorder, explains } from '../properties/record-order.ts';

const rulesOf = ({ report }: Judged) =>
  report.findings.flatMap(({ ruleId, link }) => (link !== null && explains[ruleId] ? [ruleId] : []));

describe.each([
  ['ikev2', ['id of A', 'psk'], ['peer-id-mismatch', 'psk-mismatch']],
  ['ikev1', ['id of A', 'psk'], ['psk-mismatch', 'peer-id-mismatch']],
  ['ikev2', ['dh', 'id of A'], ['ike-dh-group-mismatch', 'peer-id-mismatch']],
  ['ikev2', ['psk', 'prefix'], ['psk-mismatch', 'traffic-selectors-disjoint']],
  ['ikev2', ['esp', 'prefix'], ['traffic-selectors-disjoint', 'esp-encryption-mismatch']],
  ['ikev1', ['esp', 'prefix'], ['traffic-selectors-disjoint', 'esp-encryption-mismatch']],
  ['ikev1', ['aggressive B', 'psk'], ['aggressive-mode-refused', 'psk-mismatch', 'ike-mode-mismatch']],
  ['ikev2', ['firewall of B', 'dh'], ['firewall-drops-ike', 'ike-dh-group-mismatch', 'firewall-drops-nat-t']],
] as const)('%s with %j', (version, chosen, expected) => {
  test('the findings stand in the order of the exchanges', () => {
    expect(rulesOf(pairWith(version, chosen))).toEqual(expected);
  });
});

test('behind a wrong identity the log is the one that comes once it is right', () => {
  const { report } = pairWith('ikev2', ['id of A', 'psk']);
  const [first, second] = report.findings;
  expect(first).toMatchObject({ ruleId: 'peer-id-mismatch', hiddenBehind: null });
  expect(first?.consequence).toMatch(/The responder checks the identity before the secret\.$/);
  expect(second).toMatchObject({ ruleId: 'psk-mismatch', hiddenBehind: 0 });
  expect(second?.log.b).toEqual([
    "tried 1 shared key for 'site-b@example.com' - 'site-a@example.com', but MAC mismatched",
  ]);
});

describe.each(['ikev1', 'ikev2'] as const)('%s', (version) => {
  test.each(kinds.map((one, at) => [one, kinds[(at + 1) % kinds.length] ?? one]))(
    '%s and %s stand in the order of the records',
    (one, two) => {
      expect(disorder(pairWith(version, [one, two]))).toEqual([]);
    },
  );
});
