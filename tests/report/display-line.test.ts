import { describe, expect, test } from '@jest/globals';
import { excerpt } from '../../src/report/display-line.ts';
import { sourceFile, span } from '../../src/source/index.ts';

/** The line as it is shown and a line of carets under the mark; in `text` the mark is in «», secrets are in ‹›. */
function shown(text: string, room = 60): readonly string[] {
  let plain = '';
  const at = { start: 0, end: 0 };
  const secrets: { start: number; end: number }[] = [];
  for (const character of text) {
    if (character === '«') at.start = plain.length;
    else if (character === '»') at.end = plain.length;
    else if (character === '‹') secrets.push({ start: plain.length, end: plain.length });
    else if (character === '›') secrets.push({ start: secrets.pop()?.start ?? 0, end: plain.length });
    else plain += character;
  }
  const file = sourceFile('a.conf', plain);
  const part = excerpt(
    file,
    span(file, at.start, at.end),
    secrets.map(({ start, end }) => span(file, start, end)),
    room,
    '…',
  );
  return [part.before + part.marked + part.after, ' '.repeat(part.indent) + '^'.repeat(part.extent)];
}

describe('excerpt', () => {
  test.each([
    ['as it stands', "set dh-group «'14'» # x", "set dh-group '14' # x", '             ^^^^'],
    ['only its own line', 'one\r\ntwo «2» x\nthree', 'two 2 x', '    ^'],
    ['first line of several', "quote «'one\ntwo'» x", "quote 'one", '      ^^^^'],
    ['nothing, before a character', 'set «»x', 'set x', '    ^'],
    ['nothing, at the end', 'set x«»', 'set x', '     ^'],
    ['wide characters take two cells', '中文 «中» x', '中文 中 x', '     ^^'],
    ['tabs reach the next stop', '\ta\t«b»', '    a   b', '        ^'],
    ['an escape is written out', '\u001b[1m «x»', '\\u{1b}[1m x', '          ^'],
    ['a marked override is marked as it is written', 'a «\u202e»b', 'a \\u{202e}b', '  ^^^^^^^^'],
    ["a runner's command is written out", 'a##[error] «x»', 'a\\u{23}#[error] x', '                ^'],
    ['a combining accent takes no cell', 'e\u0301 «x»', 'e\u0301 x', '  ^'],
    ['a secret before', "secret '‹abc›' «x»", "secret '********' x", '                  ^'],
    ['a secret behind, of any length', "«x» secret '‹0123456789012345›' y", "x secret '********' y", '^'],
    ['an empty secret', "«x» secret '‹›'", "x secret '********'", '^'],
    ['a marked secret', "secret '«‹abc›»'", "secret '********'", '        ^^^^^^^^'],
    ['a mark within a secret', "secret '‹a«b»c›'", "secret '********'", '        ^^^^^^^^'],
    ['a mark from before a secret into it', "«secret '‹a»bc›'", "secret '********'", '^^^^^^^^^^^^^^^^'],
    ['secrets that touch are one', "'‹abc›‹def›' «x»", "'********' x", '           ^'],
    ['a secret over two lines, seen from its end', "'‹abc\ndef›' «x»", "********' x", '          ^'],
    ['a secret over two lines, seen from its start', "«x» '‹abc\ndef›'", "x '********", '^'],
  ])('%s', (_, text, line, under) => {
    expect(shown(text)).toEqual([line, under]);
  });

  const digits = '0123456789'.repeat(3);
  test.each([
    ['at the right', `«01»${digits.slice(2)}`, '0123456789012345678…', '^^'],
    ['at the left', `${digits.slice(0, 20)}a«bc»`, '…4567890123456789abc', '                  ^^'],
    ['on both sides', `${digits}«X»${digits}`, '…23456789X012345678…', '         ^'],
    ['within the mark', `0123456789«${digits}»x`, '…012345678901234567…', ' ^^^^^^^^^^^^^^^^^^'],
    ['just not', `${digits.slice(0, 19)}«x»`, '0123456789012345678x', '                   ^'],
    ['with a mark past its end', `${digits}«»`, `…${digits.slice(12)}`, `${' '.repeat(19)}^`],
    ['before a wide character that has no room', `«x»${'中'.repeat(20)}`, `x${'中'.repeat(9)}…`, '^'],
  ])('is cut %s', (_, text, line, under) => {
    expect(shown(text, 20)).toEqual([line, under]);
  });

  test('a line of ten megabytes is no trouble', () => {
    expect(shown(`${'x'.repeat(5e6)}«y»${'x'.repeat(5e6)}`, 20)).toEqual([
      '…xxxxxxxxyxxxxxxxxx…',
      '         ^',
    ]);
  });
});

test('how far one sees tells no length of a secret, where characters take no cell', () => {
  // A letter with many accents is one cell, so that the line is cut where it could still be seen.
  const accented = `e${'\u0301'.repeat(9)}`;
  const around = (secret: string, cells: number) => [
    shown(`${'z'.repeat(40)}‹${secret}›${accented.repeat(cells)}«x»`, 20),
    shown(`«x»${accented.repeat(cells)}‹${secret}›${'z'.repeat(40)}`, 20),
  ];
  for (let cells = 0; cells <= 20; cells += 1) {
    expect(around('s'.repeat(20), cells)).toEqual(around('s'.repeat(8), cells));
  }
});
