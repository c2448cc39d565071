/** Quotes, primes and accents that text processors and web pages put where a straight quote was typed. */
export const TYPOGRAPHIC_QUOTE = /[`´‘’‚‛“”„‟′″‴‵‶‹›«»＂＇｀]/;

/** A character by its number, for messages: a control or look-alike character is never copied into one. */
export function characterName(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A word made safe for a message: at most 20 characters, and those outside printable ASCII by their numbers. */
export function shownWord(word: string): string {
  const characters = [...word.slice(0, 40)];
  const shown = characters.slice(0, 20).map((one) => (/^[!-~]$/.test(one) ? one : characterName(one)));
  return shown.join('') + (characters.length > 20 ? '…' : '');
}

/**
 * Where the run of characters that may stand in a word without quotes ends. `#` is one of them: only a word's first starts
 * a comment. `stops`: characters that end it before, in a notation in which they mean something.
 */
export function bareRunEnd(text: string, start: number, stops = ''): number {
  let end = start;
  let previous = '';
  while (end < text.length) {
    const character = String.fromCodePoint(text.codePointAt(end) ?? 0);
    if (!isBare(character, previous) || stops.includes(character)) break;
    end += character.length;
    previous = character;
  }
  return end;
}

/** Letters of all alphabets pass; marks only on a letter they can belong to, as `ü` typed as two characters. */
function isBare(character: string, previous: string): boolean {
  if (character <= '~') return character > ' ' && !/["'\\`]/.test(character);
  if (TYPOGRAPHIC_QUOTE.test(character)) return false;
  if (/[\p{L}\p{N}]/u.test(character)) return true;
  if (/[\u0300-\u036f]/.test(character)) return /\p{L}/u.test(previous);
  return /\p{M}/u.test(character) && previous > '~';
}
