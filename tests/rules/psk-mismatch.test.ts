import { expect, test } from '@jest/globals';
import { lintPair, only } from './mending.ts';

function dump(own: string, other: string, psks: readonly (readonly [string, readonly string[], string])[]) {
  return [
    "set vpn ipsec ike-group I key-exchange 'ikev2'",
    "set vpn ipsec ike-group I proposal 1 dh-group '14'",
    "set vpn ipsec esp-group E proposal 1 encryption 'aes256'",
    "set vpn ipsec site-to-site peer P authentication mode 'pre-shared-secret'",
    "set vpn ipsec site-to-site peer P connection-type 'initiate'",
    "set vpn ipsec site-to-site peer P ike-group 'I'",
    "set vpn ipsec site-to-site peer P default-esp-group 'E'",
    `set vpn ipsec site-to-site peer P local-address '${own}'`,
    `set vpn ipsec site-to-site peer P remote-address '${other}'`,
    "set vpn ipsec site-to-site peer P tunnel 1 protocol 'gre'",
    ...psks.flatMap(([name, ids, secret]) => [
      ...ids.map((id) => `set vpn ipsec authentication psk ${name} id '${id}'`),
      `set vpn ipsec authentication psk ${name} secret '${secret}'`,
    ]),
  ].join('\n');
}

const [a, b] = ['203.0.113.1', '198.51.100.1'] as const;

test('the key is named that an end used, and not another that the other side has as well', () => {
  const pair = {
    a: dump(a, b, [['K', [a, b], 'one of both sides']]),
    b: dump(b, a, [
      ['K1', [b, a], 'one of both sides'],
      // B initiates without saying whom it wants to see: the last key of its own identity is taken.
      ['K2', [b, '192.0.2.9'], 'of another peer'],
    ]),
  };
  const places = only(lintPair(pair), 'psk-mismatch').locations.map(({ path }) => path.at(-2));
  expect(places).toEqual(['K', 'K2']);
});
