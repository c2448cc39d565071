import type { Span } from '../source/index.ts';
import type { Setting } from './setting.ts';
import type { Peer, Site, Tunnel } from './site.ts';
import { type ConfigNode, child, has } from './tree.ts';
import { isWhole } from './whole.ts';

export type RefusalKind =
  | 'peer-name'
  | 'ike-group-missing'
  | 'ike-group-undefined'
  | 'esp-group-missing'
  | 'esp-group-undefined'
  | 'authentication-missing'
  | 'authentication-incomplete'
  | 'key-undefined'
  | 'secret-missing'
  | 'local-address-missing'
  | 'local-address-unfit'
  | 'interface-undefined'
  | 'child-missing'
  | 'tunnel-beside-vti'
  | 'transport-with-prefixes'
  | 'transport-without-address'
  | 'prefixes-unfit'
  | 'port-without-protocol'
  | 'psk-incomplete'
  | 'prf-missing'
  | 'proposal-missing'
  | 'setting-of-other-version';

/** Something for which VyOS refuses to commit all of `vpn ipsec`. */
export interface Refusal {
  readonly kind: RefusalKind;
  /** In VyOS's own words, without the full stop. */
  readonly log: string;
  readonly at: Span;
  readonly path: readonly string[];
  /** What stands at the place; null where that is a node. */
  readonly value: string | null;
  /** What is wrong there, as it reads beside the place: `not defined`. */
  readonly label: string;
  /** The peer that it is about; undefined where it is about no peer. */
  readonly peer: string | undefined;
  /** The tunnel of that peer that it is about. */
  readonly tunnel?: Tunnel;
}

/** A place of the configuration: a node, or a setting with its value. */
export type Place = Pick<Refusal, 'at' | 'path' | 'value'>;

export function placeOf(
  place: Setting<string> | { readonly at: Span; readonly path: readonly string[] },
): Place {
  if (!('origin' in place)) return { at: place.at, path: place.path, value: null };
  const { origin, path, text } = place;
  return { at: origin.at, path, value: origin.kind === 'set' ? text : null };
}

/** The node of a peer in the tree of its dump. */
export function nodeOfPeer(site: Site, peer: Peer): ConfigNode | undefined {
  return child(site.tree, ...peer.path);
}

/**
 * Whether the dump holds the interfaces of this type, or the whole configuration, and none of this name: many people paste
 * a part, and an Ethernet port is there without a word about it. `type`: `vti`.
 */
export function isUndefinedInterface(site: Site, type: string, name: string): boolean {
  const holdsThem = isWhole(site) || has(site.tree, 'interfaces', type);
  return holdsThem && !has(site.tree, 'interfaces', type, name);
}

/** The types of the interfaces that are there by their node alone (VyOS asks nothing of pppoe and sstpc, which come and go), by the letters that their names begin with. */
const typesByName: Readonly<Record<string, string>> = {
  bond: 'bonding',
  br: 'bridge',
  dum: 'dummy',
  gnv: 'geneve',
  ifb: 'input',
  l2tpeth: 'l2tpv3',
  macsec: 'macsec',
  peth: 'pseudo-ethernet',
  tun: 'tunnel',
  veth: 'virtual-ethernet',
  vti: 'vti',
  vtun: 'openvpn',
  vxlan: 'vxlan',
  wg: 'wireguard',
};

/**
 * Whether an interface of this name would be there by its node alone, a VLAN of a port included, and the dump, which holds
 * the interfaces, has none.
 */
export function isAbsentInterface(site: Site, name: string): boolean {
  const [port = '', ...vlans] = name.split('.');
  const letters = /^([a-z][a-z0-9]*?)\d+$/.exec(port)?.[1] ?? '';
  const type = typesByName[letters];
  const known = letters === 'eth' ? 'ethernet' : type;
  if (type !== undefined && isUndefinedInterface(site, type, port)) return true;
  if (known === undefined || vlans.length === 0) return false;
  if (!isWhole(site) && !has(site.tree, 'interfaces', known, port)) return false;
  const [outer = '', inner] = vlans;
  const node = ['interfaces', known, port];
  return inner === undefined
    ? !has(site.tree, ...node, 'vif', outer) && !has(site.tree, ...node, 'vif-s', outer)
    : !has(site.tree, ...node, 'vif-s', outer, 'vif-c', inner);
}
