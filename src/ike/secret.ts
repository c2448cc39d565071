import { inspect } from 'node:util';
import { fromBase64, fromHex } from './bytes.ts';

const bytes = Symbol('bytes');
const mask = '********';

/**
 * A pre-shared key. It compares and does nothing else: printed, inspected or turned into JSON it is a fixed mask
 * that tells neither the key nor its length.
 */
export interface Secret {
  readonly [bytes]: Buffer | undefined;
  toString(): string;
  toJSON(): string;
}

function secretOf(value: Buffer | undefined): Secret {
  const secret = { toString: () => mask, toJSON: () => mask };
  Object.defineProperty(secret, bytes, { value, enumerable: false });
  Object.defineProperty(secret, inspect.custom, { value: () => mask, enumerable: false });
  return secret as Secret;
}

/** A key that the dump does not show. */
export const maskedSecret: Secret = secretOf(undefined);

/**
 * The key that charon takes from what stands between the double quotes of a `secret` in swanctl.conf: backslash
 * escapes first (settings_lexer.l), then `0x` for hexadecimal and `0s` for base64 (swanctl load_creds.c).
 */
export function secretFromSwanctl(text: string): Secret {
  const unescaped = unquote(text);
  const coded = Buffer.from(unescaped.slice(2), 'utf8');
  if (/^0x/i.test(unescaped)) return secretOf(fromHex(coded));
  if (/^0s/i.test(unescaped)) return secretOf(fromBase64(coded));
  return secretOf(Buffer.from(unescaped, 'utf8'));
}

/** What is meant by the text between double quotes in swanctl.conf (settings_lexer.l). */
export function unquote(text: string): string {
  const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\n': '' };
  return text.replace(/\\([\s\S])/g, (_, character: string) => escapes[character] ?? character);
}

export function isMasked(secret: Secret): boolean {
  return secret[bytes] === undefined;
}

/** `unknown` where either is masked. */
export function compareSecrets(one: Secret, other: Secret): 'equal' | 'different' | 'unknown' {
  const [own, theirs] = [one[bytes], other[bytes]];
  if (own === undefined || theirs === undefined) return 'unknown';
  return own.equals(theirs) ? 'equal' : 'different';
}
