import { inert } from './inert.ts';

/**
 * A text that leads to an address where the terminal knows OSC 8 and shows nothing of the address elsewhere. The text may
 * hold colours already; it takes as many cells as before, so lay it out first.
 */
export function hyperlink(text: string, address: string): string {
  return `\u001b]8;;${inert(address)}\u001b\\${text}\u001b]8;;\u001b\\`;
}

/** Whether a text can stand as an address wherever one is taken: in a terminal, in SARIF, in Markdown. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[\x21-\x7e]+$/.test(text) && !/[<>()[\]\\^`{|}"]/.test(text) && URL.canParse(text);
}
