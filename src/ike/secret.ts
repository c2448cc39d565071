import { inspect } from 'node:util';
import { fromBase64, fromHex } from './bytes.ts';
import { readSwanctlValue } from './swanctl-value.ts';

const mask = '********';

/**
 * A pre-shared key. It compares and does nothing else: printed, inspected or turned into JSON it is a fixed mask
 * that tells neither the key nor its length.
 */
export interface Secret {
  readonly kind: 'key' | 'masked' | 'unreadable';
  toString(): string;
  toJSON(): string;
}

/** The keys themselves, out of reach of whoever holds a secret. */
const keys = new WeakMap<Secret, Buffer>();

function secretOf(kind: Secret['kind'], key?: Buffer): Secret {
  const secret: Secret = { kind, toString: () => mask, toJSON: () => mask };
  Object.defineProperty(secret, inspect.custom, { value: () => mask, enumerable: false });
  if (key) keys.set(secret, key);
  return secret;
}

/** A key that the dump does not show. */
export const maskedSecret: Secret = secretOf('masked');

/** One that breaks the swanctl.conf in which it stands. */
const unreadableSecret: Secret = secretOf('unreadable');

/**
 * The key that charon takes from what stands between the double quotes of a `secret` in swanctl.conf: what swanctl
 * reads of it first, then `0x` for hexadecimal and `0s` for base64 (swanctl load_creds.c).
 */
export function secretFromSwanctl(text: string): Secret {
  const value = readSwanctlValue(text);
  if (value === undefined) return unreadableSecret;
  const coded = Buffer.from(value.slice(2), 'utf8');
  if (/^0x/i.test(value)) return secretOf('key', fromHex(coded));
  if (/^0s/i.test(value)) return secretOf('key', fromBase64(coded));
  return secretOf('key', Buffer.from(value, 'utf8'));
}

/** The key that is the text itself, as a string between quotes in ipsec.secrets (stroke_cred.c, extract_secret). */
export function secretFromText(text: string): Secret {
  return secretOf('key', Buffer.from(text, 'utf8'));
}

export function isMasked(secret: Secret): boolean {
  return secret.kind === 'masked';
}

/** `unknown` where either is not there to compare. */
export function compareSecrets(one: Secret, other: Secret): 'equal' | 'different' | 'unknown' {
  const [own, theirs] = [keys.get(one), keys.get(other)];
  if (own === undefined || theirs === undefined) return 'unknown';
  return own.equals(theirs) ? 'equal' : 'different';
}

/** Puts together what has the same key, in the order of the first of each. What has a key that is not there stands alone. */
export function groupedBySecret<T>(
  items: readonly T[],
  secretOfItem: (item: T) => Secret,
): readonly (readonly [T, ...T[]])[] {
  const groups: [T, ...T[]][] = [];
  const byKey = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keys.get(secretOfItem(item))?.toString('latin1');
    const group = key === undefined ? undefined : byKey.get(key);
    if (group) {
      group.push(item);
      continue;
    }
    const started: [T, ...T[]] = [item];
    groups.push(started);
    if (key !== undefined) byKey.set(key, started);
  }
  return groups;
}

/**
 * Whether something holds of the key: of its text, or of its hexadecimal digits where it is no text. Undefined where the
 * key is not there. No more than that yes or no comes out.
 */
export function holdsOfSecret(secret: Secret, condition: (key: string) => boolean): boolean | undefined {
  const key = keys.get(secret);
  if (key === undefined) return undefined;
  const isText = key.every((byte) => byte >= 0x20 && byte < 0x7f);
  return condition(key.toString(isText ? 'latin1' : 'hex'));
}
