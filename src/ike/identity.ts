import { type Address, addressBits, addressFromBits, familyOf, parseAddress } from './address.ts';
import { fromHex } from './bytes.ts';
import { type AddressRange, networkRange, parseAddressRange, rangeHas, widthOf } from './range.ts';

/**
 * An IKE identity (RFC 7296 section 3.5). `text` is the identity as charon prints it; it may come from a hostile
 * configuration. `masked` stands for one that the dump does not show.
 */
export type Identity =
  | { readonly kind: 'ANY'; readonly text: '%any' }
  | { readonly kind: 'IPV4_ADDR' | 'IPV6_ADDR'; readonly text: string; readonly address: Address }
  | {
      readonly kind: 'IPV4_ADDR_SUBNET' | 'IPV6_ADDR_SUBNET';
      readonly text: string;
      readonly range: AddressRange;
      readonly prefixLength: number;
    }
  | {
      readonly kind: 'IPV4_ADDR_RANGE' | 'IPV6_ADDR_RANGE';
      readonly text: string;
      readonly range: AddressRange;
    }
  | { readonly kind: 'FQDN' | 'RFC822_ADDR' | 'KEY_ID'; readonly text: string }
  | { readonly kind: 'DER_ASN1_DN'; readonly text: string; readonly rdns: readonly Rdn[] }
  | { readonly kind: 'masked'; readonly text: string };

/** A relative distinguished name. A PrintableString and an e-mail address ignore case (identification.c, rdn_equals). */
interface Rdn {
  readonly type: string;
  readonly value: string;
  readonly ignoresCase: boolean;
}

/** How well an identity matches another, as strongSwan rates it (identification.h, id_match_t). */
export type MatchQuality = number;
export const noMatch = 0;
const matchAny = 1;
const matchManyWildcards = 2;
const matchOneWildcard = 19;
const matchPerfect = 20;

export const anyIdentity: Identity = { kind: 'ANY', text: '%any' };

export function maskedIdentity(text: string): Identity {
  return { kind: 'masked', text };
}

export function addressIdentity(address: Address): Identity {
  return { kind: familyOf(address) === 4 ? 'IPV4_ADDR' : 'IPV6_ADDR', text: address, address };
}

/** Spellings that strongSwan reads as "any identity". `any` is not among them: that is a host name. */
const anySpellings: ReadonlySet<string> = new Set(['', '%any', '%any6', '0.0.0.0', '*', '::', '0::0']);

/**
 * Reads a string as strongSwan does (identification.c, identification_create_from_string): with `=` a
 * distinguished name, else by the `@`, else an address, else a host name.
 */
export function parseIdentity(text: string): Identity {
  const typed = parsePrefixed(text) ?? parseNumbered(text);
  if (typed) return typed;
  if (text.includes('=')) {
    const rdns = parseDistinguishedName(text);
    return rdns ? distinguishedName(rdns) : keyId(Buffer.from(text));
  }
  if (text.includes('@')) return parseWithAt(text);
  if (anySpellings.has(text)) return anyIdentity;
  const fromAddress = parseAddressLike(text);
  if (fromAddress) return fromAddress;
  return text.includes(':') ? keyId(Buffer.from(text)) : { kind: 'FQDN', text };
}

function parseWithAt(text: string): Identity {
  if (text.startsWith('@#')) return keyId(fromHex(Buffer.from(text.slice(2))));
  if (text.startsWith('@@')) return { kind: 'RFC822_ADDR', text: text.slice(2) };
  if (text.startsWith('@')) return { kind: 'FQDN', text: text.slice(1) };
  return { kind: 'RFC822_ADDR', text };
}

const prefixKinds = {
  'rfc822:': 'RFC822_ADDR',
  'email:': 'RFC822_ADDR',
  'userfqdn:': 'RFC822_ADDR',
  'fqdn:': 'FQDN',
  'dns:': 'FQDN',
  'keyid:': 'KEY_ID',
} as const;

