import { describe, expect, test } from '@jest/globals';
import { ConfigParser, configLexer } from '../../grammar/config-parser.ts';
import { type Dump, readConfigDump, readDump } from '../../grammar/index.ts';
import { sourceFile, textOf } from '../../src/source/index.ts';

const read = (text: string): Dump => readConfigDump(sourceFile('config.boot', text));
const commands = (dump: Dump): readonly string[] =>
  dump.commands.map(({ verb, path }) => [verb, ...path.map(({ text }) => text)].join(' '));
const told = (dump: Dump): readonly string[] => dump.problems.map(({ kind, at }) => `${kind}: ${textOf(at)}`);

test('the grammar passes the checks of Chevrotain that production skips', () => {
  expect(() => new ConfigParser({ skipValidations: false })).not.toThrow();
  expect(configLexer({ skipValidations: false }).lexerDefinitionErrors).toEqual([]);
});

describe('what VyOS writes', () => {
  const cases: readonly (readonly [what: string, text: string, commands: readonly string[]])[] = [
    [
      'a leaf in blocks',
      'vpn {\n    ipsec {\n        interface eth0\n    }\n}\n',
      ['set vpn ipsec interface eth0'],
    ],
    ['a tag', 'vpn {\n    x NAME {\n        a b\n    }\n}', ['set vpn x NAME a b']],
    ['a quoted tag', 'vpn {\n    x "N M" {\n        a b\n    }\n}', ['set vpn x N M a b']],
    ['several values', 'nat {\n    a 1\n    a 2\n}', ['set nat a 1', 'set nat a 2']],
    ['an empty block', 'interfaces {\n    loopback lo {\n    }\n}', ['set interfaces loopback lo']],
    ['an empty block on one line', 'interfaces {\n    loopback lo { }\n}', ['set interfaces loopback lo']],
    ['a valueless node', 'vpn {\n    disable\n}', ['set vpn disable']],
    ['quotes around all', 'vpn {\n    a "b c"\n}', ['set vpn a b c']],
    ['an empty value', 'vpn {\n    a ""\n}', ['set vpn a ']],
    ['braces and semicolons in quotes', 'vpn {\n    a "{};/*"\n}', ['set vpn a {};/*']],
    [
      'escapes',
      String.raw`vpn {
    a "\"b\" \\ \/ \'"
}`,
      [String.raw`set vpn a "b" \ / '`],
    ],
    [
      'a backslash that begins no escape',
      String.raw`vpn {
    a "C:\q"
}`,
      [String.raw`set vpn a C:\q`],
    ],
    [
      '1.2: a backslash before the last quote',
      'vpn {\n    a "b c\\"\n}',
      ['set vpn a b c"'.replace('"', '\\')],
    ],
    ['a bare backslash', 'vpn {\n    a b\\c\n}', ['set vpn a b\\c']],
    ['# in a value', 'vpn {\n    a #b\n    c d#e\n}', ['set vpn a #b', 'set vpn c d#e']],
    ['a backquote in a value', 'vpn {\n    a b`c\n}', ['set vpn a b`c']],
    ['a mask of stars', 'vpn {\n    key ****************\n}', ['set vpn key ****************']],
    [
      'deactivated',
      'vpn {\n    ! x N {\n        a b\n    }\n    ! c d\n}',
      ['set vpn x N a b', 'deactivate vpn x N', 'set vpn c d', 'deactivate vpn c d'],
    ],
    ['letters of any alphabet', 'vpn {\n    a Zu\u0308rich\n}', ['set vpn a Zu\u0308rich']],
  ];
  test.each(cases)('%s', (_, text, expected) => {
    for (const lineEnd of ['\n', '\r\n', '\r']) {
      const dump = read(text.replaceAll('\n', lineEnd));
      expect(dump.problems).toEqual([]);
      expect(commands(dump)).toEqual(expected);
    }
  });

  test('comments of nodes, of several lines, and of files', () => {
    const text = '/* a\n   b { */\nvpn {\n    /* c */\n    d e // f\n    # g\n    h i # j\n}\n// k';
    const dump = read(text);
    expect(dump.problems).toEqual([]);
    expect(commands(dump)).toEqual(['set vpn d e', 'set vpn h i']);
    const comments = dump.ignored.filter(({ reason }) => reason === 'comment').map(({ at }) => textOf(at));
    expect(comments).toEqual(['/* a\n   b { */', '/* c */', '// f', '# g', '# j', '// k']);
  });

  test('a word of a heading is one word for all that stands below it, and a command has the place of its own words', () => {
    const dump = read('vpn {\n    x N {\n        a b\n        c d\n    }\n}');
    const [first, second] = dump.commands;
    expect(first?.path[0]).toBe(second?.path[0]);
    expect(first?.path[2]).toBe(second?.path[2]);
    expect(dump.commands.map(({ at }) => textOf(at))).toEqual(['a b', 'c d']);
    expect(first?.path.map(({ at }) => textOf(at))).toEqual(['vpn', 'x', 'N', 'a', 'b']);
  });
});

