/** A router's IPsec configuration as a structured value, from which a dump is printed. */
import { printCommand } from '../../grammar/index.ts';

export interface IkeProposalSpec {
  readonly encryption: string;
  readonly hash: string;
  /** Not set: VyOS takes 2. */
  readonly dhGroup?: number | undefined;
  readonly prf?: string | undefined;
}

export interface IkeGroupSpec {
  readonly keyExchange?: 'ikev1' | 'ikev2' | undefined;
  readonly mode?: 'main' | 'aggressive' | undefined;
  /** Seconds. */
  readonly lifetime?: number | undefined;
  readonly disableMobike?: boolean | undefined;
  /** Seconds. */
  readonly dpdInterval?: number | undefined;
  readonly proposals: readonly IkeProposalSpec[];
}

export interface EspProposalSpec {
  /** Not set: VyOS takes aes128 and sha1. */
  readonly encryption?: string | undefined;
  readonly hash?: string | undefined;
}

export interface EspGroupSpec {
  readonly mode?: 'tunnel' | 'transport' | undefined;
  /** `enable`, `disable` or `dh-groupN`. */
  readonly pfs?: string | undefined;
  /** Seconds. */
  readonly lifetime?: number | undefined;
  readonly proposals: readonly EspProposalSpec[];
}

export interface TunnelSpec {
  readonly id: string;
  readonly disabled?: boolean | undefined;
  readonly local: readonly string[];
  readonly remote: readonly string[];
  readonly protocol?: string | undefined;
  readonly localPort?: string | undefined;
  readonly remotePort?: string | undefined;
  /** Its own group in place of the peer's. */
  readonly espGroup?: EspGroupSpec | undefined;
}

export interface PeerSpec {
  readonly name: string;
  /** The peer whose groups it uses; its own are left out. */
  readonly groupsOf?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly ikeGroup: IkeGroupSpec;
  readonly espGroup: EspGroupSpec;
  readonly localAddress: string;
  readonly remoteAddresses: readonly string[];
  readonly localId?: string | undefined;
  readonly remoteId?: string | undefined;
  readonly connectionType?: 'initiate' | 'respond' | 'none' | undefined;
  readonly forceUdpEncapsulation?: boolean | undefined;
  readonly tunnels: readonly TunnelSpec[];
  readonly vti?: boolean | undefined;
  /** By a certificate of that name, and not by a secret. */
  readonly certificate?: string | undefined;
  /** The post-quantum preshared key that it names (1.5). */
  readonly ppk?: { readonly id: string; readonly required: boolean } | undefined;
  /** 1.5. */
  readonly childless?: 'allow' | 'force' | 'never' | undefined;
  /** The `pre-shared-secret` of older releases. */
  readonly secret?: string | undefined;
}

export interface PskSpec {
  readonly name: string;
  readonly ids: readonly string[];
  readonly secret: string;
}

export interface FirewallRuleSpec {
  readonly action: 'accept' | 'drop';
  readonly protocol?: 'udp' | 'esp' | undefined;
  readonly port?: '500' | '4500' | '500,4500' | undefined;
  /** The address of the facing peer, or one that nobody has. */
  readonly source?: 'peer' | 'other' | undefined;
  readonly state?: 'established' | undefined;
}

/** Of the packets to the router itself, in either family: rules 10, 20, … and what becomes of the rest. */
export interface FirewallSpec {
  readonly rules: readonly FirewallRuleSpec[];
  readonly defaultAction: 'accept' | 'drop';
  /** In a ruleset WAN-LOCAL, to which the first rule of the input filter jumps. */
  readonly named: boolean;
}

export interface PpkSpec {
  readonly id: string;
  readonly secret: string;
}

/** `peers[0]` is the one that faces the other site. */
export interface SiteSpec {
  /** Of the interface towards the other site, with prefix lengths. */
  readonly addresses: readonly string[];
  readonly peers: readonly [PeerSpec, ...PeerSpec[]];
  readonly psks: readonly PskSpec[];
  readonly firewall?: FirewallSpec | undefined;
  /** Post-quantum preshared keys (1.5). */
  readonly ppks?: readonly PpkSpec[];
}

export interface PairSpec {
  readonly a: SiteSpec;
  readonly b: SiteSpec;
  /** What was changed from a mirrored pair: `a:psk`. */
  readonly changes: readonly string[];
}

/** The addresses of the interfaces of the two routers; the first of a family is the one they call each other by. */
export const addressesOfA: readonly string[] = [
  '203.0.113.1/24',
  '203.0.113.2/24',
  '2001:db8:a::1/64',
  '2001:db8:a::2/64',
];
export const addressesOfB: readonly string[] = [
  '198.51.100.1/24',
  '198.51.100.2/24',
  '2001:db8:b::1/64',
  '2001:db8:b::2/64',
];

