import type { Command } from '../../grammar/command.ts';
import { type Release, schemaBelow } from '../vyos/schema/index.ts';
import { buildTree, type ConfigNode } from '../vyos/tree.ts';

/** What commands configure, as texts that are equal where two are the same: paths with values, in VyOS's order of values. */
export function configurationOf(commands: readonly Command[], release: Release): string {
  const lines: string[] = [];
  const visit = (node: ConfigNode, above: readonly string[]) => {
    const path = [...above, node.name];
    const values = [...node.values.values()].map(({ value, extra }) => [
      value,
      ...extra.map(({ text }) => text),
    ]);
    lines.push(JSON.stringify([path, values, node.bare !== undefined, node.comment?.text ?? null]));
    for (const child of node.children.values()) visit(child, path);
  };
  for (const node of buildTree(commands, schemaBelow(release)).children.values()) visit(node, []);
  return lines.toSorted().join('\n');
}
