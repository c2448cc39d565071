/**
 * Controls, format characters (bidi overrides among them), line and paragraph separators, lone surrogates, whatever
 * else shows as nothing, and spaces that are no space: all that lets a text look like what it is not, or drive a terminal.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** The text with each character that hides, reorders or commands written out: `\u{1b}`. */
export function inert(text: string): string {
  return text.replace(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same JSON with those characters as JSON's own escapes: it parses to the same value and is safe to look at. */
export function inertJson(json: string): string {
  return json.replace(unseen, (character) => {
    if (character === '\n') return character;
    return character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('');
  });
}
