import { familyOf, isPrivate, parseAddress } from '../ike/address.ts';
import type { NatAssumption } from '../vyos/connections.ts';
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
  const [own, seen] = [parseAddress(inside), parseAddress(called)];
  if (!own || !seen || familyOf(own) !== familyOf(seen) || seen === '0.0.0.0' || seen === '::')
    return undefined;
  return isPrivate(own) && !isPrivate(seen) ? { inside, outside: called } : undefined;
}
