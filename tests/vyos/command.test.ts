import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inert } from '../../src/report/inert.ts';
import { deleteCommand, readCommand, setCommand } from '../../src/vyos/command.ts';

const path = ['vpn', 'ipsec', 'site-to-site', 'peer', 'P'];

describe('a command', () => {
  test('puts its value in quotes, and a word of the path only where it must', () => {
    expect(setCommand([...path, 'local-id'], 'a b')).toBe("set vpn ipsec site-to-site peer P local-id 'a b'");
    expect(deleteCommand(['psk', 'a b', 'id'])).toBe("delete psk 'a b' id");
    expect(deleteCommand(path)).toBe('delete vpn ipsec site-to-site peer P');
  });

  test.each(['a|reboot', '$(reboot)', '`reboot`', 'a;b', 'a&b', 'a>b', 'a{b,c}', '~root', 'a!b', 'a\\b'])(
    'keeps %s from being read as anything else by a shell, and can be read back',
    (word) => {
      const command = setCommand([...path, word, 'id'], word) ?? '';
      expect(command).toBe(`set ${path.join(' ')} '${word}' id '${word}'`);
      expect(readCommand(command)).toEqual({ verb: 'set', words: [...path, word, 'id', word] });
    },
  );

  test.each(["b'c", 'b"c', 'b\nc', 'b\u001bc', 'b\u202ec', 'b\u00a0c', 'b\u200bc', 'b##[c]', 'b ::error::c'])(
    'does not exist for %j, which VyOS does not take or no report shows as it is',
    (word) => {
      expect(setCommand(path, word)).toBeUndefined();
      expect(deleteCommand([...path, word])).toBeUndefined();
    },
  );

  test('is shown by every report as it is', () => {
    const word = fc
      .array(fc.constantFrom('a', '::error::', '::', '##[', '#', ' ', "'", '\u001b', '\u202e', '/', 'é'), {
        minLength: 1,
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(word), word, (words, value) => {
        const command = setCommand(['vpn', ...words], value) ?? '';
        expect(inert(command)).toBe(command);
      }),
    );
  });
});