/** The other site, so that both agree: local and remote are exchanged in the peer that faces it. */
export function mirror(site: SiteSpec, addresses = addressesOfB, name = 'SITE-A'): SiteSpec {
  const [facing] = site.peers;
  const [remote = facing.localAddress] = facing.remoteAddresses;
  return {
    addresses,
    peers: [
      {
        ...facing,
        name,
        localAddress: remote,
        remoteAddresses: [facing.localAddress],
        localId: facing.remoteId,
        remoteId: facing.localId,
        tunnels: facing.tunnels.map((tunnel) => ({
          ...tunnel,
          local: tunnel.remote,
          remote: tunnel.local,
          localPort: tunnel.remotePort,
          remotePort: tunnel.localPort,
        })),
      },
    ],
    psks: site.psks,
    ...(site.ppks ? { ppks: site.ppks } : {}),
  };
}

type Words = readonly string[];

/** The dump as `show configuration commands` prints it: values quoted, names bare, all of a node together. */
export function toDump(site: SiteSpec): string {
  const lines: Line[] = [];
  const set = (names: Words, value?: string | number | undefined) => {
    const path = names.map((text) => ({ text, quoted: false }));
    const last = value === undefined ? [] : [{ text: `${value}`, quoted: true }];
    const command = printCommand({ verb: 'set', path: [...path, ...last] });
    lines.push({ path: [...path, ...last].map(({ text }) => text), command });
  };
  for (const address of site.addresses) set(['interfaces', 'ethernet', 'eth0', 'address'], address);
  // Without a route to the peer nothing can be told.
  const routes = ['protocols', 'static'];
  set([...routes, 'route', '0.0.0.0/0', 'next-hop', '203.0.113.254']);
  set([...routes, 'route6', '::/0', 'next-hop', '2001:db8:a::fe']);
  // Of a whole configuration VyOS refuses what is not in pki.
  for (const { certificate } of site.peers) {
    if (certificate === undefined) continue;
    set(['pki', 'ca', 'ca', 'certificate'], 'AAAA');
    set(['pki', 'certificate', certificate, 'certificate'], 'AAAA');
    set(['pki', 'certificate', certificate, 'private', 'key'], 'AAAA');
  }
  // VyOS refuses to bind an interface that there is not.
  if (site.peers.some(({ vti }) => vti)) set(['interfaces', 'vti', 'vti1']);
  const ipsec = ['vpn', 'ipsec'];
  for (const peer of site.peers) dumpPeer(peer, ipsec, set);
  for (const psk of site.psks) {
    const at = [...ipsec, 'authentication', 'psk', psk.name];
    for (const id of psk.ids) set([...at, 'id'], id);
    set([...at, 'secret'], psk.secret);
  }
  if (site.firewall) for (const family of [4, 6] as const) dumpFirewall(site, site.firewall, family, set);
  for (const ppk of site.ppks ?? []) {
    const at = [...ipsec, 'authentication', 'ppk', ppk.id];
    set([...at, 'id'], ppk.id);
    set([...at, 'secret'], ppk.secret);
  }
  return `${byNode(lines)
    .map(({ command }) => command)
    .join('\n')}\n`;
}

interface Line {
  readonly path: Words;
  readonly command: string;
}

/** Nodes in the order in which they were named first. */
function byNode(lines: readonly Line[]): readonly Line[] {
  const places = new Map<string, number>();
  const keys = new Map(
    lines.map((line) => [
      line,
      line.path.map((_, depth) => {
        const node = line.path.slice(0, depth + 1).join('\n');
        const place = places.get(node) ?? places.size;
        places.set(node, place);
        return place;
      }),
    ]),
  );
  return lines.toSorted((one, other) => {
    const [here = [], there = []] = [keys.get(one), keys.get(other)];
    const differing = here.findIndex((place, depth) => place !== there[depth]);
    // Of two of which one is above the other, that one is first.
    return differing < 0 ? here.length - there.length : (here[differing] ?? 0) - (there[differing] ?? -1);
  });
}

/** The address of a family that a rule of a firewall is for; undefined where it has none there. */
export function sourceOf(
  { peers: [facing] }: SiteSpec,
  { source }: FirewallRuleSpec,
  family: 4 | 6,
): string | undefined {
  if (source === 'other') return family === 4 ? '192.0.2.77' : '2001:db8:77::1';
  return facing.remoteAddresses.find((each) => each !== 'any' && each.includes(':') === (family === 6));
}

function dumpFirewall(
  site: SiteSpec,
  { rules, defaultAction, named }: FirewallSpec,
  family: 4 | 6,
  set: Set,
) {
  const root = ['firewall', `ipv${family}`];
  const input = [...root, 'input', 'filter'];
  const ruleset = named ? [...root, 'name', 'WAN-LOCAL'] : input;
  if (named) {
    set([...input, 'rule', '10', 'action'], 'jump');
    set([...input, 'rule', '10', 'jump-target'], 'WAN-LOCAL');
    set([...input, 'rule', '10', 'inbound-interface', 'name'], 'eth0');
  }
  set([...ruleset, 'default-action'], defaultAction);
  if (family === 6) {
    // Without it no router of the laboratory would find the other.
    set([...ruleset, 'rule', '5', 'action'], 'accept');
    set([...ruleset, 'rule', '5', 'protocol'], 'ipv6-icmp');
  }
  for (const [index, rule] of rules.entries()) {
    const address = rule.source && sourceOf(site, rule, family);
    if (rule.source && address === undefined) continue;
    const at = [...ruleset, 'rule', `${(index + 1) * 10}`];
    set([...at, 'action'], rule.action);
    optional(set, [...at, 'protocol'], rule.protocol);
    optional(set, [...at, 'destination', 'port'], rule.port);
    optional(set, [...at, 'source', 'address'], address);
    optional(set, [...at, 'state'], rule.state);
  }
}

