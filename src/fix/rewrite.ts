import type { Command, Dump, Word } from '../../grammar/command.ts';
import type { Span } from '../source/index.ts';
import { readCommand, setCommand } from '../vyos/command.ts';
import { lookupNearest, schemaBelow } from '../vyos/schema/index.ts';
import { compareNames } from '../vyos/schema/order.ts';
import type { Site } from '../vyos/site.ts';
import { buildTree, type ConfigNode, type ConfigTree, type ConfigValue } from '../vyos/tree.ts';
import { configurationOf } from './configuration.ts';
import { eolAt, lineEnd, lineStart, splice, usualEol } from './lines.ts';
import type { Step } from './plan.ts';
import { replacedInBlocks, withoutLines, workedIntoBlocks } from './rewrite-blocks.ts';

/** A notation, read and printed. Words are quoted where `quoted` says so, or where they cannot be read without. */
export interface Notation {
  readonly read: (text: string) => Dump;
  readonly print: (command: {
    readonly verb: Command['verb'];
    readonly path: readonly Pick<Word, 'text' | 'quoted'>[];
  }) => string;
}

type Edit = Pick<Step, 'command' | 'replaces'>;

/**
 * The text of a site's dump with commands applied to it, and not only added: a value is replaced where it stands, in
 * its own quotes; what is deleted goes with its lines; what is new stands beside what it belongs to; all else stays,
 * character for character. Where a command cannot be worked in without changing what the dump means, it is added as a
 * line at the end. The result read again is the configuration that the commands give when they are typed in.
 */
export function rewritten(site: Site, edits: readonly Edit[], notation: Notation): string {
  const { text } = site.file;
  const expected = configurationOf(expectedCommands(site.dump, edits, notation), site.release);
  // VyOS keeps a value that is set anew behind the others, and so it cannot always take the place of the old one.
  const moved = [() => false, (edit: Edit) => isOfMany(edit, site), () => true];
  for (const isMoved of moved) {
    const worked = workedInAll(site, edits, isMoved, notation);
    if (same(notation.read(worked).commands, expected, site)) return worked;
  }
  const rest = withoutPlaces(site, text, placesOf(edits), notation);
  return edits.reduce((now, edit) => appended(now, edit, notation), rest);
}

/** `isMoved`: of an edit that takes a place, whether it is taken out there and set anew like any other. */
function workedInAll(
  site: Site,
  edits: readonly Edit[],
  isMoved: (edit: Edit) => boolean,
  notation: Notation,
): string {
  const { text } = site.file;
  const isInPlace = (edit: Edit) => takesAPlace(edit) && !isMoved(edit);
  const inPlace = edits.filter(isInPlace).map((edit) => ({
    start: edit.replaces[0]?.start ?? 0,
    work: (now: string) => workedIn(site, now, edit, notation),
  }));
  const gone = placesOf(edits.filter((edit) => !isInPlace(edit))).map((place) => ({
    start: place.start,
    work: (now: string) => withoutPlaces(site, now, [place], notation),
  }));
  // Offsets are those of the first text, and so the last place comes first.
  const placed = [...inPlace, ...gone]
    .toSorted((one, other) => other.start - one.start)
    .reduce((now, { work }) => work(now), text);
  const others = edits.filter((edit) => !isInPlace(edit)).map(({ command }) => ({ command, replaces: [] }));
  const worked = byLeaf(others, site).reduce(
    (now, together) => exchanged(site, now, together, notation),
    placed,
  );
  return withoutIdle(site, text, worked, notation);
}

/** What edits replace, each place once. */
function placesOf(edits: readonly Edit[]): readonly Span[] {
  const places = new Map(edits.flatMap(({ replaces }) => replaces.map((place) => [place.start, place])));
  return [...places.values()];
}

function withoutPlaces(site: Site, text: string, places: readonly Span[], notation: Notation): string {
  const without = site.dump.notation === 'config-boot' ? withoutLines : withoutStretch;
  return places
    .toSorted((one, other) => other.start - one.start)
    .reduce((now, { start, end }) => without(now, notation.read(now), start, end), text);
}

/** Of a leaf with several values, whose order counts. */
function isOfMany({ command }: Edit, { release }: Site): boolean {
  const schema = lookupNearest(readCommand(command).words.slice(0, -1), release);
  return schema?.kind === 'leaf' && schema.multi === true;
}

function takesAPlace({ replaces }: Edit): boolean {
  return replaces.length > 0;
}

