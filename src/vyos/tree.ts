import type { Command, Word } from '../../grammar/command.ts';
import type { Located, Span } from '../source/index.ts';
import { compareNames } from './schema/order.ts';

export { compareNames };

/** What the tree must know of a node, to tell names from values. */
export interface NodeShape {
  readonly kind: 'node' | 'tag' | 'leaf' | 'valueless';
  readonly multi?: true;
}

/** The shape of a child of a node (or, with nothing above, of a top node); undefined where it is not known. */
export type ShapeBelow<S extends NodeShape> = (above: S | undefined, name: string) => S | undefined;

/** One place where a node is named. */
export interface Mention {
  readonly word: Word;
  readonly command: Command;
}

/** A value with its place. `extra`: words that stand behind it, where VyOS takes none. */
export interface ConfigValue extends Located<string> {
  readonly word: Word;
  readonly command: Command;
  readonly extra: readonly Word[];
}

/** `name`: what the user called a child of a tag node. `unknown`: all the schema does not know, values included. */
type NodeRole = 'node' | 'tag' | 'name' | 'leaf' | 'valueless' | 'unknown';

/** One node of the configuration as the commands left it, with where they speak of it. */
export interface ConfigNode {
  readonly name: string;
  readonly role: NodeRole;
  /** Undefined for a top node, such as `vpn`. */
  readonly parent: ConfigNode | undefined;
  readonly first: Mention;
  readonly last: Mention;
  /** In order of first mention. */
  readonly children: ReadonlyMap<string, ConfigNode>;
  /**
   * By their text. Of a single-valued leaf there is one, the last that was set; of a multi leaf all, in the order
   * they were set, which is the order VyOS keeps (vyos1x-config, config_tree.ml: a value is added at the end).
   */
  readonly values: ReadonlyMap<string, ConfigValue>;
  /** The earlier values of a single-valued leaf, in their order; the same text set twice counts too. */
  readonly overridden: readonly ConfigValue[];
  /** Where a leaf is named without a value. */
  readonly bare: Mention | undefined;
  readonly comment: Word | undefined;
}

/** A command that changed nothing. */
export interface TreeNote {
  readonly kind: 'deleted-nothing' | 'deactivated-nothing' | 'activated-nothing' | 'commented-nothing';
  /** The first word that names what is not there. */
  readonly at: Span;
  readonly command: Command;
}

