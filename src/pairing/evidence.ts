import { familyOf, isPrivate, parseAddress } from '../ike/address.ts';
import { matchIdentity } from '../ike/identity.ts';
import { groupedBySecret } from '../ike/secret.ts';
import { intersect, sameSelector } from '../ike/traffic-selector.ts';
import { isMasked, mayBeSame } from '../vyos/schema/index.ts';
import type { Sign } from './grounds.ts';
import type { Key, Profile } from './profile.ts';

/** What speaks for and against two peers, and how much. */
export interface Evidence {
  readonly signs: readonly Sign[];
  readonly against: readonly Sign[];
  readonly score: number;
  /** What the score would be if every mask hid what fits best. */
  readonly most: number;
}

/** What two peers must score to be paired: a secret that they have in common is not enough, companies share them. */
export const enough = 4;

/** To which site an address belongs, where one of the sites has it for certain; two sites may claim the same. */
export type Owners = ReadonlyMap<string, ReadonlySet<number>>;

/** An address outweighs an identity, and that outweighs what may be alike by chance. */
const weights = {
  counterpart: 32,
  address: 8,
  identity: 4,
  keyNames: 3,
  sameSecret: 2,
  otherSecret: -1,
  mirrored: 8,
  overlapping: 1,
  disjoint: -2,
  network: 6,
  sameRemote: -8,
  fixedForDynamic: -3,
  otherKeyExchange: -1,
  otherRouting: -1,
} as const;

export function evidenceFor(one: Profile, other: Profile, owners: Owners): Evidence {
  const signs: Sign[] = [];
  const against: Sign[] = [];
  let score = 0;
  let most = 0;
  for (const [side, own, facing] of [
    ['a', one, other],
    ['b', other, one],
  ] as const) {
    const address = addressSign(own, facing, owners);
    score += address * weights.address;
    most += (address === 0 && mayReach(own, facing) ? 1 : address) * weights.address;
    const identity = identitySign(own, facing);
    score += identity * weights.identity;
    most += (identity === 0 && mayExpect(own, facing) ? 1 : identity) * weights.identity;
    for (const [kind, sign] of [
      ['remote-address', address],
      ['remote-id', identity],
    ] as const) {
      if (sign > 0) signs.push({ kind, side });
      if (sign < 0) against.push({ kind, side });
    }
  }
  const key = keyWeight(one, other);
  score += key;
  most += mayHaveKey(one, other) ? Math.max(key, weights.keyNames) : key;
  if (key > 0) signs.push({ kind: 'psk' });
  const selectors = selectorWeight(one, other);
  if (selectors > 0) signs.push({ kind: 'traffic-selectors' });
  const network = shareNetwork(one, other) ? weights.network : 0;
  if (network > 0) signs.push({ kind: 'vti-network' });
  // Two peers that initiate to one address both face whoever is there.
  const remotes = [...one.remotes].some((remote) => other.remotes.has(remote)) ? weights.sameRemote : 0;
  const counterpart = (one.told?.counterpart ?? other.told?.counterpart) ? weights.counterpart : 0;
  if (counterpart > 0) signs.push({ kind: 'counterpart' });
  const rest = selectors + network + remotes + counterpart + difference(one, other);
  return { signs, against, score: score + rest, most: most + rest };
}

/** Both initiate to somebody else, and nothing that only the two of them would have in common outweighs it. */
export function faceOthers({ signs, against }: Evidence): boolean {
  const away = against.filter(({ kind }) => kind === 'remote-address').length;
  const named = signs.filter(({ kind }) => kind === 'remote-id').length;
  return (
    away === 2 &&
    named < 2 &&
    !signs.some(({ kind }) => kind === 'traffic-selectors' || kind === 'counterpart')
  );
}

/** 1: it initiates to the other; -1: to fixed addresses that are not the other's; 0: that cannot be told. */
function addressSign(own: Profile, facing: Profile, owners: Owners): -1 | 0 | 1 {
  if (own.remotes.size === 0) return 0;
  if (facing.addresses.some((address) => own.remotes.has(address))) return 1;
  // A name, or a mask, beside them may be the other's.
  if (own.remotes.size < own.masked.remotes.length) return 0;
  return [...own.remotes].every((remote) => !mayBeAt(facing, remote, owners)) ? -1 : 0;
}