/** `fqdn:name` and the like name the type outright. The binary forms of ipv4: and asn1dn: are kept as key ids. */
function parsePrefixed(text: string): Identity | undefined {
  for (const [prefix, kind] of Object.entries(prefixKinds)) {
    if (!text.toLowerCase().startsWith(prefix)) continue;
    const rest = text.slice(prefix.length);
    const bytes = rest.startsWith('#') ? fromHex(Buffer.from(rest.slice(1))) : Buffer.from(rest);
    return kind === 'KEY_ID' ? keyId(bytes) : { kind, text: bytes.toString('utf8') };
  }
  return undefined;
}

/** `{2}:name` names the type by its number (RFC 7296 section 3.5). Of the binary types the text is kept as it is. */
function parseNumbered(text: string): Identity | undefined {
  const [, number, rest = ''] = /^\{\s*(0x[0-9a-f]+|\d+)\}:([\s\S]*)$/i.exec(text) ?? [];
  if (number === undefined) return undefined;
  const bytes = rest.startsWith('#') ? fromHex(Buffer.from(rest.slice(1))) : Buffer.from(rest);
  const kinds: Readonly<Record<number, 'FQDN' | 'RFC822_ADDR'>> = { 2: 'FQDN', 3: 'RFC822_ADDR' };
  const kind = kinds[Number(number)];
  return kind ? { kind, text: bytes.toString('utf8') } : keyId(bytes);
}

/** Printed as text where it is all printable, else byte by byte (identification.c, identification_printf_hook). */
function keyId(bytes: Buffer): Identity {
  const readable = bytes.every((byte) => byte >= 0x20 && byte < 0x7f) && bytes.length !== 20;
  const text = readable ? bytes.toString('latin1') : (bytes.toString('hex').match(/../g) ?? []).join(':');
  return { kind: 'KEY_ID', text };
}

function parseAddressLike(text: string): Identity | undefined {
  const [first = '', last] = text.includes('/') ? splitOnce(text, '/') : splitOnce(text, '-');
  const address = parseAddress(first);
  if (!address) return undefined;
  const family = familyOf(address);
  if (last === undefined) return addressIdentity(address);
  if (text.includes('/')) {
    const prefixLength = Number.parseInt(last, 10) || 0;
    if (prefixLength > widthOf(family)) return undefined;
    const range = networkRange(address, prefixLength);
    return {
      kind: family === 4 ? 'IPV4_ADDR_SUBNET' : 'IPV6_ADDR_SUBNET',
      text: `${addressFromBits(family, range.from)}/${prefixLength}`,
      range,
      prefixLength,
    };
  }
  const range = parseAddressRange(text);
  return (
    range && {
      kind: family === 4 ? 'IPV4_ADDR_RANGE' : 'IPV6_ADDR_RANGE',
      text: `${address}-${addressFromBits(family, range.to)}`,
      range,
    }
  );
}

