import { parseAddress } from '../ike/address.ts';
import { addressIdentity, type Identity, matchIdentity, parseIdentity } from '../ike/identity.ts';
import type { LoadedSite, PeerSource } from '../vyos/connections.ts';
import type { Peer, Psk } from '../vyos/site.ts';
import { concerns, type Knowledge, namesBothPeers } from './knowledge.ts';
import { sameAddress } from './nat.ts';

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

interface Candidate {
  readonly one: PairedSource;
  readonly other: PairedSource;
  readonly score: number;
}

/**
 * Which peer of a site faces which peer of another. What the user says counts first; then addresses count most, then
 * identities, then keys for the same identities. Each peer is paired once at most, the best matches first; a lone peer on each of two sites is paired
 * whatever it says, so that what is wrong with it can be told.
 */
export function pairPeers(sites: readonly LoadedSite[], knowledge: Knowledge = {}): Pairing {
  const { publicAddresses = [], expectations = [] } = knowledge;
  const told = expectations.filter(namesBothPeers);
  const isTold = (...ends: readonly [PairedSource, PairedSource]) => {
    const [one, other] = ends.map(({ site, source }) => ({
      site: sites[site]?.site.name ?? '',
      peer: source.peer.name,
    }));
    return one !== undefined && other !== undefined && told.some((each) => concerns(each, one, other));
  };
  const all = sites.map((loaded, site) => loaded.sources.map((source): PairedSource => ({ site, source })));
  const candidates: Candidate[] = [];
  for (const [index, own] of all.entries()) {
    for (const [offset, others] of all.slice(index + 1).entries()) {
      const lone = sites.length === 2 && own.length === 1 && others.length === 1;
      for (const one of own) {
        for (const other of others) {
          const keys = [sites[index]?.site.psks ?? [], sites[index + 1 + offset]?.site.psks ?? []] as const;
          const seenAt = [publicAddresses[index], publicAddresses[index + 1 + offset]] as const;
          const score = isTold(one, other)
            ? Number.POSITIVE_INFINITY
            : rate(one.source.peer, other.source.peer, keys, seenAt);
          if (score > 0 || lone) candidates.push({ one, other, score });
        }
      }
    }
  }
  const taken = new Set<PeerSource>();
  const pairs: (readonly [PairedSource, PairedSource])[] = [];
  // The sort is stable: of equal scores the peers that come first in their dumps are paired.
  for (const { one, other } of candidates.toSorted((x, y) => (x.score === y.score ? 0 : y.score - x.score))) {
    if (taken.has(one.source) || taken.has(other.source)) continue;
    taken.add(one.source).add(other.source);
    pairs.push([one, other]);
  }
  const order = (pair: readonly [PairedSource, PairedSource]) => all.flat().indexOf(pair[0]);
  return {
    pairs: pairs.toSorted((x, y) => order(x) - order(y)),
    unpaired: all
      .flat()
      .filter(({ source }) => !taken.has(source))
      .map((paired) => ({ ...paired, why: reasonFor(paired, all.flat(), sites.length) })),
  };
}

const addressWeight = 8;
const identityWeight = 4;
const keyWeight = 1;

function rate(
  one: Peer,
  other: Peer,
  [keys, otherKeys]: readonly [readonly Psk[], readonly Psk[]],
  [seenAt, otherSeenAt]: readonly [string | undefined, string | undefined],
): number {
  return (
    (calls(one, other, otherSeenAt) ? addressWeight : 0) +
    (calls(other, one, seenAt) ? addressWeight : 0) +
    (expects(one, other) ? identityWeight : 0) +
    (expects(other, one) ? identityWeight : 0) +
    (shareKeyIds(one, keys, other, otherKeys) ? keyWeight : 0)
  );
}

/** Whether a peer calls the address of another, or the one at which a NAT shows it. */
function calls(peer: Peer, facing: Peer, seenAt?: string): boolean {
  const local = facing.localAddress?.value;
  const own = [
    ...(local === undefined || local === 'any' ? [] : [local]),
    ...(seenAt === undefined ? [] : [seenAt]),
  ];
  return own.some((address) => peer.remoteAddresses.some(({ value }) => sameAddress(value, address)));
}

/** The identity that a peer presents: its own, or its address. */
function identityOf({ authentication, localAddress }: Peer): Identity | undefined {
  if (authentication.localId) return parseIdentity(authentication.localId.value);
  const address = parseAddress(localAddress?.value ?? '');
  return address && addressIdentity(address);
}

/** Whether the remote-id that was set names the other peer; a wildcard names nobody. */
function expects(peer: Peer, facing: Peer): boolean {
  const { remoteId } = peer.authentication;
  const presented = identityOf(facing);
  if (remoteId.origin.kind !== 'set' || !presented) return false;
  const wanted = parseIdentity(remoteId.value);
  return wanted.kind !== 'ANY' && matchIdentity(presented, wanted) > 0;
}

/** Whether both have a key that names both ends. */
function shareKeyIds(one: Peer, keys: readonly Psk[], other: Peer, otherKeys: readonly Psk[]): boolean {
  const ends = [identityOf(one), identityOf(other)];
  const names = (psks: readonly Psk[]) =>
    psks.some(({ ids }) =>
      ends.every((end) => end && ids.some(({ value }) => matchIdentity(end, parseIdentity(value)) > 1)),
    );
  return names(keys) && names(otherKeys);
}

function reasonFor(unpaired: PairedSource, all: readonly PairedSource[], sites: number): string {
  const { peer } = unpaired.source;
  if (sites < 2) return 'only one site was given';
  const called = all.find(({ site, source }) => site !== unpaired.site && calls(peer, source.peer));
  if (called) return `the peer that it calls, ${called.source.peer.name}, faces another one`;
  const addresses = peer.remoteAddresses.map(({ value }) => value).join(', ');
  return addresses === '' || addresses === 'any'
    ? 'no peer of another site fits it'
    : `no other site is at ${addresses}`;
}
