import type { Command, Dump } from '../../grammar/command.ts';
import { textOf } from '../source/index.ts';
import { isSecretPath } from './schema/index.ts';

/** What stands for a text of which a character is not known; the schema takes it for masked. */
const unknownText = '\ufffd';

/** The commands of a dump, with those of damaged lines whose meaning is plain, each in its place. */
export function commandsOf({ commands, problems }: Dump): readonly Command[] {
  const meant = problems.flatMap((problem) => (problem.meant === undefined ? [] : discreet(problem.meant)));
  if (meant.length === 0) return commands;
  return [...commands, ...meant].toSorted((one, other) => one.at.start - other.at.start);
}

/** A secret that was damaged, or that touches damage, may have held what was taken for the damage. */
function discreet(command: Command): Command {
  const last = command.path.at(-1);
  if (last === undefined || !isSecretPath(command.path.slice(0, -1).map(({ text }) => text))) return command;
  const { text } = last.at.file;
  const touches = /\S/.test(text.charAt(last.at.start - 1) + text.charAt(last.at.end));
  const isWhole = last.quoted ? textOf(last.at).slice(1, -1) === last.text : textOf(last.at) === last.text;
  if (isWhole && (last.quoted || !touches)) return command;
  return { ...command, path: [...command.path.slice(0, -1), { ...last, text: unknownText }] };
}