function mayBeAt(facing: Profile, remote: string, owners: Owners): boolean {
  const sites = owners.get(remote);
  if (sites && !sites.has(facing.site)) return false;
  if (facing.elsewhere === 'nothing') return false;
  if (facing.elsewhere === 'anything') return true;
  const [seen, inside] = [parseAddress(remote), parseAddress(facing.addresses[0] ?? '')];
  if (!seen || !inside) return true;
  return !isPrivate(seen) && familyOf(seen) === familyOf(inside);
}

const addressKinds = /^IPV[46]_ADDR/;

function identitySign(own: Profile, facing: Profile): -1 | 0 | 1 {
  if (own.expects === undefined) return 0;
  if (facing.identity === undefined) {
    return facing.isItsAddress && !addressKinds.test(own.expects.kind) ? -1 : 0;
  }
  return matchIdentity(facing.identity, own.expects) > 0 ? 1 : -1;
}

/** By the keys that fit best: of a site there may be thousands that name nobody but its own router. */
function keyWeight(one: Profile, other: Profile): number {
  const own = one.keys.map((key) => ({ key, names: namesBoth(key, one, other), isOwn: true }));
  const theirs = other.keys.map((key) => ({ key, names: namesBoth(key, other, one), isOwn: false }));
  if (own.length === 0 || theirs.length === 0) return 0;
  const naming = (keys: readonly { readonly names: boolean; readonly isOwn: boolean }[]) =>
    [true, false].every((isOwn) => keys.some((each) => each.names && each.isOwn === isOwn))
      ? weights.keyNames
      : 0;
  const all = [...own, ...theirs];
  const shared = groupedBySecret(all, ({ key }) => key.secret).filter((group) =>
    [true, false].every((isOwn) => group.some((each) => each.isOwn === isOwn)),
  );
  const isHidden = all.some(({ key }) => key.secret.kind !== 'key');
  if (shared.length === 0) return naming(all) + (isHidden ? 0 : weights.otherSecret);
  return weights.sameSecret + (shared.some((group) => naming(group) > 0) ? weights.keyNames : 0);
}

function namesBoth({ owners }: Key, { identity }: Profile, facing: Profile): boolean {
  return [identity, facing.identity].every(
    (each) => each !== undefined && owners.some((owner) => matchIdentity(each, owner) > 1),
  );
}

function selectorWeight(one: Profile, other: Profile): number {
  if (one.selectors.length === 0 || other.selectors.length === 0) return 0;
  let overlaps = false;
  for (const own of one.selectors) {
    for (const theirs of other.selectors) {
      if (sameSelector(own.local, theirs.remote) && sameSelector(own.remote, theirs.local))
        return weights.mirrored;
      overlaps ||=
        intersect(own.local, theirs.remote) !== undefined &&
        intersect(own.remote, theirs.local) !== undefined;
    }
  }
  return overlaps ? weights.overlapping : weights.disjoint;
}

/** Mismatches that fail a tunnel, or part of it, and yet tell two peers that fit alike from each other. */
function difference(one: Profile, other: Profile): number {
  const [own, theirs] = [one.keyExchange, other.keyExchange];
  return (
    (own !== undefined && theirs !== undefined && own !== theirs ? weights.otherKeyExchange : 0) +
    (one.routeBased === other.routeBased ? 0 : weights.otherRouting) +
    (expectsElsewhere(one, other) || expectsElsewhere(other, one) ? weights.fixedForDynamic : 0)
  );
}

/** It initiates to a fixed address, which the other has at most by the grace of DHCP. */
function expectsElsewhere(own: Profile, { elsewhere, addresses }: Profile): boolean {
  return (
    elsewhere === 'anything' && own.remotes.size > 0 && !addresses.some((address) => own.remotes.has(address))
  );
}

function shareNetwork(one: Profile, other: Profile): boolean {
  return one.networks.some((own) =>
    other.networks.some(
      (theirs) => own.address !== theirs.address && sameSelector(own.network, theirs.network),
    ),
  );
}

function mayReach(own: Profile, facing: Profile): boolean {
  return own.masked.remotes.some((called) =>
    facing.masked.addresses.some(
      (address) => (isMasked(called) || isMasked(address)) && mayBeSame(called, address),
    ),
  );
}

function mayExpect(own: Profile, facing: Profile): boolean {
  return own.masked.expects || (facing.masked.identity && own.expects !== undefined);
}

function mayHaveKey(one: Profile, other: Profile): boolean {
  return [one, other].every((own) => own.masked.keys || (own === one ? other : one).masked.identity);
}
