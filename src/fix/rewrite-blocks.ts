import type { Command, Dump, Word } from '../../grammar/command.ts';
import { readCommand } from '../vyos/command.ts';
import { lookupNearest, schemaBelow } from '../vyos/schema/index.ts';
import type { Site } from '../vyos/site.ts';
import { buildTree, type ConfigNode } from '../vyos/tree.ts';
import { type Block, blocksOf, entriesOf, entryBefore } from './blocks.ts';
import { eolAt, lineEnd, lineStart, splice, usualEol } from './lines.ts';

/** A block whose neighbours show no indentation: what VyOS writes. */
const INDENT = '    ';

/**
 * The text of a dump in braces with a command worked in: a value where it stands, a new node in its block, between its
 * neighbours and with their indentation; what is deleted goes with its lines and with the comments of its own.
 */
export function workedIntoBlocks(site: Site, dump: Dump, command: string): string {
  const { verb, words } = readCommand(command);
  return verb === 'set' ? put(site, dump, words) : removed(dump, words);
}

/** The text with the command of a place taken out, and another one put in: in its place, where it is of the same leaf. */
export function replacedInBlocks(dump: Dump, place: Command, command: string): string {
  const { verb, words } = readCommand(command);
  const { text } = dump.file;
  const value = place.path.at(-1);
  const isSameLeaf =
    verb === 'set' &&
    place.path.length === words.length &&
    place.path.slice(0, -1).every((word, index) => word.text === words[index]);
  if (isSameLeaf && value !== undefined) {
    return splice(text, value.at.start, value.at.end, valueLike(words.at(-1) ?? '', value));
  }
  return withoutLines(text, dump, place.at.start, place.at.end);
}

function put(site: Site, dump: Dump, words: readonly string[]): string {
  const { text } = dump.file;
  const path = words.slice(0, -1);
  const schema = lookupNearest(path, site.release);
  const isValue = schema?.kind === 'leaf';
  const last = words.at(-1) ?? '';
  const values = isValue
    ? nodeAt(buildTree(dump.commands, schemaBelow(site.release)).children, path)?.values
    : undefined;
  const held = [...(values?.values() ?? [])];
  const old = held.at(-1);
  if (old !== undefined && schema?.multi !== true) {
    return splice(text, old.at.start, old.at.end, valueLike(last, old.word));
  }
  const blocks = blocksOf(dump);
  const block = around(blocks, words);
  // A dump of a part of the configuration has the nodes above it nowhere.
  const hidden =
    dump.commands[0]?.path.filter(({ at }) => at.end === at.start).map((word) => word.text) ?? [];
  const isBelow = hidden.every((name, index) => words[index] === name);
  const depth = block?.path.length ?? (isBelow ? hidden.length : 0);
  const entries = entriesOf(dump, blocks, block);
  // VyOS keeps the values of a leaf in the order in which they were set.
  const before =
    old === undefined
      ? entryBefore(entries, words, depth)
      : entries.find(({ start, end }) => start <= old.at.start && old.at.end <= end);
  const eol = usualEol(text);
  const own = block === undefined ? '' : indentAt(text, block.start);
  const indent =
    entries[0] === undefined ? own + (block === undefined ? '' : INDENT) : indentAt(text, entries[0].start);
  const like = old?.word ?? dump.commands.find((command) => isLeaf(command, site))?.path.at(-1);
  const lines = linesFor(words, depth, isValue, indent, like, site).join(eol);
  if (before !== undefined) {
    const end = lineEnd(text, before.end);
    const isWithin = block !== undefined && end > block.close;
    if (!isWithin) return splice(text, end, end, `${eol}${lines}`);
  }
  if (block === undefined)
    return before === undefined ? `${lines}${eol}${text}` : `${text}${eol}${lines}${eol}`;
  const isOneLine = !/[\r\n]/.test(text.slice(block.open, block.close));
  if (isOneLine) {
    const content = text.slice(block.open + 1, block.close).trim();
    const kept = content === '' ? '' : `${eol}${own}${INDENT}${content}`;
    return splice(text, block.open + 1, block.close, `${kept}${eol}${lines}${eol}${own}`);
  }
  const end = before === undefined ? lineEnd(text, block.open) : lineStart(text, block.close) - eol.length;
  return splice(text, end, end, `${eol}${lines}`);
}

function isLeaf({ path }: Command, { release }: Site): boolean {
  return (
    lookupNearest(
      path.slice(0, -1).map(({ text }) => text),
      release,
    )?.kind === 'leaf'
  );
}

