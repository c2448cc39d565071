import { type Address, familyOf, isPrivate, isUnspecified, parseAddress } from '../ike/address.ts';
import type { NatTranslation } from '../strongswan/load-site.ts';
import type { Peer } from '../vyos/site.ts';

/** A NAT before a router: one that the user told of, or one that must be there. */
export interface NatBefore extends NatTranslation {
  readonly assumed: boolean;
}

/**
 * The NAT before a router, as its peer meets it. One that the user told of counts where the peer calls its address.
 * Without that, a router with a private local address whose peer calls one public address has a NAT before it: there
 * is no other way for the two to meet, unless the address is the router's own (`ownAddresses`). Undefined where the
 * addresses fit as they are, or do not tell.
 */
export function natBefore(
  peer: Peer,
  facing: Peer,
  publicAddress?: string,
  ownAddresses: readonly Address[] = [],
): NatBefore | undefined {
  const inside = peer.localAddress?.value;
  const called = facing.remoteAddresses.map(({ value }) => value);
  if (inside === undefined) return undefined;
  if (publicAddress !== undefined) {
    const outside = called.find((address) => sameAddress(address, publicAddress));
    if (outside === undefined || parseAddress(inside) === undefined || sameAddress(inside, outside))
      return undefined;
    return { inside, outside, assumed: false };
  }
  const [outside, ...others] = called;
  if (outside === undefined || others.length > 0 || outside === inside) return undefined;
  const [own, seen] = [parseAddress(inside), parseAddress(outside)];
  if (!own || !seen || familyOf(own) !== familyOf(seen) || isUnspecified(seen)) return undefined;
  if (ownAddresses.includes(seen)) return undefined;
  return isPrivate(own) && !isPrivate(seen) ? { inside, outside, assumed: true } : undefined;
}

/** Whether two texts are one address; texts that are none are compared as they are. */
function sameAddress(one: string, other: string): boolean {
  return one === other || (parseAddress(one) ?? one) === (parseAddress(other) ?? other);
}
