import { parseAddress } from '../ike/address.ts';
import { addressIdentity, anyIdentity, hasWildcards, type Identity } from '../ike/identity.ts';
import { bestKeyFor } from '../ike/shared-key.ts';
import { identityOf } from '../strongswan/identity.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import type { PeerSource } from '../vyos/peer-source.ts';
import { isMasked } from '../vyos/schema/index.ts';
import type { Psk } from '../vyos/site.ts';

/** What a peer is asked a secret for, as far as its own side tells: undefined where it does not. */
export interface SecretOwners {
  readonly own: Identity;
  readonly other: Identity;
  /** `set`: by remote-id; `address`: the address that is called; `any`: whoever comes. */
  readonly otherIs: 'set' | 'address' | 'any';
}

export function secretOwners({ peer }: PeerSource): SecretOwners | undefined {
  const { localId, remoteId, mode } = peer.authentication;
  const texts = [
    localId?.value,
    remoteId.value,
    peer.localAddress?.value,
    ...peer.remoteAddresses.map(({ value }) => value),
  ];
  if (mode?.value !== 'pre-shared-secret' || texts.some((text) => text !== undefined && isMasked(text)))
    return undefined;
  const address = parseAddress(peer.localAddress?.value ?? '');
  const fromId = localId && identityOf(localId.value);
  const own = fromId && fromId.kind !== 'ANY' ? fromId : address && addressIdentity(address);
  if (
    !own ||
    (own.kind !== 'FQDN' && 'address' in own && (own.address === '0.0.0.0' || own.address === '::'))
  )
    return undefined;
  const wanted = identityOf(remoteId.value);
  if (wanted.kind !== 'ANY' && !hasWildcards(wanted)) return { own, other: wanted, otherIs: 'set' };
  const [called, ...more] = peer.remoteAddresses;
  const remote = more.length === 0 ? parseAddress(called?.value ?? '') : undefined;
  return remote
    ? { own, other: addressIdentity(remote), otherIs: 'address' }
    : { own, other: anyIdentity, otherIs: 'any' };
}

/** The psk that a peer would use, as far as its own side tells. */
export function pskOfPeer({ site, daemon }: LoadedSite, { own, other }: SecretOwners): Psk | undefined {
  const key = bestKeyFor(daemon.sharedKeys, own, other);
  return key && site.psks.find(({ name }) => name === key.name);
}
