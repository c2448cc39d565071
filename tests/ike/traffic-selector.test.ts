import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressFromBits, parseAddress } from '../../src/ike/address.ts';
import {
  compareSelectors,
  dynamicSelector,
  formatSelector,
  formatSelectors,
  intersect,
  isContainedIn,
  narrow,
  protocolNumber,
  resolveSelectors,
  sameSelector,
  selectorFromPrefix,
  type TrafficSelector,
  withoutRedundant,
} from '../../src/ike/traffic-selector.ts';

/** strongSwan's notation: `10.1.0.0/24`, `10.1.0.0/24[tcp/443]`. */
function selector(text: string): TrafficSelector {
  const [, prefix = '', protocol = '0', port] = /^([^[]+)(?:\[(\w+)(?:\/(\d+))?\])?$/.exec(text) ?? [];
  const configured = selectorFromPrefix(
    prefix,
    protocolNumber(protocol),
    port === undefined ? undefined : Number(port),
  );
  if (configured?.kind !== 'fixed') throw new Error(`no selector: ${text}`);
  const { kind: _, ...fixed } = configured;
  return fixed;
}

function selectors(text: string): readonly TrafficSelector[] {
  return text.split(' ').flatMap((each) => (each === '' ? [] : [selector(each)]));
}

describe('a prefix', () => {
  test.each([
    ['10.1.0.0/24', '10.1.0.0/24'],
    ['10.1.0.5', '10.1.0.5/32'],
    ['10.1.0.5/32', '10.1.0.5/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['128.0.0.0/1', '128.0.0.0/1'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['::/0', '::/0'],
    // calc_range clears the host bits and sets them.
    ['10.1.0.77/24', '10.1.0.0/24'],
    ['2001:db8:1:2::9/48', '2001:db8:1::/48'],
    ['255.255.255.255/32', '255.255.255.255/32'],
  ])('%s is %s', (text, expected) => {
    expect(formatSelector(selector(text))).toBe(expected);
  });

  test.each([
    '',
    'any',
    'gw.example.net',
    '10.1.0.0/33',
    '10.1.0.0/-1',
    '::/129',
    '10.1.0/24',
    '10.1.0.0/x',
    '10.1.0.0/24.5',
  ])('%j is none', (text) => {
    expect(selectorFromPrefix(text)).toBeUndefined();
  });
});

describe('protocols by name and number, as getprotobyname has them', () => {
  test.each([
    ['tcp', 6],
    ['udp', 17],
    ['icmp', 1],
    ['ipv6-icmp', 58],
    ['gre', 47],
    ['esp', 50],
    ['ipencap', 4],
    ['l2tp', 115],
    ['47', 47],
    ['0', 0],
    ['255', 255],
    // vici_config.c, parse_ts; /etc/protocols
    ['any', 0],
    ['ip', 0],
    ['hopopt', 0],
    // Words that VyOS takes and Debian does not know.
    ['all', undefined],
    ['tcp_udp', undefined],
    ['icmpv6', undefined],
    ['256', undefined],
    ['-1', undefined],
    ['', undefined],
  ] as const)('%j: %s', (text, number) => {
    expect(protocolNumber(text)).toBe(number);
  });
});

describe('format', () => {
  test.each([
    ['10.1.0.0/24[tcp/443]', '10.1.0.0/24[tcp/443]'],
    ['10.1.0.0/24[6]', '10.1.0.0/24[tcp]'],
    ['10.1.0.0/24[200]', '10.1.0.0/24[200]'],
    ['10.1.0.0/24[0/53]', '10.1.0.0/24[0/53]'],
    ['2001:db8::/32[udp/53]', '2001:db8::/32[udp/53]'],
    ['10.1.0.1[gre]', '10.1.0.1/32[gre]'],
  ])('%s', (text, expected) => {
    expect(formatSelector(selector(text))).toBe(expected);
  });

  test('a range of ports, and of addresses that are no prefix', () => {
    expect(formatSelector({ ...selector('10.1.0.0/24[tcp]'), fromPort: 80, toPort: 90 })).toBe(
      '10.1.0.0/24[tcp/80-90]',
    );
    expect(formatSelector({ ...selector('10.1.0.0/24'), from: 0x0a010005n, to: 0x0a010009n })).toBe(
      '10.1.0.5..10.1.0.9',
    );
    // A size of a power of two that does not begin at a multiple of it.
    expect(formatSelector({ ...selector('10.1.0.0/24'), from: 0x0a010001n, to: 0x0a010002n })).toBe(
      '10.1.0.1..10.1.0.2',
    );
  });

  test('a list, as charon logs it', () => {
    expect(formatSelectors(selectors('10.1.0.0/24 10.2.0.0/24[tcp]'))).toBe('10.1.0.0/24 10.2.0.0/24[tcp]');
    expect(formatSelectors([])).toBe('');
  });
});

describe('what two have in common (traffic_selector.c, get_subset)', () => {
  test.each([
    ['10.1.0.0/16', '10.1.2.0/24', '10.1.2.0/24'],
    ['10.1.0.0/24', '10.1.0.0/24', '10.1.0.0/24'],
    ['10.1.0.0/24', '10.1.1.0/24', undefined],
    ['0.0.0.0/0', '192.0.2.1', '192.0.2.1/32'],
    ['0.0.0.0/0', '::/0', undefined],
    ['10.1.0.0/24[tcp]', '10.1.0.0/24', '10.1.0.0/24[tcp]'],
    ['10.1.0.0/24[tcp]', '10.1.0.0/24[udp]', undefined],
    ['10.1.0.0/24[tcp/443]', '10.1.0.0/24[tcp]', '10.1.0.0/24[tcp/443]'],
    ['10.1.0.0/24[tcp/443]', '10.1.0.0/24[tcp/80]', undefined],
    ['10.1.0.0/24[0/443]', '10.1.0.0/24[tcp]', '10.1.0.0/24[tcp/443]'],
    ['10.1.0.0/16[tcp/443]', '10.1.2.0/24', '10.1.2.0/24[tcp/443]'],
    ['2001:db8::/32', '2001:db8:1::/48', '2001:db8:1::/48'],
  ] as const)('%s, %s: %s', (one, other, expected) => {
    const common = intersect(selector(one), selector(other));
    expect(common && formatSelector(common)).toBe(expected);
  });
});

describe('without the redundant ones (child_cfg.c, get_traffic_selectors)', () => {
  test.each([
    ['', ''],
    ['10.1.0.0/24 10.2.0.0/24', '10.1.0.0/24 10.2.0.0/24'],
    ['10.1.0.0/24 10.1.0.0/24', '10.1.0.0/24'],
    ['10.1.0.0/24 10.1.0.0/16', '10.1.0.0/16'],
    ['10.1.0.0/16 10.1.0.0/24', '10.1.0.0/16'],
    ['10.1.0.0/24[tcp] 10.1.0.0/24', '10.1.0.0/24'],
    ['10.1.0.0/24[tcp] 10.1.0.0/16[udp]', '10.1.0.0/24[tcp] 10.1.0.0/16[udp]'],
    ['10.1.0.0/25 10.1.0.128/25', '10.1.0.0/25 10.1.0.128/25'],
    ['0.0.0.0/0 ::/0 10.0.0.0/8', '0.0.0.0/0 ::/0'],
  ])('%s: %s', (list, expected) => {
    expect(formatSelectors(withoutRedundant(selectors(list)))).toBe(expected);
  });
});

describe('narrowing (RFC 7296 section 2.9)', () => {
  test.each([
    ['equal', '10.1.0.0/24', '10.1.0.0/24', '10.1.0.0/24'],
    ['narrower', '10.1.0.0/16', '10.1.2.0/24', '10.1.2.0/24'],
    ['wider', '10.1.2.0/24', '10.0.0.0/8', '10.1.2.0/24'],
    ['nothing', '10.1.0.0/24', '10.2.0.0/24', ''],
    ['some of several', '10.1.0.0/24 10.2.0.0/24', '10.2.0.0/24 10.3.0.0/24', '10.2.0.0/24'],
    [
      'the order of the configured',
      '10.2.0.0/24 10.1.0.0/24',
      '10.1.0.0/24 10.2.0.0/24',
      '10.2.0.0/24 10.1.0.0/24',
    ],
    ['what overlaps twice stands once', '10.0.0.0/8 10.1.0.0/16', '10.1.0.0/24', '10.1.0.0/24'],
    ['everything, of both families', '0.0.0.0/0 ::/0', '0.0.0.0/0 ::/0', '0.0.0.0/0 ::/0'],
    ['an IPv4 prefix against everything', '0.0.0.0/0 ::/0', '10.1.0.0/24', '10.1.0.0/24'],
  ])('%s', (_, configured, supplied, expected) => {
    expect(formatSelectors(narrow(selectors(configured), selectors(supplied)))).toBe(expected);
  });
});

describe('the order in which charon lists them (traffic_selector_cmp)', () => {
  test('IPv4 first, the lower start first, the larger first', () => {
    const sorted = '10.0.0.0/8 10.0.0.0/24 10.0.0.0/24[tcp] 10.1.0.0/16 ::/0 2001:db8::/32';
    const shuffled = selectors(sorted).toReversed();
    expect(formatSelectors(shuffled.toSorted(compareSelectors))).toBe(sorted);
  });
});

describe('with the address of the end (child_cfg.c, get_traffic_selectors)', () => {
  const host = parseAddress('203.0.113.1');
  if (!host) throw new Error('no address');

  test.each([
    ['a dynamic one takes it', [dynamicSelector()], false, '203.0.113.1/32'],
    ['and keeps its protocol and port', [dynamicSelector(6, 443)], false, '203.0.113.1/32[tcp/443]'],
    ['a fixed one stays', [selectorFromPrefix('10.1.0.0/24')], false, '10.1.0.0/24'],
    [
      'in transport mode it is the host, where that is within',
      [selectorFromPrefix('203.0.113.0/24', 47)],
      true,
      '203.0.113.1/32[gre]',
    ],
    ['and nothing where it is not', [selectorFromPrefix('10.1.0.0/24')], true, ''],
    [
      'everything in transport mode',
      [selectorFromPrefix('0.0.0.0/0'), selectorFromPrefix('::/0')],
      true,
      '203.0.113.1/32',
    ],
  ])('%s', (_, configured, forceHost, expected) => {
    const given = configured.flatMap((each) => each ?? []);
    expect(formatSelectors(resolveSelectors(given, host, { forceHost }))).toBe(expected);
  });
});

describe('properties', () => {
  const anySelector = fc
    .record({
      family: fc.constantFrom(4, 6),
      bits: fc.bigInt(0n, (1n << 128n) - 1n),
      // Few bits behind the length, so that they meet.
      length: fc.nat(4),
      protocol: fc.constantFrom(0, 6, 17),
      ports: fc.constantFrom([0, 65535], [443, 443], [0, 1023], [80, 500]),
    })
    .map(({ family, bits, length, protocol, ports: [fromPort = 0, toPort = 0] }): TrafficSelector => {
      const host = BigInt((family === 4 ? 32 : 128) - length);
      const from = (bits & ((1n << BigInt(length)) - 1n)) << host;
      return { family: family === 4 ? 4 : 6, from, to: from + (1n << host) - 1n, protocol, fromPort, toPort };
    });
  const anyList = fc.array(anySelector, { maxLength: 4 });

  test('what two have in common is the same from both ends, and within both', () => {
    fc.assert(
      fc.property(anySelector, anySelector, (one, other) => {
        const common = intersect(one, other);
        expect(intersect(other, one)).toEqual(common);
        if (!common) return;
        expect(isContainedIn(common, one) && isContainedIn(common, other)).toBe(true);
      }),
    );
  });

  test('narrowing stays within both, and overlooks nothing', () => {
    fc.assert(
      fc.property(anyList, anyList, (configured, supplied) => {
        const narrowed = narrow(configured, supplied);
        for (const each of narrowed) {
          expect(configured.some((own) => isContainedIn(each, own))).toBe(true);
          expect(supplied.some((own) => isContainedIn(each, own))).toBe(true);
        }
        for (const own of configured) {
          for (const other of supplied) {
            const common = intersect(own, other);
            if (common) expect(narrowed.some((each) => isContainedIn(common, each))).toBe(true);
          }
        }
        expect(narrow(narrowed, supplied)).toEqual(narrowed);
      }),
    );
  });

  test('the list without redundant ones covers the same and has none left', () => {
    fc.assert(
      fc.property(anyList, (list) => {
        const left = withoutRedundant(list);
        expect(list.every((each) => left.some((outer) => isContainedIn(each, outer)))).toBe(true);
        expect(left.every((each) => list.includes(each))).toBe(true);
        expect(withoutRedundant(left)).toEqual(left);
      }),
    );
  });

  test('the order is total', () => {
    fc.assert(
      fc.property(anySelector, anySelector, (one, other) => {
        expect(Math.sign(compareSelectors(one, other)) + Math.sign(compareSelectors(other, one))).toBe(0);
        expect(compareSelectors(one, other) === 0).toBe(sameSelector(one, other));
      }),
    );
  });

  test.each([
    [4, 32],
    [6, 128],
  ] as const)('a prefix of IPv%i is what it is printed as', (family, width) => {
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << BigInt(width)) - 1n), fc.nat(width), (bits, length) => {
        const text = `${addressFromBits(family, bits)}/${length}`;
        const parsed = selector(text);
        expect(sameSelector(selector(formatSelector(parsed)), parsed)).toBe(true);
        expect(formatSelector(parsed).endsWith(`/${length}`)).toBe(true);
      }),
    );
  });
});

describe('a port of ICMP is a type (traffic_selector.c, traffic_selector_create)', () => {
  const common = (one: string, other: string) => {
    const subset = intersect(selector(one), selector(other));
    return subset && formatSelector(subset);
  };
  test.each([
    ['10.1.0.0/24[icmp/8]', '10.1.0.0/24[icmp/8]', '10.1.0.0/24[icmp/8]'],
    ['10.1.0.0/24[icmp/8]', '10.1.0.0/24[icmp]', '10.1.0.0/24[icmp/8]'],
    ['10.1.0.0/24[icmp/80]', '10.1.0.0/24[0/80]', undefined],
    ['10.1.0.0/24[icmp]', '10.1.0.0/24[0/80]', '10.1.0.0/24[icmp/80]'],
    ['2001:db8::/64[58/128]', '2001:db8::/64', '2001:db8::/64[ipv6-icmp/128]'],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(common(one, other)).toBe(expected);
    expect(common(other, one)).toBe(expected);
  });
});
