import { parseAddress } from '../ike/address.ts';
import { addressIdentity, type Identity, matchIdentity, parseIdentity } from '../ike/identity.ts';
import type { LoadedSite, PeerSource } from '../vyos/connections.ts';
import { isMasked, mayBeSame } from '../vyos/schema/index.ts';
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
  readonly masked: Masked;
}

/** What is masked of that by which a peer is paired. */
interface Masked {
  /** As they are written, masked or not. */
  readonly addresses: readonly string[];
  readonly calls: readonly string[];
  readonly identity: boolean;
  readonly expects: boolean;
  readonly keys: boolean;
}

interface Candidate {
  readonly one: Facing;
  readonly other: Facing;
  readonly score: number;
  /** What it would be if every mask hid what fits best. */
  readonly most: number;
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
          const most = lone ? score : Math.max(score, rateAtMost(one, other));
          if (most > 0 || lone) candidates.push({ one, other, score, most });
        }
      }
    }
  }
  const taken = new Set<PeerSource>();
  const pairs: (readonly [Facing, Facing])[] = [];
  const isTaken = ({ one, other }: Candidate) => taken.has(one.source) || taken.has(other.source);
  const masks = candidates.filter(({ score, most }) => most > score);
  // The sort is stable: of equal scores the peers that come first in their dumps are paired.
  for (const candidate of candidates.toSorted((x, y) => (x.score === y.score ? 0 : y.score - x.score))) {
    if (isTaken(candidate) || (candidate.score === 0 && candidate.most > 0)) continue;
    const { one, other } = candidate;
    const rivals = candidate.most > candidate.score ? candidates : masks;
    if (masks.length > 0 && rivals.some((rival) => !isTaken(rival) && isRival(rival, candidate))) continue;
    taken.add(one.source).add(other.source);
    pairs.push([one, other]);
  }
  const everyone = all.flat();
  const order = new Map(everyone.map((facing, place) => [facing, place]));
  const placeOf = ([one]: readonly [Facing, Facing]) => order.get(one) ?? 0;
  return {
    pairs: pairs.toSorted((x, y) => placeOf(x) - placeOf(y)),
    unpaired: everyone
      .filter(({ source }) => !taken.has(source))
      .map((facing) => ({
        site: facing.site,
        source: facing.source,
        why: reasonFor(facing, everyone, sites.length),
      })),
  };
}

/** Whether one of two peers may face somebody else just as well, for all that the masks let see. */
function isRival(rival: Candidate, { one, other, most }: Candidate): boolean {
  const ends = [rival.one, rival.other];
  return ends.includes(one) !== ends.includes(other) && rival.most >= most;
}

function facingPeers(
  { site: { name, psks }, sources }: LoadedSite,
  site: number,
  publicAddress: string | undefined,
): readonly Facing[] {
  // A mask is no name: two that are equal may hide different ones.
  const keys = psks.map(({ ids }) =>
    ids.flatMap(({ value }) => (isMasked(value) ? [] : parseIdentity(value))),
  );
  const isKeyMasked = psks.some(({ ids }) => ids.some(({ value }) => isMasked(value)));
  return sources.map((source) => {
    const { authentication, localAddress, remoteAddresses } = source.peer;
    const local = localAddress?.value;
    const own = [local === 'any' ? undefined : local, publicAddress];
    const identity = identityOf(source.peer);
    return {
      site,
      source,
      siteName: name,
      addresses: own.flatMap((address) =>
        address === undefined || isMasked(address) ? [] : [comparable(address)],
      ),
      calls: new Set(remoteAddresses.flatMap(({ value }) => (isMasked(value) ? [] : comparable(value)))),
      identity,
      expects: expectedBy(authentication),
      keys: keys.filter((ids) => identity && ids.some((id) => matchIdentity(identity, id) > 1)),
      masked: {
        addresses: own.flatMap((address) => address ?? []),
        calls: remoteAddresses.map(({ value }) => value),
        identity: isMasked(authentication.localId?.value ?? local ?? ''),
        expects: isMasked(authentication.remoteId.value),
        keys: isKeyMasked,
      },
    };
  });
}

/** One spelling for an address; a text that is none stays as it is. */
function comparable(address: string): string {
  return parseAddress(address) ?? address;
}

/** The identity that a peer presents: its own, or its address. */
function identityOf({ authentication, localAddress }: Peer): Identity | undefined {
  const { localId } = authentication;
  if (localId) return isMasked(localId.value) ? undefined : parseIdentity(localId.value);
  const address = parseAddress(localAddress?.value ?? '');
  return address && addressIdentity(address);
}

/** The remote-id that was set, or that the name of an older peer is; a wildcard names nobody. */
function expectedBy({ remoteId }: PeerAuthentication): Identity | undefined {
  if (remoteId.origin.kind === 'default' || isMasked(remoteId.value)) return undefined;
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

/** The same with every mask taken for what fits best. */
function rateAtMost(one: Facing, other: Facing): number {
  return (
    (calls(one, other) || mayCall(one, other) ? addressWeight : 0) +
    (calls(other, one) || mayCall(other, one) ? addressWeight : 0) +
    (expects(one, other) || mayExpect(one, other) ? identityWeight : 0) +
    (expects(other, one) || mayExpect(other, one) ? identityWeight : 0) +
    (mayHaveKeyFor(one, other) && mayHaveKeyFor(other, one) ? keyWeight : 0)
  );
}

function mayCall(one: Facing, other: Facing): boolean {
  return one.masked.calls.some((called) =>
    other.masked.addresses.some(
      (address) => (isMasked(called) || isMasked(address)) && mayBeSame(called, address),
    ),
  );
}

function mayExpect(one: Facing, other: Facing): boolean {
  if (one.masked.expects) return true;
  return other.masked.identity && one.expects !== undefined;
}

function mayHaveKeyFor(one: Facing, other: Facing): boolean {
  return one.masked.keys || other.masked.identity || hasKeyFor(one, other);
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
  if (peer.remoteAddresses.some(({ value }) => isMasked(value))) return 'the address that it calls is masked';
  const addresses = peer.remoteAddresses.map(({ value }) => value).join(', ');
  return addresses === '' || addresses === 'any'
    ? 'no peer of another site fits it'
    : `no other site is at ${addresses}`;
}