describe('the footer', () => {
  test('of 1.3 and later', () => {
    const { footer } = read('// vyos-config-version: "bgp@5:ipsec@13"\n// Release version: 1.4.0\n');
    expect(footer?.versions).toEqual(
      new Map([
        ['bgp', 5],
        ['ipsec', 13],
      ]),
    );
    expect(footer?.release).toBe('1.4.0');
  });

  test('of 1.2', () => {
    const { footer } = read(
      '/* === vyatta-config-version: "ipsec@5:nat@4" === */\n/* Release version: VyOS 1.2.5 */\n',
    );
    expect(footer?.versions.get('ipsec')).toBe(5);
    expect(footer?.release).toBe('VyOS 1.2.5');
  });

  test('there is none', () => {
    expect(read('vpn {\n}').footer).toBeUndefined();
  });

  test('behind set commands', () => {
    const dump = readDump(
      sourceFile('a', 'set vpn ipsec interface \'eth0\'\n// vyos-config-version: "ipsec@9"\n'),
    );
    expect(dump.notation).toBe('set');
    expect(dump.footer?.versions.get('ipsec')).toBe(9);
  });
});

test('a session around it is passed over', () => {
  const text = [
    'vyos@r1:~$ show configuration | no-more',
    'vpn {',
    '    a b',
    '--More--',
    '    c d',
    '}',
    '[edit]',
    'vyos@r1# exit',
    'vyos@r1:~$ cat /config/config.boot',
    'nat {',
    '}',
  ].join('\n');
  const dump = read(text);
  expect(dump.problems).toEqual([]);
  expect(commands(dump)).toEqual(['set vpn a b', 'set vpn c d', 'set nat']);
});

test('what is not committed yet: the first column of "show" in configuration mode', () => {
  const text = [
    ' vpn {',
    '     a {',
    '+        b c',
    '-        d e',
    '>        f g',
    '     }',
    '-    h {',
    '-        i j',
    '-    }',
    ' }',
  ].join('\n');
  const dump = read(text);
  expect(dump.problems).toEqual([]);
  expect(commands(dump)).toEqual(['set vpn a b c', 'set vpn a f g']);
});

test('set commands between the blocks are read', () => {
  const dump = read("vpn {\n    a b\n}\nset vpn ipsec interface 'eth 0'\ndelete nat x\n");
  expect(dump.problems).toEqual([]);
  expect(commands(dump)).toEqual(['set vpn a b', 'set vpn ipsec interface eth 0', 'delete nat x']);
});

