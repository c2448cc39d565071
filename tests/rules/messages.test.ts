/** What a message names is what there is, and no more. */
import { expect, test } from '@jest/globals';
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
