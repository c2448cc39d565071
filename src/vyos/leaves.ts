/**
 * Reads leaves under today's names: where a release spells a node otherwise, the schema says how (`renamedFrom`,
 * `synonyms`), and the setting keeps the words and the place of the dump. What VyOS's own migrations do
 * (vyos-1x src/migration-scripts/ipsec, 5-to-6 to 13-to-14) is done here without changing the dump.
 */
import type { Span } from '../source/index.ts';
import {
  DEFAULT_RELEASE,
  defaultOf,
  formsAt,
  lookupNearest,
  patternOf,
  type Release,
  type SchemaNode,
  spelling,
} from './schema/index.ts';
import { type Origin, placeOfNode, type Setting, settingOf, withValue } from './setting.ts';
import { type ConfigNode, child, lastValue, pathOf, values } from './tree.ts';

/** Where else a leaf may stand: names below the same parent, and the value that today's valueless node stands for. */
interface Elsewhere {
  readonly names: readonly string[];
  readonly value: string | undefined;
}

/** A leaf of the dump, under today's name or an older one. */
interface Found {
  readonly leaf: ConfigNode;
  /** The older value that today's valueless node stands for. */
  readonly means: string | undefined;
}

/** The older spellings of a node below `parent`, as far as they stand below that parent too. */
function elsewhere(parent: readonly string[], form: SchemaNode): Elsewhere | undefined {
  if (form.renamedFrom === undefined) return undefined;
  const words = form.renamedFrom.split(' ');
  const above = patternOf(parent);
  if (words.length <= above.length || above.some((name, index) => name !== words[index])) return undefined;
  const names = words.slice(above.length);
  return lookupNearest([...parent, ...names], DEFAULT_RELEASE)?.kind === 'leaf'
    ? { names, value: undefined }
    : { names: names.slice(0, -1), value: names.at(-1) };
}

function findLeaf(parent: ConfigNode | undefined, names: readonly string[]): Found | undefined {
  if (parent === undefined) return undefined;
  const path = [...pathOf(parent), ...names];
  const forms = formsAt(path);
  const spelled = forms.flatMap((form) => elsewhere(path.slice(0, -1), form) ?? []);
  const leaf = child(parent, ...names);
  if (leaf) {
    // `compression enable` of 1.3 is `compression` of 1.4.
    const own = spelled.find((other) => other.names.join(' ') === names.at(-1));
    return { leaf, means: own?.value };
  }
  const above = names.length === 1 ? parent : child(parent, ...names.slice(0, -1));
  for (const { names: older, value } of spelled) {
    const other = child(above, ...older);
    if (above && other && older.length > 0) return { leaf: other, means: value };
  }
  return undefined;
}

/** A value as today's VyOS spells it: `trap` for the `hold` of 1.3. */
function todays(path: readonly string[], value: string): string {
  const newest = formsAt(path).findLast(({ kind }) => kind === 'leaf');
  const rules = newest?.values;
  if (newest === undefined || newest.synonyms === undefined || rules === undefined) return value;
  return spelling(newest, value) ?? value;
}

function settingToday(leaf: ConfigNode, value: Parameters<typeof settingOf>[1]): Setting<string> {
  const setting = settingOf(leaf, value);
  return withValue(setting, todays(setting.path, setting.value));
}

/** The leaf's value, or undefined where it is not set. */
export function optional(
  parent: ConfigNode | undefined,
  ...names: readonly string[]
): Setting<string> | undefined {
  const found = findLeaf(parent, names);
  const value = lastValue(found?.leaf);
  return found && value ? settingToday(found.leaf, value) : undefined;
}

/** The origin of what is not set. */
export function defaultOrigin(at: Span, release: Release): Origin {
  return release === DEFAULT_RELEASE ? { kind: 'default', at } : { kind: 'default', at, release };
}

/** The leaf's value, or the release's default with the place of the node it belongs to. */
export function withDefault(parent: ConfigNode, release: Release, name: string): Setting<string | undefined> {
  const set = optional(parent, name);
  if (set) return set;
  const path = [...pathOf(parent), name];
  const text = defaultOf(path, release);
  const value = text === undefined ? undefined : todays(path, text);
  return { value, text: text ?? null, origin: defaultOrigin(placeOfNode(parent), release), path };
}

export function word(parent: ConfigNode, release: Release, name: string): Setting<string> {
  const setting = withDefault(parent, release, name);
  return withValue(setting, setting.value ?? '');
}

/** One of a fixed set of words. What is none of them counts as not set; the schema check names it. */
export function oneOf<const T extends string>(
  parent: ConfigNode,
  release: Release,
  name: string,
  [fallback, ...others]: readonly [T, ...T[]],
): Setting<T> {
  const setting = withDefault(parent, release, name);
  return (
    among([fallback, ...others], setting) ?? { ...setting, value: fallback, text: setting.text ?? fallback }
  );
}

/** The setting if its value is one of these words; undefined where it is another, or not set. */
export function among<const T extends string>(
  words: readonly T[],
  setting: Setting<string | undefined> | undefined,
): Setting<T> | undefined {
  const value = words.find((word) => word === setting?.value);
  return setting && value !== undefined ? withValue(setting, value) : undefined;
}

/** A number of seconds. What is no number counts as not set; the schema check names it. */
export function seconds(parent: ConfigNode, release: Release, name: string): Setting<number> {
  const setting = withDefault(parent, release, name);
  if (setting.value !== undefined && /^\d+$/.test(setting.value))
    return withValue(setting, Number(setting.value));
  const path = [...pathOf(parent), name];
  const value = defaultOf(path, release) ?? '0';
  return {
    value: Number(value),
    text: value,
    origin: defaultOrigin(placeOfNode(parent), release),
    path,
  };
}

/** A valueless node of today, or the leaf that says the same in an older release. */
export function flag(parent: ConfigNode, name: string): Setting<boolean> {
  const found = findLeaf(parent, [name]);
  const path = [...pathOf(parent), name];
  if (!found) return { value: false, text: null, origin: { kind: 'default', at: placeOfNode(parent) }, path };
  const { leaf, means } = found;
  const set = lastValue(leaf);
  return {
    value: set === undefined || set.value === '' || means === undefined || set.value === means,
    text: set?.value ?? null,
    origin: { kind: 'set', at: set?.at ?? leaf.first.word.at },
    path: pathOf(leaf),
  };
}

export function multiple(
  parent: ConfigNode | undefined,
  ...names: readonly string[]
): readonly Setting<string>[] {
  const leaf = findLeaf(parent, names)?.leaf;
  return leaf ? values(leaf).map((value) => settingToday(leaf, value)) : [];
}