/** The innermost block, the last of several, that has a node in it. */
function around(blocks: readonly Block[], words: readonly string[]): Block | undefined {
  const fitting = blocks.filter(
    ({ path }) => path.length < words.length && path.every((name, index) => words[index] === name),
  );
  const longest = Math.max(0, ...fitting.map(({ path }) => path.length));
  return fitting.findLast(({ path }) => path.length === longest);
}

function nodeAt(children: ReadonlyMap<string, ConfigNode>, path: readonly string[]): ConfigNode | undefined {
  let node: ConfigNode | undefined;
  for (const name of path) {
    node = (node?.children ?? children).get(name);
    if (!node) return undefined;
  }
  return node;
}

/** A new node with the blocks around it that are not there yet. A tag node has its name on its own line. */
function linesFor(
  words: readonly string[],
  depth: number,
  isValue: boolean,
  indent: string,
  like: Word | undefined,
  site: Site,
): readonly string[] {
  const name = words[depth] ?? '';
  const rest = words.length - depth;
  if (isValue && rest === 2) return [`${indent}${name} ${valueLike(words.at(-1) ?? '', like)}`];
  const isTag = lookupNearest(words.slice(0, depth + 1), site.release)?.kind === 'tag' && rest > 1;
  const own = isTag ? 2 : 1;
  const heading = words
    .slice(depth, depth + own)
    .map((word) => bareOrQuoted(word))
    .join(' ');
  if (rest === own) return isTag ? [`${indent}${heading} {`, `${indent}}`] : [`${indent}${heading}`];
  return [
    `${indent}${heading} {`,
    ...linesFor(words, depth + own, isValue, indent + INDENT, like, site),
    `${indent}}`,
  ];
}

/** A value in quotes where its neighbour has them, or where it cannot be read without. */
function valueLike(text: string, like: Word | undefined): string {
  return like?.quoted === true ? quoted(text) : bareOrQuoted(text);
}

function bareOrQuoted(text: string): string {
  const isPlain = /^[^\s{}"'*;`\\]+$/.test(text) && !/^(?:#|\/[/*])/.test(text) && /^[!-~]+$/.test(text);
  return isPlain ? text : quoted(text);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
}

/** Without a node: all blocks of it and all settings in it, wherever they stand. */
function removed(dump: Dump, words: readonly string[]): string {
  const isBelow = (path: readonly string[]) => words.every((name, index) => path[index] === name);
  const blocks = blocksOf(dump).filter(({ path }) => isBelow(path));
  const outer = blocks.filter(
    (one) => !blocks.some((other) => other.open < one.open && one.close < other.close),
  );
  const leaves = dump.commands.filter(
    ({ path, at }) =>
      isBelow(path.map(({ text }) => text)) &&
      !outer.some(({ start, close }) => start <= at.start && at.end <= close),
  );
  const stretches = [
    ...outer.map(({ start, close }) => ({ start, end: close + 1 })),
    ...leaves.map(({ at }) => ({ start: at.start, end: at.end })),
  ].toSorted((one, other) => other.start - one.start);
  let text = dump.file.text;
  for (const { start, end } of stretches) text = cut(text, commentsBefore(dump, start), start, end);
  return text;
}

/** Takes a setting out of a text: with its line and its own comments, where nothing else stands on it. */
export function withoutLines(text: string, dump: Dump, start: number, end: number): string {
  return cut(text, commentsBefore(dump, start), start, end);
}

/** Where the comments of a node begin: those in lines of their own right above it, as VyOS writes them. */
function commentsBefore({ file: { text }, ignored }: Dump, start: number): number {
  let from = start;
  const comments = ignored.filter(
    ({ reason, at }) => reason === 'comment' && text.startsWith('/*', at.start),
  );
  for (const { at } of comments.toReversed()) {
    if (at.end > from) continue;
    if (!/^\s*$/.test(text.slice(at.end, from)) || !/[\r\n]/.test(text.slice(at.end, from))) break;
    if (text.slice(lineStart(text, at.start), at.start).trim() !== '') break;
    from = at.start;
  }
  return from;
}

/** `from`: where the comments begin that go with it, if it stands in lines of its own. */
function cut(text: string, from: number, start: number, end: number): string {
  const [first, last] = [lineStart(text, start), lineEnd(text, end)];
  if (text.slice(first, start).trim() !== '' || text.slice(end, last).trim() !== '') {
    return splice(text, start, end + (/^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0), '');
  }
  return splice(text, lineStart(text, from), last + eolAt(text, last).length, '');
}
