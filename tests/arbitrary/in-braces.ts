import { readSetDump } from '../../grammar/index.ts';
import { sourceFile } from '../../src/source/index.ts';
import { lookupNearest } from '../../src/vyos/schema/index.ts';

/**
 * `show`: as vyatta-cfg prints a configuration, with quotes only where it must have them; `saved`: as vyos1x-config
 * writes config.boot since 1.4, with quotes around every value.
 */
export type Braces = 'show' | 'saved';

interface Node {
  readonly children: Map<string, Node>;
  readonly values: string[];
}

/** The configuration that `set` commands make, in the notation with braces; values are the words in quotes. */
export function inBraces(commands: string, style: Braces = 'show', footer = ''): string {
  const root: Node = { children: new Map(), values: [] };
  for (const { verb, path } of readSetDump(sourceFile('', commands)).commands) {
    if (verb !== 'set') throw new Error(`${verb} is no part of a configuration`);
    let node = root;
    for (const [index, word] of path.entries()) {
      if (word.quoted && index === path.length - 1) {
        if (!node.values.includes(word.text)) node.values.push(word.text);
        break;
      }
      const below = node.children.get(word.text) ?? { children: new Map(), values: [] };
      node.children.set(word.text, below);
      node = below;
    }
  }
  return `${linesOf(root, [], 0, style).join('\n')}\n${footer}`;
}

function linesOf(node: Node, path: readonly string[], depth: number, style: Braces): readonly string[] {
  const indent = '    '.repeat(depth);
  const block = (heading: string, inner: Node, at: readonly string[]) => [
    `${indent}${heading} {`,
    ...linesOf(inner, at, depth + 1, style),
    `${indent}}`,
  ];
  return [...node.children].flatMap(([name, below]) => {
    const at = [...path, name];
    const leaves = below.values.map((value) => `${indent}${name} ${printed(value, style)}`);
    if (lookupNearest(at, '1.4')?.kind === 'tag') {
      return [
        ...leaves,
        ...[...below.children].flatMap(([tag, inner]) => block(`${name} ${tag}`, inner, [...at, tag])),
      ];
    }
    if (below.children.size > 0) return [...leaves, ...block(name, below, at)];
    return leaves.length > 0 ? leaves : [`${indent}${name}`];
  });
}

function printed(value: string, style: Braces): string {
  if (style === 'saved') return `"${value.replace(/["\\]/g, '\\$&')}"`;
  return value === '' || /[*}{;\s]/.test(value) ? `"${value}"` : value;
}

/** What VyOS 1.4 writes behind a saved configuration. */
export const footerOf14 = [
  '',
  '// Warning: Do not remove the following line.',
  '// vyos-config-version: "bgp@5:firewall@15:ipsec@13:nat@7:system@27"',
  '// Release version: 1.4.0',
  '',
].join('\n');
