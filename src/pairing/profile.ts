import { type Address, isPrivate, parseAddress } from '../ike/address.ts';
import {
  addressIdentity,
  hasWildcards,
  type Identity,
  matchIdentity,
  parseIdentity,
} from '../ike/identity.ts';
import { isEveryAddress } from '../ike/range.ts';
import type { Secret } from '../ike/secret.ts';
import type { TrafficSelector } from '../ike/traffic-selector.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { isAnyAddress, isGivenAddresses, rangeOfPrefix } from '../vyos/addresses.ts';
import type { PeerSource } from '../vyos/peer-source.ts';
import { isMasked } from '../vyos/schema/index.ts';
import type { Interface, Peer, PeerAuthentication, Psk, Site } from '../vyos/site.ts';
import { groupBy } from './group-by.ts';
import type { PeerKnowledge } from './knowledge.ts';

/** A peer as pairing names it. */
export interface PairedSource {
  /** Index of the site. */
  readonly site: number;
  readonly source: PeerSource;
}

/** A peer with all that it is paired by, read once: of many sites each peer is held against many. */
export interface Profile extends PairedSource {
  readonly siteName: string;
  /** The addresses at which others reach it, as addresses are compared. */
  readonly addresses: readonly string[];
  /**
   * What else it may be reached at. `nothing`: it is at `addresses` and nowhere else; `nat`: its address is private, and
   * a NAT may show it at any public one; `anything`: it has an address that the dump does not hold.
   */
  readonly elsewhere: 'nothing' | 'nat' | 'anything';
  /** Whom it initiates to, as addresses are compared; empty where it does not initiate, or not to a fixed address. */
  readonly remotes: ReadonlySet<string>;
  readonly identity: Identity | undefined;
  /** Its identity is its address, whatever that is. */
  readonly isItsAddress: boolean;
  /** The remote-id that was set; undefined where it says nothing, or anybody. */
  readonly expects: Identity | undefined;
  /** The keys that are for this peer, as far as its own side tells. */
  readonly keys: readonly Key[];
  readonly selectors: readonly SelectorPair[];
  /** `ikev1` or `ikev2`; undefined where it takes both, or its group is not there. */
  readonly keyExchange: string | undefined;
  readonly routeBased: boolean;
  /** The networks on its VTI. */
  readonly networks: readonly Network[];
  readonly masked: Masked;
  readonly told: PeerKnowledge | undefined;
}

export interface Key {
  readonly owners: readonly Identity[];
  readonly secret: Secret;
}

/** What a tunnel carries, as its own side sees it. */
interface SelectorPair {
  readonly local: TrafficSelector;
  readonly remote: TrafficSelector;
}

/** An address on an interface and the network that it is in. */
interface Network {
  readonly address: Address;
  readonly network: TrafficSelector;
}

/** What is masked of that by which a peer is paired. */
interface Masked {
  /** As they are written, masked or not. */
  readonly addresses: readonly string[];
  readonly remotes: readonly string[];
  readonly identity: boolean;
  readonly expects: boolean;
  readonly keys: boolean;
}

/** The peers of a site. `publicAddress`: what the user says of a NAT before it; `told`: what the user says of its peers. */
export function profilesOf(
  { site, sources }: LoadedSite,
  index: number,
  publicAddress: string | undefined,
  told: readonly PeerKnowledge[] = [],
): readonly Profile[] {
  const isKeyMasked = site.psks.some(({ ids }) => ids.some(({ value }) => isMasked(value)));
  const wanted = sources.map(({ peer }) => wantedBy(peer));
  const { ownOf, free } = keysOf(site, sources, wanted);
  return sources.map((source, place): Profile => {
    const { peer } = source;
    const { authentication, localAddress, remoteAddresses } = peer;
    const local = localAddress?.value;
    const identity = identityOf(peer);
    const own = ownOf(place);
    return {
      site: index,
      source,
      siteName: site.name,
      ...reachOf(site, peer, publicAddress),
      remotes: new Set(
        remoteAddresses.flatMap(({ value }) => (isFixed(value) ? (parseAddress(value) ?? []) : [])),
      ),
      identity,
      isItsAddress: authentication.localId === undefined,
      expects: expectedBy(authentication),
      keys: own.length > 0 ? own : free.filter(({ owners }) => mayBeFor(owners, identity)),
      selectors: selectorPairsOf(source),
      keyExchange: source.ikeGroup?.keyExchange.value,
      routeBased: peer.vti !== undefined && peer.tunnels.length === 0,
      networks: networksOf(site.interfaces, peer),
      masked: {
        addresses: [local === 'any' ? undefined : local, publicAddress].flatMap((text) => text ?? []),
        remotes: remoteAddresses.map(({ value }) => value),
        identity: isMasked(authentication.localId?.value ?? local ?? ''),
        expects: isMasked(authentication.remoteId.value),
        keys: isKeyMasked,
      },
      told: told.find(({ name }) => name === peer.name),
    };
  });
}

