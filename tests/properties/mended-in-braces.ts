/** A plan for dumps in braces is that for set commands, and what is written means the same. */
import { deepStrictEqual, doesNotMatch, ok } from 'node:assert';
import fc from 'fast-check';
import { readConfigDump, readSetDump } from '../../grammar/index.ts';
import { fix, type Input, lint, rewrite, type Step } from '../../src/index.ts';
import { sourceFile } from '../../src/source/index.ts';
import { schemaBelow } from '../../src/vyos/schema/index.ts';
import { buildTree, type ConfigNode } from '../../src/vyos/tree.ts';
import { type Braces, footerOf14, inBraces } from '../arbitrary/in-braces.ts';
import { arbitraryPair, toDump } from '../arbitrary/site.ts';
import { typedIn } from './mended.ts';

function nodesOf(dump: string, braces: boolean): readonly string[] {
  const file = sourceFile('', dump);
  const { commands } = braces ? readConfigDump(file) : readSetDump(file);
  const nodes: string[] = [];
  const visit = (node: ConfigNode, above: readonly string[]) => {
    const path = [...above, node.name];
    nodes.push(JSON.stringify([path, [...node.values.keys()]]));
    for (const child of node.children.values()) visit(child, path);
  };
  for (const node of buildTree(commands, schemaBelow('1.4')).children.values()) visit(node, []);
  return nodes.toSorted();
}

/** Throws with the smallest pair for which it does not hold. */
export function checkMendedInBraces(numRuns: number, seed: number): void {
  const style = fc.constantFrom<Braces>('show', 'saved');
  fc.assert(
    fc.property(arbitraryPair, style, style, ({ a, b }, styleOfA, styleOfB) => {
      // The footer makes the release certain.
      const release = '1.4' as const;
      const typed = [a, b].map((spec, index) => ({
        file: `${'ab'[index]}.conf`,
        text: toDump(spec),
        release,
      }));
      const inputs = typed.map(({ file, text: commands }, index) => ({
        file,
        text: inBraces(commands, index === 0 ? styleOfA : styleOfB, footerOf14),
      }));
      const messages = (all: readonly Input[]) =>
        lint(all).findings.map(({ ruleId, message }) => [ruleId, message]);
      deepStrictEqual(messages(inputs), messages(typed));
      const plans = [fix(typed), fix(inputs)];
      const commands = plans.map(({ sites }) =>
        sites.map(({ steps }) => steps.map(({ command }) => command)),
      );
      deepStrictEqual(commands[1], commands[0]);
      for (const [index, input] of inputs.entries()) {
        const [asTyped, inBlocks] = plans.map(({ sites }) => sites[index]);
        const command = typed[index];
        if (!asTyped || !inBlocks || !command) throw new Error('a plan without its site');
        const result = rewrite(input, inBlocks);
        if (inBlocks.steps.length === 0) deepStrictEqual(result, input.text);
        deepStrictEqual(nodesOf(result, true), nodesOf(typedIn(command, asTyped).text, false));
        // Nothing is put between the blocks, and what stays is in its order.
        doesNotMatch(result, /^(?:set|delete) /m);
        ok(result.endsWith(footerOf14), result);
        const kept = result.split('\n').filter((line) => input.text.split('\n').includes(line));
        ok(kept.length >= input.text.split('\n').length - removedBy(inBlocks.steps), result);
      }
    }),
    { numRuns, seed },
  );
}

/** As many lines as commands may take out: a whole block for a `delete`. */
function removedBy(steps: readonly Step[]): number {
  return steps.reduce((sum, { verb }) => sum + (verb === 'set' ? 1 : 12), 0);
}
