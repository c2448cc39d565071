/**
 * Commands of VyOS's configuration mode, as text to paste. Values stand in single quotes, as VyOS prints them;
 * VyOS takes no value with a single quote in it.
 */
export function setCommand(path: readonly string[], value?: string): string {
  return ['set', ...path.map(quoteIfNeeded), ...(value === undefined ? [] : [`'${value}'`])].join(' ');
}

export function deleteCommand(path: readonly string[], value?: string): string {
  return ['delete', ...path.map(quoteIfNeeded), ...(value === undefined ? [] : [`'${value}'`])].join(' ');
}

function quoteIfNeeded(word: string): string {
  return /^[\w@%+=:,./|-]+$/.test(word) ? word : `'${word}'`;
}
