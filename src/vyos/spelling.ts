import { deleteCommand, readCommand, setCommand } from './command.ts';
import {
  acceptsValue,
  existsIn,
  formIn,
  formsAt,
  isAtLeast,
  nearestForm,
  type Release,
  type SchemaNode,
  spelling,
  steps,
} from './schema/index.ts';
import { fillIn } from './schema/judge.ts';
import type { Site } from './site.ts';
import { child, values } from './tree.ts';

/** The words of a command, told apart by the schema: the path, and the value behind a leaf. */
interface Parts {
  readonly path: readonly string[];
  readonly value: string | undefined;
  /** The node at the end of the path, as the release or else the one nearest to it has it. */
  readonly schema: SchemaNode;
  /** Names of tag nodes with what they name: their acceptance is another release's matter where they stand already. */
  readonly names: readonly { readonly path: readonly string[]; readonly tag: SchemaNode }[];
  /** Whether the release has every node of the path. */
  readonly exists: boolean;
}

function partsOf(words: readonly string[], release: Release): Parts | undefined {
  const taken = [
    ...steps(
      words,
      (children, word) => formIn(children, word, release) ?? nearestForm(children, word, release),
    ),
  ];
  const schema = taken.at(-1)?.node;
  const isLeaf = schema?.kind === 'leaf' || schema?.kind === 'valueless';
  const isWhole = taken.length === words.length || (isLeaf && taken.length + 1 === words.length);
  if (!schema || !isWhole) return undefined;
  return {
    path: words.slice(0, taken.length),
    value: words[taken.length],
    schema,
    names: taken.flatMap(({ node, isUsersName }, index) =>
      isUsersName ? [{ path: words.slice(0, index + 1), tag: node }] : [],
    ),
    exists: taken.every(({ node, isUsersName }) => isUsersName || existsIn(node, release)),
  };
}

/**
 * A command, spelled as any release spells it, in the spelling of a site's release. Undefined where it cannot be said
 * there in one command: a node that the release lacks, a value that it does not take, a peer that is named otherwise.
 * What lies outside of the known schema stays as it is.
 */
export function spelledIn(
  command: string,
  { release, tree }: Pick<Site, 'release' | 'tree'>,
): string | undefined {
  const { verb, words } = readCommand(command);
  const parts = partsOf(words, release);
  if (parts === undefined || words[1] !== 'ipsec') return command;
  const { path, value, schema, names, exists } = parts;
  const isNewName = (name: readonly string[]) => child(tree, ...name) === undefined;
  if (names.some(({ path: at, tag }) => isNewName(at) && !acceptsValue(tag, at.at(-1) ?? '').ok)) {
    return undefined;
  }
  if (!exists) return renamed(verb, parts, release);
  if (verb === 'delete') return deleteCommand(path, value);
  if (schema.kind !== 'leaf') {
    if (value === undefined) return setCommand(path);
    // `compression enable` where the release says `compression`.
    const other = otherForm(path, schema);
    return value === '' || (other !== undefined && value !== other.leftOut) ? setCommand(path) : undefined;
  }
  if (value === undefined) {
    const other = otherForm(path, schema);
    const said = other?.renamedFrom?.split(' ').at(-1);
    return other?.kind === 'valueless' && said !== undefined ? setCommand(path, said) : undefined;
  }
  const own = valueAs(schema, value);
  return own === undefined ? undefined : setCommand(path, own);
}

/** A value as that form of the leaf takes it. */
function valueAs(schema: SchemaNode, value: string): string | undefined {
  return acceptsValue(schema, value).ok ? value : spelling(schema, value);
}

/** The form of the same node in the other releases. */
function otherForm(path: readonly string[], schema: SchemaNode): SchemaNode | undefined {
  return formsAt(path).find((form) => form !== schema && form.kind !== schema.kind);
}

/** A node of another release under the name that this one gives it. */
function renamed(
  verb: 'set' | 'delete',
  { path, value, schema }: Parts,
  release: Release,
): string | undefined {
  const isNewer = schema.since !== undefined && !isAtLeast(release, schema.since);
  const template = isNewer ? schema.renamedFrom : schema.renamedTo;
  if (template === undefined || template.split(' ').at(-1)?.startsWith('<')) return undefined;
  const words = fillIn(template, path).split(' ');
  if (words.some((word) => word.startsWith('<'))) return undefined;
  const target = partsOf(words, release);
  if (!target?.exists) return undefined;
  const { kind } = target.schema;
  if (schema.kind === 'valueless') {
    return verb === 'set' ? setCommand(target.path, target.value) : deleteCommand(target.path);
  }
  if (kind === 'valueless') {
    if (verb === 'delete') return deleteCommand(target.path);
    return value === undefined || value === schema.leftOut ? undefined : setCommand(target.path);
  }
  if (kind !== 'leaf' || schema.kind !== 'leaf') return undefined;
  if (verb === 'delete') return deleteCommand(target.path, value);
  const own = value === undefined ? undefined : valueAs(target.schema, value);
  return own === undefined ? undefined : setCommand(target.path, own);
}

/**
 * Commands that belong together, in the spelling of a site's release; undefined where one of them cannot be said, or
 * where the release keeps one value of what they set several.
 */
export function allSpelledIn(commands: readonly string[], site: Site): readonly string[] | undefined {
  const spelled = commands.map((command) => spelledIn(command, site));
  const given = spelled.flatMap((command) => command ?? []);
  return given.length === commands.length && !overwrites(given, site) ? given : undefined;
}

/** Whether a value that is to stand beside others takes their place, as the prefixes of 1.2 and 1.3 do. */
function overwrites(commands: readonly string[], { release, tree }: Site): boolean {
  const going = new Set<string>();
  const coming = new Map<string, string>();
  for (const command of commands) {
    const { verb, words } = readCommand(command);
    const parts = partsOf(words, release);
    if (parts?.schema.kind !== 'leaf' || parts.schema.multi) continue;
    if (!formsAt(parts.path).some(({ multi }) => multi)) continue;
    const key = JSON.stringify(parts.path);
    if (verb === 'delete') {
      going.add(key);
    } else if (parts.value !== undefined) {
      const before = coming.get(key);
      if (before !== undefined && before !== parts.value) return true;
      coming.set(key, parts.value);
      const stands = values(child(tree, ...parts.path));
      if (!going.has(key) && stands.some(({ value }) => value !== parts.value)) return true;
    }
  }
  return false;
}