function isFixed(text: string): boolean {
  return !isMasked(text) && !isAnyAddress(text);
}

/** One spelling for an address; a text that is none stays as it is. */
function comparable(address: string): string {
  return parseAddress(address) ?? address;
}

function reachOf(
  site: Site,
  { localAddress }: Peer,
  publicAddress: string | undefined,
): Pick<Profile, 'addresses' | 'elsewhere'> {
  const outside = publicAddress === undefined ? [] : [comparable(publicAddress)];
  const local = localAddress?.value;
  if (local !== undefined && isMasked(local)) return { addresses: outside, elsewhere: 'anything' };
  const fixed = local === undefined || isAnyAddress(local) ? undefined : comparable(local);
  if (fixed !== undefined) {
    const address = parseAddress(fixed);
    const isHidden = outside.length === 0 && (address === undefined || isPrivate(address));
    return { addresses: [fixed, ...outside], elsewhere: isHidden ? 'nat' : 'nothing' };
  }
  const ofInterfaces = site.interfaces.flatMap(({ addresses }) =>
    addresses.flatMap(({ value }) =>
      isMasked(value) ? [] : (parseAddress(value.split('/')[0] ?? '') ?? []),
    ),
  );
  const isStatic =
    ofInterfaces.some((address) => !isPrivate(address)) &&
    !isGivenAddresses(site) &&
    !site.interfaces.some(({ addresses }) => addresses.some(({ value }) => isMasked(value)));
  return { addresses: [...ofInterfaces, ...outside], elsewhere: isStatic ? 'nothing' : 'anything' };
}

/** The identity that a peer presents: its own, or its address. */
function identityOf({ authentication, localAddress }: Peer): Identity | undefined {
  const { localId } = authentication;
  if (localId && isMasked(localId.value)) return undefined;
  const own = localId && parseIdentity(localId.value);
  if (own && own.kind !== 'ANY') return own;
  const address = parseAddress(localAddress?.value ?? '');
  return address && !isAnyAddress(address) ? addressIdentity(address) : undefined;
}

/** The remote-id that was set, or that the name of an older peer is; a wildcard names nobody. */
function expectedBy({ remoteId }: PeerAuthentication): Identity | undefined {
  if (remoteId.origin.kind === 'default' || isMasked(remoteId.value)) return undefined;
  const wanted = parseIdentity(remoteId.value);
  // The address that is the name of an older peer is the one that it initiates to, and no sign of its own.
  if (remoteId.origin.kind === 'derived' && 'address' in wanted) return undefined;
  return wanted.kind === 'ANY' ? undefined : wanted;
}

/** Whom a peer authenticates, as far as its own side tells. */
function wantedBy({ authentication, remoteAddresses }: Peer): readonly Identity[] {
  const expected = expectedBy(authentication);
  const addresses = remoteAddresses.flatMap(({ value }) => {
    const address = isFixed(value) ? parseAddress(value) : undefined;
    return address ? [addressIdentity(address)] : [];
  });
  return expected && !hasWildcards(expected) ? [expected, ...addresses] : addresses;
}

