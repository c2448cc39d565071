/**
 * What VyOS 1.2 and 1.3 hand to strongSwan where it differs from swanctl.conf: ipsec.conf and ipsec.secrets. Source:
 * vyatta-cfg-vpn scripts/vpn-config.pl (crux, equuleus); strongSwan src/starter/starterstroke.c and
 * src/libcharon/plugins/stroke/stroke_config.c. Argued from these sources; no router of 1.2 or 1.3 was asked.
 */

import { parseAddress } from '../ike/address.ts';
import type { ChildConfig, Lifetime, StartAction } from '../ike/connection.ts';
import { type Identity, maskedIdentity, parseIdentity } from '../ike/identity.ts';
import {
  type ConfiguredSelector,
  dynamicSelector,
  protocolNumber,
  selectorFromPrefix,
} from '../ike/traffic-selector.ts';
import { isAnyAddress } from './addresses.ts';
import type { ChildSource } from './connections.ts';
import { isMasked } from './schema/index.ts';
import type { SelectorPair } from './selectors.ts';
import type { EspGroup, IkeGroup, Peer, Tunnel, Vti } from './site.ts';

/** ipsec.conf has a section for each tunnel; charon joins those of one peer under the name of the first. */
export function ipsecConfName(
  { name, tunnels }: { readonly name: string; readonly tunnels: readonly Tunnel[] },
  vti: Vti | undefined,
): string {
  const first = tunnels.find(({ disabled }) => !disabled)?.id ?? (vti ? 'vti' : 'none');
  return `peer-${name.replace(/^@/, '')}-tunnel-${first}`;
}

/** Whether the peer is `any`, `0.0.0.0` or an `@id`: it is never called, and nothing of it is ever rekeyed. */
function isAnybody({ remoteAddresses }: Peer): boolean {
  return remoteAddresses.every(({ value }) => value === 'any' || value === '0.0.0.0');
}

/** `auto`: start, route or add. */
export function ipsecConfStart(peer: Peer): StartAction {
  if (isAnybody(peer)) return 'none';
  return peer.connectionType.value === 'initiate' ? 'start' : 'trap';
}

/** The identity of an end that has none in its configuration: its address, where it is a certain one. */
export function ownIdentityText(peer: Peer): string | undefined {
  const local = peer.localAddress?.value ?? '';
  const isCertain = parseAddress(local) !== undefined && !isAnyAddress(local);
  return isCertain ? local : undefined;
}

/** An id of ipsec.secrets stands there without quotes: one with blanks becomes several (stroke_cred.c, load_shared). */
export function ownersOf(id: string): readonly Identity[] {
  if (isMasked(id)) return [maskedIdentity(id)];
  return id
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(parseIdentity);
}

const usualMargin = 540;

/** `rekeymargin`: below the shorter of the two lifetimes. */
function marginOf(ike: number, esp: number): number {
  const shorter = Math.min(ike, esp);
  return shorter <= 2 * usualMargin ? Math.floor(shorter / 2) - 1 : usualMargin;
}

const never: Lifetime = { rekey: 0, hard: 0, jitter: 0 };

/** `ikelifetime` is the hard limit; the rekey starts a margin before, and up to as much again (rekeyfuzz 100 %). */
export function ipsecConfIkeLifetime(peer: Peer, ike: IkeGroup, esp: EspGroup | undefined): Lifetime {
  if (isAnybody(peer)) return never;
  const hard = ike.lifetime.value;
  const margin = marginOf(hard, esp?.lifetime.value ?? hard);
  return { rekey: hard - margin, hard, jitter: margin };
}

/** `keylife` is the hard limit, with the same margin. Without rekeying starter hands over no lifetime at all. */
export function ipsecConfEspLifetime(peer: Peer, ike: IkeGroup, esp: EspGroup): Lifetime {
  if (isAnybody(peer)) return never;
  const hard = esp.lifetime.value;
  const margin = marginOf(ike.lifetime.value, hard);
  return { rekey: hard - margin, hard, jitter: margin };
}

const everyIpv4 = [selectorFromPrefix('0.0.0.0/0')].flatMap((selector) => selector ?? []);

/** `leftsubnet` and `rightsubnet`: one prefix each, 0.0.0.0/0 of a VTI, and the ends themselves where none is set. */
export function ipsecConfSelectors(
  peer: Peer,
  { tunnel }: ChildSource,
  mode: ChildConfig['mode'],
): SelectorPair {
  if (!tunnel) return { local: everyIpv4, remote: everyIpv4 };
  const protocol = tunnel.protocol?.value === 'all' ? '0' : tunnel.protocol?.value;
  if (mode === 'transport') {
    const remote = peer.remoteAddresses[0]?.value ?? 'any';
    return {
      local: ofHost(peer.localAddress?.value ?? 'any', protocol),
      remote: ofHost(remote, protocol),
    };
  }
  return {
    local: ofPrefix(tunnel.localPrefixes.at(-1)?.value, protocol, tunnel.localPort?.value),
    remote: ofPrefix(tunnel.remotePrefixes.at(-1)?.value, protocol, tunnel.remotePort?.value),
  };
}

/** Transport mode: with a protocol the address, else whatever it is. The ports are left out. */
function ofHost(address: string, protocol: string | undefined): readonly ConfiguredSelector[] | undefined {
  if (protocol === undefined) return [dynamicSelector()];
  const number = protocolNumber(protocol);
  const selector = number === undefined ? undefined : selectorFromPrefix(address, number);
  return selector && [selector];
}

/** A port counts only beside a protocol. */
function ofPrefix(
  prefix: string | undefined,
  protocol: string | undefined,
  port: string | undefined,
): readonly ConfiguredSelector[] | undefined {
  if (prefix === undefined) return [dynamicSelector()];
  const text = prefix === 'any' ? '0.0.0.0/0' : prefix;
  if (protocol === undefined) return listOf(selectorFromPrefix(text));
  const number = protocolNumber(protocol);
  if (number === undefined) return undefined;
  const isAny = port === undefined || port === 'all';
  return listOf(selectorFromPrefix(text, number, isAny ? undefined : Number(port)));
}

function listOf(selector: ConfiguredSelector | undefined): readonly ConfiguredSelector[] | undefined {
  return selector && [selector];
}

/** Whether a port goes by the name of a service: which number it is, the router knows. */
export function hasNamedPort({ tunnel }: ChildSource): boolean {
  return [tunnel?.localPort, tunnel?.remotePort].some(
    (port) => port !== undefined && port.value !== 'all' && !/^\d+$/.test(port.value),
  );
}
