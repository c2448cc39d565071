import ipaddr from 'ipaddr.js';

/** An IP address in its one canonical spelling, so that equal addresses are equal strings. */
export type Address = string & { readonly address: unique symbol };

/** Reads an IPv4 address in dotted decimal or an IPv6 address; undefined for anything else, host names included. */
export function parseAddress(text: string): Address | undefined {
  if (dottedDecimal.test(text)) {
    return ipaddr.IPv4.isValidFourPartDecimal(text)
      ? (ipaddr.IPv4.parse(text).toString() as Address)
      : undefined;
  }
  if (!hexadecimal.test(text) || !ipaddr.IPv6.isValid(text)) return undefined;
  return ipaddr.IPv6.parse(text).toRFC5952String() as Address;
}

// What ipaddr.js is asked about: it tells a name by an exception, which is slow.
const dottedDecimal = /^\d+\.\d+\.\d+\.\d+$/;
const hexadecimal = /^[\da-f.]*:[\da-f:.]*$/i;

export function familyOf(address: Address): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

/** Whether it is `0.0.0.0` or `::`, which stand for any address. */
export function isUnspecified(address: Address): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** The address as a number of 32 or 128 bits. */
export function addressBits(address: Address): bigint {
  return ipaddr
    .parse(address)
    .toByteArray()
    .reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
}

export function addressFromBits(family: 4 | 6, bits: bigint): Address {
  const length = family === 4 ? 4 : 16;
  const bytes = Array.from({ length }, (_, index) =>
    Number((bits >> BigInt(8 * (length - 1 - index))) & 255n),
  );
  const address = ipaddr.fromByteArray(bytes);
  return (
    address.kind() === 'ipv6' ? (address as ipaddr.IPv6).toRFC5952String() : address.toString()
  ) as Address;
}

/** Addresses that no router on the public internet answers for (RFC 1918, RFC 6598, RFC 4193, link-local, loopback). */
export function isPrivate(address: Address): boolean {
  return ['private', 'carrierGradeNat', 'uniqueLocal', 'linkLocal', 'loopback'].includes(
    ipaddr.parse(address).range(),
  );
}
