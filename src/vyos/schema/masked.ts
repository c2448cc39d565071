/**
 * Whether a text stands in for another that was hidden: what `strip-private` of VyOS writes (`xxxxxx`,
 * `xxx.xxx.12.1`, `xxxx:xxxx:…`, `xxxxx.tld`), the stars of `show configuration`, and what people put there by hand
 * (`<secret>`, `****`). A character that could not be decoded (U+FFFD) hides another just as well: two texts that hold
 * one may differ there. Source: vyos-1x src/helpers/strip-private.py; vyatta-cfg for the stars.
 */
export function isMasked(text: string): boolean {
  return MASKS.some((mask) => mask.test(text));
}

const MASKS: readonly RegExp[] = [
  /^[xX]{4,}$/,
  /^\*{3,}$/,
  /\ufffd/,
  /^<[^<>]*>$/,
  /^x{2,}(?:@xxx\.xxx|\.tld)$/,
  // Anywhere in a text: in a range of addresses, or in a name.
  /(?<![0-9a-z])[xX]{3}\.[xX]{3}\.[\dxX]{1,3}\.[\dxX]{1,3}/,
  // ... or in a secret: what looks like an address there is masked as well.
  /[xX]{4}:[xX]{4}:[0-9a-fA-FxX:]*/,
];

/**
 * Whether two texts, one of them masked or both, may be the same: `strip-private` leaves the second half of an IPv4
 * address, and all but the first two groups of an IPv6 one.
 */
export function mayBeSame(one: string, other: string): boolean {
  const [left, right] = [visibleEnd(one), visibleEnd(other)];
  if (left === undefined || right === undefined) return true;
  return isMasked(one) || isMasked(other) ? left.toLowerCase() === right.toLowerCase() : one === other;
}

/** What a mask would leave of an address; undefined where nothing is left, or a text is no address. */
function visibleEnd(text: string): string | undefined {
  const ipv4 = /^[\dxX]{1,3}\.[\dxX]{1,3}\.(\d{1,3}\.\d{1,3})(?:\/\d+)?$/.exec(text)?.[1];
  return ipv4 ?? /^[\da-fA-FxX]{1,4}:[\da-fA-FxX]{1,4}:([\da-fA-F:]+)(?:\/\d+)?$/.exec(text)?.[1];
}
