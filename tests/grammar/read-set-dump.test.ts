import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type Dump, readSetDump } from '../../grammar/index.ts';
import { SetParser, setLexer } from '../../grammar/set-parser.ts';
import { editDistance } from '../../src/source/edit-distance.ts';
import { sourceFile, textOf } from '../../src/source/index.ts';

const read = (text: string): Dump => readSetDump(sourceFile('r1.conf', text));
const words = (dump: Dump): readonly (readonly string[])[] =>
  dump.commands.map(({ verb, path }) => [verb, ...path.map(({ text }) => text)]);

test('the grammar passes the checks of Chevrotain that production skips', () => {
  expect(() => new SetParser({ skipValidations: false })).not.toThrow();
  expect(setLexer({ skipValidations: false }).lexerDefinitionErrors).toEqual([]);
});

describe('a command', () => {
  const commands: readonly (readonly [what: string, text: string, words: readonly string[]])[] = [
    ['as VyOS prints it', "set vpn ipsec interface 'eth0'", ['set', 'vpn', 'ipsec', 'interface', 'eth0']],
    ['without quotes', 'set vpn ipsec interface eth0', ['set', 'vpn', 'ipsec', 'interface', 'eth0']],
    ['delete', 'delete vpn', ['delete', 'vpn']],
    ['activate', 'activate vpn ipsec', ['activate', 'vpn', 'ipsec']],
    ['deactivate', 'deactivate vpn ipsec', ['deactivate', 'vpn', 'ipsec']],
    ['comment', "comment vpn ipsec 'to # site B'", ['comment', 'vpn', 'ipsec', 'to # site B']],
    ['comment with an apostrophe, unescaped', "comment vpn 'don't'", ['comment', 'vpn', "don't"]],
    ['a quoted valueless node', "set rule 10 'exclude'", ['set', 'rule', '10', 'exclude']],
    ['an empty value', "set a ''", ['set', 'a', '']],
    ['blanks, tabs and no-break spaces', '\u00a0 set\ta  b\u00a0c \t', ['set', 'a', 'b', 'c']],
    ['spaces and # in a value', "set a '# b  c'", ['set', 'a', '# b  c']],
    ['# within a word', 'set a b#c', ['set', 'a', 'b#c']],
    [
      'letters of any alphabet',
      "set a Zu\u0308rich 'Köln – “ひ” 😀'",
      ['set', 'a', 'Zu\u0308rich', 'Köln – “ひ” 😀'],
    ],
    ['a mask', "set a **************** 'xxxxxx'", ['set', 'a', '****************', 'xxxxxx']],
    ['double quotes', String.raw`set a "b 'c' \"d\" \\ \e"`, ['set', 'a', String.raw`b 'c' "d" \ \e`]],
    [
      'escapes of VyOS',
      String.raw`set a '\"b\" \\ \n\t\r\b\027\127'`,
      ['set', 'a', '"b" \\ \n\t\r\b\u001b\u007f'],
    ],
    [
      'backslashes that VyOS does not write',
      String.raw`set a 'C:\q\200\9'`,
      ['set', 'a', String.raw`C:\q\200\9`],
    ],
    ['a value that ends in a backslash', String.raw`set a 'b\\' c`, ['set', 'a', 'b\\', 'c']],
    ['the same, typed', String.raw`set a 'b\' c`, ['set', 'a', 'b\\', 'c']],
    ['an apostrophe as a shell writes it', String.raw`set a 'it'\''s'`, ['set', 'a', "it's"]],
    ['an apostrophe before a verb', String.raw`set a 'it'\''set vpn x'`, ['set', 'a', "it'set vpn x"]],
    ['pieces that touch', `set a 'b'"c"d\\ e`, ['set', 'a', 'bcd e']],
    ['a backslash at the end of the text', 'set a b\\', ['set', 'a', 'b\\']],
    ['continued lines', 'set a \\\n  b \\\r\n c\\\nd', ['set', 'a', 'b', 'cd']],
    ['a byte order mark', '\uFEFFset a b', ['set', 'a', 'b']],
    [
      'a node named as a verb',
      'set policy rule 1 set metric 5',
      ['set', 'policy', 'rule', '1', 'set', 'metric', '5'],
    ],
    [
      'a group named as half a verb',
      'set vrf name asset protocols x',
      ['set', 'vrf', 'name', 'asset', 'protocols', 'x'],
    ],
  ];
  test.each(commands)('%s', (_, text, expected) => {
    const dump = read(text);
    expect(dump.problems).toEqual([]);
    expect(words(dump)).toEqual([expected]);
  });

  test('knows the place of its words and whether they were quoted', () => {
    const [command] = read("# A\n  set a 'b c'  # remark\n").commands;
    expect(command && textOf(command.at)).toBe("set a 'b c'");
    expect(command?.path.map(({ at, quoted }) => [textOf(at), quoted])).toEqual([
      ['a', false],
      ["'b c'", true],
    ]);
  });
});

