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
  /^[xX]{3}\.[xX]{3}\.(?:\d{1,3}|[xX]{1,3})\.(?:\d{1,3}|[xX]{1,3})(?:\/\d{1,2})?$/,
  /^[xX]{4}:[xX]{4}:[0-9a-fA-FxX:]*(?:\/\d{1,3})?$/,
];
