import { childrenOf } from './index.ts';
import type { Release, SchemaNode } from './node.ts';

/** A schema node and the path, user-given names included, that led to it. */
export interface Level {
  readonly schema: SchemaNode;
  readonly path: readonly string[];
}

/** Deeper than this a place is no helpful hint. */
const DEEPEST = 4;
const MOST = 3;

/**
 * Where nodes of that name stand: below the innermost of the nodes first (`… proposal <number> dh-group`), else below
 * the one above it, and so on. The shallowest places, as whole paths.
 */
export function placesOf(name: string, chain: readonly Level[], release: Release): readonly string[] {
  for (const from of [...chain].reverse()) {
    const places = placesBelow(name, from.schema, release);
    if (places.length > 0) return places.slice(0, MOST).map((place) => [...from.path, place].join(' '));
  }
  return [];
}

function placesBelow(name: string, from: SchemaNode, release: Release): readonly string[] {
  let level: readonly (readonly [readonly string[], SchemaNode])[] = [[[], from]];
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const next = level.flatMap(([path, node]) =>
      [...childrenOf(node, release)].map(([below, form]) => [[...path, below], form] as const),
    );
    const found = next.filter(([path]) => path.at(-1) === name);
    if (found.length > 0) return found.map(([path]) => path.join(' '));
    level = next.map(([path, node]) =>
      node.kind === 'tag'
        ? ([[...path, node.placeholder ?? '<name>'], node] as const)
        : ([path, node] as const),
    );
  }
  return [];
}
