import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Dump,
  type PrintableCommand,
  printCommand,
  readConfigDump,
  readSetDump,
  type Verb,
} from '../../grammar/index.ts';
import { sourceFile, textOf } from '../../src/source/index.ts';

const read = (text: string): Dump => readSetDump(sourceFile('r1.conf', text));
const readBraces = (text: string): Dump => readConfigDump(sourceFile('config.boot', text));

/** Pieces of which dumps, sessions, web pages and accidents are made, in any order. */
const pieces = [
  ...['set ', 'set', 'delete ', 'comment ', 'vpn ', 'ipsec ', 'firewall', 'asset ', 'a', '10.0.0.0/24'],
  ...["'", '"', '\\', '#', '//', '/*', '*/', '**', '`', '“', '‘', '’', "'\\''", "'none'", '{', '}'],
  ...['\n', '\r\n', '\r', ' ', '\t', '\u00a0', '\u2028', '\uFEFF', '\\\n'],
  ...[
    'vyos@r1# ',
    'vyos@r1:~$',
    'R1#',
    '> ',
    '[edit]',
    '[edit',
    '```',
    '---',
    'commit',
    'show ',
    'exit',
    'edit ',
  ],
  ...['ä', '\u06ea', 'u\u0308', '😀', '\ud800', '\udc00', '\u200b', '\u0007', '\u001b[1m', '\uFFFD'],
];
const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''));
const anyText = fc.oneof(
  { weight: 3, arbitrary: soup },
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string(),
);

/** Lines of blocks in any order and at any depth. */
const blockSoup = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '    ', '        ', '            ', '\t'),
      fc.constantFrom(
        ...[
          'vpn {',
          'x N {',
          'a {',
          '}',
          '}',
          '}',
          '{',
          'a b',
          'a "b c"',
          'disable',
          'a "b',
          'x "N {',
          '! a {',
        ],
        ...[
          '! ',
          '/* a */',
          '/* a',
          '// b',
          '# c',
          'a b c { d e }',
          '[edit]',
          'set vpn a b',
          'a “b”',
          '-',
          '+ a',
        ],
        ...[
          'vyos@r1# show',
          'secret xxxxxx y"',
          'x xxxxxx y" {',
          '! a b',
          '! a "b',
          '- a {',
          'a b; c',
          'a {}',
        ],
      ),
    ),
    { maxLength: 30 },
  )
  .map((lines) => lines.map((line) => line.join('')).join('\n'));

const word = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.string({ unit: fc.constantFrom(...'\'"\\# \n\tab*`’1') }),
  soup,
  fc.constantFrom(
    'vpn',
    'asset',
    'aset',
    'set',
    'delete',
    '#',
    '',
    '**',
    '**x',
    'x**',
    '****',
    '\ufffd',
    '\\n',
    '\\\\',
  ),
);
const verb = fc.constantFrom<Verb>('set', 'delete', 'comment', 'activate', 'deactivate');
const command: fc.Arbitrary<PrintableCommand> = fc.record({
  verb,
  path: fc.array(fc.record({ text: word, quoted: fc.boolean() }), { minLength: 2, maxLength: 6 }),
});

const wordsOf = (dump: Dump): unknown =>
  dump.commands.map((one) => [one.verb, ...one.path.map(({ text, quoted }) => [text, quoted])]);

test('every character that is not blank is accounted for once, whatever the text', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const dump = read(text);
      const covered = new Array<number>(dump.file.text.length).fill(0);
      const spans = [
        ...dump.commands.map(({ at }) => at),
        ...dump.problems.map(({ at, lost }) => lost ?? at),
        ...dump.ignored.map(({ at }) => at),
      ];
      for (const { start, end } of spans)
        for (let at = start; at < end; at += 1) covered[at] = (covered[at] ?? 0) + 1;
      const wrong = covered.filter(
        (times, at) => times > 1 || (times === 0 && /\S/.test(dump.file.text.charAt(at))),
      );
      expect(wrong).toEqual([]);
    }),
    { numRuns: 1500 },
  );
});

