import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseAddressRange } from '../../src/ike/range.ts';
import {
  anyPort,
  anyProtocol,
  common,
  commonTraffic,
  describeAddresses,
  type RangeSet,
  type Traffic,
  union,
  without,
  withoutTraffic,
} from '../../src/vyos/traffic.ts';

/** A small world, in which every packet can be asked for. */
const edge = 15;
const range = fc
  .tuple(fc.integer({ min: 0, max: edge }), fc.integer({ min: 0, max: edge }))
  .map(([x, y]) => ({ from: BigInt(Math.min(x, y)), to: BigInt(Math.max(x, y)) }));
const set = fc.array(range, { maxLength: 3 }).map(union);
const has = (ranges: RangeSet, value: number) =>
  ranges.some(({ from, to }) => from <= BigInt(value) && BigInt(value) <= to);
const world = Array.from({ length: edge + 1 }, (_, value) => value);

const traffic = fc.record({
  source: set.filter((ranges) => ranges.length > 0),
  destination: set.filter((ranges) => ranges.length > 0),
  protocol: fc.constantFrom<RangeSet>(anyProtocol, [{ from: 6n, to: 6n }], [{ from: 0n, to: 5n }]),
  sourcePort: fc.constant(anyPort),
  destinationPort: fc.constantFrom<RangeSet>(anyPort, [{ from: 1n, to: 9n }]),
}) satisfies fc.Arbitrary<Traffic>;

interface Packet {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly port: number;
}
const isIn = (each: Traffic, { source, destination, protocol, port }: Packet) =>
  has(each.source, source) &&
  has(each.destination, destination) &&
  has(each.protocol, protocol) &&
  has(each.destinationPort, port);
const everyPacket = world.flatMap((source) =>
  world.flatMap((destination) =>
    [3, 6, 17].flatMap((protocol) => [0, 5, 80].map((port) => ({ source, destination, protocol, port }))),
  ),
);

describe('sets of numbers, asked number by number', () => {
  test('union, what is common, what is left', () => {
    fc.assert(
      fc.property(set, set, (one, other) => {
        for (const value of world) {
          expect(has(union([...one, ...other]), value)).toBe(has(one, value) || has(other, value));
          expect(has(common(one, other), value)).toBe(has(one, value) && has(other, value));
          expect(has(without(one, other), value)).toBe(has(one, value) && !has(other, value));
        }
      }),
    );
  });

  test('a union has its ranges in order, and none that could be joined', () => {
    fc.assert(
      fc.property(fc.array(range), (ranges) => {
        const joined = union(ranges);
        for (const [index, { from, to }] of joined.entries()) {
          expect(from <= to).toBe(true);
          const next = joined[index + 1];
          if (next) expect(next.from > to + 1n).toBe(true);
        }
      }),
    );
  });
});

describe('sets of packets, asked packet by packet', () => {
  test('what a rule leaves of a tunnel is what is in the tunnel and not in the rule, each packet once', () => {
    fc.assert(
      fc.property(traffic, fc.array(traffic, { maxLength: 3 }), (tunnel, rules) => {
        const rest = rules.reduce<readonly Traffic[]>(withoutTraffic, [tunnel]);
        const wrong = everyPacket.filter((packet) => {
          const expected = isIn(tunnel, packet) && !rules.some((rule) => isIn(rule, packet));
          return rest.filter((each) => isIn(each, packet)).length !== (expected ? 1 : 0);
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('common packets are in both', () => {
    fc.assert(
      fc.property(traffic, traffic, (one, other) => {
        const both = commonTraffic(one, other);
        const wrong = everyPacket.filter(
          (packet) =>
            (both !== undefined && isIn(both, packet)) !== (isIn(one, packet) && isIn(other, packet)),
        );
        expect(wrong).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('addresses', () => {
  test.each([
    ['10.1.0.0/24', 4, '10.1.0.0/24'],
    ['10.1.0.77/24', 4, '10.1.0.0/24'],
    ['10.1.0.5', 4, '10.1.0.5'],
    ['10.0.1.0-10.0.7.255', 4, '10.0.1.0-10.0.7.255'],
    ['10.0.0.0-10.0.7.255', 4, '10.0.0.0/21'],
    ['0.0.0.0/0', 4, '0.0.0.0/0'],
    ['2001:db8::/32', 6, '2001:db8::/32'],
    ['2001:db8::5', 6, '2001:db8::5'],
  ] as const)('%s of IPv%d reads %s', (text, family, expected) => {
    const read = parseAddressRange(text);
    expect(read?.family).toBe(family);
    expect(read && describeAddresses([read], family)).toBe(expected);
  });

  test.each([
    ...['10.1.0.0/33', '10.1.0.0/x', '10.1.0.0/', '10.1.0.0/24/1', '2001:db8::/129', 'xxx.xxx.0.1', ''],
    ...[
      '10.1.0.9-10.1.0.5',
      '10.1.0.9-',
      '10.1.0.1-10.1.0.2-10.1.0.3',
      '10.1.0.0/24-10.1.0.9',
      '10.1.0.1-::1',
    ],
    'masquerade',
  ])('%s is no address', (text) => {
    expect(parseAddressRange(text)).toBeUndefined();
  });
});