describe('what is ignored', () => {
  const ignored: readonly (readonly [text: string, reason: string, covered?: string])[] = [
    ['# remark', 'comment'],
    ['#set vpn ipsec x', 'comment'],
    ['###set vpn ipsec x', 'comment'],
    ['# now set vpn ipsec x', 'comment'],
    ['# to reset vpn ipsec peers, or (set vpn ipsec x)', 'comment'],
    ["# it isn't 'closed", 'comment'],
    ['// vyos-config-version: "ipsec@13"', 'comment'],
    ['/* remark */', 'comment'],
    ['configure', 'session-word'],
    ['conf', 'session-word'],
    ['commit', 'session-word'],
    ['commit-confirm 5', 'session-word'],
    ['commit comment "x y"', 'session-word'],
    ['save', 'session-word'],
    ['exit', 'session-word'],
    ['exit discard', 'session-word'],
    ['top', 'session-word'],
    ['discard', 'session-word'],
    ['compare', 'session-word'],
    ['show configuration commands | match vpn', 'session-word'],
    ['run show configuration commands', 'session-word'],
    ['set terminal length 0', 'session-word'],
    ['vyos@r1#', 'prompt'],
    ['vyos@r1:~$ ', 'prompt', 'vyos@r1:~$'],
    ['root@r1:/home/vyos#', 'prompt'],
    ['[edit]', 'session-output'],
    ['[edit vpn ipsec]', 'session-output'],
    ['```', 'session-output'],
    ['```bash', 'session-output'],
    ['--------', 'session-output'],
    ["Saving configuration to '/config/config.boot'...", 'session-output'],
    ['Welcome to VyOS', 'session-output'],
    ['Welcome to VyOS!', 'session-output'],
    ['Last login: Tue Nov 24 11:00:00 2026 from 192.0.2.7', 'session-output'],
    ['Connection to r1 closed.', 'session-output'],
  ];
  test.each(ignored)('%s', (text, reason, covered = text) => {
    const dump = read(`${text}\nset a b`);
    expect(dump.problems).toEqual([]);
    expect(dump.ignored.map(({ reason: why, at }) => [why, textOf(at)])).toEqual([[reason, covered]]);
    expect(words(dump)).toEqual([['set', 'a', 'b']]);
  });

  const before = [
    'vyos@r1#',
    'vyos@r1:~$',
    'root@r1:/home/vyos#',
    'UBNT#',
    'R1>',
    '>',
    '> >',
    '[edit] vyos@r1#',
  ];
  test.each(before)('%s before a command', (prompt) => {
    const dump = read(`${prompt} set a 'b' # remark`);
    expect(dump.problems).toEqual([]);
    expect(words(dump)).toEqual([['set', 'a', 'b']]);
    expect(dump.ignored.map(({ at }) => textOf(at)).join(' ')).toBe(`${prompt} # remark`);
  });

  test('session words and remarks together', () => {
    const dump = read('vyos@r1# commit # now\nconfigure# IKE group\nset a b \\\n\n');
    expect(dump.problems).toEqual([]);
    expect(dump.ignored.map(({ reason }) => reason)).toEqual([
      'prompt',
      'session-word',
      'comment',
      'session-word',
      'comment',
      'session-output',
    ]);
  });
});

