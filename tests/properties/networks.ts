/**
 * Only peers that face each other are paired: of a network whose truth is known each link is right, or said to be
 * ambiguous with the right one among the candidates; and ambiguous is only what nobody could tell from the dumps.
 */
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { readSetDump } from '../../grammar/index.ts';
import { pairPeers } from '../../src/pairing/pair.ts';
import { sourceFile } from '../../src/source/index.ts';
import { loadSite } from '../../src/strongswan/load-site.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import { arbitraryNetwork, endsOf, type NetworkTruth, nameOf, type PeerTruth } from '../arbitrary/network.ts';

/** How many links were right, how many said to be ambiguous or not seen, and how many ends are rightly alone. */
interface Tally {
  right: number;
  ambiguous: number;
  alone: number;
}

/** Networks that agree with themselves. */
export function checkNetworks(numRuns: number, seed: number): Tally {
  return check(numRuns, seed, false);
}

/** Networks of which one or two ends are mistaken: what is wrong with a link must not pair strangers. */
export function checkMistakenNetworks(numRuns: number, seed: number): Tally {
  return check(numRuns, seed, true);
}

function check(numRuns: number, seed: number, faults: boolean): Tally {
  const tally: Tally = { right: 0, ambiguous: 0, alone: 0 };
  fc.assert(
    fc.property(arbitraryNetwork(faults), (network) => expectTrue(network, tally)),
    { numRuns, seed },
  );
  return tally;
}

function expectTrue(network: NetworkTruth, tally: Tally): void {
  const { draw, dumps, publicAddresses, truths } = network;
  const loaded = dumps.map((dump, site) => {
    const { release } = draw.sites[site] as NetworkTruth['draw']['sites'][number];
    const read = readSetDump(sourceFile(`s${site}.conf`, dump));
    return loadSite(readSite(`s${site}`, read, { release, releaseReason: { kind: 'told' } }));
  });
  const { pairs, unpaired } = pairPeers(loaded, { publicAddresses });
  const keyOf = (end: PeerTruth) => `${end.site} ${nameOf(end, draw.sites[end.site]?.release ?? '1.4')}`;
  const faces = new Map<string, string>();
  for (const { one, other } of pairs) {
    const [x, y] = [one, other].map(({ site, source }) => `${site} ${source.peer.name}`) as [string, string];
    faces.set(x, y).set(y, x);
  }
  const alone = new Map(
    unpaired.map(({ site, source, candidates, why }) => [
      `${site} ${source.peer.name}`,
      { why, candidates: candidates.map((each) => `${each.site} ${each.source.peer.name}`) },
    ]),
  );
  const ends = endsOf(truths);
  const byKey = new Map(ends.map((end) => [keyOf(end), end]));
  // A peer for anybody answers whoever comes from an address that no other peer has: what a mistyped one leads to.
  const meetsAnybody = (end: PeerTruth) => {
    const facing = byKey.get(faces.get(keyOf(end)) ?? '');
    return end.remote === undefined || (facing !== undefined && facing.remote === undefined);
  };
  for (const truth of truths) {
    if (draw.faults.length > 0 && (truth.kind === 'third' ? [truth.end] : truth.ends).some(meetsAnybody))
      continue;
    if (truth.kind === 'third') {
      const { end } = truth;
      deepStrictEqual([keyOf(end), 'faces', faces.get(keyOf(end))], [keyOf(end), 'faces', undefined]);
      const isAmbiguous = (alone.get(keyOf(end))?.candidates.length ?? 0) > 0;
      const isPossible = ends.some((other) => mayFace(end, other, network));
      if (isAmbiguous && draw.faults.length === 0)
        deepStrictEqual([keyOf(end), 'may face one', isPossible], [keyOf(end), 'may face one', true]);
      tally.alone += 1;
      continue;
    }
    const [one, other] = truth.ends;
    const [x, y] = [keyOf(one), keyOf(other)];
    if (faces.has(x) || faces.has(y)) {
      deepStrictEqual([x, 'faces', faces.get(x)], [x, 'faces', y]);
      tally.right += 1;
      continue;
    }
    tally.ambiguous += 1;
    if (draw.faults.length > 0) continue;
    const rivals = ends.filter(
      (end) => end !== one && end !== other && (mayFace(one, end, network) || mayFace(end, other, network)),
    );
    deepStrictEqual([x, y, 'has rivals', rivals.length > 0], [x, y, 'has rivals', true]);
    deepStrictEqual(
      [x, alone.get(x)?.why.startsWith('ambiguous'), alone.get(x)?.candidates.includes(y)],
      [x, true, true],
    );
  }
}

/** Whether two ends could be of one tunnel for all that their dumps hold. */
function mayFace(one: PeerTruth, other: PeerTruth, network: NetworkTruth): boolean {
  return (
    one.site !== other.site &&
    keysOf(one, network).some((key) => keysOf(other, network).includes(key)) &&
    (one.prefixes === undefined) === (other.prefixes === undefined) &&
    one.draw.keyExchange === other.draw.keyExchange &&
    (one.remote !== undefined || other.remote !== undefined) &&
    mayBeMeant(one, other, network) &&
    mayBeMeant(other, one, network) &&
    sameTraffic(one, other)
  );
}

/**
 * Before 1.4 a key is its peer's own. Since then it is for whom its ids name, and one that names nobody but its own router
 * may be for any peer of which no more is known.
 */
function keysOf(end: PeerTruth, { draw, truths }: NetworkTruth): readonly string[] {
  if (nameOf(end, draw.sites[end.site]?.release ?? '1.4') !== end.name) return [end.key];
  const named = ({ remote, remoteId }: PeerTruth) => remoteId ?? remote;
  return endsOf(truths).flatMap((each) =>
    each.site === end.site && (named(each) === named(end) || named(each) === end.remote) ? [each.key] : [],
  );
}

function mayBeMeant(own: PeerTruth, facing: PeerTruth, { draw, publicAddresses }: NetworkTruth): boolean {
  if (own.remoteId !== undefined && own.remoteId !== (facing.localId ?? facing.local)) return false;
  if (own.remote === undefined) return true;
  // Who has its address of DHCP is expected at any.
  const { reach } = draw.sites[facing.site] as NetworkTruth['draw']['sites'][number];
  const known = publicAddresses[facing.site] ?? (reach === 'static' ? facing.local : undefined);
  if (known !== undefined || reach === 'dynamic') return own.remote === known;
  // Behind a NAT it may be at any address that is no other site's.
  return !draw.sites.some(
    (site, index) =>
      index !== facing.site &&
      ((site.reach === 'static' && own.remote === `203.0.113.${index + 1}`) ||
        publicAddresses[index] === own.remote),
  );
}

function sameTraffic(one: PeerTruth, other: PeerTruth): boolean {
  if (one.prefixes && other.prefixes)
    return one.prefixes[0] === other.prefixes[1] && one.prefixes[1] === other.prefixes[0];
  if (one.vtiAddress === undefined || other.vtiAddress === undefined) return true;
  const network = (address: string) => address.slice(0, address.lastIndexOf('.'));
  return network(one.vtiAddress) === network(other.vtiAddress) && one.vtiAddress !== other.vtiAddress;
}
