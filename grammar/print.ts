import type { Command, Word } from './command.ts';
import { bareWordEnd } from './glue.ts';
import { quoteWord } from './words.ts';

/** What `printCommand` looks at: a command, wherever it comes from. */
export interface PrintableCommand {
  readonly verb: Command['verb'];
  readonly path: readonly Pick<Word, 'text' | 'quoted'>[];
}

/**
 * A command in VyOS's own notation. VyOS quotes the values of leaves only; what is a leaf is not known here, so a word
 * is quoted if it was, or if it could not be read back without.
 */
export function printCommand(command: PrintableCommand): string {
  const words = command.path.map((word, index) => printWord(word, command.path[index + 1]?.text));
  return [command.verb, ...words].join(' ');
}

function printWord(word: Pick<Word, 'text' | 'quoted'>, next: string | undefined): string {
  const bare = /^(?!#|\*\*[^*])[!#-&(-[\]-_a-~]+$/.test(word.text) && !/[^*]\*\*$/.test(word.text);
  const looksGlued = bareWordEnd(`${word.text} ${next ?? ''}`, 0, word.text.length) < word.text.length;
  return word.quoted || !bare || looksGlued ? quoteWord(word.text) : word.text;
}
