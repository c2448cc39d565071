import { isPrivate, parseAddress } from '../ike/address.ts';
import { matchIdentity } from '../ike/identity.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { isMasked } from '../vyos/schema/index.ts';
import { type Evidence, enough, evidenceFor, faceOthers, type Owners } from './evidence.ts';
import type { Grounds } from './grounds.ts';
import { groupBy } from './group-by.ts';
import { type Counterpart, type Knowledge, type NamedEnd, namesBothPeers } from './knowledge.ts';
import { exactly, hasRange, type PairedSource, type Profile, profilesOf } from './profile.ts';

export type { PairedSource } from './profile.ts';

interface Pair {
  /** Of the site that was named first. */
  readonly one: PairedSource;
  readonly other: PairedSource;
  /** Side a is `one`. */
  readonly grounds: Grounds;
}

export interface UnpairedSource extends PairedSource {
  /** A sentence without a full stop. */
  readonly why: string;
  /** The peers that it may face and that fit equally well; empty where nobody does. */
  readonly candidates: readonly PairedSource[];
}

export interface Pairing {
  readonly pairs: readonly Pair[];
  readonly unpaired: readonly UnpairedSource[];
}

interface Candidate {
  readonly one: Profile;
  readonly other: Profile;
  readonly evidence: Evidence;
  /** The only peer of each of two sites. */
  readonly lone: boolean;
}

/**
 * Which peer of a site faces which peer of another. What the user says counts first; of the rest each peer is paired
 * with the one that it fits better than all others fit either of them, and with nobody where that cannot be told. A
 * lone peer on each of two sites is paired unless something speaks against it and nothing for it.
 */
export function pairPeers(sites: readonly LoadedSite[], knowledge: Knowledge = {}): Pairing {
  const { publicAddresses = [], peers: told = [] } = knowledge;
  const all = sites.map((loaded, site) => profilesOf(loaded, site, publicAddresses[site], told[site]));
  const profiles = all.flat();
  const taken = new Set<Profile>();
  const pairs: Pair[] = [];
  const pair = ({ one, other, evidence: { signs, against } }: Candidate, kind: Grounds['kind']) => {
    taken.add(one).add(other);
    pairs.push({ one, other, grounds: { kind, signs, against } });
  };
  const owners = ownersOf(profiles);
  const judged = (one: Profile, other: Profile, lone = false): Candidate => ({
    one,
    other,
    evidence: evidenceFor(one, other, owners),
    lone,
  });
  for (const [one, other] of toldPairs(profiles, knowledge)) {
    if (!taken.has(one) && !taken.has(other)) pair(judged(one, other), 'told');
  }
  const free = profiles.filter((profile) => !taken.has(profile) && profile.told?.external !== true);
  const [only, counterpart] = [...free].toSorted((x, y) => x.site - y.site);
  const isLone = sites.length === 2 && only && counterpart && all.every(({ length }) => length === 1);
  const candidates = (
    isLone && free.length === 2
      ? [judged(only, counterpart, true)]
      : possiblePairs(free).map(([one, other]) => judged(one, other))
  ).filter(isCandidate);
  const ranked = rankedByEnd(candidates);
  // The sort is stable, and what is equal is not paired: the order of the dumps decides nothing.
  for (const candidate of candidates.toSorted((x, y) => y.evidence.score - x.evidence.score)) {
    const { one, other, evidence } = candidate;
    if (taken.has(one) || taken.has(other)) continue;
    if (!candidate.lone && evidence.score < enough) continue;
    const isRivalled = [one, other].some((end) => hasRival(candidate, ranked.get(end) ?? [], taken));
    if (!isRivalled) pair(candidate, evidence.signs.length > 0 ? 'signs' : 'guess');
  }
  const order = new Map(profiles.map((profile, place): [PairedSource, number] => [profile, place]));
  return {
    pairs: pairs.toSorted((x, y) => (order.get(x.one) ?? 0) - (order.get(y.one) ?? 0)),
    unpaired: profiles
      .filter((profile) => !taken.has(profile))
      .map((profile) => {
        const equals = equalsOf(profile, ranked, taken);
        const rivals = equals.flatMap((other) => equalsOf(other, ranked, taken));
        return {
          site: profile.site,
          source: profile.source,
          why: reasonFor(profile, { equals, rivals, all: profiles, sites: sites.length, taken }),
          candidates: equals.map(({ site, source }) => ({ site, source })),
        };
      }),
  };
}

