import type { FixOptions } from '../../src/fix/plan.ts';
import { fix, type Input, type Plan } from '../../src/index.ts';
import { examplePair } from '../../src/rules/example-pair.ts';

/** The example pair with lines added to each side. */
export function pairWith(a: readonly string[], b: readonly string[]): readonly [Input, Input] {
  const text = (site: string, lines: readonly string[]) => [site.trimEnd(), ...lines, ''].join('\n');
  return [
    { file: 'a.conf', text: text(examplePair.a, a) },
    { file: 'b.conf', text: text(examplePair.b, b) },
  ];
}

/** The commands of a plan, by site. */
export function commandsOf({ sites }: Plan): readonly (readonly string[])[] {
  return sites.map(({ steps }) => steps.map(({ command }) => command));
}

export function commandsFor(
  inputs: readonly Input[],
  options: FixOptions = {},
): readonly (readonly string[])[] {
  return commandsOf(fix(inputs, options));
}
