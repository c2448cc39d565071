/** What a message names is what there is, and no more. */
import { expect, test } from '@jest/globals';
import { lint } from '../../src/index.ts';
import { examplePair } from '../../src/rules/example-pair.ts';
import { onRouteBasedPair } from '../../src/rules/route-based-pair.ts';
import { lintPair, only } from './mending.ts';

const tunnel = 'set vpn ipsec site-to-site peer SITE-A tunnel 1';

test.each([
  ['protocol tcp', `${tunnel} protocol 'tcp'\n`],
  ['protocol tcp and the port', `${tunnel} protocol 'tcp'\n${tunnel} local port '80'\n`],
])('tunnel-protocol-lost drops %s', (what, words) => {
  const b = `${examplePair.b}delete vpn ipsec site-to-site peer SITE-A tunnel 1\n${words}`;
  expect(only(lintPair({ ...examplePair, b }), 'tunnel-protocol-lost').message).toMatch(
    new RegExp(`so VyOS 1\\.4 drops ${what}$`),
  );
});

test.each([
  ['', '1500 - 20 IPv4 - 8 ESP'],
  ['set vpn ipsec site-to-site peer SITE-B force-udp-encapsulation\n', '1500 - 20 IPv4 - 8 UDP - 8 ESP'],
])('vti-mtu-unset counts what is around a packet: %j', (words, parts) => {
  const { a = '', b = '' } = onRouteBasedPair({ a: `delete interfaces vti vti0 mtu\n${words}` });
  const pair = { a: `${examplePair.a}${a}\n`, b: `${examplePair.b}${b}\n` };
  const [first] = only(lintPair(pair), 'vti-mtu-unset').locations;
  expect(first.label).toContain(parts);
});

test('connection-not-loaded of one site: what strongSwan discards of it, and not a peer that is disabled on purpose', () => {
  const alone = (words: string) =>
    lint([{ file: 'a.conf', text: `${examplePair.a}${words}\n` }])
      .findings.filter(({ ruleId }) => ruleId === 'connection-not-loaded')
      .map(({ severity, message, fix }) => ({ severity, message, fix: fix[0]?.commands }));
  expect(alone('')).toEqual([]);
  expect(alone('set vpn ipsec site-to-site peer SITE-B disable')).toEqual([]);
  expect(alone("set vpn ipsec ike-group IKE-B proposal 1 hash 'aes128gmac'")).toEqual([
    {
      severity: 'error',
      message:
        'This peer has no connection: strongSwan discards it: a PRF algorithm is mandatory in IKE proposals',
      fix: ["set vpn ipsec ike-group IKE-B proposal 1 hash 'sha256'"],
    },
  ]);
});

test('of a router that answers as another of its peers, what is said is of that one, and nothing is fixed at the wrong place', () => {
  const group = 'set vpn ipsec esp-group';
  const other = examplePair.b
    .split('\n')
    .filter((line) => line.includes(' peer SITE-A '))
    .map((line) => line.replace('peer SITE-A', 'peer A-OTHER').replace("'ESP-A'", "'ESP-OTHER'"))
    .filter((line) => !/ (?:ike-group|remote-id) /.test(line));
  const b = [
    examplePair.b.trimEnd(),
    "set vpn ipsec ike-group IKE-A key-exchange 'ikev1'",
    "set vpn ipsec ike-group IKE-A mode 'aggressive'",
    ...other,
    "set vpn ipsec ike-group IKE-OTHER key-exchange 'ikev1'",
    "set vpn ipsec site-to-site peer A-OTHER ike-group 'IKE-OTHER'",
    `${group} ESP-OTHER proposal 1 encryption 'aes256'`,
    `${group} ESP-OTHER proposal 1 hash 'sha256'`,
    "set vpn ipsec site-to-site peer A-OTHER default-esp-group 'ESP-OTHER'",
    '',
  ].join('\n');
  const a = `${examplePair.a}set vpn ipsec ike-group IKE-B key-exchange 'ikev1'\n`;
  const { message, consequence, fix } = only(lintPair({ a, b }), 'pfs-mismatch');
  expect(message).toBe('Perfect forward secrecy differs: A uses group 14, B uses group 2');
  expect(consequence).toContain(' B answers as its peer A-OTHER: look at that one first.');
  expect(fix).toEqual([]);
});
