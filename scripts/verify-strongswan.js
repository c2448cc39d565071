import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

// Bundles scripts/verify-strongswan.ts and runs it: Node 20 does not run TypeScript by itself.
const directory = mkdtempSync(join(tmpdir(), 'verify-strongswan-'));
const outfile = join(directory, 'verify-strongswan.mjs');
await build({
  entryPoints: ['scripts/verify-strongswan.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
  // yargs and other CommonJS packages ask for it.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
const child = spawn(process.execPath, ['--enable-source-maps', outfile, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// An interrupt reaches the child by itself: it cleans up, and its exit code is ours.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
child.on('exit', (code, signal) => {
  rmSync(directory, { recursive: true, force: true });
  process.exit(code ?? (signal === 'SIGINT' ? 130 : 1));
});
