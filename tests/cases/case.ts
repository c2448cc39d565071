import type { Notify } from '../../src/ike/outcome.ts';
import type { Input } from '../../src/index.ts';
import type { Severity } from '../../src/lint/finding.ts';
import { examplePair } from '../../src/rules/example-pair.ts';

/** A case of docs/coverage.md, or one of its variants, as two dumps, and what is to be found in them. */
export interface CoverageCase {
  /** Its number in the collection. */
  readonly number: number;
  readonly title: string;
  readonly sites: readonly Input[];
  /** Rules that find it, each with its severity there. */
  readonly finds: readonly `${Severity} ${string}`[];
  /** The error that goes over the wire for the first of `finds`. */
  readonly notify?: Notify;
  /** What users found in their logs, in parts that every release of strongSwan has. */
  readonly logs?: readonly string[];
  /** Nothing but this is found: no other error and no other warning. */
  readonly only?: true;
}

/** Commands for the example pair. `$peer`, `$ike`, `$esp` and `$psk` stand for a side's own paths. */
export interface Commands {
  readonly both?: readonly string[];
  readonly a?: readonly string[];
  readonly b?: readonly string[];
}

const facing = { a: 'B', b: 'A' } as const;

function ofSide(side: 'a' | 'b', line: string): string {
  return line
    .replace('$peer', `vpn ipsec site-to-site peer SITE-${facing[side]}`)
    .replace('$ike', `vpn ipsec ike-group IKE-${facing[side]}`)
    .replace('$esp', `vpn ipsec esp-group ESP-${facing[side]}`)
    .replace('$psk', 'vpn ipsec authentication psk TUNNEL');
}

/** The example pair, with commands appended in turn: those of both sides first. */
export function patched(...all: readonly Commands[]): readonly [Input, Input] {
  const site = (side: 'a' | 'b'): Input => {
    const lines = all.flatMap((each) => [...(each.both ?? []), ...(each[side] ?? [])]);
    const text = `${examplePair[side]}${lines.map((line) => `${ofSide(side, line)}\n`).join('')}`;
    return { file: `${side}.conf`, text };
  };
  return [site('a'), site('b')];
}

export const ikev1: Commands = { both: ["set $ike key-exchange 'ikev1'"] };

/** Each side has the address of its tunnel on eth0, a LAN on eth1 and a default route. */
export const interfaces: Commands = {
  a: [
    "set interfaces ethernet eth0 address '203.0.113.1/24'",
    "set interfaces ethernet eth1 address '10.1.0.1/24'",
    "set protocols static route 0.0.0.0/0 next-hop '203.0.113.254'",
  ],
  b: [
    "set interfaces ethernet eth0 address '198.51.100.1/24'",
    "set interfaces ethernet eth1 address '10.2.0.1/24'",
    "set protocols static route 0.0.0.0/0 next-hop '198.51.100.254'",
  ],
};

/** Both sides route into a VTI, instead of having a tunnel of prefixes. */
export const routeBased: Commands = {
  both: [
    'delete $peer tunnel',
    "set $peer vti bind 'vti0'",
    'set vpn ipsec options disable-route-autoinstall',
    "set interfaces vti vti0 mtu '1400'",
    "set interfaces vti vti0 ip adjust-mss 'clamp-mss-to-pmtu'",
    'set $ike disable-mobike',
  ],
  a: [
    "set $peer vti esp-group 'ESP-B'",
    "set interfaces vti vti0 address '172.16.0.1/30'",
    "set protocols static route 10.2.0.0/24 interface 'vti0'",
  ],
  b: [
    "set $peer vti esp-group 'ESP-A'",
    "set interfaces vti vti0 address '172.16.0.2/30'",
    "set protocols static route 10.1.0.0/24 interface 'vti0'",
  ],
};

/** B's input filter drops all but what the rules accept. */
export function admitting(...rules: readonly string[]): Commands {
  return {
    b: [
      "set firewall ipv4 input filter default-action 'drop'",
      ...rules.flatMap((rule, index) => [
        `set firewall ipv4 input filter rule ${index + 1} action 'accept'`,
        `set firewall ipv4 input filter rule ${index + 1} ${rule}`,
        ...(rule.startsWith('destination port')
          ? [`set firewall ipv4 input filter rule ${index + 1} protocol 'udp'`]
          : []),
      ]),
    ],
  };
}

/** A dump of VyOS 1.2 or 1.3: the peer is named by its address, and its secret is its own. */
export function olderSite(
  side: 'a' | 'b',
  release: '1.2' | '1.3',
  {
    more = [],
    without = () => false,
    peer,
  }: {
    readonly more?: readonly string[];
    readonly without?: (line: string) => boolean;
    readonly peer?: string;
  } = {},
): Input {
  const ends = {
    a: { address: '203.0.113.1', prefix: '10.1.0.0/24', id: '@site-a.example.com' },
    b: { address: '198.51.100.1', prefix: '10.2.0.0/24', id: '@site-b.example.com' },
  } as const;
  const [own, far] = side === 'a' ? [ends.a, ends.b] : [ends.b, ends.a];
  const path = `vpn ipsec site-to-site peer ${peer ?? far.address}`;
  const calls = side === 'a';
  const lines = [
    "set vpn ipsec esp-group ESP lifetime '3600'",
    "set vpn ipsec esp-group ESP pfs 'dh-group14'",
    "set vpn ipsec esp-group ESP proposal 1 encryption 'aes256'",
    "set vpn ipsec esp-group ESP proposal 1 hash 'sha256'",
    `set vpn ipsec ike-group IKE close-action '${calls ? 'restart' : 'none'}'`,
    `set vpn ipsec ike-group IKE dead-peer-detection action '${calls ? 'restart' : 'clear'}'`,
    "set vpn ipsec ike-group IKE dead-peer-detection interval '30'",
    "set vpn ipsec ike-group IKE key-exchange 'ikev2'",
    "set vpn ipsec ike-group IKE lifetime '28800'",
    "set vpn ipsec ike-group IKE proposal 1 dh-group '14'",
    "set vpn ipsec ike-group IKE proposal 1 encryption 'aes256'",
    "set vpn ipsec ike-group IKE proposal 1 hash 'sha256'",
    "set vpn ipsec ipsec-interfaces interface 'eth0'",
    `set $peer authentication id '${own.id}'`,
    "set $peer authentication mode 'pre-shared-secret'",
    "set $peer authentication pre-shared-secret 'an-example-secret-for-the-docs'",
    `set $peer authentication remote-id '${far.id}'`,
    `set $peer connection-type '${calls ? 'initiate' : 'respond'}'`,
    "set $peer default-esp-group 'ESP'",
    "set $peer ike-group 'IKE'",
    `set $peer local-address '${own.address}'`,
    `set $peer tunnel 1 local prefix '${own.prefix}'`,
    `set $peer tunnel 1 remote prefix '${far.prefix}'`,
    `set interfaces ethernet eth0 address '${own.address}/24'`,
    ...more,
  ];
  const text = lines
    .filter((line) => !without(line))
    .map((line) => `${line.replace('$peer', path)}\n`)
    .join('');
  return { file: `${side}.conf`, text, release };
}
