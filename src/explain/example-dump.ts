import { examplePair } from '../rules/example-pair.ts';

/**
 * One dump of the example pair after a rule's commands, as VyOS would print it: a value that is set anew stands in the
 * old one's place, what is deleted is gone, and a node that lost all that stood below it is left by itself
 * (`set … tunnel 1`).
 */
export function exampleDump(side: 'a' | 'b', patch: string | undefined): string {
  const commands = patch?.split('\n') ?? [];
  const lines = commands.reduce(afterCommand, examplePair[side].trim().split('\n'));
  const kept = [...new Set(lines)].filter((line) => !lines.some((other) => other.startsWith(`${line} `)));
  return `${kept.join('\n')}\n`;
}

function afterCommand(lines: readonly string[], command: string): readonly string[] {
  const deleted = /^delete (.*)$/.exec(command)?.[1];
  if (deleted !== undefined) {
    const parent = `set ${deleted.slice(0, deleted.lastIndexOf(' '))}`;
    return [...lines.filter((line) => !`${line} `.startsWith(`set ${deleted} `)), parent];
  }
  const node = /^(set .*) '[^']*'$/.exec(command)?.[1];
  const replaced = lines.findIndex((line) => node !== undefined && line.startsWith(`${node} '`));
  return replaced < 0 ? [...lines, command] : lines.with(replaced, command);
}
