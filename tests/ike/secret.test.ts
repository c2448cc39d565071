import { format, inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareSecrets, isMasked, maskedSecret, secretFromSwanctl } from '../../src/ike/secret.ts';
import { readSwanctlValue } from '../../src/ike/swanctl-value.ts';

function compare(one: string, other: string): string {
  return compareSecrets(secretFromSwanctl(one), secretFromSwanctl(other));
}

describe('the key (swanctl load_creds.c, chunk.c)', () => {
  test.each([
    ['the same text', 'secret', 'secret', 'equal'],
    ['case', 'secret', 'Secret', 'different'],
    ['a blank at the end', 'secret', 'secret ', 'different'],
    ['hexadecimal', '0x736563726574', 'secret', 'equal'],
    ['hexadecimal, capitals', '0X73656372657A', '0x73656372657a', 'equal'],
    ['hexadecimal, colons', '0x73:65:63:72:65:74', 'secret', 'equal'],
    ['hexadecimal, an odd digit stands at the head', '0x163', '0x0163', 'equal'],
    ['hexadecimal, 0x twice', '0x0x7365', '0x7365', 'equal'],
    ['base64', '0sc2VjcmV0', 'secret', 'equal'],
    ['base64, padded', '0sc2VjcmU=', 'secre', 'equal'],
    ['base64, padded twice', '0Sc2VjcjE3dA==', 'secr17t', 'equal'],
    ['base64 of the other alphabet', '0s-_-_', '0s+/+/', 'equal'],
    ['base64, an incomplete group is lost', '0sc2VjcmV0ab', 'secret', 'equal'],
    ['base64 against its own text', '0sc2VjcmV0', 'c2VjcmV0', 'different'],
    ['what only begins like a number', '0', '0x30', 'equal'],
    ['an escape before the coding', '\\0x736563726574', 'secret', 'equal'],
    ['an escaped backslash', 'a\\\\b', 'a\\b', 'different'],
    ['beyond ASCII', 'Schlüssel', '0x5363686cc3bc7373656c', 'equal'],
    ['empty', '', '', 'equal'],
  ])('%s', (_, one, other, verdict) => {
    expect(compare(one, other)).toBe(verdict);
    expect(compare(other, one)).toBe(verdict);
  });

  test('a masked key is neither equal nor different, not even to itself', () => {
    expect(isMasked(maskedSecret)).toBe(true);
    expect(isMasked(secretFromSwanctl(''))).toBe(false);
    expect(compareSecrets(maskedSecret, maskedSecret)).toBe('unknown');
    expect(compareSecrets(secretFromSwanctl('x'), maskedSecret)).toBe('unknown');
    expect(compareSecrets(maskedSecret, secretFromSwanctl('x'))).toBe('unknown');
  });
});

describe('a key never shows', () => {
  const text = 'hunter2-Tr0ub4dor';
  const secret = secretFromSwanctl(text);
  const nested = { psk: [{ secret, ids: new Map([['id', secret]]) }] };
  const error = new Error(`failed with ${secret}`, { cause: nested });
  const copies = () => {
    try {
      return inspect(structuredClone(secret), { showHidden: true });
    } catch (thrown) {
      return String(thrown);
    }
  };
  const hex = Buffer.from(text).toString('hex');
  const bytes = [...Buffer.from(text)].map((byte) => byte.toString(16)).join(' ');

  test.each([
    ['String', () => String(secret)],
    ['a template', () => `${secret}`],
    ['addition', () => `${''}${secret}`.concat(secret.toString())],
    ['toLocaleString', () => String((secret as object).toLocaleString())],
    ['JSON', () => JSON.stringify(secret)],
    ['JSON, nested', () => JSON.stringify({ nested, list: [secret] })],
    ['inspect', () => inspect(secret)],
    ['inspect of all', () => inspect(secret, { showHidden: true, depth: null, getters: true })],
    ['inspect, nested', () => inspect(nested, { showHidden: true, depth: null })],
    ['inspect, not the custom one', () => inspect(secret, { customInspect: false })],
    ['format', () => format('%s %o %O %j', secret, secret, secret, secret)],
    ['an error', () => `${error.message} ${error.stack} ${inspect(error)}`],
    ['Object.entries', () => inspect(Object.entries(secret))],
    ['Object.keys', () => Object.keys(secret).join()],
    ['Object.values', () => inspect(Object.values(secret))],
    ['a spread', () => inspect({ ...secret }, { showHidden: true })],
    ['Object.assign', () => inspect(Object.assign({}, secret), { showHidden: true })],
    ['structuredClone', copies],
    ['a diff of jest', () => inspect({ received: secret, expected: maskedSecret }, { depth: null })],
  ])('by %s', (_, show) => {
    const shown = show();
    expect(shown.includes(text)).toBe(false);
    expect(shown.includes('hunter2')).toBe(false);
    expect(shown.toLowerCase().includes(hex)).toBe(false);
    expect(shown.includes(bytes)).toBe(false);
  });

  test('not even where an inspector is asked for all that is hidden, and not to listen to the object', () => {
    expect(inspect(secret, { customInspect: false, showHidden: true })).not.toMatch(/104,\s+117,\s+110/);
  });

  test('nor does its length', () => {
    for (const other of [secretFromSwanctl('x'), secretFromSwanctl('x'.repeat(99)), maskedSecret]) {
      expect(String(other)).toBe(String(secret));
      expect(inspect(other)).toBe(inspect(secret));
      expect(JSON.stringify(other)).toBe(JSON.stringify(secret));
    }
  });
});

describe('properties', () => {
  test('a key is equal to its hexadecimal and base64 spelling', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each)),
        (key) => {
          expect(compare(`0x${key.toString('hex')}`, `0s${key.toString('base64')}`)).toBe('equal');
        },
      ),
    );
  });

  test('texts without escapes and codings are equal exactly where they are the same', () => {
    const text = fc
      .string({ unit: 'grapheme' })
      .filter((each) => !/^0[xs]/i.test(each) && !/[\\"]/.test(each));
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(compare(one, other)).toBe(one === other ? 'equal' : 'different');
        expect(compare(one, one)).toBe('equal');
      }),
    );
  });

  test('a key is equal to itself, or breaks the file', () => {
    fc.assert(
      fc.property(fc.constantFrom('0x', '0X', '0s', '0S', '\\', ''), fc.string(), (head, tail) => {
        const text = head + tail;
        const readable = readSwanctlValue(text) !== undefined;
        expect(secretFromSwanctl(text).kind).toBe(readable ? 'key' : 'unreadable');
        expect(compare(text, text)).toBe(readable ? 'equal' : 'unknown');
      }),
    );
  });
});
