import { describe, expect, test } from '@jest/globals';
import { anyIdentity, maskedIdentity, parseIdentity } from '../../src/ike/identity.ts';
import { loadSecret } from '../../src/ike/load.ts';
import { secretFromSwanctl } from '../../src/ike/secret.ts';
import { bestKeyFor, keysFor, type SharedKey } from '../../src/ike/shared-key.ts';
import { nowhere } from './daemons.ts';

/** `name: id, id`, in the order in which they are loaded. */
function keys(...texts: readonly string[]): readonly SharedKey[] {
  return texts.map((text) => {
    const [name = '', ids = ''] = text.split(':');
    return loadSecret({
      name,
      origin: nowhere,
      ids: ids.split(',').flatMap((id) => (id.trim() === '' ? [] : [{ value: id.trim(), origin: nowhere }])),
      secret: { value: secretFromSwanctl(name), origin: nowhere },
    });
  });
}

const left = parseIdentity('left.example.net');
const right = parseIdentity('right.example.net');

describe('the key that an end authenticates itself with (credential_manager.c, get_shared)', () => {
  test.each([
    ['both ids', ['K: left.example.net, right.example.net'], 'K'],
    ['the local id alone is enough (mem_cred.c, shared_filter)', ['K: left.example.net'], 'K'],
    ['and so is the remote one', ['K: right.example.net'], 'K'],
    ['neither', ['K: other.example.net'], undefined],
    ['no key', [], undefined],
    ['no ids at all: anybody', ['K:'], 'K'],
    ['case does not count', ['K: LEFT.example.NET'], 'K'],
    ['the remote id outweighs the local one', ['R: right.example.net', 'L: left.example.net'], 'R'],
    ['whatever the order', ['L: left.example.net', 'R: right.example.net'], 'R'],
    ['both outweigh the remote one', ['B: left.example.net, right.example.net', 'R: right.example.net'], 'B'],
    [
      'the last loaded of equal ones (mem_cred.c, add_shared_unique)',
      ['A: right.example.net', 'B: right.example.net'],
      'B',
    ],
    ['the last loaded of those for anybody', ['A:', 'B: %any', 'C:'], 'C'],
    ['a name before a wildcard', ['N: right.example.net', 'W: *.example.net'], 'N'],
    [
      'a wildcard that is both ends against one of them by name',
      ['W: *.example.net', 'N: right.example.net'],
      'N',
    ],
    ['a wildcard before anybody', ['W: *.example.net', 'A: %any'], 'W'],
    // Both ends are worth 1: less than the other end by name.
    ['the other by name before anybody', ['N: right.example.net', 'A: %any'], 'N'],
    ['anybody before oneself by name: the other end counts first', ['A: %any', 'L: left.example.net'], 'A'],
    ['a key that names one and anybody', ['M: left.example.net, %any', 'A: %any'], 'M'],
    [
      'a duplicate owner is worth no more',
      ['A: right.example.net, right.example.net', 'B: right.example.net'],
      'B',
    ],
  ] as const)('%s', (_, loaded, expected) => {
    expect(bestKeyFor(keys(...loaded), left, right)?.name).toBe(expected);
  });

  test('before the other end is known only an owner of any identity fits it', () => {
    expect(bestKeyFor(keys('R: right.example.net'), left, anyIdentity)).toBeUndefined();
    expect(bestKeyFor(keys('R: right.example.net', 'L: left.example.net'), left, anyIdentity)?.name).toBe(
      'L',
    );
    expect(bestKeyFor(keys('A: %any', 'L: left.example.net'), left, anyIdentity)?.name).toBe('A');
  });

  test('an identity that the dump masks has no key, but one for anybody', () => {
    const masked = maskedIdentity('xxx.xxx.113.1');
    expect(bestKeyFor(keys('L: left.example.net'), masked, masked)).toBeUndefined();
    expect(bestKeyFor(keys('A:'), masked, masked)?.name).toBe('A');
  });
});

describe('the keys that an end tries on the proof of the other (psk_authenticator.c, process)', () => {
  test.each([
    [
      'all that have either id, the last loaded first',
      ['A: left.example.net', 'X: other', 'B: right.example.net', 'C:'],
      ['C', 'B', 'A'],
    ],
    ['none', ['X: other'], []],
  ] as const)('%s', (_, loaded, expected) => {
    expect(keysFor(keys(...loaded), left, right).map(({ name }) => name)).toEqual(expected);
  });
});
