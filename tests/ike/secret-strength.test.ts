import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { maskedSecret, secretFromSwanctl } from '../../src/ike/secret.ts';
import { guessabilityJudge } from '../../src/ike/secret-strength.ts';

/** As good as random, and the same in every run. */
function* numbers(): Generator<number> {
  for (let block = 0; ; block += 1) yield* createHash('sha256').update(`${block}`).digest();
}

const isGuessable = guessabilityJudge(['BRANCH-OSLO', 'site-a@example.com']);

describe('a key that is easier to guess than 20 random characters', () => {
  test.each([
    'test',
    'iamsecret',
    'Tr0ub4dor&3',
    'correcthorsebatterystaple',
    'YourVeryStrongPSKHere123!',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'abcdefghijklmnopqrstuvwxyz',
    '12345678901234567890',
    'Winter2024Winter2024Winter2024',
    'branch-oslo-branch-oslo',
    'vyos-ipsec-secret',
    // Twenty digits and half of the characters say: 8 bytes are 64 bits at most.
    '0x0011223344556677',
    '0sc2VjcmV0',
  ])('%s', (key) => {
    expect(isGuessable(secretFromSwanctl(key))).toBe(true);
  });

  const alphabets: Readonly<Record<string, string>> = {
    letters: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
    'small letters': 'abcdefghijklmnopqrstuvwxyz',
    'all that a keyboard has but quotes': Array.from({ length: 94 }, (_, index) =>
      String.fromCharCode(33 + index),
    )
      .join('')
      .replace(/["\\']/g, ''),
  };
  test.each(Object.entries(alphabets))('not: 20 random characters of %s', (_, alphabet) => {
    const stream = numbers();
    const next = () => alphabet[(stream.next().value ?? 0) % alphabet.length];
    const random = () => Array.from({ length: 20 }, next).join('');
    const judged = Array.from({ length: 60 }, () => isGuessable(secretFromSwanctl(random())));
    expect(judged.filter((each) => each !== false)).toEqual([]);
  });

  test.each([
    ['24 random bytes in base64', '0sMtQsW6Ay7B1YkYF0ZsXr9JHy6Yh1h3gQ'],
    ['16 random bytes in hexadecimal', '0x8f14e45fceea167a5a36dedd4bea2543'],
    ['what openssl rand -base64 24 prints', 'qk0Hc7Yz1B8mXw4RtVJ5uGf2LsPd9NEa'],
  ])('not: %s', (_, key) => {
    expect(isGuessable(secretFromSwanctl(key))).toBe(false);
  });

  test('nothing is said of one that is not there', () => {
    expect(isGuessable(maskedSecret)).toBeUndefined();
  });
});