describe('a problem', () => {
  const problems: readonly (readonly [text: string, kind: string, at: string, hint: string])[] = [
    ['et vpn ipsec x', 'unknown-command', 'et', 'Did you mean "set vpn …"?'],
    ["Set vpn ipsec 'x", 'unknown-command', 'Set', 'Did you mean "set vpn …"?'],
    ['sett firewall x', 'unknown-command', 'sett', 'Did you mean "set firewall …"?'],
    ['ste system x', 'unknown-command', 'ste', 'Did you mean "set system …"?'],
    ['Copyset vpn ipsec x', 'unknown-command', 'Copyset', 'Did you mean "set vpn …"?'],
    ['deactivte x', 'unknown-command', 'deactivte', 'Did you mean "deactivate …"?'],
    ['\u0455et vpn x', 'unknown-command', '\u0455et', 'Did you mean "set vpn …"?'],
    ['vpn ipsec x', 'unknown-command', 'vpn', 'Did you mean "set vpn …"?'],
    ['- set vpn x', 'unknown-command', '-', 'Remove what stands before "set"'],
    ['edit vpn ipsec', 'unknown-command', 'edit', 'full paths'],
    ['up', 'unknown-command', 'up', 'full paths'],
    ['vpn {', 'unknown-command', 'vpn', 'notation of "show configuration"'],
    ['/* two', 'unknown-command', '/*', 'End the comment'],
    ["Welcome, it's VyOS", 'unknown-command', 'Welcome,', 'show configuration commands'],
    ['set', 'missing-path', 'set', 'path'],
    ['delete # all', 'missing-path', 'delete', 'path'],
    ['comment vpn', 'missing-path', 'comment', "comment <path> '…'"],
    ["set a 'b c # d", 'unterminated-quote', "'b c # d", "with '"],
    ['set a "b', 'unterminated-quote', '"b', 'with "'],
    [String.raw`set a "b\"`, 'unterminated-quote', String.raw`"b\"`, 'with "'],
    ["set a 'b’", 'unterminated-quote', "'b’", 'U+2019 does not close it'],
    ['set a ‘b c’', 'typographic-quote', '‘', "Write '…' with straight quotes"],
    ['set a “b', 'typographic-quote', '“', "Write '…' with straight quotes"],
    ['set a ′b′', 'typographic-quote', '′', "Write '…' with straight quotes"],
    ["`set a 'b'`", 'typographic-quote', '`', 'marks code'],
    ["set a 'b'۪", 'stray-character', '۪', 'Remove it'],
    ["set a 'b'ä", 'stray-character', 'ä', 'Remove it'],
    ['set a b۪ c', 'stray-character', '۪', 'Remove it'],
    ['set a \u200bb', 'stray-character', '\u200b', 'Remove it'],
    ['\u001b[1mset a b', 'stray-character', '\u001b', 'colour code'],
    ['set peer **10.0.0.1** x', 'stray-character', '**', 'bold'],
  ];
  test.each(problems)('%j', (text, kind, at, hint) => {
    const dump = read(`set before x\n${text}\nset after x`);
    expect(dump.problems.map((one) => [one.kind, textOf(one.at)])).toEqual([[kind, at]]);
    expect(dump.problems[0]?.hint).toContain(hint);
    expect(words(dump)).toEqual([
      ['set', 'before', 'x'],
      ['set', 'after', 'x'],
    ]);
  });

  test('names a character and does not copy it', () => {
    const messages = read('set a b\u202e\nset a b\u0007\n\u0455et x').problems.map(({ message }) => message);
    expect(messages.join()).toMatch(/U\+202E.*U\+0007.*U\+0455et/);
    expect(messages.join()).toMatch(/^[ -~]*$/);
  });

  test('quotes nothing that can be a secret, not even when a line was broken in two', () => {
    const text = [
      "set psk secret 'hunter2",
      "hunter2' x",
      'hunter2',
      'et vpn secret hunter2',
      'Set hunter2',
    ].join('\n');
    const { problems } = read(text);
    expect(problems.map(({ kind }) => kind)).toEqual([
      'unterminated-quote',
      ...Array(4).fill('unknown-command'),
    ]);
    expect(problems.map(({ message, hint }) => `${message} ${hint}`).join()).not.toContain('hunter2');
  });

  const notText = ['set a\0b\nset c d', '\uFFFD'.repeat(40), '\uFFFD\uFFFDs\0e\0t\0'];
  test.each(notText)('a file that is not text: %j', (text) => {
    const dump = read(text);
    expect(dump.problems.map(({ kind }) => kind)).toEqual(['not-text']);
    expect(dump.commands).toEqual([]);
  });
});

