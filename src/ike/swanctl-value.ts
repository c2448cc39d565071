/** A string between quotes, a bare word, or what ends the value; not a `}`, which would close the section. */
const token = /[\t\r ]*(?:"((?:\\[\s\S]|[^\\"])*)"|([^#}"\r\n\t ]+)|[#\n])/y;

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\n': '' };

/**
 * What swanctl reads of a text that was put between double quotes in swanctl.conf as it was (settings_lexer.l,
 * settings_parser.y). A backslash escapes. A quote ends the string, and the words that follow belong to the value.
 * Undefined where that breaks the file: swanctl then loads nothing of it.
 */
export function readSwanctlValue(text: string): string | undefined {
  const line = `"${text}"\n`;
  const parts: string[] = [];
  for (let at = 0; at < line.length; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(line);
    if (!match) return undefined;
    const [, quoted, bare] = match;
    const part = quoted?.replace(/\\([\s\S])/g, (_, character: string) => escapes[character] ?? character);
    if (part === undefined && bare === undefined) break;
    parts.push(part ?? bare ?? '');
  }
  return parts.join(' ');
}

/** Whether a text can follow in the name of a section of swanctl.conf (settings_lexer.l; `:` refers to another). */
export function isSwanctlName(text: string): boolean {
  return /^[^#{}:.,="\r\n\t ]+(?::[^#{}:.,="\r\n\t ]+)?$/.test(text);
}