/** Whether two may be paired at all: by what speaks for it, or as the only ones where nothing speaks against it. */
function isCandidate({ evidence, lone }: Candidate): boolean {
  const { signs, against, score, most } = evidence;
  if (faceOthers(evidence)) return false;
  if (lone) return signs.length > 0 || against.length === 0;
  return most >= enough && (signs.length > 0 || most > score);
}

/** The candidates of each end, those first that may fit best. */
function rankedByEnd(candidates: readonly Candidate[]): ReadonlyMap<Profile, readonly Candidate[]> {
  const byEnd = new Map<Profile, Candidate[]>();
  for (const candidate of candidates) {
    for (const end of [candidate.one, candidate.other]) {
      const own = byEnd.get(end);
      if (own) own.push(candidate);
      else byEnd.set(end, [candidate]);
    }
  }
  for (const own of byEnd.values()) own.sort((x, y) => y.evidence.most - x.evidence.most);
  return byEnd;
}

/** Whether one of two peers may face somebody else just as well, for all that the masks let see. */
function hasRival(candidate: Candidate, ofEnd: readonly Candidate[], taken: ReadonlySet<Profile>): boolean {
  for (const rival of ofEnd) {
    if (rival.evidence.most < candidate.evidence.most) return false;
    if (rival !== candidate && !taken.has(rival.one) && !taken.has(rival.other)) return true;
  }
  return false;
}

/**
 * Those that a peer without a pair may face, of those that have none either: the ones that it fits best, unless they fit
 * another better.
 */
function equalsOf(
  profile: Profile,
  ranked: ReadonlyMap<Profile, readonly Candidate[]>,
  taken: ReadonlySet<Profile>,
): readonly Profile[] {
  const best = bestOf(profile, ranked, taken);
  return best.filter((other) => bestOf(other, ranked, taken).includes(profile));
}

function bestOf(
  profile: Profile,
  ranked: ReadonlyMap<Profile, readonly Candidate[]>,
  taken: ReadonlySet<Profile>,
): readonly Profile[] {
  const open = (ranked.get(profile) ?? []).filter(({ one, other }) => !taken.has(one) && !taken.has(other));
  const most = open[0]?.evidence.most;
  return open
    .filter(({ evidence }) => evidence.most === most)
    .map(({ one, other }) => (one === profile ? other : one));
}

/** The pairs that the user names: expected links with both peers, and counterparts. */
function toldPairs(
  profiles: readonly Profile[],
  { expectations = [] }: Knowledge,
): readonly (readonly [Profile, Profile])[] {
  const find = (end: Counterpart): readonly Profile[] =>
    profiles.filter((profile) => profile.siteName === end.site && profile.source.peer.name === end.peer);
  const named = [
    ...expectations.filter(namesBothPeers).map(({ between }) => between),
    ...profiles.flatMap((profile) => {
      const counterpart = profile.told?.counterpart;
      return counterpart?.peer === undefined ? [] : [[nameOf(profile), counterpart] as const];
    }),
  ];
  return named.flatMap(([first, second]) =>
    find(first).flatMap((x) =>
      find(second).flatMap((y) => {
        if (x.site === y.site) return [];
        return [x.site < y.site ? ([x, y] as const) : ([y, x] as const)];
      }),
    ),
  );
}

function nameOf({ siteName, source }: Profile): NamedEnd {
  return { site: siteName, peer: source.peer.name };
}

/** Whether what the user says of a peer leaves it free to face another. */
function allows({ told }: Profile, other: Profile): boolean {
  const counterpart = told?.counterpart;
  if (counterpart === undefined) return true;
  return (
    counterpart.site === other.siteName &&
    (counterpart.peer === undefined || counterpart.peer === other.source.peer.name)
  );
}

/**
 * The pairs that are worth a look, the peer of the earlier site first: whoever initiates to the other's address or expects
 * its identity, and all that are hidden or lead nowhere among themselves. Of many sites not each with each.
 */
