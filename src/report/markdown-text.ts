import { isWebAddress } from './hyperlink.ts';
import { inert, writtenOut } from './inert.ts';

/**
 * Words that Markdown, HTML, GitHub and GitLab make nothing of: letters and digits with simple signs between them.
 * Whatever else a word holds may be markup, a mention, an address, or a reference to an issue, a commit, a label.
 */
const plainWord = /^[\p{L}\p{N}]+(?:[_.,:;'’/%-]{1,2}[\p{L}\p{N}]+)*$|^[→=/%–—-]$/u;

/** A commit, `www.` and a reference to an issue look like plain words. */
const reference = /[0-9a-f]{7}|www\.|GH-\d/i;

/** Signs around a word that mean nothing in Markdown where they stand beside a space. */
const wrapping = /^(["'(]*)(.*?)([)"'.,:;?]*)$/su;

/**
 * A text in a line of Markdown: words that could be taken for more than words stand in code, where nothing is made of
 * them. It holds no `|`, so it can stand in a table.
 */
export function markdownText(text: string): string {
  return inert(text)
    .split(' ')
    .map((word) => {
      const [, before = '', core = '', after = ''] = wrapping.exec(word) ?? [];
      const plain = core === '' || (plainWord.test(core) && !reference.test(core));
      return plain ? word : `${before}${codeSpan(core)}${after}`;
    })
    .join(' ');
}

/** A text as code in a line. A `|` would end a table's cell even there, so it is written out. */
export function codeSpan(text: string): string {
  const shown = inert(text).replaceAll('|', writtenOut);
  if (shown.trim() === '') return shown === '' ? '' : '` `';
  const fence = '`'.repeat(longestRun(shown) + 1);
  const pad = /^`|`$|^ .* $/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** Lines as they are, in a block that nothing in them ends. */
export function codeBlock(lines: readonly string[], language = ''): string {
  const shown = lines.map(inert);
  const fence = '`'.repeat(Math.max(3, longestRun(shown.join('\n')) + 1));
  return [`${fence}${language}`, ...shown, fence].join('\n');
}

/** A text in HTML that Markdown leaves alone, such as a `summary`; in `code`, where nothing is made of its words. */
export function htmlCode(text: string): string {
  const escaped = inert(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<code>${escaped}</code>`;
}

/** A link whose text is code; the code alone where the address is none of the web. */
export function markdownLink(text: string, address: string): string {
  const code = codeSpan(text);
  return isWebAddress(address) ? `[${code}](${address})` : code;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 0);
}
