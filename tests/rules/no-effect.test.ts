import { expect, test } from '@jest/globals';
import { lint } from '../../src/index.ts';
import { examplePair } from '../../src/rules/example-pair.ts';
import { textOf } from '../../src/source/index.ts';

test.each([
  ['delete vpn ipsec ike-group NOPE', 'Nothing to delete: "vpn ipsec ike-group NOPE" is not set', 'NOPE'],
  [
    'deactivate vpn ipsec esp-group NOPE lifetime',
    'Nothing to deactivate: "vpn ipsec esp-group NOPE" is not set',
    'NOPE',
  ],
  ['activate vpn l2tp', 'Nothing to activate: "vpn l2tp" is not set', 'l2tp'],
  [
    "comment vpn ipsec ike-group NOPE 'x'",
    'Nothing to comment on: "vpn ipsec ike-group NOPE" is not set',
    'NOPE',
  ],
  [
    "delete vpn ipsec authentication psk TUNNEL secret 'another'",
    'Nothing to delete: "vpn ipsec authentication psk TUNNEL secret" is not set',
    "'another'",
  ],
])('%s', (line, message, at) => {
  const { findings } = lint([
    { file: 'a.conf', text: examplePair.a },
    { file: 'b.conf', text: `${examplePair.b}${line}\n` },
  ]);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({ ruleId: 'no-effect', severity: 'info', message });
  expect(findings.map(({ locations: [location] }) => textOf(location.at))).toEqual([at]);
});
