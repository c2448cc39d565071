/** The releases of VyOS that are told apart, oldest first. 1.5 stands for the rolling releases after 1.4 too. */
export const RELEASES = ['1.2', '1.3', '1.4', '1.5'] as const;

/** A release of VyOS, or the line of development that becomes one. */
export type Release = (typeof RELEASES)[number];

/** A kind of text that a leaf, or the name of a tag node, may hold. */
export type ValueRule =
  | {
      readonly kind: 'enum';
      readonly of: readonly string[];
      readonly aliases?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'ipv4' }
  | { readonly kind: 'ipv6' }
  /** `network`: the bits behind the prefix length must be zero. */
  | { readonly kind: 'ipv4-prefix'; readonly network: boolean }
  | { readonly kind: 'ipv6-prefix'; readonly network: boolean }
  | { readonly kind: 'fqdn' }
  | { readonly kind: 'pattern'; readonly pattern: RegExp; readonly expected: string }
  | { readonly kind: 'text'; readonly longest?: number }
  | { readonly kind: 'protocol' }
  | { readonly kind: 'port' };

/** `tag`: a node whose children are named by the user (`esp-group NAME`). `valueless`: a leaf that only stands there or not. */
type NodeKind = 'node' | 'tag' | 'leaf' | 'valueless';

/**
 * What VyOS knows of one node, in the releases from `since` up to and including `until`.
 * Node names, kinds, ranges and defaults are facts read in vyos/vyos-1x (interface-definitions, 1.4 and later) and
 * vyos/vyatta-cfg-vpn (templates, 1.2 and 1.3).
 */
export interface SchemaNode {
  readonly kind: NodeKind;
  /** A leaf that holds several values. Without it, the last `set` wins. */
  readonly multi?: true;
  /** One of them must accept the value of a leaf, or the name of a tag node. Absent: any text. */
  readonly values?: readonly ValueRule[];
  /** How the user's name of a tag node is written in hints: `<number>`. Default: `<name>`. */
  readonly placeholder?: string;
  /** What is in force where the leaf is not set. */
  readonly default?: string;
  readonly since?: Release;
  readonly until?: Release;
  /** How later releases spell it: a whole path, user-given names as `<name>`. */
  readonly renamedTo?: string;
  /** How earlier releases spell it. */
  readonly renamedFrom?: string;
  /** The value that the spelling of `renamedTo` expresses by leaving the node out. */
  readonly leftOut?: string;
  /** Sets of values that mean the same in different releases. */
  readonly synonyms?: readonly (readonly string[])[];
  readonly secret?: true;
  /** A `node` whose children's defaults are in force only where the node itself stands. */
  readonly presence?: true;
  readonly children?: SchemaChildren;
}

/** The children of a node by name; a child that differs by release has one entry for each form. */
export interface SchemaChildren {
  readonly [name: string]: SchemaNode | readonly SchemaNode[];
}

export function isAtLeast(release: Release, bound: Release): boolean {
  return RELEASES.indexOf(release) >= RELEASES.indexOf(bound);
}

/** Whether a form of a node exists in a release. */
export function existsIn(node: SchemaNode, release: Release): boolean {
  return (
    (node.since === undefined || isAtLeast(release, node.since)) &&
    (node.until === undefined || isAtLeast(node.until, release))
  );
}

/** The releases in which a form of a node exists, oldest first. */
export function releasesOf(node: SchemaNode): readonly Release[] {
  return RELEASES.filter((release) => existsIn(node, release));
}

/** All forms of the child of that name, in any release. */
export function formsOf(children: SchemaChildren | undefined, name: string): readonly SchemaNode[] {
  if (children === undefined || !Object.hasOwn(children, name)) return [];
  const forms = children[name];
  if (forms === undefined) return [];
  return isForms(forms) ? forms : [forms];
}

function isForms(forms: SchemaNode | readonly SchemaNode[]): forms is readonly SchemaNode[] {
  return Array.isArray(forms);
}

/** The form of the child in that release. */
export function formIn(
  children: SchemaChildren | undefined,
  name: string,
  release: Release,
): SchemaNode | undefined {
  return formsOf(children, name).find((form) => existsIn(form, release));
}

/** The form of the child in that release, or else the one of the release that is nearest to it. */
export function nearestForm(
  children: SchemaChildren | undefined,
  name: string,
  release: Release,
): SchemaNode | undefined {
  const exact = formIn(children, name, release);
  if (exact) return exact;
  let nearest: SchemaNode | undefined;
  let smallest = Number.POSITIVE_INFINITY;
  for (const form of formsOf(children, name)) {
    for (const other of releasesOf(form)) {
      const distance = Math.abs(RELEASES.indexOf(other) - RELEASES.indexOf(release));
      if (distance < smallest) [nearest, smallest] = [form, distance];
    }
  }
  return nearest;
}