/** The commands of the dump that VyOS takes, with the new ones behind them. */
function expectedCommands(dump: Dump, edits: readonly Edit[], notation: Notation): readonly Command[] {
  const replaced = new Set(edits.flatMap(({ replaces }) => replaces.map(({ start }) => start)));
  const added = notation.read(edits.map(({ command }) => inNotation(command, notation)).join('\n'));
  return [...dump.commands.filter(({ at }) => !replaced.has(at.start)), ...added.commands];
}

function inNotation(command: string, { print }: Notation): string {
  const { verb, words } = readCommand(command);
  return print({ verb, path: words.map((text) => ({ text, quoted: false })) });
}

/** Without new lines for a node that had nothing below it for a while, and that other lines name by now. */
function withoutIdle(site: Site, before: string, after: string, notation: Notation): string {
  // In braces a node has no line for having nothing below it.
  if (site.dump.notation === 'config-boot') return after;
  const namesOf = ({ path }: Command) => path.map((word) => word.text);
  const setsOf = (text: string) => notation.read(text).commands.filter(({ verb }) => verb === 'set');
  const old = new Set(setsOf(before).map((command) => JSON.stringify(namesOf(command))));
  const sets = setsOf(after);
  const isAbove = (path: readonly string[], { path: other }: Command) =>
    path.length < other.length && path.every((name, index) => other[index]?.text === name);
  return sets
    .filter((command) => {
      const path = namesOf(command);
      return !old.has(JSON.stringify(path)) && sets.some((other) => isAbove(path, other));
    })
    .toReversed()
    .reduce((now, { at }) => withoutStretch(now, notation.read(now), at.start, at.end), after);
}

/** Edits of the values of one multi leaf, at the place of the first of them; every other edit by itself. */
function byLeaf(edits: readonly Edit[], site: Site): readonly (readonly Edit[])[] {
  const together = new Map<string, Edit[]>();
  for (const [index, edit] of edits.entries()) {
    const key = JSON.stringify(isOfMany(edit, site) ? readCommand(edit.command).words.slice(0, -1) : index);
    together.set(key, [...(together.get(key) ?? []), edit]);
  }
  return [...together.values()];
}

/**
 * Edits of one leaf. Where values go and others come, the new ones take the places of the old ones; where that would
 * change the order of the values, the new ones are set before the old ones go, or all are laid out anew. So the leaf is
 * never without a value in between, which would leave a line for the node above it.
 */
function exchanged(site: Site, text: string, edits: readonly Edit[], notation: Notation): string {
  const oneByOne = (all: readonly Edit[]) =>
    all.reduce((now, edit) => workedIn(site, now, edit, notation), text);
  const isSet = ({ command }: Edit) => readCommand(command).verb === 'set';
  const coming = edits.filter(isSet);
  const going = edits.filter((edit) => !isSet(edit));
  if (coming.length === 0 || going.length === 0) return oneByOne(edits);
  const dump = notation.read(text);
  if (site.dump.notation === 'config-boot') {
    const result = oneByOne([...coming, ...going]);
    const isRight = same(
      notation.read(result).commands,
      configurationOf(expectedCommands(dump, edits, notation), site.release),
      site,
    );
    return isRight ? result : oneByOne(edits);
  }
  const path = readCommand(edits[0]?.command ?? '').words.slice(0, -1);
  const valuesAfter = (commands: readonly Command[]) =>
    nodeAt(buildTree(commands, schemaBelow(site.release)), path)?.values ?? new Map<string, ConfigValue>();
  const expected = expectedCommands(dump, edits, notation);
  const [old, now] = [valuesAfter(dump.commands), valuesAfter(expected)];
  const ways = [
    () =>
      laidOut(
        site,
        dump,
        [...old.values()].filter(({ value }) => !now.has(value)),
        [...now.values()].filter(({ value }) => !old.has(value)),
        notation,
      ),
    () => oneByOne([...coming, ...going]),
    () => laidOut(site, dump, [...old.values()], [...now.values()], notation),
  ];
  const wanted = configurationOf(expected, site.release);
  for (const way of ways) {
    const result = way();
    if (same(notation.read(result).commands, wanted, site)) return result;
  }
  return oneByOne(edits);
}

/** The text with new values of a leaf in the places and the quotes of old ones. */
function laidOut(
  site: Site,
  dump: Dump,
  old: readonly ConfigValue[],
  values: readonly ConfigValue[],
  notation: Notation,
): string {
  // VyOS keeps a new value behind the others: where there are too many places, the first are given up.
  const over = Math.max(0, old.length - values.length);
  const text = old
    .map((place, index) => ({ place, value: values[index - over]?.value }))
    .toSorted((one, other) => other.place.at.start - one.place.at.start)
    .reduce((now, { place: { at, word, command }, value }) => {
      if (value === undefined)
        return withoutStretch(now, notation.read(now), command.at.start, command.at.end);
      return splice(now, at.start, at.end, wordLike(value, word, notation));
    }, dump.file.text);
  return values.slice(old.length).reduce((now, { command: { path } }) => {
    const command = setCommand(
      path.slice(0, -1).map((word) => word.text),
      path.at(-1)?.text,
    );
    return command === undefined ? now : workedIn(site, now, { command, replaces: [] }, notation);
  }, text);
}