describe('braces that do not pair', () => {
  const whole = [
    'vpn {',
    '    ipsec {',
    '        ike-group A {',
    '            lifetime 1',
    '            proposal 1 {',
    '                hash x',
    '            }',
    '        }',
    '        ike-group B {',
    '            lifetime 2',
    '        }',
    '    }',
    '}',
    'nat {',
    '    a b',
    '}',
  ];
  const expected = commands(read(whole.join('\n')));

  test.each(whole.flatMap((line, index) => (/[{}]$/.test(line) ? [[index, line]] : [])))(
    'line %i, %j, without its brace: all is read, and the place is told',
    (index) => {
      const text = whole.map((line, at) => (at === index ? line.replace(/\s*[{}]$/, '') : line)).join('\n');
      const dump = read(text);
      expect(commands(dump).toSorted()).toEqual([...expected].toSorted());
      expect(dump.problems.map(({ kind }) => kind)).toEqual(['missing-brace']);
    },
  );

  test.each(whole.map((_, index) => index))('a brace too much behind line %i', (index) => {
    const indent = /^ */.exec(whole[index] ?? '')?.[0] ?? '';
    const dump = read(whole.toSpliced(index + 1, 0, `${indent}}`).join('\n'));
    expect(commands(dump).toSorted()).toEqual([...expected].toSorted());
    expect(dump.problems.map(({ kind }) => kind)).toEqual(['extra-brace']);
  });

  test('a text that is cut off', () => {
    const dump = read(whole.slice(0, 6).join('\n'));
    expect(commands(dump)).toEqual([
      'set vpn ipsec ike-group A lifetime 1',
      'set vpn ipsec ike-group A proposal 1 hash x',
    ]);
    expect(told(dump)).toEqual(['missing-brace: {']);
    expect(dump.problems[0]?.message).toContain('and the 3 around it');
  });

  test('without indentation what is missing at the end is told', () => {
    const dump = read(
      whole
        .slice(0, -1)
        .map((line) => line.trim())
        .join('\n'),
    );
    expect(commands(dump)).toEqual(expected);
    expect(told(dump)).toEqual(['missing-brace: {']);
  });
});

describe('what cannot be read costs as little as possible', () => {
  const cases: readonly (readonly [
    what: string,
    text: string,
    told: readonly string[],
    commands: readonly string[],
  ])[] = [
    ['a broken quote', 'vpn {\n    a "b\n    c d\n}', ['unterminated-quote: "b'], ['set vpn c d']],
    [
      'a broken quote in a heading',
      'vpn {\n    x "N {\n        a b\n    }\n    c d\n}',
      ['unterminated-quote: "N'],
      ['set vpn c d'],
    ],
    ['typographic quotes', 'vpn {\n    a “b”\n    c d\n}', ['typographic-quote: “'], ['set vpn c d']],
    ['a semicolon', 'vpn {\n    a b;\n    c d\n}', ['stray-character: ;'], ['set vpn c d']],
    ['a colour', 'vpn {\n    a \u001b[1mb\n    c d\n}', ['stray-character: \u001b'], ['set vpn c d']],
    ['bold type', 'vpn {\n    a **b**\n    c d\n}', ['stray-character: **'], ['set vpn c d']],
    [
      'a comment that is not closed',
      'vpn {\n    /* a\n    c d\n}',
      ['unterminated-quote: /* a'],
      ['set vpn c d'],
    ],
    ['a block without a name', 'vpn {\n    c d\n}\n{\n    a b\n}', ['extra-brace: {'], ['set vpn c d']],
    ['prose', 'Here it is:\nvpn {\n    c d\n}', ['unknown-command: Here it is:'], ['set vpn c d']],
  ];
  test.each(cases)('%s', (_, text, problems, expected) => {
    const dump = read(text);
    expect(told(dump)).toEqual(problems);
    expect(commands(dump)).toEqual(expected);
  });
});

