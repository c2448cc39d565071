import { anyIdentity, hasWildcards, type Identity, matchIdentity, namesOne } from '../ike/identity.ts';
import { identityFromSwanctl, readIdentity } from '../ike/load.ts';
import type { Quoted } from '../ike/swanctl-conf.ts';
import type { Location } from '../lint/finding.ts';
import type { End } from '../pairing/link.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import type { Setting } from '../vyos/setting.ts';
import { localAddressOf } from './end-addresses.ts';
import { locate, locatePeer, peerPath } from './location.ts';

/** What an end is told to present; undefined where that is its address. */
export function localIdOf({ section }: End): Quoted | undefined {
  const id = section?.local.id;
  return id?.origin === section?.local_addrs[0]?.origin ? undefined : id;
}

/** The identity that an end wants to see of its peer. */
export function expectedIdentity({ section }: End): Identity {
  return section?.remote.id ? readIdentity(section.remote.id) : anyIdentity;
}

/** What tells the identity that an end wants to see. */
export function remoteIdOf({ section }: End): Setting<unknown> | undefined {
  return section?.remote.id && settingOfOrigin(section.remote.id.origin);
}

/** The identity by which an end addresses its peer when it calls: none where it would take several. */
function addressedIdentity(end: End): Identity {
  const expected = expectedIdentity(end);
  return hasWildcards(expected) ? anyIdentity : expected;
}

/** The identities for which an end looks for a key: its own, and that of the end that it faces. */
export function identitiesOfKey(
  end: End,
  facing: End,
): { readonly own: Identity | undefined; readonly peer: Identity | undefined } {
  const addressed = addressedIdentity(end);
  return { own: end.presents, peer: addressed.kind === 'ANY' ? facing.presents : addressed };
}

/**
 * How a configuration spells an identity that charon prints as `text`: as one of the ends does, because the text alone
 * may be read as another type (`keyid:Branch` is printed as `Branch`). Undefined where no spelling is known, and for what
 * more than one peer may have: that is suggested to nobody.
 */
export function spellingOf(text: string, ends: readonly End[]): string | undefined {
  const spellings = ends.flatMap((end) => [localIdOf(end) ?? [], end.section?.remote.id ?? []].flat());
  const same = (spelling: string) => identityFromSwanctl(spelling).text === text;
  const [spelled = same(text) ? text : undefined] = spellings
    .filter(({ masked }) => !masked)
    .map(({ value }) => value)
    .filter(same)
    .toSorted();
  return spelled !== undefined && namesOne(identityFromSwanctl(spelled)) ? spelled : undefined;
}

/** Whether what one end presents is what the other wants to see. */
export function identityAccepted({ presents }: End, judging: End): boolean {
  return !presents || matchIdentity(presents, expectedIdentity(judging)) > 0;
}

export function locateLocalId(end: End): Location {
  const { site, presents } = end;
  const id = localIdOf(end);
  const shown = presents?.text ?? 'of the router';
  if (id) {
    const isNone = readIdentity(id).kind === 'ANY';
    const label = isNone ? `${id.value} is none: the address ${shown}` : described(id);
    return locate(site, settingOfOrigin(id.origin), label);
  }
  const localAddress = localAddressOf(end);
  if (!localAddress) return locatePeer(end, 'no local-id, no local-address');
  return {
    ...locate(site, localAddress),
    path: peerPath(end, 'authentication', 'local-id'),
    value: shown,
    origin: 'derived',
    label: `local-id not set: the address ${shown}`,
  };
}

export function locateRemoteId(end: End): Location {
  const { site, section } = end;
  const setting = remoteIdOf(end);
  if (!section?.remote.id || !setting) return locatePeer(end, 'no remote-id');
  return locate(site, setting, setting.origin.kind === 'set' ? described(section.remote.id) : undefined);
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

/** An id with its type in words: two identities of different types never match. */
function described(id: Quoted): string {
  const { kind } = readIdentity(id);
  return `${id.value} (${kinds[kind] ?? kind})`;
}