/** One command, in its place. Offsets of what an edit replaces are of the first text: they come last to first. */
function workedIn(site: Site, text: string, edit: Edit, notation: Notation): string {
  const dump = notation.read(text);
  const [first, ...others] = edit.replaces.toSorted((one, other) => one.start - other.start);
  if (site.dump.notation === 'config-boot') return workedIntoBraces(site, dump, edit, notation);
  if (first) {
    const rest = others
      .toSorted((one, other) => other.start - one.start)
      .reduce((now, { start, end }) => withoutStretch(now, notation.read(now), start, end), text);
    const old = dump.commands.find(({ at }) => at.start === first.start);
    return splice(rest, first.start, first.end, printed(site, edit.command, old?.path.at(-1), notation));
  }
  const wanted = configurationOf(expectedCommands(dump, [edit], notation), site.release);
  if (same(dump.commands, wanted, site)) return text;
  const { verb, words } = readCommand(edit.command);
  const ways =
    verb === 'set' ? [put(site, dump, edit.command, words, notation)] : removals(dump, words, notation);
  return (
    ways.find((way) => same(notation.read(way).commands, wanted, site)) ?? appended(text, edit, notation)
  );
}

/** The same in braces. What is replaced goes first, and so its place is that of the first text. */
function workedIntoBraces(site: Site, dump: Dump, edit: Edit, notation: Notation): string {
  const wanted = configurationOf(expectedCommands(dump, [edit], notation), site.release);
  let now = dump;
  for (const { start } of edit.replaces.toSorted((one, other) => other.start - one.start)) {
    const place = now.commands.find(({ at }) => at.start === start);
    if (place) now = notation.read(replacedInBlocks(now, place, edit.command));
  }
  if (same(now.commands, wanted, site)) return now.file.text;
  const result = workedIntoBlocks(site, now, edit.command);
  if (same(notation.read(result).commands, wanted, site)) return result;
  // What takes a place is tried in another way: see rewritten.
  return takesAPlace(edit) ? result : appended(now.file.text, edit, notation);
}

/** Sets a node: in the place of its value, or as a new line. */
function put(site: Site, dump: Dump, command: string, words: readonly string[], notation: Notation): string {
  const { text } = dump.file;
  const path = words.slice(0, -1);
  const schema = lookupNearest(path, site.release);
  const isValue = schema?.kind === 'leaf';
  if (isValue && schema?.multi !== true) {
    const value = nodeAt(buildTree(dump.commands, schemaBelow(site.release)), path)
      ?.values.values()
      .next().value;
    if (value) {
      return splice(text, value.at.start, value.at.end, wordLike(words.at(-1) ?? '', value.word, notation));
    }
  }
  const { anchor, before } = neighbour(dump, words, isValue ? path.length : undefined);
  if (!anchor) return appended(text, { command }, notation);
  const names = anchor.path.slice(0, -1).map((word) => word.text);
  const hasValue = lookupNearest(names, site.release)?.kind === 'leaf';
  const line = printed(site, command, hasValue ? anchor.path.at(-1) : undefined, notation);
  const start = lineStart(text, anchor.at.start);
  const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  const end = lineEnd(text, anchor.at.end);
  const eol = eolAt(text, end) || usualEol(text);
  if (before) return splice(text, start, start, `${indent}${line}${eol}`);
  return splice(text, end, end, `${eol}${indent}${line}`);
}

function nodeAt(tree: ConfigTree, path: readonly string[]): ConfigNode | undefined {
  let node: ConfigNode | undefined;
  for (const name of path) {
    node = (node ?? tree).children.get(name);
    if (!node) return undefined;
  }
  return node;
}

/**
 * The command beside which a new one belongs: of those with most of the path in common the last that VyOS would print
 * before it, where they stand in VyOS's order; else the last. Values of one node stay in the order they are set in.
 */
