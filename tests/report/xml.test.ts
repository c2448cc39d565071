import { expect, test } from '@jest/globals';
import { xmlDocument } from '../../src/report/xml.ts';

test('an element, its attributes and what stands in it', () => {
  const inner = { name: 'b', attributes: {}, content: 'one\ntwo' };
  expect(
    xmlDocument({ name: 'a', attributes: { n: 1 }, content: [inner, { name: 'c', attributes: {} }] }),
  ).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<a n="1">\n  <b>one\ntwo</b>\n  <c/>\n</a>\n');
});

test.each([
  ['markup', `<b a="1" c='2'>&amp;]]>`, '&lt;b a=&quot;1&quot; c=&apos;2&apos;&gt;&amp;amp;]]&gt;'],
  ['what XML does not allow', '\u0000\u001b\ufffe\uffff\ud800', '\\u{0}\\u{1b}\\u{fffe}\\u{ffff}\\u{d800}'],
  ['what hides', '\u202e\u00a0\u2028', '\\u{202e}\\u{a0}\\u{2028}'],
  ['what is written as it is', '中é😀→', '中é😀→'],
])('%s', (_, text, shown) => {
  expect(xmlDocument({ name: 'a', attributes: { n: text }, content: text })).toBe(
    `<?xml version="1.0" encoding="UTF-8"?>\n<a n="${shown}">${shown}</a>\n`,
  );
});
