import { parseAddress } from '../ike/address.ts';
import { addressIdentity, type Identity, matchIdentity, parseIdentity } from '../ike/identity.ts';
import type { LoadedSite, PeerSource } from '../vyos/connections.ts';
import type { Peer, PeerAuthentication } from '../vyos/site.ts';
import { concerns, type Knowledge, type NamedEnd, namesBothPeers } from './knowledge.ts';

export interface PairedSource {
  /** Index of the site. */
  readonly site: number;
  readonly source: PeerSource;
}

export interface UnpairedSource extends PairedSource {
  /** A sentence without a full stop. */
  readonly why: string;
}

export interface Pairing {
  readonly pairs: readonly (readonly [PairedSource, PairedSource])[];
  readonly unpaired: readonly UnpairedSource[];
}

/** A peer with all that it is paired by, read once: of many sites each peer is held against each. */
interface Facing extends PairedSource {
  readonly siteName: string;
  /** Where it can be called, as addresses are compared. */
  readonly addresses: readonly string[];
  /** Whom it calls. */
  readonly calls: ReadonlySet<string>;
  readonly identity: Identity | undefined;
  /** Whom it expects; undefined where it says nothing, or anybody. */
  readonly expects: Identity | undefined;
  /** The identities of each of the site's keys that names the peer's own. */
  readonly keys: readonly (readonly Identity[])[];
}

interface Candidate {
  readonly one: Facing;
  readonly other: Facing;
  readonly score: number;
}

/**
 * Which peer of a site faces which peer of another. What the user says counts first; then addresses count most, then
 * identities, then keys for the same identities. Each peer is paired once at most, the best matches first; a lone peer
 * on each of two sites is paired whatever it says, so that what is wrong with it can be told.
 */
export function pairPeers(sites: readonly LoadedSite[], knowledge: Knowledge = {}): Pairing {
  const { publicAddresses = [], expectations = [] } = knowledge;
  const told = expectations.filter(namesBothPeers);
  const all = sites.map((loaded, site) => facingPeers(loaded, site, publicAddresses[site]));
  const candidates: Candidate[] = [];
  for (const [index, own] of all.entries()) {
    for (const others of all.slice(index + 1)) {
      const lone = sites.length === 2 && own.length === 1 && others.length === 1;
      for (const one of own) {
        for (const other of others) {
          const score = told.some((each) => concerns(each, nameOf(one), nameOf(other)))
            ? Number.POSITIVE_INFINITY
            : rate(one, other);
          if (score > 0 || lone) candidates.push({ one, other, score });
        }
      }
    }
  }
  const taken = new Set<PeerSource>();
  const pairs: (readonly [Facing, Facing])[] = [];
  // The sort is stable: of equal scores the peers that come first in their dumps are paired.
  for (const { one, other } of candidates.toSorted((x, y) => (x.score === y.score ? 0 : y.score - x.score))) {
    if (taken.has(one.source) || taken.has(other.source)) continue;
    taken.add(one.source).add(other.source);
    pairs.push([one, other]);
  }
  const order = new Map(all.flat().map((facing, place) => [facing, place]));
  const placeOf = ([one]: readonly [Facing, Facing]) => order.get(one) ?? 0;
  return {
    pairs: pairs.toSorted((x, y) => placeOf(x) - placeOf(y)),
    unpaired: all
      .flat()
      .filter(({ source }) => !taken.has(source))
      .map((facing) => ({
        site: facing.site,
        source: facing.source,
        why: reasonFor(facing, all.flat(), sites.length),
      })),
  };
}

function facingPeers(
  { site: { name, psks }, sources }: LoadedSite,
  site: number,
  publicAddress: string | undefined,
): readonly Facing[] {
  const keys = psks.map(({ ids }) => ids.map(({ value }) => parseIdentity(value)));
  return sources.map((source) => {
    const { authentication, localAddress, remoteAddresses } = source.peer;
    const local = localAddress?.value;
    const own = [local === 'any' ? undefined : local, publicAddress];
    const identity = identityOf(source.peer);
    return {
      site,
      source,
      siteName: name,
      addresses: own.flatMap((address) => (address === undefined ? [] : [comparable(address)])),
      calls: new Set(remoteAddresses.map(({ value }) => comparable(value))),
      identity,
      expects: expectedBy(authentication),
      keys: keys.filter((ids) => identity && ids.some((id) => matchIdentity(identity, id) > 1)),
    };
  });
}

/** One spelling for an address; a text that is none stays as it is. */
function comparable(address: string): string {
  return parseAddress(address) ?? address;
}

/** The identity that a peer presents: its own, or its address. */
function identityOf({ authentication, localAddress }: Peer): Identity | undefined {
  if (authentication.localId) return parseIdentity(authentication.localId.value);
  const address = parseAddress(localAddress?.value ?? '');
  return address && addressIdentity(address);
}

/** The remote-id that was set, or that the name of an older peer is; a wildcard names nobody. */
function expectedBy({ remoteId }: PeerAuthentication): Identity | undefined {
  if (remoteId.origin.kind === 'default') return undefined;
  const wanted = parseIdentity(remoteId.value);
  return wanted.kind === 'ANY' ? undefined : wanted;
}

function nameOf({ siteName, source }: Facing): NamedEnd {
  return { site: siteName, peer: source.peer.name };
}

const addressWeight = 8;
const identityWeight = 4;
const keyWeight = 1;

function rate(one: Facing, other: Facing): number {
  return (
    (calls(one, other) ? addressWeight : 0) +
    (calls(other, one) ? addressWeight : 0) +
    (expects(one, other) ? identityWeight : 0) +
    (expects(other, one) ? identityWeight : 0) +
    (hasKeyFor(one, other) && hasKeyFor(other, one) ? keyWeight : 0)
  );
}

/** Whether a peer calls the address of another, or the one at which a NAT shows it. */
function calls(one: Facing, other: Facing): boolean {
  return other.addresses.some((address) => one.calls.has(address));
}

function expects(one: Facing, other: Facing): boolean {
  return (
    one.expects !== undefined &&
    other.identity !== undefined &&
    matchIdentity(other.identity, one.expects) > 0
  );
}

/** Whether a key of the one's site names both ends. */
function hasKeyFor(one: Facing, { identity }: Facing): boolean {
  return one.keys.some((ids) => identity && ids.some((id) => matchIdentity(identity, id) > 1));
}

function reasonFor(unpaired: Facing, all: readonly Facing[], sites: number): string {
  const { peer } = unpaired.source;
  if (sites < 2) return 'only one site was given';
  const called = all.find((other) => other.site !== unpaired.site && calls(unpaired, other));
  if (called) return `the peer that it calls, ${called.source.peer.name}, faces another one`;
  const addresses = peer.remoteAddresses.map(({ value }) => value).join(', ');
  return addresses === '' || addresses === 'any'
    ? 'no peer of another site fits it'
    : `no other site is at ${addresses}`;
}
