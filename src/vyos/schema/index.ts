import { formIn, formsOf, nearestForm, type Release, type SchemaNode } from './node.ts';
import { DEFAULT_RELEASE, schemaRoot } from './root.ts';
import { type Choose, steps } from './walk.ts';

export { isMasked, mayBeSame } from './masked.ts';
export { nearest } from './nearest.ts';
export {
  existsIn,
  formIn,
  formsOf,
  isAtLeast,
  nearestForm,
  RELEASES,
  type Release,
  releasesOf,
  type SchemaChildren,
  type SchemaNode,
  type ValueRule,
} from './node.ts';
export { DEFAULT_RELEASE, schemaRoot } from './root.ts';
export {
  firstSecretWord,
  holdsSecret,
  isAuthentication,
  isSecretPath,
  isSlipOfNode,
  meantNode,
  resemblesSecretName,
} from './secret.ts';
export { type Acceptance, acceptsValue, expectedValue } from './values.ts';
export { isPlain } from './vocabulary.ts';
export { steps } from './walk.ts';

/**
 * What may stand at a path in a release: node names, with the user's names after tag nodes, without values.
 * A path that ends in the name of a tag node gives the tag node.
 */
export function lookup(path: readonly string[], release: Release): SchemaNode | undefined {
  return walk(path, (children, name) => formIn(children, name, release));
}

/** Like `lookup`; where the release lacks a node, the form of the release nearest to it. */
export function lookupNearest(path: readonly string[], release: Release): SchemaNode | undefined {
  return walk(path, (children, name) => nearestForm(children, name, release));
}

function walk(path: readonly string[], choose: Choose): SchemaNode | undefined {
  const taken = [...steps(path, choose)];
  return taken.length === path.length ? taken.at(-1)?.node : undefined;
}

/** The names that may stand below a node in a release, with what they are. */
export function childrenOf(node: SchemaNode, release: Release): ReadonlyMap<string, SchemaNode> {
  const children = new Map<string, SchemaNode>();
  for (const name of Object.keys(node.children ?? {})) {
    const form = formIn(node.children, name, release);
    if (form !== undefined) children.set(name, form);
  }
  return children;
}

/**
 * What is in force at a leaf that is not set. Below a node marked `presence` (dead-peer-detection) only where that
 * node stands: vyos-1x vpn_ipsec.py takes the defaults away otherwise.
 */
export function defaultOf(path: readonly string[], release: Release): string | undefined {
  return lookup(path, release)?.default;
}

/** The spelling of a value that this form of the leaf takes: itself, or a synonym. */
export function spelling(node: SchemaNode, value: string): string | undefined {
  const words = node.synonyms?.find((synonyms) => synonyms.includes(value)) ?? [value];
  const taken = [value, ...words];
  const rules = node.values;
  if (rules === undefined) return value;
  return taken.find((word) => rules.some((rule) => rule.kind === 'enum' && rule.of.includes(word)));
}

/**
 * For the tree: the shape of a child, as the release or else the nearest other release has it, so that a dump that
 * mixes releases is still told apart into names and values.
 */
export function schemaBelow(
  release: Release,
): (above: SchemaNode | undefined, name: string) => SchemaNode | undefined {
  return (above, name) => nearestForm(above === undefined ? schemaRoot : above.children, name, release);
}

/** A path with `<name>` for what the user chose, as `renamedTo` and `renamedFrom` spell it. */
export function patternOf(path: readonly string[]): readonly string[] {
  const choose: Choose = (children, name) => nearestForm(children, name, DEFAULT_RELEASE);
  const known = [...steps(path, choose)].map(({ word, isUsersName }) => (isUsersName ? '<name>' : word));
  return [...known, ...path.slice(known.length)];
}

/** All forms of the node at a path, in any release, oldest first. */
export function formsAt(path: readonly string[]): readonly SchemaNode[] {
  const above = lookupNearest(path.slice(0, -1), DEFAULT_RELEASE);
  return formsOf(path.length === 1 ? schemaRoot : above?.children, path.at(-1) ?? '');
}
