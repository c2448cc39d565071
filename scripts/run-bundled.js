import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

// Bundles a script that is TypeScript, as the sources that it runs, and runs it: node scripts/run-bundled.js SCRIPT [ARGUMENT...].
// What stands before SCRIPT is for Node.
const own = process.argv.slice(2);
const at = own.findIndex((argument) => argument.endsWith('.ts'));
const script = own[at];
const directory = mkdtempSync(join(tmpdir(), `${basename(script, '.ts')}-`));
const outfile = join(directory, `${basename(script, '.ts')}.mjs`);
await build({
  entryPoints: [script],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
  external: ['esbuild'],
  // yargs and other CommonJS packages ask for it.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
const child = spawn(
  process.execPath,
  ['--enable-source-maps', ...own.slice(0, at), outfile, ...own.slice(at + 1)],
  { stdio: 'inherit' },
);
// An interrupt reaches the child by itself: it cleans up, and its exit code is ours.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
child.on('exit', (code, signal) => {
  rmSync(directory, { recursive: true, force: true });
  process.exit(code ?? (signal === 'SIGINT' ? 130 : 1));
});
