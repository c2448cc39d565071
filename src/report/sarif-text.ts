import { inert } from './inert.ts';

/**
 * A text as a message of SARIF, in which brackets make links and braces placeholders (sections 3.11.5 and 3.11.6).
 * SARIF's consumers allow no empty text.
 */
export function sarifText(text: string, fallback = 'no text'): string {
  const shown = text.split('\n').map(inert).join('\n').trim();
  return (shown === '' ? fallback : shown).replace(/[[\]]/g, '\\$&').replace(/[{}]/g, '$&$&');
}

/** At most `length` characters, with a sign at the end where there were more. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 2).replace(/[\ud800-\udbff]$/, '')} …`;
}
