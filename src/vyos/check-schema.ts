import { mask } from './exposure.ts';
import {
  childrenOf,
  expectedValue,
  formIn,
  formsOf,
  holdsSecret,
  isSlipOfNode,
  lookup,
  nearest,
  nearestForm,
  RELEASES,
  type Release,
  releasesOf,
  type SchemaNode,
} from './schema/index.ts';
import {
  type Given,
  insteadOf,
  judgeBare,
  judgeName,
  judgeNoValue,
  judgeValue,
  type Place,
} from './schema/judge.ts';
import { type Level, placesOf } from './schema/places.ts';
import type { Collected, SchemaCheck } from './schema/problem.ts';
import { type ConfigNode, type ConfigTree, child, type Mention, values } from './tree.ts';

export type { MaskedText, SchemaCheck, SchemaProblem } from './schema/problem.ts';

interface Checking {
  readonly release: Release;
  readonly collected: Collected;
  /** The unknown nodes for which a hint may still be looked for: a text with more of them is no VyOS dump. */
  readonly hints: { left: number };
}

const IPSEC = ['vpn', 'ipsec'];
const MOST_HINTS = 500;

/**
 * Holds all below `vpn ipsec` against the schema of a release, in the order of the dump. Build the tree with the
 * shapes of the same release.
 */
export function checkSchema(tree: ConfigTree, release: Release): SchemaCheck {
  const collected: Collected = { problems: [], masked: [] };
  const node = child(tree, ...IPSEC);
  const schema = lookup(IPSEC, release);
  if (node !== undefined && schema !== undefined) {
    checkChildren({ release, collected, hints: { left: MOST_HINTS } }, node, {
      schema,
      path: IPSEC,
      above: [],
    });
  }
  return collected;
}

function checkChildren(checking: Checking, node: ConfigNode, { schema, path, above }: Place): void {
  const chain: readonly Level[] = [...above, { schema, path }];
  for (const below of node.children.values()) {
    const at = { path: [...path, below.name], above: chain };
    const form = formIn(schema.children, below.name, checking.release);
    const foreign = form ?? nearestForm(schema.children, below.name, checking.release);
    if (form !== undefined) checkNode(checking, below, { ...at, schema: form });
    else if (foreign !== undefined) checkForeign(checking, below, { ...at, schema: foreign });
    else reportUnknown(checking, below, path, chain);
  }
}

function checkNode(checking: Checking, node: ConfigNode, place: Place): void {
  const { collected } = checking;
  switch (place.schema.kind) {
    case 'node':
      checkChildren(checking, node, place);
      return;
    case 'tag':
      checkTag(checking, node, place);
      return;
    case 'leaf':
      if (node.bare !== undefined) judgeBare(collected, node.bare.word.at, place);
      for (const value of given(node)) judgeValue(collected, value, place);
      return;
    case 'valueless':
      for (const value of given(node)) judgeNoValue(collected, value, place);
  }
}

/** The values of a leaf, the overridden ones too, in the order of the dump; or names, where the tree took them for such. */
function given(node: ConfigNode): readonly Given[] {
  const names = [...node.children.values()].map(
    ({ name, first }): Given => ({ value: name, at: first.word.at, extra: wordsBehind(first) }),
  );
  return [...node.overridden, ...node.values.values(), ...names];
}

function wordsBehind({ word, command }: Mention): Given['extra'] {
  return command.path.slice(command.path.indexOf(word) + 1);
}

/** A node that only other releases know: said once, and what is below it held against the nearest of them. */
function checkForeign(checking: Checking, node: ConfigNode, place: Place): void {
  const { schema, path } = place;
  const takenBy = releasesOf(schema);
  const isOlder = schema.until !== undefined && isBefore(schema.until, checking.release);
  const template = isOlder ? schema.renamedTo : schema.renamedFrom;
  checking.collected.problems.push({
    kind: 'wrong-release',
    subject: 'node',
    value: null,
    takenBy,
    ...insteadOf(schema, template, values(node)[0]?.value, path),
    at: node.first.word.at,
    path,
  });
  const release = isOlder ? takenBy.at(-1) : takenBy[0];
  if (release !== undefined) checkNode({ ...checking, release }, node, place);
}

function isBefore(release: Release, other: Release): boolean {
  return RELEASES.indexOf(release) < RELEASES.indexOf(other);
}

function checkTag(checking: Checking, tag: ConfigNode, place: Place): void {
  const { schema, path } = place;
  const { problems } = checking.collected;
  if (tag.children.size === 0) {
    problems.push({ kind: 'missing-value', expected: expectedName(schema), at: tag.last.word.at, path });
  }
  for (const named of tag.children.values()) {
    const { at } = named.first.word;
    if (isNameLeftOut(named, schema, checking.release)) {
      problems.push({ kind: 'missing-value', expected: expectedName(schema), at, path });
      continue;
    }
    const below: Place = { ...place, path: [...path, named.name] };
    judgeName(checking.collected, { value: named.name, at }, below);
    checkChildren(checking, named, below);
  }
}

function expectedName(schema: SchemaNode): string {
  if (schema.values !== undefined) return expectedValue(schema);
  return schema.placeholder === '<number>' ? 'a number' : 'a name';
}

/** `proposal dh-group 14`: what should be the name is a node that belongs below it, and nothing fits below that. */
function isNameLeftOut(named: ConfigNode, schema: SchemaNode, release: Release): boolean {
  const meant = formIn(schema.children, named.name, release);
  if (meant === undefined) return false;
  const fits = [...named.children.keys()].some((name) => formsOf(schema.children, name).length > 0);
  return !fits && (meant.kind === 'valueless' || named.children.size > 0);
}

function reportUnknown(
  checking: Checking,
  node: ConfigNode,
  path: readonly string[],
  chain: readonly Level[],
): void {
  const schema = chain.at(-1)?.schema;
  if (schema === undefined) return;
  checking.hints.left -= 1;
  const siblings = checking.hints.left < 0 ? [] : [...childrenOf(schema, checking.release).keys()];
  const didYouMean = nearest(node.name, siblings);
  const belongsAt = checking.hints.left < 0 ? [] : placesOf(node.name, chain, checking.release);
  // `psk X my-secret`: where a secret's own node was left out, an unknown word may be that secret.
  const { word } = node.first;
  const isNearMiss = didYouMean !== undefined && isSlipOfNode(word, schema);
  const isNode = node.children.size > 0 && !word.quoted && (belongsAt.length > 0 || isNearMiss);
  const mayBeSecret = word.text === mask || (!isNode && holdsSecret(schema));
  checking.collected.problems.push({
    kind: 'unknown-node',
    name: mayBeSecret ? null : node.name,
    ...(didYouMean === undefined ? {} : { didYouMean }),
    belongsAt,
    at: node.first.word.at,
    path,
  });
}
