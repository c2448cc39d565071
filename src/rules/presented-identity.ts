import { type Address, parseAddress } from '../ike/address.ts';
import { anyIdentity, hasWildcards, type Identity, matchIdentity, namesOne } from '../ike/identity.ts';
import { findPath } from '../ike/path.ts';
import { presentedIdentity as presented } from '../ike/presented-identity.ts';
import type { Location } from '../lint/finding.ts';
import type { End } from '../pairing/link.ts';
import { identityOf } from '../strongswan/identity.ts';
import { isAnyAddress } from '../vyos/addresses.ts';
import { locate, locateNode } from './location.ts';

/** The identity that an end presents to the one that it faces. Undefined where the dumps do not tell. */
export function presentedIdentity(end: End, facing: End): Identity | undefined {
  const { connection, source } = end;
  const { localId } = source.peer.authentication;
  const identity = connection ? connection.local.identity : localId && identityOf(localId.value);
  if (identity?.kind === 'masked') return undefined;
  const address = addressTowards(end, facing);
  if (address === undefined) return identity?.kind === 'ANY' ? undefined : identity;
  return presented({ local: { identity, method: 'psk' } }, address);
}

/** The address of an end in its negotiations with the one that it faces: that of its calls, or else that which is called. */
function addressTowards(end: End, facing: End): Address | undefined {
  const configured = parseAddress(end.source.peer.localAddress?.value ?? '');
  if (configured && !isAnyAddress(configured)) return configured;
  if (!end.connection || !facing.connection) return undefined;
  const there = findPath(end.loaded.daemon, end.connection, facing.loaded.daemon);
  if (there.kind === 'reaches') return there.initiator.local;
  const back = findPath(facing.loaded.daemon, facing.connection, end.loaded.daemon);
  return back.kind === 'reaches' ? back.responder.local : undefined;
}

/** The identity that an end wants to see of its peer. */
function expectedIdentity({ source }: End): Identity {
  return identityOf(source.peer.authentication.remoteId.value);
}

/** The identity by which an end addresses its peer when it calls: none where it would take several. */
export function addressedIdentity(end: End): Identity {
  const expected = expectedIdentity(end);
  return hasWildcards(expected) ? anyIdentity : expected;
}

/**
 * How a configuration spells an identity that charon prints as `text`: as one of the ends does, because the text alone
 * may be read as another type (`keyid:Branch` is printed as `Branch`). Undefined where no spelling is known, and for what
 * more than one peer may have: that is suggested to nobody.
 */
export function spellingOf(text: string, ends: readonly End[]): string | undefined {
  const spellings = ends.flatMap(({ source: { peer } }) => [
    ...(peer.authentication.localId ? [peer.authentication.localId.value] : []),
    peer.authentication.remoteId.value,
  ]);
  const same = (spelling: string) => identityOf(spelling).text === text;
  const spelled = spellings.filter(same).toSorted()[0] ?? (same(text) ? text : undefined);
  return spelled !== undefined && namesOne(identityOf(spelled)) ? spelled : undefined;
}

/** Whether what one end presents is what the other wants to see. */
export function identityAccepted(presenting: End, judging: End): boolean {
  const shown = presentedIdentity(presenting, judging);
  return !shown || matchIdentity(shown, expectedIdentity(judging)) > 0;
}

export function locateLocalId(end: End, facing: End): Location {
  const { site, source } = end;
  const { localId } = source.peer.authentication;
  const isNone = localId !== undefined && identityOf(localId.value).kind === 'ANY';
  if (localId && !isNone) return locate(site, localId, `${localId.value} (${kindOf(localId.value)})`);
  const shown = presentedIdentity(end, facing)?.text ?? 'of the router';
  if (localId) return locate(site, localId, `${localId.value} is none: the address ${shown}`);
  const { localAddress, path } = source.peer;
  if (!localAddress) return locateNode(site, source.peer, 'no local-id, no local-address');
  return {
    ...locate(site, localAddress),
    path: [...path, 'authentication', 'local-id'],
    value: shown,
    origin: 'derived',
    label: `local-id not set: the address ${shown}`,
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
function kindOf(text: string): string {
  const { kind } = identityOf(text);
  return kinds[kind] ?? kind;
}