function splitOnce(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Attribute types that strongSwan knows (identification.c, x501rdns), by the name it prints. */
const attributeTypes: ReadonlyMap<string, string> = new Map(
  (
    'ND UID DC CN SN serialNumber C L ST STREET O OU T D ' +
    'postalAddress postalCode N G I dnQualifier dmdName pseudonym ID EN E unstructuredName unstructuredAddress TCGID'
  )
    .split(' ')
    .map((name) => [name.toLowerCase(), name]),
);
const attributeAliases: ReadonlyMap<string, string> = new Map([
  ['employeenumber', 'EN'],
  ['email', 'E'],
  ['emailaddress', 'E'],
  ['un', 'unstructuredName'],
  ['ua', 'unstructuredAddress'],
]);

/** What strongSwan builds a distinguished name of (identification.c, RDN_MAX). */
const maxRdns = 20;

/**
 * `C=US, O=Acme` or `/C=US/O=Acme` (identification.c, atodn): blanks or equals signs part a type from its value, and
 * blanks are all that may stand before the first type or after the last value. Undefined where it is none.
 */
function parseDistinguishedName(text: string): readonly Rdn[] | undefined {
  const slashed = /^ *\//.test(text);
  const parts = (slashed ? text.replace(/^ *\//, '') : text).split(slashed ? '/' : ',');
  if (parts.at(-1)?.trim() === '') parts.pop();
  const rdns: Rdn[] = [];
  for (const part of parts) {
    const [, name = '', value = ''] = /^ *([^ =]+)[ =]+(.*?) *$/s.exec(part) ?? [];
    const key = name.toLowerCase();
    const type = attributeTypes.get(key) ?? attributeAliases.get(key);
    if (type === undefined) return undefined;
    rdns.push({ type, value, ignoresCase: type === 'E' || isPrintableString(type, value) });
  }
  return rdns.length > maxRdns ? undefined : rdns;
}

function isPrintableString(type: string, value: string): boolean {
  return type !== 'unstructuredName' && /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value);
}

function distinguishedName(rdns: readonly Rdn[]): Identity {
  return {
    kind: 'DER_ASN1_DN',
    text: rdns.map(({ type, value }) => `${type}=${value}`).join(', '),
    rdns,
  };
}

/** Whether it can stand for more than one peer (identification.c, contains_wildcards). */
export function hasWildcards(identity: Identity): boolean {
  switch (identity.kind) {
    case 'ANY':
      return true;
    case 'FQDN':
    case 'RFC822_ADDR':
      return identity.text.includes('*');
    case 'DER_ASN1_DN':
      return identity.rdns.some(({ value }) => value === '*');
    default:
      return false;
  }
}

/** Whether it stands for one peer alone: it has no wildcards, and is neither a subnet, a range nor masked. */
export function namesOne(identity: Identity): boolean {
  return !hasWildcards(identity) && !/^(?:IPV[46]_ADDR_(?:SUBNET|RANGE)|masked)$/.test(identity.kind);
}

/**
 * How well `identity` matches `pattern` (identification.c, matches_string, matches_dn, matches_range,
 * matches_binary). Host names and mail addresses ignore case and may have one `*` at the head of the pattern.
 */
export function matchIdentity(identity: Identity, pattern: Identity): MatchQuality {
  if (pattern.kind === 'ANY') return matchAny;
  switch (identity.kind) {
    case 'ANY':
    case 'masked':
      return noMatch;
    case 'FQDN':
    case 'RFC822_ADDR':
      return pattern.kind === identity.kind ? matchText(identity.text, pattern.text) : noMatch;
    case 'DER_ASN1_DN':
      return pattern.kind === 'DER_ASN1_DN' ? matchDistinguishedName(identity.rdns, pattern.rdns) : noMatch;
    case 'IPV4_ADDR':
    case 'IPV6_ADDR':
      return matchAddress(identity, pattern);
    default:
      return pattern.kind === identity.kind && pattern.text === identity.text ? matchPerfect : noMatch;
  }
}

function matchText(text: string, pattern: string): MatchQuality {
  const [own, wanted] = [text.toLowerCase(), pattern.toLowerCase()];
  if (own === wanted) return matchPerfect;
  if (!wanted.startsWith('*') || own.length < wanted.length) return noMatch;
  if (wanted === '*') return matchAny;
  return own.endsWith(wanted.slice(1)) ? matchOneWildcard : noMatch;
}

function matchDistinguishedName(own: readonly Rdn[], wanted: readonly Rdn[]): MatchQuality {
  if (own.length !== wanted.length) return noMatch;
  let wildcards = 0;
  for (const [index, rdn] of own.entries()) {
    const pattern = wanted[index];
    if (!pattern || rdn.type !== pattern.type) return noMatch;
    if (pattern.value === '*') wildcards += 1;
    else if (!sameRdnValue(rdn, pattern)) return noMatch;
  }
  return matchPerfect - Math.min(wildcards, matchOneWildcard - matchManyWildcards);
}

function sameRdnValue(one: Rdn, other: Rdn): boolean {
  if (one.ignoresCase && other.ignoresCase) return one.value.toLowerCase() === other.value.toLowerCase();
  return one.value === other.value;
}

function matchAddress(
  identity: Extract<Identity, { kind: 'IPV4_ADDR' | 'IPV6_ADDR' }>,
  pattern: Identity,
): MatchQuality {
  if (pattern.kind === identity.kind) {
    return 'address' in pattern && pattern.address === identity.address ? matchPerfect : noMatch;
  }
  if (!('range' in pattern) || !pattern.kind.startsWith(identity.kind)) return noMatch;
  if ('prefixLength' in pattern && pattern.prefixLength === 0) return matchManyWildcards;
  if (!rangeHas(pattern.range, addressBits(identity.address))) return noMatch;
  return pattern.range.from === pattern.range.to ? matchPerfect : matchOneWildcard;
}