type Set = (names: Words, value?: string | number) => void;

function optional(set: Set, names: Words, value: string | number | undefined): void {
  if (value !== undefined) set(names, value);
}

function dumpPeer(peer: PeerSpec, ipsec: Words, set: Set): void {
  const groups = peer.groupsOf ?? peer.name;
  const group = `IKE-${groups}`;
  if (peer.groupsOf === undefined) {
    dumpIkeGroup(peer.ikeGroup, [...ipsec, 'ike-group', group], set);
    dumpEspGroup(peer.espGroup, [...ipsec, 'esp-group', `ESP-${groups}`], set);
  }
  const at = [...ipsec, 'site-to-site', 'peer', peer.name];
  set([...at, 'authentication', 'mode'], peer.certificate ? 'x509' : 'pre-shared-secret');
  optional(set, [...at, 'authentication', 'x509', 'ca-certificate'], peer.certificate && 'ca');
  optional(set, [...at, 'authentication', 'x509', 'certificate'], peer.certificate);
  optional(set, [...at, 'authentication', 'local-id'], peer.localId);
  optional(set, [...at, 'authentication', 'remote-id'], peer.remoteId);
  optional(set, [...at, 'authentication', 'pre-shared-secret'], peer.secret);
  optional(set, [...at, 'authentication', 'ppk', 'id'], peer.ppk?.id);
  if (peer.ppk?.required) set([...at, 'authentication', 'ppk', 'required']);
  optional(set, [...at, 'childless'], peer.childless);
  if (peer.disabled) set([...at, 'disable']);
  set([...at, 'ike-group'], group);
  set([...at, 'default-esp-group'], `ESP-${groups}`);
  optional(set, [...at, 'connection-type'], peer.connectionType);
  if (peer.forceUdpEncapsulation) set([...at, 'force-udp-encapsulation']);
  set([...at, 'local-address'], peer.localAddress);
  for (const address of peer.remoteAddresses) set([...at, 'remote-address'], address);
  if (peer.vti) set([...at, 'vti', 'bind'], 'vti1');
  for (const tunnel of peer.tunnels) dumpTunnel(peer, tunnel, [...at, 'tunnel', tunnel.id], ipsec, set);
}

function dumpTunnel(peer: PeerSpec, tunnel: TunnelSpec, at: Words, ipsec: Words, set: Set): void {
  if (tunnel.disabled) set([...at, 'disable']);
  if (tunnel.espGroup) {
    const group = `ESP-${peer.name}-${tunnel.id}`;
    dumpEspGroup(tunnel.espGroup, [...ipsec, 'esp-group', group], set);
    set([...at, 'esp-group'], group);
  }
  optional(set, [...at, 'protocol'], tunnel.protocol);
  optional(set, [...at, 'local', 'port'], tunnel.localPort);
  optional(set, [...at, 'remote', 'port'], tunnel.remotePort);
  for (const prefix of tunnel.local) set([...at, 'local', 'prefix'], prefix);
  for (const prefix of tunnel.remote) set([...at, 'remote', 'prefix'], prefix);
  if (tunnel.local.length + tunnel.remote.length === 0 && !tunnel.protocol && !tunnel.espGroup) set(at);
}

function dumpIkeGroup(group: IkeGroupSpec, at: Words, set: Set): void {
  set(at);
  optional(set, [...at, 'key-exchange'], group.keyExchange);
  optional(set, [...at, 'mode'], group.mode);
  optional(set, [...at, 'lifetime'], group.lifetime);
  if (group.disableMobike) set([...at, 'disable-mobike']);
  optional(set, [...at, 'dead-peer-detection', 'interval'], group.dpdInterval);
  for (const [index, proposal] of group.proposals.entries()) {
    const where = [...at, 'proposal', `${index + 1}`];
    set([...where, 'encryption'], proposal.encryption);
    set([...where, 'hash'], proposal.hash);
    optional(set, [...where, 'dh-group'], proposal.dhGroup);
    optional(set, [...where, 'prf'], proposal.prf);
  }
}

function dumpEspGroup(group: EspGroupSpec, at: Words, set: Set): void {
  set(at);
  optional(set, [...at, 'mode'], group.mode);
  optional(set, [...at, 'pfs'], group.pfs);
  optional(set, [...at, 'lifetime'], group.lifetime);
  for (const [index, proposal] of group.proposals.entries()) {
    const where = [...at, 'proposal', `${index + 1}`];
    set(where);
    optional(set, [...where, 'encryption'], proposal.encryption);
    optional(set, [...where, 'hash'], proposal.hash);
  }
}
