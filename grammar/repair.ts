import { type SourceFile, span, textOf } from '../src/source/index.ts';
import { bareRunEnd, TYPOGRAPHIC_QUOTE } from './characters.ts';
import type { Command, Dump, SyntaxProblem, Word } from './command.ts';

/** What was kept of a damaged line, and where each of its characters stood. */
interface Kept {
  readonly text: string;
  readonly offsets: readonly number[];
}

/**
 * The command that a line was before a web page, a word processor or a terminal added to it: without backquotes, the
 * stars of bold and of lists, and characters that no command holds, and with straight quotes. Undefined where that
 * leaves anything but one command that can be read: letters are never guessed.
 */
export function repaired(
  file: SourceFile,
  { kind, at, lost = at }: SyntaxProblem,
  read: (text: string) => Dump | undefined,
): Command | undefined {
  if (!damages.has(kind)) return undefined;
  const kept = withoutDamage(textOf(lost));
  if (kept.text === textOf(lost)) return undefined;
  const { commands = [], problems = [] } = read(kept.text) ?? {};
  const [command, ...others] = commands;
  if (command === undefined || others.length > 0 || problems.length > 0) return undefined;
  const placeOf = (word: Pick<Word, 'at'>) =>
    span(
      file,
      lost.start + (kept.offsets[word.at.start] ?? 0),
      lost.start + (kept.offsets[word.at.end - 1] ?? 0) + 1,
    );
  return {
    verb: command.verb,
    path: command.path.map((word) => ({ ...word, at: placeOf(word) })),
    at: placeOf(command),
  };
}

const damages: ReadonlySet<SyntaxProblem['kind']> = new Set([
  'typographic-quote',
  'stray-character',
  'unterminated-quote',
  'unknown-command',
]);

function withoutDamage(line: string): Kept {
  const start = /^[\s*>•`]*/.exec(line)?.[0].length ?? 0;
  const end = line.replace(/(?<=\S)[\s*`]+$/, '').length;
  const offsets: number[] = [];
  let text = '';
  let quoted = false;
  for (let offset = start; offset < end; ) {
    const character = String.fromCodePoint(line.codePointAt(offset) ?? 0);
    const isBold = !quoted && line.startsWith('**', offset);
    const before = line.charAt(offset - 1);
    const kept = isBold ? '' : meant(character, before, quoted);
    if (kept === "'") quoted = !quoted;
    for (const _ of kept) offsets.push(offset);
    text += kept;
    offset += isBold ? 2 : character.length;
  }
  return { text, offsets };
}

/** Between quotes any character may stand, and a mark on a letter that it can belong to. */
function meant(character: string, before: string, quoted: boolean): string {
  if (TYPOGRAPHIC_QUOTE.test(character) && character !== '`') return "'";
  if (quoted || /[\s'"\\#]/.test(character)) return character;
  const run = before + character;
  return bareRunEnd(character, 0) > 0 || (bareRunEnd(run, 0) === run.length && before > '~') ? character : '';
}
