import type { ExamplePatch } from '../lint/rule.ts';

/** A small pair of dumps that comes up as it should, on which the rules' examples are patched. A calls, and B waits. */
export const examplePair: Readonly<Record<'a' | 'b', string>> = {
  a: site({
    own: { letter: 'A', address: '203.0.113.1', prefix: '10.1.0.0/24' },
    peer: { letter: 'B', address: '198.51.100.1', prefix: '10.2.0.0/24' },
    role: { connectionType: 'initiate', dpdAction: 'restart', closeAction: 'start' },
  }),
  b: site({
    own: { letter: 'B', address: '198.51.100.1', prefix: '10.2.0.0/24' },
    peer: { letter: 'A', address: '203.0.113.1', prefix: '10.1.0.0/24' },
    role: { connectionType: 'none', dpdAction: 'clear', closeAction: 'none' },
  }),
};

interface ExampleEnd {
  readonly letter: 'A' | 'B';
  readonly address: string;
  readonly prefix: string;
}

/** The split of the VyOS documentation: one side calls and brings the tunnel back, the other waits. */
interface ExampleRole {
  readonly connectionType: 'initiate' | 'none';
  readonly dpdAction: 'restart' | 'clear';
  readonly closeAction: 'start' | 'none';
}

interface ExampleSite {
  readonly own: ExampleEnd;
  readonly peer: ExampleEnd;
  readonly role: ExampleRole;
}

function site({ own, peer, role }: ExampleSite): string {
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
    `${ike} close-action '${role.closeAction}'`,
    `${ike} dead-peer-detection action '${role.dpdAction}'`,
    `${ike} dead-peer-detection interval '30'`,
    `${ike} key-exchange 'ikev2'`,
    `${ike} lifetime '28800'`,
    `${ike} proposal 1 dh-group '14'`,
    `${ike} proposal 1 encryption 'aes256'`,
    `${ike} proposal 1 hash 'sha256'`,
    `${connection} authentication local-id '${id(own)}'`,
    `${connection} authentication mode 'pre-shared-secret'`,
    `${connection} authentication remote-id '${id(peer)}'`,
    `${connection} connection-type '${role.connectionType}'`,
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

/**
 * Commands for B: a peer SITE-C that faces nobody, with the groups of the example pair, and a psk of its own where
 * `secret` is one.
 */
export function farPeer({
  ikeGroup = 'IKE-A',
  localId = 'site-b@example.com',
  secret = 'pM4xT9vKc2ZrW8sLq6YhB3nD',
}: {
  readonly ikeGroup?: string;
  readonly localId?: string;
  readonly secret?: string | null;
} = {}): string {
  const peer = 'set vpn ipsec site-to-site peer SITE-C';
  const psk = 'set vpn ipsec authentication psk FAR';
  return [
    ...(secret === null
      ? []
      : [`${psk} id 'site-b@example.com'`, `${psk} id 'site-c@example.com'`, `${psk} secret '${secret}'`]),
    `${peer} authentication local-id '${localId}'`,
    `${peer} authentication mode 'pre-shared-secret'`,
    `${peer} authentication remote-id 'site-c@example.com'`,
    `${peer} connection-type 'none'`,
    `${peer} default-esp-group 'ESP-A'`,
    `${peer} ike-group '${ikeGroup}'`,
    `${peer} local-address '198.51.100.1'`,
    `${peer} remote-address '192.0.2.1'`,
    `${peer} tunnel 1 local prefix '10.2.0.0/24'`,
    `${peer} tunnel 1 remote prefix '10.3.0.0/24'`,
  ].join('\n');
}
