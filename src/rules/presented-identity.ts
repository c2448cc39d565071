import { parseAddress } from '../ike/address.ts';
import {
  addressIdentity,
  anyIdentity,
  hasWildcards,
  type Identity,
  matchIdentity,
  parseIdentity,
} from '../ike/identity.ts';
import type { Location } from '../lint/finding.ts';
import type { End } from '../pairing/link.ts';
import { locate, locateNode } from './location.ts';

/** The identity that an end presents: its local-id, or its local address. Undefined where the dump does not tell. */
export function presentedIdentity({ source }: End): Identity | undefined {
  const { localId } = source.peer.authentication;
  if (localId) {
    const identity = parseIdentity(localId.value);
    if (identity.kind !== 'ANY') return identity;
  }
  const address = parseAddress(source.peer.localAddress?.value ?? '');
  return address && addressIdentity(address);
}

/** The identity that an end wants to see of its peer. */
export function expectedIdentity({ source }: End): Identity {
  return parseIdentity(source.peer.authentication.remoteId.value);
}

/** The identity by which an end addresses its peer when it calls: none where it would take several. */
export function addressedIdentity(end: End): Identity {
  const expected = expectedIdentity(end);
  return hasWildcards(expected) ? anyIdentity : expected;
}

/**
 * How a configuration spells an identity that charon prints as `text`: as one of the ends does, because the text alone
 * may be read as another type (`keyid:Branch` is printed as `Branch`).
 */
export function spellingOf(text: string, ends: readonly End[]): string {
  const spellings = ends.flatMap(({ source: { peer } }) => [
    ...(peer.authentication.localId ? [peer.authentication.localId.value] : []),
    peer.authentication.remoteId.value,
  ]);
  const same = spellings.filter((spelling) => parseIdentity(spelling).text === text);
  return same.toSorted()[0] ?? text;
}

/** Whether what one end presents is what the other wants to see. */
export function identityAccepted(presenting: End, judging: End): boolean {
  const presented = presentedIdentity(presenting);
  return !presented || matchIdentity(presented, expectedIdentity(judging)) > 0;
}

export function locateLocalId({ site, source }: End): Location {
  const { peer } = source;
  const { localId } = peer.authentication;
  if (localId) return locate(site, localId, `${localId.value} (${kindOf(localId.value)})`);
  if (!peer.localAddress) return locateNode(site, peer, 'no local-id, no local-address');
  return {
    ...locate(site, peer.localAddress),
    path: [...peer.path, 'authentication', 'local-id'],
    origin: 'derived',
    label: `local-id not set: the address ${peer.localAddress.value}`,
  };
}

export function locateRemoteId({ site, source }: End): Location {
  const { remoteId } = source.peer.authentication;
  const label = remoteId.origin.kind === 'set' ? `${remoteId.value} (${kindOf(remoteId.value)})` : undefined;
  return locate(site, remoteId, label);
}

const kinds: Readonly<Partial<Record<Identity['kind'], string>>> = {
  ANY: 'any identity',
  IPV4_ADDR: 'an IPv4 address',
  IPV6_ADDR: 'an IPv6 address',
  FQDN: 'a host name',
  RFC822_ADDR: 'a mail address',
  KEY_ID: 'a key id',
  DER_ASN1_DN: 'a distinguished name',
};

/** The type of an identity in words: two identities of different types never match. */
export function kindOf(text: string): string {
  const { kind } = parseIdentity(text);
  return kinds[kind] ?? kind;
}
