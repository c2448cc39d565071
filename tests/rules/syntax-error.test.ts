import { describe, expect, test } from '@jest/globals';
import { lint } from '../../src/index.ts';
import { examplePair } from '../../src/rules/example-pair.ts';
import { positionAt } from '../../src/source/index.ts';

function unreadIn(text: string) {
  const { findings } = lint([
    { file: 'a.conf', text: examplePair.a },
    { file: 'b.conf', text },
  ]);
  return findings
    .filter(({ ruleId }) => ruleId === 'syntax-error')
    .map(({ message, locations }) => ({
      message,
      lines: locations.map(({ at }) => positionAt(at.file, at.start).line),
    }));
}

test('a dump in braces is said once, with where to get the other notation', () => {
  const text = `interfaces {
    ethernet eth0 {
        address 192.0.2.1/24
    }
}
vpn {
    ipsec {
        esp-group E {
            pfs enable
        }
    }
}
`;
  expect(unreadIn(text)).toEqual([
    { message: 'This is the notation of "show configuration", on 12 lines', lines: [1] },
  ]);
});

test('what else is wrong beside the braces is said, too', () => {
  expect(unreadIn(`vpn {\n}\nset vpn ipsec esp-group ‘E’\n`).map(({ lines }) => lines)).toEqual([[1], [3]]);
});

describe('lines that are wrong in the same way', () => {
  const quoted = (count: number) =>
    Array.from({ length: count }, (_, index) => `set vpn ipsec esp-group E${index} pfs ‘enable’`).join('\n');

  test('a few are listed', () => {
    expect(unreadIn(quoted(3)).map(({ lines }) => lines)).toEqual([[1], [2], [3]]);
  });

  test('many are counted, and the first are shown', () => {
    expect(unreadIn(quoted(813))).toEqual([
      {
        message: 'U+2018 is a typographic quote; a straight quote was meant, and 812 more lines like this',
        lines: [1, 2, 3],
      },
    ]);
  });
});
