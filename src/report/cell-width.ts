import { eastAsianWidth } from 'get-east-asian-width';

/**
 * Cells that a text takes in a terminal, once it is inert: it has then no escape sequences, joiners or variation
 * selectors, and only marks take no cell of their own. The package string-width knows those too, and its tables of
 * emoji sequences take a quarter of the start-up (npm run bench:startup).
 */
export function cellWidth(text: string): number {
  // Of plain ASCII every character takes one, and most texts are: this is a twentieth of the start-up.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (!/^\p{M}$/u.test(character)) width += eastAsianWidth(character.codePointAt(0) ?? 0);
  }
  return width;
}

/** For the build, which gives this to yargs in place of string-width: its help is plain text, too. */
export default cellWidth;
