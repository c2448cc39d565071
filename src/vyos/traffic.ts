/**
 * Sets of packets: which sources send to which destinations, by which protocol and between which ports. What a NAT rule
 * leaves of a tunnel's traffic is one set less another.
 */
import { addressFromBits } from '../ike/address.ts';
import { commonRange, everyAddress, formatAddressRange, type Range } from '../ike/range.ts';

/** In ascending order; no two of them overlap or touch. */
export type RangeSet = readonly Range[];

/** The packets that are in every one of the sets: addresses, numbers of protocols, ports. */
export interface Traffic {
  readonly source: RangeSet;
  readonly destination: RangeSet;
  readonly protocol: RangeSet;
  readonly sourcePort: RangeSet;
  readonly destinationPort: RangeSet;
}

export const anyProtocol: RangeSet = [{ from: 0n, to: 255n }];
export const anyPort: RangeSet = [{ from: 0n, to: 65535n }];

/** All packets of a family. */
export function anyTraffic(family: 4 | 6): Traffic {
  const all = [everyAddress(family)];
  return {
    source: all,
    destination: all,
    protocol: anyProtocol,
    sourcePort: anyPort,
    destinationPort: anyPort,
  };
}

/** The set of all that is in any of the ranges. */
export function union(ranges: readonly Range[]): RangeSet {
  const sorted = ranges
    .filter(({ from, to }) => from <= to)
    .toSorted((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0));
  const joined: Range[] = [];
  for (const range of sorted) {
    const last = joined.at(-1);
    if (last && range.from <= last.to + 1n)
      joined[joined.length - 1] = { from: last.from, to: range.to > last.to ? range.to : last.to };
    else joined.push(range);
  }
  return joined;
}

export function common(one: RangeSet, other: RangeSet): RangeSet {
  return one.flatMap((x) => other.flatMap((y) => commonRange(x, y) ?? []));
}

/** What is in `one` and not in `other`. */
export function without(one: RangeSet, other: RangeSet): RangeSet {
  return other.reduce<RangeSet>(
    (rest, hole) =>
      rest.flatMap(({ from, to }) =>
        [
          { from, to: to < hole.from ? to : hole.from - 1n },
          { from: from > hole.to ? from : hole.to + 1n, to },
        ].filter((range) => range.from <= range.to),
      ),
    one,
  );
}

const dimensions = ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort'] as const;

/** The packets of both; undefined where there is none. */
export function commonTraffic(one: Traffic, other: Traffic): Traffic | undefined {
  const both: Traffic = {
    source: common(one.source, other.source),
    destination: common(one.destination, other.destination),
    protocol: common(one.protocol, other.protocol),
    sourcePort: common(one.sourcePort, other.sourcePort),
    destinationPort: common(one.destinationPort, other.destinationPort),
  };
  return dimensions.some((dimension) => both[dimension].length === 0) ? undefined : both;
}

/** The packets of any of `all` that are not in `taken`, in sets that share none. */
export function withoutTraffic(all: readonly Traffic[], taken: Traffic): readonly Traffic[] {
  return all.flatMap((each) => {
    const both = commonTraffic(each, taken);
    if (!both) return [each];
    const rest: Traffic[] = [];
    let inside = each;
    for (const dimension of dimensions) {
      const outside = without(each[dimension], taken[dimension]);
      if (outside.length > 0) rest.push({ ...inside, [dimension]: outside });
      inside = { ...inside, [dimension]: both[dimension] };
    }
    return rest;
  });
}

/** `10.1.0.0/24`, `10.0.1.0-10.0.7.255`; of more than two ranges the first and how many more. */
export function describeAddresses(set: RangeSet, family: 4 | 6): string {
  const texts = set.map(({ from, to }) =>
    from === to ? addressFromBits(family, from) : formatAddressRange({ family, from, to }, '-'),
  );
  return texts.length > 2 ? `${texts[0]} and ${texts.length - 1} more` : texts.join(', ');
}