export interface ConfigTree {
  readonly children: ReadonlyMap<string, ConfigNode>;
  readonly notes: readonly TreeNote[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface GrowingNode<S> extends Omit<Mutable<ConfigNode>, 'parent' | 'children' | 'values' | 'overridden'> {
  readonly shape: S | undefined;
  readonly parent: GrowingNode<S> | undefined;
  children: Map<string, GrowingNode<S>>;
  values: Map<string, ConfigValue>;
  overridden: ConfigValue[];
}

interface Growth<S extends NodeShape> {
  readonly top: Map<string, GrowingNode<S>>;
  readonly below: ShapeBelow<S>;
  readonly notes: TreeNote[];
  readonly offNodes: Set<GrowingNode<S>>;
  readonly offValues: Map<GrowingNode<S>, Set<string>>;
}

/**
 * The tree that a dump's commands leave, one after the other. Linear in the number of words.
 * What a `comment` speaks of may come after it, as comments stand before and behind their nodes in dumps.
 */
export function buildTree<S extends NodeShape>(
  commands: readonly Command[],
  below: ShapeBelow<S>,
): ConfigTree {
  const growth: Growth<S> = {
    top: new Map(),
    below,
    notes: [],
    offNodes: new Set(),
    offValues: new Map(),
  };
  for (const command of commands) {
    if (command.verb === 'set') set(growth, command);
    else if (command.verb === 'delete') take(growth, command);
    else if (command.verb === 'deactivate' || command.verb === 'activate') toggle(growth, command);
  }
  for (const command of commands) if (command.verb === 'comment') comment(growth, command);
  dropDeactivated(growth);
  return { children: growth.top, notes: growth.notes };
}

function roleOf<S extends NodeShape>(above: GrowingNode<S> | undefined, shape: S | undefined): NodeRole {
  if (above?.role === 'tag') return 'name';
  return shape?.kind ?? 'unknown';
}

function isLeaf(node: { readonly role: NodeRole }): boolean {
  return node.role === 'leaf' || node.role === 'valueless';
}

function shapeBelow<S extends NodeShape>(
  growth: Growth<S>,
  above: GrowingNode<S> | undefined,
  name: string,
): S | undefined {
  if (above === undefined) return growth.below(undefined, name);
  if (above.role === 'tag') return above.shape;
  return above.shape === undefined ? undefined : growth.below(above.shape, name);
}

function set<S extends NodeShape>(growth: Growth<S>, command: Command): void {
  let above: GrowingNode<S> | undefined;
  for (const [index, word] of command.path.entries()) {
    if (above !== undefined && isLeaf(above)) {
      setValue(above, { value: word.text, at: word.at, word, command, extra: command.path.slice(index + 1) });
      return;
    }
    const siblings: Map<string, GrowingNode<S>> = above?.children ?? growth.top;
    const mention: Mention = { word, command };
    let node = siblings.get(word.text);
    if (node === undefined) {
      node = sprout(above, word.text, shapeBelow(growth, above, word.text), mention);
      siblings.set(word.text, node);
    } else {
      node.last = mention;
    }
    above = node;
  }
  if (above?.role === 'leaf') above.bare ??= above.last;
}

function sprout<S extends NodeShape>(
  parent: GrowingNode<S> | undefined,
  name: string,
  shape: S | undefined,
  mention: Mention,
): GrowingNode<S> {
  return {
    name,
    role: roleOf(parent, shape),
    shape,
    parent,
    first: mention,
    last: mention,
    children: new Map(),
    values: new Map(),
    overridden: [],
    bare: undefined,
    comment: undefined,
  };
}

function setValue<S extends NodeShape>(leaf: GrowingNode<S>, value: ConfigValue): void {
  if (leaf.shape?.multi === true) {
    if (!leaf.values.has(value.value)) leaf.values.set(value.value, value);
    return;
  }
  leaf.overridden.push(...leaf.values.values());
  leaf.values.clear();
  leaf.values.set(value.value, value);
}

/** What a path leads to: a node, or a value of a leaf; or the word at which it leads nowhere. */
type Found<S> =
  | { readonly kind: 'node'; readonly node: GrowingNode<S> }
  | { readonly kind: 'value'; readonly leaf: GrowingNode<S>; readonly value: string }
  | { readonly kind: 'nothing'; readonly at: Span };

function find<S extends NodeShape>(growth: Growth<S>, path: readonly Word[], fallback: Span): Found<S> {
  let node: GrowingNode<S> | undefined;
  for (const [index, word] of path.entries()) {
    if (node !== undefined && isLeaf(node)) {
      const more = path[index + 1];
      if (more !== undefined) return { kind: 'nothing', at: more.at };
      return node.values.has(word.text)
        ? { kind: 'value', leaf: node, value: word.text }
        : { kind: 'nothing', at: word.at };
    }
    node = (node?.children ?? growth.top).get(word.text);
    if (node === undefined) return { kind: 'nothing', at: word.at };
  }
  return node === undefined ? { kind: 'nothing', at: fallback } : { kind: 'node', node };
}

/** `delete`: a subtree, or one value. As in VyOS, a leaf goes with its last value, a tag node with its last name. */
function take<S extends NodeShape>(growth: Growth<S>, command: Command): void {
  const found = find(growth, command.path, command.at);
  if (found.kind === 'nothing') {
    growth.notes.push({ kind: 'deleted-nothing', at: found.at, command });
  } else if (found.kind === 'node') {
    remove(growth, found.node);
  } else {
    found.leaf.values.delete(found.value);
    if (found.leaf.values.size === 0) remove(growth, found.leaf);
  }
}

function remove<S extends NodeShape>(growth: Growth<S>, node: GrowingNode<S>): void {
  const siblings: Map<string, GrowingNode<S>> = node.parent?.children ?? growth.top;
  siblings.delete(node.name);
  if (node.parent?.role === 'tag' && siblings.size === 0) remove(growth, node.parent);
}

function toggle<S extends NodeShape>(growth: Growth<S>, command: Command): void {
  const found = find(growth, command.path, command.at);
  const off = command.verb === 'deactivate';
  if (found.kind === 'nothing') {
    const kind = off ? 'deactivated-nothing' : 'activated-nothing';
    growth.notes.push({ kind, at: found.at, command });
  } else if (found.kind === 'node') {
    if (off) growth.offNodes.add(found.node);
    else growth.offNodes.delete(found.node);
  } else if (off) {
    const values = growth.offValues.get(found.leaf) ?? new Set<string>();
    growth.offValues.set(found.leaf, values.add(found.value));
  } else {
    growth.offValues.get(found.leaf)?.delete(found.value);
  }
}

function comment<S extends NodeShape>(growth: Growth<S>, command: Command): void {
  const found = find(growth, command.path.slice(0, -1), command.at);
  if (found.kind === 'node') found.node.comment = command.path.at(-1);
  else if (found.kind === 'value') found.leaf.comment = command.path.at(-1);
  else growth.notes.push({ kind: 'commented-nothing', at: found.at, command });
}

function dropDeactivated<S extends NodeShape>(growth: Growth<S>): void {
  for (const [leaf, values] of growth.offValues) {
    for (const value of values) leaf.values.delete(value);
    if (values.size > 0 && leaf.values.size === 0) growth.offNodes.add(leaf);
  }
  for (const node of growth.offNodes) {
    const siblings = node.parent?.children ?? growth.top;
    if (siblings.get(node.name) === node) remove(growth, node);
  }
}

/** The node at the end of a path of names, if it is in force. */
export function child(
  from: ConfigTree | ConfigNode | undefined,
  ...names: readonly string[]
): ConfigNode | undefined {
  let children = from?.children;
  let node: ConfigNode | undefined;
  for (const name of names) {
    node = children?.get(name);
    children = node?.children;
  }
  return node;
}

/** Whether a node stands there, valueless ones above all. */
export function has(from: ConfigTree | ConfigNode | undefined, ...names: readonly string[]): boolean {
  return child(from, ...names) !== undefined;
}

/**
 * The children of a tag node in the order in which VyOS works through them, whatever the order of the dump:
 * `proposal 2` before `proposal 10`. Source: vyos1x-config, vyos1x_parser.mly sorts the children of every node with
 * lexical_numeric_compare; get_config_dict (vyos-1x python/vyos/config.py) keeps that order, and the templates of
 * swanctl.conf write proposals, tunnels and peers in it. 1.2 and 1.3: vyatta-cfg cstore.cpp sorts child names as
 * Debian sorts versions, which is the same for numbers.
 */
export function tagNodes(tag: ConfigTree | ConfigNode | undefined): readonly ConfigNode[] {
  return [...(tag?.children.values() ?? [])].sort((x, y) => compareNames(x.name, y.name));
}

/** The values of a leaf, in the order they were set. */
export function values(leaf: ConfigNode | undefined): readonly ConfigValue[] {
  return [...(leaf?.values.values() ?? [])];
}

/** The value of a single-valued leaf; of a multi leaf the one set last. */
export function lastValue(leaf: ConfigNode | undefined): ConfigValue | undefined {
  return values(leaf).at(-1);
}

/** The words below a node, be they values or (as VyOS dumps do not tell) names: `bind tunnel tun0` in any release. */
export function wordsBelow(node: ConfigNode | undefined): readonly Located<string>[] {
  if (node === undefined) return [];
  if (node.values.size > 0) return values(node);
  return [...node.children.values()].map(({ name, first }) => ({ value: name, at: first.word.at }));
}

/** The names from the top down to a node. */
export function pathOf(node: ConfigNode): readonly string[] {
  const path: string[] = [];
  for (let at: ConfigNode | undefined = node; at !== undefined; at = at.parent) path.push(at.name);
  return path.reverse();
}
