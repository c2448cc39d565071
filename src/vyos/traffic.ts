/**
 * Sets of packets: which sources send to which destinations, by which protocol and between which ports. What a NAT rule
 * leaves of a tunnel's traffic is one set less another.
 */
import { addressBits, addressFromBits, familyOf, parseAddress } from '../ike/address.ts';

/** Both ends are included. */
export interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

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

export function anyAddress(family: 4 | 6): RangeSet {
  return [{ from: 0n, to: (1n << (family === 4 ? 32n : 128n)) - 1n }];
}

/** All packets of a family. */
export function anyTraffic(family: 4 | 6): Traffic {
  const all = anyAddress(family);
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
  return one.flatMap((x) =>
    other.flatMap((y) => {
      const from = x.from > y.from ? x.from : y.from;
      const to = x.to < y.to ? x.to : y.to;
      return from <= to ? [{ from, to }] : [];
    }),
  );
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

/** `10.1.0.0/24`, `10.1.0.5` or `10.1.0.5-10.1.0.9`; undefined where the text is none of them, or of the other family. */
export function addressRange(text: string, family: 4 | 6): Range | undefined {
  const [first = '', last] = text.split('-');
  if (last !== undefined) {
    const [from, to] = [rangeOf(first, family), rangeOf(last, family)];
    return from && to && from.from <= to.to ? { from: from.from, to: to.to } : undefined;
  }
  return rangeOf(text, family);
}

function rangeOf(text: string, family: 4 | 6): Range | undefined {
  const [head = '', length] = text.split('/');
  const address = parseAddress(head);
  const width = family === 4 ? 32 : 128;
  const bits = length === undefined ? width : /^\d+$/.test(length) ? Number(length) : Number.NaN;
  if (!address || familyOf(address) !== family || !(bits <= width)) return undefined;
  const host = BigInt(width - bits);
  const from = (addressBits(address) >> host) << host;
  return { from, to: from + (1n << host) - 1n };
}

/** The family of an address, a prefix or a range of addresses; undefined where the text is none. */
export function familyOfText(text: string): 4 | 6 | undefined {
  const address = parseAddress(text.split(/[/-]/)[0] ?? '');
  return address && familyOf(address);
}

/** `10.1.0.0/24`, `10.0.1.0-10.0.7.255`; of more than two ranges the first and how many more. */
export function describeAddresses(set: RangeSet, family: 4 | 6): string {
  const texts = set.map((range) => describeRange(range, family));
  return texts.length > 2 ? `${texts[0]} and ${texts.length - 1} more` : texts.join(', ');
}

function describeRange({ from, to }: Range, family: 4 | 6): string {
  const first = addressFromBits(family, from);
  if (from === to) return first;
  const size = to - from + 1n;
  const hostBits = size.toString(2).length - 1;
  if (size === 1n << BigInt(hostBits) && from % size === 0n)
    return `${first}/${(family === 4 ? 32 : 128) - hostBits}`;
  return `${first}-${addressFromBits(family, to)}`;
}