test('in braces every character that is not blank is a word, a brace, a problem or passed over', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, blockSoup), (text) => {
      const dump = readBraces(text);
      const words = new Set(dump.commands.flatMap(({ path }) => path));
      // A `set` between the blocks has a verb.
      const verbs = dump.commands.flatMap(({ at, path: [first] }) =>
        first !== undefined && at.start < first.at.start && /^(?:set|delete)\s/.test(textOf(at))
          ? [{ start: at.start, end: at.start + textOf(at).search(/\s/) }]
          : [],
      );
      const isMissing = ({ kind, lost }: Dump['problems'][number]) =>
        kind === 'missing-brace' && lost === undefined;
      const times = (spans: readonly { readonly start: number; readonly end: number }[]) => {
        const counts = new Array<number>(dump.file.text.length).fill(0);
        for (const { start, end } of spans)
          for (let at = start; at < end; at += 1) counts[at] = (counts[at] ?? 0) + 1;
        return counts;
      };
      const once = times([
        ...[...words].map(({ at }) => at),
        ...verbs,
        ...dump.problems.filter((one) => !isMissing(one)).map(({ at, lost }) => lost ?? at),
        ...dump.ignored.map(({ at }) => at),
      ]);
      const missing = times(dump.problems.filter(isMissing).map(({ at }) => at));
      const wrong = [...dump.file.text].flatMap((_, at) => {
        const character = dump.file.text.charAt(at);
        const count = once[at] ?? 0;
        if (count > 1) return [`${at} twice`];
        return count === 0 && /\S/.test(character) && (missing[at] ?? 0) === 0 ? [`${at} ${character}`] : [];
      });
      expect(wrong).toEqual([]);
      for (const { at, lost } of dump.problems) {
        expect(at.end).toBeGreaterThan(at.start);
        expect(lost === undefined || (lost.start <= at.start && at.end <= lost.end)).toBe(true);
      }
      for (const { path, at } of dump.commands) expect(path.at(-1)?.at.end).toBe(at.end);
      for (const { message, hint } of dump.problems) expect(`${message} ${hint}`).toMatch(/^[ -~…]+$/);
    }),
    { numRuns: 3000 },
  );
});

test('places slice back to what stands there', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const dump = read(text);
      for (const { verb, path, at } of dump.commands) {
        expect(textOf(at).startsWith(verb)).toBe(true);
        expect(path.at(-1)?.at.end).toBe(at.end);
        for (const one of path) if (/^[\w.-]+$/.test(textOf(one.at))) expect(one.text).toBe(textOf(one.at));
      }
      for (const { at, lost } of dump.problems) {
        expect(at.end).toBeGreaterThan(at.start);
        expect(lost === undefined || (lost.start <= at.start && at.end <= lost.end)).toBe(true);
      }
      for (const at of dump.glued) expect(dump.commands.map((one) => one.at)).toContain(at);
    }),
    { numRuns: 500 },
  );
});

test('the line end makes no difference', () => {
  fc.assert(
    fc.property(soup, (text) => {
      const unix = text.replace(/\r\n?/g, '\n');
      const kinds = (dump: Dump): unknown => [dump.problems.map(({ kind }) => kind), dump.ignored.length];
      for (const lineEnd of ['\r\n', '\r']) {
        const other = read(unix.replaceAll('\n', lineEnd));
        expect(wordsOf(other)).toEqual(wordsOf(read(unix)));
        expect(kinds(other)).toEqual(kinds(read(unix)));
      }
    }),
    { numRuns: 500 },
  );
});

test('a message holds printable characters only', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const { message, hint } of read(text).problems) expect(`${message} ${hint}`).toMatch(/^[ -~…]+$/);
    }),
    { numRuns: 500 },
  );
});

test('what is printed is read back as it was, one command a line', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: 4 }), (commands) => {
      const text = commands.map(printCommand).join('\n');
      const dump = read(text);
      expect(dump.problems).toEqual([]);
      expect(dump.ignored).toEqual([]);
      const expected = commands.map((one) => [one.verb, ...one.path.map((each) => each.text)]);
      expect(dump.commands.map((one) => [one.verb, ...one.path.map((each) => each.text)])).toEqual(expected);
      expect(dump.commands.map(printCommand).join('\n')).toBe(text);
    }),
    { numRuns: 1000 },
  );
});

test('canonical text is printed as it was', () => {
  const lines = [
    "set vpn ipsec ike-group IKE-B proposal 1 dh-group '14'",
    'set protocols static route 10.2.0.0/24 interface vti0',
    String.raw`set system login banner pre-login 'a \"b\" \\ \n\t\027 c'`,
    "comment vpn ipsec 'to site B'",
    'set vrf name asset protocols static',
    'delete vpn',
  ];
  expect(read(lines.join('\n')).commands.map(printCommand)).toEqual(lines);
});