describe('glued commands', () => {
  const glued: readonly (readonly [
    text: string,
    commands: number,
    glued: number,
    ignored: readonly string[],
  ])[] = [
    ["set vpn a 'none'set vpn b 'c'delete firewall x", 3, 2, []],
    ['set vpn a "none"set nat66 b', 2, 1, []],
    ["set vpn a ''set vpn b", 2, 1, []],
    ['# MUST MATCH Site Aset vpn ipsec x', 1, 1, ['# MUST MATCH Site A']],
    ['# for non-NAT scenariosset firewall x', 1, 1, ['# for non-NAT scenarios']],
    ['# (Phase 1)set vpn ipsec x', 1, 1, ['# (Phase 1)']],
    ['# --- IKE ---set vpn ipsec x', 1, 1, ['# --- IKE ---']],
    ["#set vpn a 'b'set vpn c", 1, 1, ["#set vpn a 'b'"]],
    ["set vpn a 'b' # remarkset vpn c", 2, 1, ['# remark']],
    ["set vpn a 'b'# remarkset vpn c", 2, 1, ['# remark']],
    ["set vpn a 'b'commit", 1, 0, ['commit']],
    ['set nat rule 10 excludeset nat rule 20 exclude', 2, 1, []],
    ["set vpn a 'x set vpn b'", 1, 0, []],
    ["set vpn a 'xset vpn b'", 1, 0, []],
    ["set vpn a 'b'set unknown c", 1, 0, []],
  ];
  test.each(glued)('%s', (text, commands, count, ignored) => {
    const dump = read(text);
    expect(dump.problems).toEqual([]);
    expect(dump.commands).toHaveLength(commands);
    expect(dump.glued).toEqual(dump.commands.slice(commands - count).map(({ at }) => at));
    expect(dump.ignored.map(({ at }) => textOf(at))).toEqual(ignored);
  });

  test('a problem costs only its own command', () => {
    const dump = read("set vpn a 'b'set vpn c “d” 'e'set vpn f");
    expect(dump.problems).toHaveLength(1);
    expect(words(dump)).toEqual([
      ['set', 'vpn', 'a', 'b'],
      ['set', 'vpn', 'f'],
    ]);
  });
});

/** As a person gets them who copies them from the guide: without most of their line ends. */
describe('the configs of the guide', () => {
  const guide: readonly (readonly [name: string, commands: number, last: string])[] = [
    ['site-a', 25, '10.2.0.0/24'],
    ['site-b', 25, '10.1.0.0/24'],
    ['route-based', 6, 'vti0'],
    ['firewall-vti', 9, 'IPSEC-IN'],
    ['firewall-nat-t', 8, 'esp'],
  ];
  test.each(guide)('%s', (name, commands, last) => {
    const path = new URL(`../../fixtures/grammar/guide-${name}.txt`, import.meta.url);
    const dump = read(readFileSync(path, 'utf8'));
    expect(dump.problems).toEqual([]);
    expect(dump.commands).toHaveLength(commands);
    expect(words(dump).at(-1)?.at(-1)).toBe(last);
  });
});

test.each([
  ['set', 'set', 0],
  ['et', 'set', 1],
  ['ste', 'set', 1],
  ['sett', 'set', 1],
  ['', 'set', 3],
  ['activate', 'deactivate', 2],
])('%j is as far from %j as %i edits', (one, other, distance) => {
  expect(editDistance(one, other)).toBe(distance);
});
