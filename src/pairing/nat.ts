import { isPrivateAddress, type NatAssumption } from '../vyos/connections.ts';
import type { Peer } from '../vyos/site.ts';

/**
 * A router with a private local address whose peer calls one public address has a NAT before it: there is no other
 * way for the two to meet. Undefined where the addresses fit as they are, or do not tell.
 */
export function assumeNat(peer: Peer, facing: Peer): NatAssumption | undefined {
  const inside = peer.localAddress?.value;
  const [called, ...others] = facing.remoteAddresses.map(({ value }) => value);
  if (inside === undefined || called === undefined || others.length > 0 || called === inside)
    return undefined;
  if (!isPrivateAddress(inside) || !isPublicAddress(called)) return undefined;
  return { inside, outside: called };
}

function isPublicAddress(text: string): boolean {
  return /^[0-9a-fA-F:.]+$/.test(text) && text !== '0.0.0.0' && !isPrivateAddress(text);
}
