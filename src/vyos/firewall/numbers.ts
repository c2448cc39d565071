import { type Address, addressBits, familyOf, parseAddress } from '../../ike/address.ts';

/** A run of numbers, both ends included. */
export interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

export interface AddressRange extends Range {
  readonly family: 4 | 6;
}

/** `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9`, and the same of IPv6; undefined for anything else. */
export function addressRange(text: string): AddressRange | undefined {
  const [first = '', last, ...others] = text.split('-');
  if (others.length > 0) return undefined;
  if (last !== undefined) {
    const [from, to] = [parseAddress(first), parseAddress(last)];
    if (!from || !to || familyOf(from) !== familyOf(to)) return undefined;
    return { family: familyOf(from), from: addressBits(from), to: addressBits(to) };
  }
  const [host = '', length, ...more] = text.split('/');
  const address = parseAddress(host);
  if (!address || more.length > 0) return undefined;
  return prefix(address, length);
}

function prefix(address: Address, length: string | undefined): AddressRange | undefined {
  const family = familyOf(address);
  const bits = family === 4 ? 32 : 128;
  if (length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > bits)) return undefined;
  const free = BigInt(bits - Number(length ?? bits));
  const from = (addressBits(address) >> free) << free;
  return { family, from, to: from + (1n << free) - 1n };
}

export function coversFamily({ family, from, to }: AddressRange): boolean {
  return from === 0n && to === (1n << (family === 4 ? 32n : 128n)) - 1n;
}

/** The names that Debian's /etc/services has for the ports of IKE. */
const ports: Readonly<Record<string, number>> = { isakmp: 500, 'ipsec-nat-t': 4500 };

/** `500`, `500-600`, `isakmp`. A name that is not one of IKE's is `other`; what is no port at all is undefined. */
export function portRange(text: string): Range | 'other' | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match) return { from: BigInt(match[1] ?? ''), to: BigInt(match[2] ?? match[1] ?? '') };
  const named = Object.hasOwn(ports, text) ? ports[text] : undefined;
  if (named !== undefined) return { from: BigInt(named), to: BigInt(named) };
  return /^[a-z][\w.+-]*$/i.test(text) ? 'other' : undefined;
}

export function within({ from, to }: Range, value: bigint): boolean {
  return from <= value && value <= to;
}