function keyOf({ ids }: Psk, secret: Secret): Key {
  // A mask is no name: two that are equal may hide different ones.
  return { owners: ids.flatMap(({ value }) => (isMasked(value) ? [] : parseIdentity(value))), secret };
}

/**
 * The keys of a site, by the peer that they are for: the one whose node a key stands below, or whose remote end is among
 * its ids. `free` are for no peer in particular.
 */
function keysOf(
  { psks }: Site,
  sources: readonly PeerSource[],
  wanted: readonly (readonly Identity[])[],
): { readonly ownOf: (place: number) => readonly Key[]; readonly free: readonly Key[] } {
  const keys = psks.flatMap((psk) => (psk.secret ? [{ psk, key: keyOf(psk, psk.secret.value) }] : []));
  // Of a hub there are as many keys as peers: most ids name one identity, and are looked up.
  const byOwner = groupBy(
    keys.flatMap((each) => each.key.owners.map((owner) => ({ each, owner }))),
    ({ owner }) => [hasRange(owner) ? '' : exactly(owner)],
  );
  const ranges = byOwner.get('') ?? [];
  const owned = sources.map(({ peer }, place) => {
    const below = keys.filter(({ psk }) => psk.path[2] === 'site-to-site' && psk.path[4] === peer.name);
    const named = (wanted[place] ?? []).flatMap((identity) =>
      [...(byOwner.get(exactly(identity)) ?? []), ...ranges]
        .filter(({ owner }) => matchIdentity(identity, owner) > 1)
        .map(({ each }) => each),
    );
    return new Set([...below, ...named.filter(({ psk }) => psk.path[2] !== 'site-to-site')]);
  });
  const taken = new Set(owned.flatMap((own) => [...own]));
  return {
    ownOf: (place) => [...(owned[place] ?? [])].map(({ key }) => key),
    free: keys.filter((each) => !taken.has(each)).map(({ key }) => key),
  };
}

/** An identity as text, the same for all spellings that match each other alone. */
export function exactly({ kind, text }: Identity): string {
  return `${kind} ${text.toLowerCase()}`;
}

/** Whether it may match an identity of another text. */
export function hasRange(identity: Identity): boolean {
  return hasWildcards(identity) || !/^(?:IPV[46]_ADDR|FQDN|RFC822_ADDR|KEY_ID)$/.test(identity.kind);
}

function mayBeFor(owners: readonly Identity[], identity: Identity | undefined): boolean {
  return (
    owners.length === 0 ||
    identity === undefined ||
    owners.some((owner) => matchIdentity(identity, owner) > 0)
  );
}

/** So many pairs of prefixes tell what a peer carries; more would only cost time. */
const mostSelectorPairs = 64;

function selectorPairsOf({ peer, children }: PeerSource): readonly SelectorPair[] {
  const isTransport = children.some(({ espGroup }) => espGroup.mode.value === 'transport');
  if (isTransport) return [];
  const tunnels = [...peer.tunnels.filter(({ disabled }) => !disabled), ...(peer.vti ? [peer.vti] : [])];
  return tunnels
    .flatMap(({ localPrefixes, remotePrefixes }) =>
      localPrefixes.flatMap((local) =>
        remotePrefixes.flatMap((remote): readonly SelectorPair[] => {
          const [own, other] = [selectorOf(local.value), selectorOf(remote.value)];
          return own && other && !(isEveryAddress(own) && isEveryAddress(other))
            ? [{ local: own, remote: other }]
            : [];
        }),
      ),
    )
    .slice(0, mostSelectorPairs);
}

function selectorOf(prefix: string): TrafficSelector | undefined {
  const range = rangeOfPrefix(prefix);
  return range && { ...range, protocol: 0, fromPort: 0, toPort: 65535 };
}

function networksOf(interfaces: readonly Interface[], { vti }: Peer): readonly Network[] {
  const bound = interfaces.find(({ name }) => name === vti?.bind?.value);
  return (bound?.addresses ?? []).flatMap(({ value }) => {
    const address = parseAddress(value.split('/')[0] ?? '');
    const network = selectorOf(value);
    return address && network && network.from < network.to ? [{ address, network }] : [];
  });
}
