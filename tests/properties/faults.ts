/** Pairs in which chosen things are wrong. */
import { readSetDump } from '../../grammar/index.ts';
import { patchedPair } from '../../src/rules/example-pair.ts';
import { sourceFile } from '../../src/source/index.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import { type Judged, judge } from './judge.ts';

const ofA = 'set vpn ipsec site-to-site peer SITE-B';
const ofB = 'set vpn ipsec site-to-site peer SITE-A';

/** What is put wrong, and on which side. */
const faults: Readonly<Record<string, { readonly a?: string; readonly b?: string }>> = {
  'id of A': { b: `${ofB} authentication remote-id 'site-x@example.com'` },
  'id of B': { a: `${ofA} authentication remote-id 'site-y@example.com'` },
  'own id of A': { a: `${ofA} authentication local-id 'site-z@example.com'` },
  psk: { b: "set vpn ipsec authentication psk TUNNEL secret 'another-secret-of-this-example'" },
  'psk lost on A': {
    a: "delete vpn ipsec authentication psk TUNNEL id\nset vpn ipsec authentication psk TUNNEL id 'no.one'",
  },
  'psk lost on B': {
    b: "delete vpn ipsec authentication psk TUNNEL id\nset vpn ipsec authentication psk TUNNEL id 'no.one'",
  },
  'psk of addresses alone': {
    a: "delete vpn ipsec authentication psk TUNNEL id\nset vpn ipsec authentication psk TUNNEL id '198.51.100.1'",
  },
  dh: { b: "set vpn ipsec ike-group IKE-A proposal 1 dh-group '19'" },
  encryption: { b: "set vpn ipsec ike-group IKE-A proposal 1 encryption 'aes128'" },
  'aggressive B': { b: "set vpn ipsec ike-group IKE-A mode 'aggressive'" },
  'IKEv1 on A': { a: "set vpn ipsec ike-group IKE-B key-exchange 'ikev1'" },
  certificate: {
    b: `${ofB} authentication mode 'x509'\n${ofB} authentication x509 certificate 'C'\n${ofB} authentication x509 ca-certificate 'CA'`,
  },
  'ppk of A alone': {
    a: `set vpn ipsec authentication ppk Q id 'q-1'\nset vpn ipsec authentication ppk Q secret 'an-example-of-a-quantum-key'\n${ofA} authentication ppk id 'q-1'\n${ofA} authentication ppk required`,
  },
  ppk: {
    a: `set vpn ipsec authentication ppk Q id 'q-1'\nset vpn ipsec authentication ppk Q secret 'an-example-of-a-quantum-key'\n${ofA} authentication ppk id 'q-1'`,
    b: `set vpn ipsec authentication ppk Q id 'q-1'\nset vpn ipsec authentication ppk Q secret 'another-example-quantum-key'\n${ofB} authentication ppk id 'q-1'`,
  },
  childless: { b: `${ofB} childless 'force'` },
  'childless, never': { a: `${ofA} childless 'never'`, b: `${ofB} childless 'force'` },
  esp: { b: "set vpn ipsec esp-group ESP-A proposal 1 encryption 'aes128'" },
  pfs: { b: "set vpn ipsec esp-group ESP-A pfs 'dh-group20'" },
  'esp mode': { b: "set vpn ipsec esp-group ESP-A mode 'transport'" },
  prefix: {
    b: `delete ${ofB.slice(4)} tunnel 1 remote prefix\n${ofB} tunnel 1 remote prefix '10.9.0.0/24'`,
  },
  'address of A': { b: `${ofB} remote-address '203.0.113.77'` },
  'address of B': { a: `${ofA} remote-address '198.51.100.77'` },
  'firewall of A': { a: "set firewall ipv4 input filter default-action 'drop'" },
  'firewall of B': { b: "set firewall ipv4 input filter default-action 'drop'" },
};
export const kinds = Object.keys(faults);

export type Version = 'ikev1' | 'ikev2';

/** The pair of the rules' examples, in which both sides call, with the faults. */
export function pairWith(version: Version, chosen: readonly string[]): Judged {
  const both = (group: string, peer: string) =>
    `set vpn ipsec ike-group ${group} key-exchange '${version}'\nset vpn ipsec site-to-site peer ${peer} connection-type 'initiate'`;
  const patch = (side: 'a' | 'b', start: string) =>
    `${[start, ...chosen.flatMap((kind) => faults[kind]?.[side] ?? [])].join('\n')}\n`;
  const texts = patchedPair({
    a: patch('a', both('IKE-B', 'SITE-B')),
    b: patch('b', both('IKE-A', 'SITE-A')),
  });
  const site = (side: 'a' | 'b') => readSite(side, readSetDump(sourceFile(`${side}.conf`, texts[side])));
  return judge(site('a'), site('b'));
}