function neighbour(
  { commands }: Dump,
  words: readonly string[],
  valueAt: number | undefined,
): { readonly anchor: Command | undefined; readonly before: boolean } {
  const sets = commands.filter(({ verb }) => verb === 'set');
  const common = sets.map(({ path }) => {
    const differing = words.findIndex((word, index) => path[index]?.text !== word);
    return differing < 0 ? words.length : differing;
  });
  const most = common.reduce((one, other) => Math.max(one, other), 0);
  if (most === 0) return { anchor: undefined, before: false };
  const siblings = sets.filter((_, index) => common[index] === most);
  const names = siblings.map(({ path }) => path[most]?.text ?? '');
  const isSorted = names.every(
    (name, index) => index === 0 || compareNames(names[index - 1] ?? '', name) <= 0,
  );
  if (most === valueAt || !isSorted) return { anchor: siblings.at(-1), before: false };
  const index = names.findLastIndex((name) => compareNames(name, words[most] ?? '') <= 0);
  return index < 0 ? { anchor: siblings[0], before: true } : { anchor: siblings[index], before: false };
}

/** A command as a line of the dump, its value quoted as that of a neighbour. */
function printed(site: Site, command: string, like: Word | undefined, notation: Notation): string {
  const { verb, words } = readCommand(command);
  const path = words.slice(0, -1);
  const isValue = verb === 'set' && lookupNearest(path, site.release)?.kind === 'leaf';
  const last = words.at(-1) ?? '';
  if (!isValue) return notation.print({ verb, path: words.map((text) => ({ text, quoted: false })) });
  const head = notation.print({ verb, path: path.map((text) => ({ text, quoted: false })) });
  return `${head} ${like ? wordLike(last, like, notation) : quotedWord(last, notation)}`;
}

function quotedWord(text: string, { print }: Notation): string {
  return print({ verb: 'set', path: [{ text, quoted: true }] }).slice('set '.length);
}

/** A word in the quotes of another. */
function wordLike(text: string, { at, quoted }: Word, notation: Notation): string {
  const raw = at.file.text.slice(at.start, at.end);
  if (raw.startsWith('"') && raw.endsWith('"')) return `"${text.replace(/["\\]/g, '\\$&')}"`;
  if (quoted) return quotedWord(text, notation);
  return notation.print({ verb: 'set', path: [{ text, quoted: false }] }).slice('set '.length);
}

/** The ways to delete a node from the text: its lines, with the node above it kept by a line of its own, or not. */
function removals(dump: Dump, words: readonly string[], notation: Notation): readonly string[] {
  const concerned = dump.commands.filter(({ verb, path }) => {
    const node = verb === 'comment' ? path.slice(0, -1) : path;
    return verb !== 'delete' && words.every((word, index) => node[index]?.text === word);
  });
  const [first] = concerned;
  if (!first) return [];
  const without = (commands: readonly Command[], from: string) =>
    commands
      .toReversed()
      .reduce((now, { at }) => withoutStretch(now, notation.read(now), at.start, at.end), from);
  const above = (depth: number) => {
    const path = words.slice(0, -depth).map((text) => ({ text, quoted: false }));
    const rest = without(concerned.slice(1), dump.file.text);
    return splice(rest, first.at.start, first.at.end, notation.print({ verb: 'set', path }));
  };
  return [without(concerned, dump.file.text), above(1), ...(words.length > 2 ? [above(2)] : [])];
}

/** Takes a command out of a text: with its line, prompt included, where nothing else stands on it. */
function withoutStretch(text: string, dump: Dump, start: number, end: number): string {
  const [from, to] = [lineStart(text, start), lineEnd(text, end)];
  const prompt = dump.ignored.find(
    ({ reason, at }) => reason === 'prompt' && at.start >= from && at.end <= start,
  );
  const before = text.slice(prompt ? prompt.at.end : from, start).trim();
  const after = text.slice(end, to).trim();
  if (before !== '' || after !== '') {
    return splice(text, start, end + (/^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0), '');
  }
  const eol = eolAt(text, to);
  if (eol !== '') return splice(text, from, to + eol.length, '');
  // The last line had no line end, and the one that is now the last has none either.
  return text.slice(0, from).replace(/(?:\r\n|\n|\r)$/, '');
}

function appended(text: string, { command }: Pick<Edit, 'command'>, notation: Notation): string {
  const eol = usualEol(text);
  const { verb, words } = readCommand(command);
  const path = words.map((word, index) => ({
    text: word,
    quoted: /'[^']*'$/.test(command) && index === words.length - 1,
  }));
  const line = notation.print({ verb, path });
  return text === '' || /[\r\n]$/.test(text) ? `${text}${line}${eol}` : `${text}${eol}${line}`;
}

function same(commands: readonly Command[], expected: string, site: Site): boolean {
  return configurationOf(commands, site.release) === expected;
}
