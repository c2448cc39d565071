import { type Address, addressBits, addressFromBits, familyOf, parseAddress } from './address.ts';

/** Numbers in a row, both ends included. */
export interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

/** Addresses of one family in a row. */
export interface AddressRange extends Range {
  readonly family: 4 | 6;
}

/** The bits of an address. */
export function widthOf(family: 4 | 6): 32 | 128 {
  return family === 4 ? 32 : 128;
}

export function everyAddress(family: 4 | 6): AddressRange {
  return { family, from: 0n, to: (1n << BigInt(widthOf(family))) - 1n };
}

export function hostRange(address: Address): AddressRange {
  const bits = addressBits(address);
  return { family: familyOf(address), from: bits, to: bits };
}

/** The network of a prefix; `length` is no more than the family's width. */
export function networkRange(address: Address, length: number): AddressRange {
  const family = familyOf(address);
  const host = BigInt(widthOf(family) - length);
  const from = (addressBits(address) >> host) << host;
  return { family, from, to: from + (1n << host) - 1n };
}

/** `192.0.2.1` or `192.0.2.0/24`, and the same of IPv6, host bits cleared; undefined for anything else. */
export function parsePrefix(text: string): AddressRange | undefined {
  const [head = '', length, ...more] = text.split('/');
  const address = parseAddress(head);
  if (!address || more.length > 0) return undefined;
  if (length === undefined) return hostRange(address);
  const isLength = /^\d{1,3}$/.test(length) && Number(length) <= widthOf(familyOf(address));
  return isLength ? networkRange(address, Number(length)) : undefined;
}

/** As `parsePrefix`, and `192.0.2.1-192.0.2.9`. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [first = '', last, ...more] = text.split('-');
  if (last === undefined) return parsePrefix(text);
  const [from, to] = [parseAddress(first), parseAddress(last)];
  if (!from || !to || more.length > 0 || familyOf(from) !== familyOf(to)) return undefined;
  const range = { family: familyOf(from), from: addressBits(from), to: addressBits(to) };
  return range.from <= range.to ? range : undefined;
}

/** What two ranges have in common; undefined where that is nothing. Families are not compared. */
export function commonRange(one: Range, other: Range): Range | undefined {
  const from = one.from > other.from ? one.from : other.from;
  const to = one.to < other.to ? one.to : other.to;
  return from <= to ? { from, to } : undefined;
}

export function rangeHas({ from, to }: Range, value: bigint): boolean {
  return from <= value && value <= to;
}

/** Whether all of `inner` is within `outer`. */
export function rangeContains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.family === inner.family && outer.from <= inner.from && inner.to <= outer.to;
}

export function sameRange(one: AddressRange, other: AddressRange): boolean {
  return one.family === other.family && one.from === other.from && one.to === other.to;
}

export function rangesMeet(one: AddressRange, other: AddressRange): boolean {
  return one.family === other.family && commonRange(one, other) !== undefined;
}

export function isEveryAddress({ family, from, to }: AddressRange): boolean {
  return from === 0n && to === everyAddress(family).to;
}

/** `10.1.0.0/24`; where it is no prefix `10.1.0.5..10.1.0.9`, with the dash that is given. */
export function formatAddressRange({ family, from, to }: AddressRange, dash: '-' | '..'): string {
  const size = to - from + 1n;
  const hostBits = size.toString(2).length - 1;
  const first = addressFromBits(family, from);
  return size === 1n << BigInt(hostBits) && from % size === 0n
    ? `${first}/${widthOf(family) - hostBits}`
    : `${first}${dash}${addressFromBits(family, to)}`;
}
