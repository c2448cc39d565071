import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cover, lineText, positionAt, sourceFile, span, textOf } from '../../src/source/index.ts';

function lines(text: string): readonly string[] {
  const file = sourceFile('x', text);
  return file.lineStarts.map((_, index) => lineText(file, index + 1));
}

describe('lines', () => {
  test.each([
    ['nothing', '', ['']],
    ['one line without an end', 'a', ['a']],
    ['LF', 'a\nb\n', ['a', 'b', '']],
    ['CRLF', 'a\r\nb\r\n', ['a', 'b', '']],
    ['a lone CR', 'a\rb\r', ['a', 'b', '']],
    ['all of them', 'a\r\nb\rc\nd', ['a', 'b', 'c', 'd']],
    ['LF before CR is two ends', 'a\n\rb', ['a', '', 'b']],
    ['CR CR LF is two ends', 'a\r\r\nb', ['a', '', 'b']],
    ['a byte order mark is not part of the text', '\uFEFFa\nb', ['a', 'b']],
    ['nothing but a byte order mark', '\uFEFF', ['']],
    ['a second one is', '\uFEFF\uFEFFa', ['\uFEFFa']],
    ['one in the middle is', 'a\n\uFEFFb', ['a', '\uFEFFb']],
    ['other line ends of Unicode are none', 'a\u2028b\u0085c\vd\fe', ['a\u2028b\u0085c\vd\fe']],
  ] as const)('%s', (_, text, expected) => {
    expect(lines(text)).toEqual(expected);
  });

  test('beyond the last there is no text', () => {
    expect(lineText(sourceFile('x', 'a\nb'), 3)).toBe('');
    expect(lineText(sourceFile('x', ''), 2)).toBe('');
  });
});

describe('positions', () => {
  const file = sourceFile('x', 'ab\r\ncd\re\n\nf');

  test.each([
    [0, 1, 1],
    [1, 1, 2],
    // The line end belongs to its line.
    [2, 1, 3],
    [3, 1, 4],
    [4, 2, 1],
    [6, 2, 3],
    [7, 3, 1],
    [8, 3, 2],
    [9, 4, 1],
    [10, 5, 1],
    [11, 5, 2],
  ])('offset %i is line %i, column %i', (offset, line, column) => {
    expect(positionAt(file, offset)).toEqual({ line, column });
  });

  test('columns count UTF-16 units', () => {
    expect(positionAt(sourceFile('x', '😀a'), 2)).toEqual({ line: 1, column: 3 });
  });

  test('an empty file has one position', () => {
    expect(positionAt(sourceFile('x', ''), 0)).toEqual({ line: 1, column: 1 });
  });
});

describe('spans', () => {
  const file = sourceFile('x', 'set vpn ipsec');

  test('cover what they say', () => {
    expect(textOf(span(file, 4, 7))).toBe('vpn');
    expect(textOf(span(file, 4, 4))).toBe('');
    expect(textOf(cover(span(file, 8, 13), span(file, 4, 7)))).toBe('vpn ipsec');
    expect(textOf(cover(span(file, 4, 7)))).toBe('vpn');
    expect(textOf(cover(span(file, 0, 13), span(file, 4, 7)))).toBe('set vpn ipsec');
  });
});

describe('properties', () => {
  const text = fc
    .array(fc.constantFrom('a', ' ', '\n', '\r', '\r\n', '\uFEFF', '😀'))
    .map((parts) => parts.join(''));

  test('an offset is its line start plus its column', () => {
    fc.assert(
      fc.property(text, fc.nat(), (content, seed) => {
        const file = sourceFile('x', content);
        const offset = seed % (file.text.length + 1);
        const { line, column } = positionAt(file, offset);
        expect((file.lineStarts[line - 1] ?? Number.NaN) + column - 1).toBe(offset);
        expect(file.lineStarts[line] ?? Number.POSITIVE_INFINITY).toBeGreaterThan(offset);
      }),
    );
  });

  test('the lines and their ends are the text', () => {
    fc.assert(
      fc.property(text, (content) => {
        const file = sourceFile('x', content);
        const whole = file.lineStarts
          .map((start, index) => file.text.slice(start, file.lineStarts[index + 1]))
          .join('');
        expect(whole).toBe(file.text);
        expect(file.lineStarts.map((_, index) => lineText(file, index + 1)).join('')).toBe(
          file.text.replaceAll(/[\r\n]/g, ''),
        );
      }),
    );
  });
});
