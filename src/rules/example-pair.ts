import type { ExamplePatch } from '../lint/rule.ts';

/** The smallest pair of dumps that comes up, on which the rules' examples are patched. */
export const examplePair: Readonly<Record<'a' | 'b', string>> = {
  a: site({
    own: { letter: 'A', address: '203.0.113.1', prefix: '10.1.0.0/24' },
    peer: { letter: 'B', address: '198.51.100.1', prefix: '10.2.0.0/24' },
  }),
  b: site({
    own: { letter: 'B', address: '198.51.100.1', prefix: '10.2.0.0/24' },
    peer: { letter: 'A', address: '203.0.113.1', prefix: '10.1.0.0/24' },
  }),
};

interface ExampleEnd {
  readonly letter: 'A' | 'B';
  readonly address: string;
  readonly prefix: string;
}

function site({ own, peer }: { readonly own: ExampleEnd; readonly peer: ExampleEnd }): string {
  const id = ({ letter }: ExampleEnd) => `site-${letter.toLowerCase()}@example.com`;
  const ike = `set vpn ipsec ike-group IKE-${peer.letter}`;
  const esp = `set vpn ipsec esp-group ESP-${peer.letter}`;
  const connection = `set vpn ipsec site-to-site peer SITE-${peer.letter}`;
  return [
    `set vpn ipsec authentication psk TUNNEL id '${id(own)}'`,
    `set vpn ipsec authentication psk TUNNEL id '${id(peer)}'`,
    `set vpn ipsec authentication psk TUNNEL secret 'an-example-secret-for-the-docs'`,
    `${esp} lifetime '3600'`,
    `${esp} pfs 'dh-group14'`,
    `${esp} proposal 1 encryption 'aes256'`,
    `${esp} proposal 1 hash 'sha256'`,
    `${ike} key-exchange 'ikev2'`,
    `${ike} lifetime '28800'`,
    `${ike} proposal 1 dh-group '14'`,
    `${ike} proposal 1 encryption 'aes256'`,
    `${ike} proposal 1 hash 'sha256'`,
    `${connection} authentication local-id '${id(own)}'`,
    `${connection} authentication mode 'pre-shared-secret'`,
    `${connection} authentication remote-id '${id(peer)}'`,
    `${connection} connection-type 'initiate'`,
    `${connection} default-esp-group 'ESP-${peer.letter}'`,
    `${connection} ike-group 'IKE-${peer.letter}'`,
    `${connection} local-address '${own.address}'`,
    `${connection} remote-address '${peer.address}'`,
    `${connection} tunnel 1 local prefix '${own.prefix}'`,
    `${connection} tunnel 1 remote prefix '${peer.prefix}'`,
    '',
  ].join('\n');
}

/** The example pair with a rule's commands appended. */
export function patchedPair(patch: ExamplePatch): Readonly<Record<'a' | 'b', string>> {
  const append = (text: string, lines: string | undefined) =>
    lines === undefined ? text : `${text}${lines}\n`;
  return { a: append(examplePair.a, patch.a), b: append(examplePair.b, patch.b) };
}
