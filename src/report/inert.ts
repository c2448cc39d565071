/**
 * Controls, format characters (bidi overrides among them), line and paragraph separators, lone surrogates, whatever
 * else shows as nothing, and spaces that are no space: all that lets a text look like what it is not, or drive a terminal.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/**
 * What a CI runner takes for a command of its own in any program's output: GitHub's `::error …::` at the beginning of
 * a line, blanks before it or not, and anywhere the older `##[error]`, Azure's `##vso[…]` and TeamCity's `##teamcity[…]`. The first character is written out. What may be an
 * address of IPv6 is no command: none of their names is made of hexadecimal letters alone.
 */
const commanding = /(?<!\S):(?=:(?![\da-f:.]+(?:\/\d+)?(?![\w-]))[a-z])|#(?=#[a-z]*\[)/gi;

/** The text with each character that hides, reorders or commands written out: `\u{1b}`. */
export function inert(text: string): string {
  return text.replace(unseen, writtenOut).replace(commanding, writtenOut);
}

/** A character as its number: `\u{1b}`. */
export function writtenOut(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** The same JSON with those characters as JSON's own escapes: it parses to the same value and is safe to look at. */
export function inertJson(json: string): string {
  return json.replace(/#(?=#[a-z]*\[)/gi, escaped).replace(unseen, (character) => {
    return character === '\n' ? character : escaped(character);
  });
}

function escaped(characters: string): string {
  return characters
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
