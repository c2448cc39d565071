/**
 * What `strip-private` of VyOS does to a line (vyos-1x src/helpers/strip-private.py): it writes a mask for all that
 * follows a word such as `secret` up to the next blank, quotes included.
 */
const MASK = 'xxxxxx';

/** Where the rest of a secret with blanks in it ends, of which the mask hides the first word: at its closing quote. */
export function maskedRestEnd(text: string, offset: number): number | undefined {
  if (!/[^\S\r\n]/.test(text.charAt(offset - 1))) return undefined;
  let end = offset;
  while (end > 0 && /[^\S\r\n]/.test(text.charAt(end - 1))) end -= 1;
  const start = end - MASK.length;
  if (text.slice(start, end) !== MASK || !/\s/.test(text.charAt(start - 1))) return undefined;
  return lineEndBehind(/["']/, text, offset);
}

/** Where a value in quotes ends whose last word was masked together with the quote that closed it. */
export function maskedQuoteEnd(text: string, offset: number): number | undefined {
  const quote = text.charAt(offset);
  if (quote !== '"' && quote !== "'") return undefined;
  const end = lineEndBehind(/x/, text, offset);
  if (end === undefined) return undefined;
  const value = text.slice(offset + 1, end);
  return !value.includes(quote) && /\sxxxxxx$/.test(value) ? end : undefined;
}

/** No secret goes on for longer; and a line of masks alone would be walked to its end from each of them. */
const LONGEST = 2000;

/** The end of a line without blanks, if its last character is one of those. */
function lineEndBehind(last: RegExp, text: string, offset: number): number | undefined {
  let end = offset;
  while (end < text.length && text.charAt(end) !== '\n' && text.charAt(end) !== '\r') {
    end += 1;
    if (end - offset > LONGEST) return undefined;
  }
  while (end > offset && /\s/.test(text.charAt(end - 1))) end -= 1;
  return end > offset && last.test(text.charAt(end - 1)) ? end : undefined;
}
