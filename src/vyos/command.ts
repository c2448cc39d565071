/**
 * Commands of VyOS's configuration mode, as text to paste. Values stand in single quotes, as VyOS prints them.
 * Undefined where there is no such command: VyOS takes no word with a quote in it (vyatta-cfg src/cli_new.c), and what
 * a report would have to write out as `\u{202e}` cannot be pasted: a character that does not show, or what a CI runner
 * takes for a command of its own, or what must not be seen of the dump.
 */
export type Command = string | undefined;

export function setCommand(path: readonly string[], value?: string): Command {
  return command('set', path, value);
}

export function deleteCommand(path: readonly string[], value?: string): Command {
  return command('delete', path, value);
}

const unprintable =
  /['"\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}|##[a-z]*\[|\*{8}|\s::[a-z]/iu;

function command(verb: 'set' | 'delete', path: readonly string[], value: string | undefined): Command {
  if ([...path, value ?? ''].some((word) => unprintable.test(word))) return undefined;
  return [verb, ...path.map(quoteIfNeeded), ...(value === undefined ? [] : [`'${value}'`])].join(' ');
}

/** A word that no shell reads as anything but itself. */
function quoteIfNeeded(word: string): string {
  return /^(?!::[a-z])[\w@%+=:,./-]+$/i.test(word) ? word : `'${word}'`;
}

/** A command in words. */
export interface CommandWords {
  readonly verb: 'set' | 'delete';
  readonly words: readonly string[];
}

/** The words of a command that this file wrote: what stands in quotes is what is meant, a backslash too. */
export function readCommand(text: string): CommandWords {
  const [verb, ...words] = [...text.matchAll(/'([^']*)'|[^ ]+/g)].map(([word, quoted]) => quoted ?? word);
  return { verb: verb === 'delete' ? 'delete' : 'set', words };
}
