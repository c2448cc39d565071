import type { Command, Dump } from '../../grammar/command.ts';
import { compareNames } from '../vyos/schema/order.ts';

/** A block of a dump in braces; `path` is that of its heading, from the root down. */
export interface Block {
  readonly path: readonly string[];
  readonly start: number;
  /** Where its braces stand. */
  readonly open: number;
  readonly close: number;
}

/** What stands directly in a block: a setting, or a block. */
export interface Entry {
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** The blocks of a dump whose braces pair, in the order in which they are opened. */
export function blocksOf(dump: Dump): readonly Block[] {
  const { text } = dump.file;
  const braces = dump.ignored.filter(({ reason }) => reason === 'brace').map(({ at }) => at.start);
  const open: number[] = [];
  const pairs: { readonly open: number; readonly close: number }[] = [];
  for (const brace of braces.toSorted((one, other) => one - other)) {
    if (text.charAt(brace) === '{') open.push(brace);
    else {
      const start = open.pop();
      if (start !== undefined) pairs.push({ open: start, close: brace });
    }
  }
  const commands = dump.commands.toSorted((one, other) => one.at.start - other.at.start);
  return pairs
    .toSorted((one, other) => one.open - other.open)
    .flatMap((pair) => blockOf(commands, pair) ?? []);
}

/** The words before a brace, which all commands in its block have in common. */
function blockOf(
  commands: readonly Command[],
  { open, close }: { readonly open: number; readonly close: number },
): Block | undefined {
  const inside = commands.find(({ path, at }) => at.end <= close && (at.start > open || endsAt(path, open)));
  const heading = inside?.path.filter(({ at }) => at.end <= open || at.end === at.start) ?? [];
  const own = heading.filter(({ at }) => at.end > at.start);
  const last = own.at(-1);
  if (last === undefined) return undefined;
  const { text } = last.at.file;
  // The words of one heading stand side by side.
  let first = last;
  for (const word of own.toReversed()) {
    if (word.at.end <= first.at.start && /[\r\n{}]/.test(text.slice(word.at.end, first.at.start))) break;
    first = word;
  }
  return { path: heading.map((word) => word.text), start: first.at.start, open, close };
}

function endsAt(path: Command['path'], open: number): boolean {
  const last = path.at(-1);
  return (
    last !== undefined && last.at.end <= open && /^\s*$/.test(last.at.file.text.slice(last.at.end, open))
  );
}

/** What stands directly in a block, or outside of all. */
export function entriesOf(dump: Dump, blocks: readonly Block[], block: Block | undefined): readonly Entry[] {
  const isIn = (start: number, end: number) =>
    block === undefined || (start > block.open && end <= block.close);
  const inside = blocks.filter((one) => one !== block && isIn(one.start, one.close));
  const entries: Entry[] = [];
  let end = -1;
  const all: readonly Entry[] = [
    ...inside.map(({ path, start, close }) => ({ path, start, end: close + 1 })),
    ...dump.commands
      .filter(
        ({ verb, at }) =>
          verb === 'set' && isIn(at.start, at.end) && !dump.file.text.startsWith('set ', at.start),
      )
      .map(({ path, at }) => ({ path: path.map(({ text }) => text), start: at.start, end: at.end })),
  ];
  for (const entry of all.toSorted((one, other) => one.start - other.start || other.end - one.end)) {
    if (entry.start < end) continue;
    entries.push(entry);
    end = entry.end;
  }
  return entries;
}

/**
 * The entry behind which a new one belongs: the last that VyOS would print before it, where they stand in VyOS's order;
 * else the last. Undefined where it belongs before all.
 */
export function entryBefore(
  entries: readonly Entry[],
  words: readonly string[],
  depth: number,
): Entry | undefined {
  const compare = (one: readonly string[], other: readonly string[]): number => {
    for (let index = depth; index < Math.max(one.length, other.length); index += 1) {
      const order = compareNames(one[index] ?? '', other[index] ?? '');
      if (order !== 0) return order;
    }
    return 0;
  };
  const isSorted = entries.every(({ path }, index) => {
    const last = entries[index - 1];
    return last === undefined || compareNames(last.path[depth] ?? '', path[depth] ?? '') <= 0;
  });
  if (!isSorted) return entries.findLast(({ path }) => path[depth] === words[depth]) ?? entries.at(-1);
  return entries.findLast(({ path }) => compare(path, words) <= 0);
}