describe('line ends that were lost', () => {
  test('where quotes tell the settings apart', () => {
    const dump = read('vpn { x N { a "b c" d "e" f "g" } h i }');
    expect(dump.problems).toEqual([]);
    expect(commands(dump)).toEqual([
      'set vpn x N a b c',
      'set vpn x N d e',
      'set vpn x N f g',
      'set vpn h i',
    ]);
    expect(dump.glued.map(textOf)).toEqual(['a "b c"', 'd "e"', 'f "g"']);
  });

  test('where nothing tells them apart', () => {
    const dump = read('vpn { a b c d }');
    expect(told(dump)).toEqual(['settings-joined: a b c d']);
    expect(commands(dump)).toEqual(['set vpn']);
  });

  test('a brace on the next line', () => {
    expect(commands(read('vpn\n{\n    a b\n}'))).toEqual(['set vpn a b']);
  });
});

describe('the notation is found by looking', () => {
  const cases: readonly (readonly [what: string, text: string, notation: string])[] = [
    ['set commands', "set vpn ipsec interface 'eth0'", 'set'],
    ['set commands with a stray brace', 'set vpn a b\nset vpn c d\n}\n', 'set'],
    ['braces', 'vpn {\n}\n', 'config-boot'],
    ['braces behind a prompt', 'vyos@r1:~$ show configuration\nvpn {\n}\n', 'config-boot'],
    ['braces with a set command', 'vpn {\n    a b\n}\nset nat c d\n', 'config-boot'],
    ['a footer alone', '// vyos-config-version: "ipsec@5"\n', 'config-boot'],
    ['nothing', '', 'set'],
    ['braces in values', "set vpn a '{ }'\n", 'set'],
  ];
  test.each(cases)('%s', (_, text, notation) => {
    expect(readDump(sourceFile('a', text)).notation).toBe(notation);
  });

  test.each([
    ['JSON', '{\n  "vpn": { "ipsec": {} }\n}'],
    ['JSON', 'vyos@r1:~$ show configuration json\n{"vpn": {"ipsec": {}}}'],
    ['XML', '<?xml version="1.0"?>\n<a><b/></a>'],
    ['XML', '<configuration>\n<vpn/>\n</configuration>'],
  ])('%s is told', (name, text) => {
    const dump = readDump(sourceFile('a', text));
    expect(dump.problems).toHaveLength(1);
    expect(dump.problems[0]).toMatchObject({ kind: 'other-notation' });
    expect(dump.problems[0]?.message).toContain(name);
    expect(textOf(dump.problems[0]?.at ?? { file: dump.file, start: 0, end: 0 })).toBe(text);
  });
});

describe('what strip-private leaves of a secret with blanks in it', () => {
  test('in braces', () => {
    const dump = read('vpn {\n    secret xxxxxx with {blanks"\n    c d\n}');
    expect(dump.problems).toEqual([]);
    expect(commands(dump)).toEqual(['set vpn secret xxxxxx', 'set vpn c d']);
    expect(dump.ignored.filter(({ reason }) => reason === 'masked').map(({ at }) => textOf(at))).toEqual([
      'with {blanks"',
    ]);
  });

  test('or of a text, whose closing quote it takes', () => {
    expect(commands(read('vpn {\n    description "of user xxxxxx\n    c d\n}'))).toEqual([
      'set vpn description of user xxxxxx',
      'set vpn c d',
    ]);
    expect(
      commands(readDump(sourceFile('a', "set vpn description 'of user xxxxxx\nset vpn c 'd'\n"))),
    ).toEqual(['set vpn description of user xxxxxx', 'set vpn c d']);
  });

  test('in set commands', () => {
    const dump = readDump(sourceFile('a', "set vpn ipsec authentication psk P secret xxxxxx with blanks'\n"));
    expect(dump.problems).toEqual([]);
    expect(commands(dump)).toEqual(['set vpn ipsec authentication psk P secret xxxxxx']);
    expect(dump.ignored.map(({ reason, at }) => [reason, textOf(at)])).toEqual([['masked', "with blanks'"]]);
  });
});
