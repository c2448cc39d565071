import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { commonJs } from '../../scripts/bundle.js';

// Runs the command, or the action, once for each line of file descriptor 3, and writes what it printed into the folder that is
// its argument: see service.ts. Standard input is empty.
const folder = mkdtempSync(join(tmpdir(), 'vyos-ipsec-lint-served-'));
const outfile = join(folder, 'programs.cjs');
await build({
  ...commonJs,
  minifyWhitespace: false,
  minifySyntax: false,
  entryPoints: ['tests/e2e/programs.ts'],
  outfile,
});
const { main, runAction, today } = createRequire(import.meta.url)(outfile);
rmSync(folder, { recursive: true });

for await (const line of createInterface({ input: new Socket({ fd: 3 }) })) {
  const { program, args, env, cwd, answer } = JSON.parse(line);
  writeFileSync(`${answer}.part`, JSON.stringify(await run(program, args, env, cwd)));
  // Whoever waits for it finds it whole.
  renameSync(`${answer}.part`, answer);
}
rmSync(process.argv[2], { recursive: true });

async function run(program, args, env, cwd) {
  const printed = { stdout: '', stderr: '' };
  const out = (text) => {
    printed.stdout += text;
  };
  const err = (text) => {
    printed.stderr += text;
  };
  const { signal: lost } = new AbortController();
  try {
    process.chdir(cwd);
    const surroundings = { env, cwd: process.cwd(), today: today(), lost, out, err };
    const status =
      program === 'action'
        ? await runAction({ ...surroundings, enter: (folder) => process.chdir(folder) })
        : await main({
            ...surroundings,
            argv: args,
            terminal: false,
            errTerminal: false,
            columns: undefined,
            fail: (message) => err(`vyos-ipsec-lint: ${message}\n`),
          });
    return { status, ...printed };
  } catch (error) {
    // The processes show no stack: a test that fails should.
    return { status: 2, ...printed, stderr: `${printed.stderr}${error?.stack}\n` };
  }
}
