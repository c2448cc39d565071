import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Address,
  addressBits,
  addressFromBits,
  familyOf,
  isPrivate,
  parseAddress,
} from '../../src/ike/address.ts';

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed) throw new Error(`no address: ${text}`);
  return parsed;
}

describe('parse', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1', 4],
    ['0.0.0.0', '0.0.0.0', 4],
    ['255.255.255.255', '255.255.255.255', 4],
    ['2001:DB8::1', '2001:db8::1', 6],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1', 6],
    ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1', 6],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1', 6],
    ['::', '::', 6],
    ['0::0', '::', 6],
    ['::1', '::1', 6],
    ['::ffff:192.0.2.1', '::ffff:c000:201', 6],
    ['::ffff:c000:201', '::ffff:c000:201', 6],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221', 6],
    ['fe80::1', 'fe80::1', 6],
  ] as const)('%s', (text, canonical, family) => {
    expect(parseAddress(text)).toBe(canonical);
    expect(familyOf(address(text))).toBe(family);
  });

  // inet_pton takes neither octal nor short forms, and so neither does strongSwan.
  test.each([
    ...[
      '010.0.0.1',
      '192.0.2.01',
      '0x7f.0.0.1',
      '127.1',
      '3232235777',
      '192.0.2',
      '192.0.2.256',
      '192.0.2.1.5',
    ],
    ...['192.0.2.1 ', ' 192.0.2.1', '192.0.2.1/32', '192.0.2.-1', '1.2.3.4.'],
    ...['fe80::1%eth0', '2001:db8::1::2', '12345::', ':::', '1:2:3:4:5:6:7', '2001:db8::1/64', 'g::'],
    ...['', 'any', '%any', 'localhost', 'gw.example.net', 'dead.beef'],
  ])('%j is none', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('bits', () => {
  test.each([
    ['0.0.0.1', 1n],
    ['10.1.0.0', 0x0a010000n],
    ['255.255.255.255', 0xffffffffn],
    ['::1', 1n],
    ['2001:db8::', 0x20010db8n << 96n],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', (1n << 128n) - 1n],
  ] as const)('%s', (text, bits) => {
    expect(addressBits(address(text))).toBe(bits);
  });

  test.each([
    [4, 32],
    [6, 128],
  ] as const)('of IPv%i go to an address and back', (family, width) => {
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << BigInt(width)) - 1n), (bits) => {
        const text = addressFromBits(family, bits);
        expect(parseAddress(text)).toBe(text);
        expect(familyOf(text)).toBe(family);
        expect(addressBits(text)).toBe(bits);
      }),
    );
  });
});

describe('addresses that only a NAT brings to the internet', () => {
  test.each([
    ['10.0.0.1', true],
    ['172.15.255.255', false],
    ['172.16.0.0', true],
    ['172.31.255.255', true],
    ['172.32.0.0', false],
    ['192.168.255.255', true],
    ['192.169.0.0', false],
    ['100.63.255.255', false],
    ['100.64.0.1', true],
    ['100.127.255.255', true],
    ['169.254.1.1', true],
    ['127.0.0.1', true],
    // Documentation addresses stand for public ones.
    ['192.0.2.1', false],
    ['198.51.100.1', false],
    ['203.0.113.1', false],
    ['2001:db8::1', false],
    ['8.8.8.8', false],
    ['2606:4700::1111', false],
    ['fc00::1', true],
    ['fdff::1', true],
    ['fe80::1', true],
    ['::1', true],
  ] as const)('%s: %s', (text, expected) => {
    expect(isPrivate(address(text))).toBe(expected);
  });
});
