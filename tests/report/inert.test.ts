import { describe, expect, test } from '@jest/globals';
import { inert, inertJson } from '../../src/report/inert.ts';

describe('inert', () => {
  test.each([
    ['plain text stays', "set vpn 'é中👍'", "set vpn 'é中👍'"],
    ['terminal escape', '\u001b[31mred', '\\u{1b}[31mred'],
    ['C1 control', '\u009b2J', '\\u{9b}2J'],
    ['delete', '\u007f', '\\u{7f}'],
    ['line ends and tabs', 'a\r\n\tb', 'a\\u{d}\\u{a}\\u{9}b'],
    ['bidi override and isolate', '\u202ea\u2066', '\\u{202e}a\\u{2066}'],
    ['zero width', 'a\u200bb\u200fc\ufeff', 'a\\u{200b}b\\u{200f}c\\u{feff}'],
    ['line and paragraph separator', '\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['a space that is no space', 'set\u00a0vpn', 'set\\u{a0}vpn'],
    ['tag characters', '\u{e0041}', '\\u{e0041}'],
    ["a runner's command", '::error file=a::b', '\\u{3a}:error file=a::b'],
    ["a runner's command behind blanks", 'a  ::stop-commands::x', 'a  \\u{3a}:stop-commands::x'],
    ["what begins as a runner's command and goes on otherwise", '::set[', '\\u{3a}:set['],
    ["the beginning of a runner's command", 'a ::add-mask', 'a \\u{3a}:add-mask'],
    ["a runner's older command, anywhere", 'a##[error]b', 'a\\u{23}#[error]b'],
    [
      'addresses of IPv6',
      '::1 ::/0 2001:db8::1 ::ffff:192.0.2.1 ::abc',
      '::1 ::/0 2001:db8::1 ::ffff:192.0.2.1 ::abc',
    ],
    ['half of a surrogate pair', '\ud800', '\\u{d800}'],
  ])('%s', (_, hostile, shown) => {
    expect(inert(hostile)).toBe(shown);
    expect(inert(shown)).toBe(shown);
  });
});

describe('inertJson', () => {
  test.each(['\u202eabc', '\u009b', '\u{e0041}x', '\u2028', '\u00a0', '##[error]', '####[', 'plain'])(
    '%j parses to itself',
    (value) => {
      const json = inertJson(JSON.stringify({ value }, null, 2));
      expect(JSON.parse(json)).toEqual({ value });
      expect(json).toMatch(/^[\x20-\x7e\n]*$/);
      expect(json).not.toContain('##[');
    },
  );
});
