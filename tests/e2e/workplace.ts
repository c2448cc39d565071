import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { examplePair } from '../../src/rules/example-pair.ts';
import { type Ran, serve } from './service.ts';

/** The built command, as users run it: `npm test` builds it first. For what is said of its process. */
export const builtCommand = join(process.cwd(), 'dist/cli.cjs');

/** Site B of the example pair with another Diffie-Hellman group: one error. */
export const otherGroup = "set vpn ipsec ike-group IKE-A proposal 1 dh-group '15'\n";

export const sites: Readonly<Record<'a' | 'b' | 'bad', string>> = {
  ...examplePair,
  bad: `${examplePair.b}${otherGroup}`,
};

/** A hub and two branches, each with another Diffie-Hellman group than the hub: one error a link. */
export const star: Readonly<Record<'hub' | 'east' | 'west', string>> = {
  hub: `${examplePair.a}${examplePair.a
    .split('\n')
    .filter((line) => line.includes('peer SITE-B') || line.includes("id 'site-b@example.com'"))
    .map(asWest)
    .join('\n')}\n`,
  east: `${examplePair.b}${otherGroup}`,
  west: `${asWest(examplePair.b)}${otherGroup}`,
};

function asWest(text: string): string {
  return text
    .replaceAll('SITE-B', 'SITE-C')
    .replaceAll('site-b@', 'site-c@')
    .replaceAll('198.51.100.1', '198.51.100.9')
    .replaceAll('10.2.0.0', '10.3.0.0');
}

/** An empty folder in which the command runs. */
export interface Workplace {
  readonly folder: string;
  /** Writes a file into the folder and gives its path. */
  readonly write: (name: string, content: string | Uint8Array) => string;
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>, cwd?: string) => Ran;
  readonly remove: () => void;
}

export function workplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'vyos-ipsec-lint-'));
  return {
    folder,
    write: (name, content) => {
      const file = join(folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    run: (args, env = {}, cwd = folder) =>
      serve({ program: 'command', args, cwd, env: { LANG: 'en_US.UTF-8', ...env } }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
