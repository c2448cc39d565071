import { cover, type Span } from '../source/index.ts';
import type { Release } from './schema/index.ts';
import {
  type ConfigNode,
  type ConfigTree,
  type ConfigValue,
  child,
  lastValue,
  pathOf,
  values,
} from './tree.ts';

/**
 * Where a value in force comes from. `set`: written at `at`. `default`: not written; `at` is the node it belongs to,
 * and `release` the one whose default it is, where that is not today's.
 * `derived`: follows from another setting at `at`, and `how` says by what rule.
 */
export type Origin =
  | { readonly kind: 'set'; readonly at: Span }
  | { readonly kind: 'default'; readonly at: Span; readonly release?: Release }
  | { readonly kind: 'derived'; readonly at: Span; readonly how: string };

/**
 * A value in force as today's VyOS spells it, the text as it is written (null for a secret), and where it comes from.
 */
export interface Setting<T> {
  readonly value: T;
  readonly text: string | null;
  readonly origin: Origin;
  /** The configuration path as it is written, the value not included. */
  readonly path: readonly string[];
}

/** The words that name a node: of a tag node's child the tag as well (`proposal 1`). */
export function placeOfNode(node: ConfigNode): Span {
  const { word, command } = node.first;
  if (node.role !== 'name') return word.at;
  const index = command.path.indexOf(word);
  const tag = command.path[index - 1];
  return tag ? cover(tag.at, word.at) : word.at;
}

export function settingOf(leaf: ConfigNode, value: ConfigValue): Setting<string> {
  return { value: value.value, text: value.value, origin: { kind: 'set', at: value.at }, path: pathOf(leaf) };
}

/** The same setting under another value. */
export function withValue<T>(setting: Setting<unknown>, value: T): Setting<T> {
  return { ...setting, value };
}

/** The value of a leaf as it is written, by the names that lead to it; undefined where it is not set. */
export function settingAt(
  from: ConfigNode | ConfigTree | undefined,
  ...names: readonly string[]
): Setting<string> | undefined {
  const leaf = child(from, ...names);
  const value = lastValue(leaf);
  return leaf && value ? settingOf(leaf, value) : undefined;
}

/** All values of a leaf as they are written. */
export function settingsAt(
  from: ConfigNode | ConfigTree | undefined,
  ...names: readonly string[]
): readonly Setting<string>[] {
  const leaf = child(from, ...names);
  return leaf ? values(leaf).map((value) => settingOf(leaf, value)) : [];
}