function possiblePairs(profiles: readonly Profile[]): readonly (readonly [Profile, Profile])[] {
  const places = new Map(profiles.map((profile, place) => [profile, place]));
  const byAddress = groupBy(profiles, ({ addresses }) => addresses);
  const byIdentity = groupBy(profiles, ({ identity }) => (identity ? [exactly(identity)] : []));
  const found = new Map<number, readonly [Profile, Profile]>();
  const known = new Set<Profile>();
  const add = (x: Profile, y: Profile) => {
    if (x.site === y.site || !allows(x, y) || !allows(y, x)) return;
    const [one, other] = x.site < y.site ? [x, y] : [y, x];
    known.add(one).add(other);
    found.set((places.get(one) ?? 0) * profiles.length + (places.get(other) ?? 0), [one, other]);
  };
  for (const profile of profiles) {
    for (const remote of profile.remotes)
      for (const other of byAddress.get(remote) ?? []) add(profile, other);
    const { expects } = profile;
    if (!expects) continue;
    const named = hasRange(expects)
      ? profiles.filter(({ identity }) => identity && matchIdentity(identity, expects) > 0)
      : (byIdentity.get(exactly(expects)) ?? []);
    for (const other of named) add(profile, other);
  }
  const all = profiles.filter((profile) => isHidden(profile) || profile.told?.counterpart !== undefined);
  for (const one of all) for (const other of profiles) add(one, other);
  const loose = profiles.filter((profile) => !known.has(profile));
  for (const [index, one] of loose.entries()) for (const other of loose.slice(index + 1)) add(one, other);
  return [...found.entries()].toSorted(([x], [y]) => x - y).map(([, pair]) => pair);
}

function isHidden({ masked }: Profile): boolean {
  return (
    masked.identity ||
    masked.expects ||
    masked.keys ||
    [...masked.addresses, ...masked.remotes].some(isMasked)
  );
}

/** The sites that have an address of the internet for certain. */
function ownersOf(profiles: readonly Profile[]): Owners {
  const owners = new Map<string, Set<number>>();
  for (const { addresses, site } of profiles) {
    for (const text of addresses) {
      const address = parseAddress(text);
      if (!address || isPrivate(address)) continue;
      const sites = owners.get(text) ?? new Set();
      owners.set(text, sites.add(site));
    }
  }
  return owners;
}

/** What is left once all pairs are made. */
interface Remainder {
  /** Whom it may face as well as each other, and who may face these as well as it. */
  readonly equals: readonly Profile[];
  readonly rivals: readonly Profile[];
  readonly all: readonly Profile[];
  /** How many. */
  readonly sites: number;
  readonly taken: ReadonlySet<Profile>;
}

function reasonFor(unpaired: Profile, { equals, rivals, all, sites, taken }: Remainder): string {
  const { source, told, site, remotes } = unpaired;
  const { peer } = source;
  if (told?.external === true) return 'the configuration says that its far end is external';
  if (sites < 2) return 'only one site was given';
  const counterpart = told?.counterpart;
  if (counterpart) {
    const { site: name, peer: wanted } = counterpart;
    const what = wanted === undefined ? `site ${name}` : `peer ${wanted} of site ${name}`;
    return `no peer fits the counterpart that the configuration names, ${what}`;
  }
  if (equals.length > 0) {
    const others = rivals.filter((rival) => rival !== unpaired);
    const what =
      equals.length > 1 || others.length === 0
        ? `it may face ${namesOf(equals)}`
        : `${namesOf(equals)} may also face ${namesOf(others)}`;
    return `ambiguous: ${what}; name its counterpart in the configuration`;
  }
  const reached = all.filter(
    (other) => other.site !== site && other.addresses.some((address) => remotes.has(address)),
  );
  const [called] = reached;
  const isFree = reached.some((other) => !taken.has(other));
  if (called && isFree) {
    return `it initiates to ${called.siteName}, where no peer initiates back or expects it`;
  }
  if (called) return `the peer that it initiates to, ${called.source.peer.name}, faces another one`;
  if (peer.remoteAddresses.some(({ value }) => isMasked(value)))
    return 'the address that it initiates to is masked';
  const addresses = peer.remoteAddresses.map(({ value }) => value).join(', ');
  return addresses === '' || addresses === 'any'
    ? 'no peer of another site fits it'
    : `no other site is at ${addresses}`;
}

/** At most a few: of a hub there may be hundreds. */
const mostNamed = 4;

function namesOf(profiles: readonly Profile[]): string {
  const names = profiles
    .slice(0, mostNamed)
    .map(({ source, siteName }) => `${source.peer.name} of ${siteName}`);
  const more = profiles.length - names.length;
  return more > 0 ? `${names.join(', ')} or one of ${more} more` : names.join(' or ');
}
