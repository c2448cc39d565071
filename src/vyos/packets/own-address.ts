import { parseAddress } from '../../ike/address.ts';
import type { Obstacle } from '../../ike/connection.ts';
import { isAnyAddress } from '../addresses.ts';
import { holdersOf, isVirtual, tellsAllAddresses } from '../own-addresses.ts';
import type { Setting } from '../setting.ts';
import type { Peer, Site } from '../site.ts';
import { obstacleBy } from './decider.ts';

/**
 * The local-address of a peer that no interface of the dump has; undefined where one has it, VRRP brings it, or interfaces
 * get their addresses from elsewhere.
 */
export function foreignLocalAddress(site: Site, { localAddress }: Peer): Setting<string> | undefined {
  const address = parseAddress(localAddress?.value ?? '');
  if (!localAddress || !address || isAnyAddress(address) || !tellsAllAddresses(site)) return undefined;
  return holdersOf(site, address).length > 0 || isVirtual(site, address) ? undefined : localAddress;
}

/** Nothing is sent from such an address, and nothing comes to it; whether the dump is whole, only the router knows. */
export function foreignAddress(site: Site, peer: Peer | undefined): readonly Obstacle[] {
  const local = peer && foreignLocalAddress(site, peer);
  if (!local) return [];
  const why = `no interface of the dump has the local-address ${local.value}`;
  return [obstacleBy({ kind: 'local-address', local }, { kind: 'unknown', name: '', why })];
}
