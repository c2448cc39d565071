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

const braces = `interfaces {
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

test('a dump in braces is read', () => {
  expect(unreadIn(braces)).toEqual([]);
});

describe('braces in a dump of "set" commands', () => {
  // As many as there are braces: with fewer, the commands would be among blocks.
  const commands = Array.from({ length: 10 }, (_, i) => `set vpn ipsec ike-group I${i} lifetime '28800'\n`);
  const half = commands.slice(0, 5).join('');
  const all = commands.join('');
  const message = 'Among "set" commands, 12 lines are in the notation of "show configuration"';

  test.each([
    ['behind', `${all}${braces}`, 11],
    ['before', `${braces}${all}`, 1],
    ['between', `${half}${braces}${half}`, 6],
  ])('are said once, %s the commands', (_, text, line) => {
    expect(unreadIn(text)).toEqual([{ message, lines: [line] }]);
  });

  test('cost the lines in braces alone, and it is said where to get one notation', () => {
    const { findings, sites } = lint([
      { file: 'a.conf', text: examplePair.a },
      { file: 'b.conf', text: `${all}${braces}` },
    ]);
    expect(sites[1]?.commands).toBe(10);
    const [finding] = findings.filter(({ ruleId }) => ruleId === 'syntax-error');
    expect(finding?.consequence).toMatch(/not read; all others are.*"show configuration commands"/);
  });

  test('hide nothing else that is wrong', () => {
    const damaged = 'set vpn ipsec esp-group ‘E’\n';
    expect(unreadIn(`${all}${braces}${damaged}`).map(({ lines }) => lines)).toEqual([[11], [23]]);
    expect(unreadIn(`${commands[0]}vpn {\n}\n${damaged}`).map(({ lines }) => lines)).toEqual([[2], [4]]);
  });
});

test('"set" commands between blocks are read, and what is wrong with them is said', () => {
  expect(unreadIn(`vpn {\n}\nset vpn ipsec esp-group E\n`)).toEqual([]);
  expect(unreadIn(`vpn {\n}\nset vpn ipsec esp-group ‘E’\n`).map(({ lines }) => lines)).toEqual([[3]]);
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

test.each([
  [['**set vpn ipsec ike-group I**'], 'This command is', 'it'],
  [
    Array.from({ length: 30 }, (_, index) => `**set vpn ipsec ike-group I${index}**`),
    'These lines are',
    'them',
  ],
])('what is read without its damage: %#', (damaged, what, them) => {
  const { findings } = lint([
    { file: 'a.conf', text: examplePair.a },
    { file: 'b.conf', text: `${examplePair.b}${damaged.join('\n')}\n` },
  ]);
  const [finding] = findings.filter(({ ruleId }) => ruleId === 'syntax-error');
  expect(finding?.consequence).toContain(
    `${what} read by what is left without that damage. VyOS itself refuses ${them}.`,
  );
});
