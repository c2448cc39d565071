import type { SchemaChildren, SchemaNode } from './node.ts';
import { schemaRoot } from './root.ts';

/** A word of a path, and what it is in the schema: the name of a node, or what the user called a tag node. */
export interface Step {
  readonly word: string;
  readonly node: SchemaNode;
  readonly isUsersName: boolean;
}

/** Which form of a child is meant; undefined where there is none of that name. */
export type Choose = (children: SchemaChildren | undefined, name: string) => SchemaNode | undefined;

/** Goes down the schema, one step for each word of the path; ends before the first one that the schema does not know. */
export function* steps(path: readonly string[], choose: Choose): Iterable<Step> {
  let children: SchemaChildren | undefined = schemaRoot;
  let tag: SchemaNode | undefined;
  for (const word of path) {
    if (tag) {
      yield { word, node: tag, isUsersName: true };
      tag = undefined;
      continue;
    }
    const node: SchemaNode | undefined = choose(children, word);
    if (!node) return;
    yield { word, node, isUsersName: false };
    if (node.kind === 'tag') tag = node;
    children = node.children;
  }
}
