import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The script is TypeScript, as the sources that it runs: it is bundled first. Arguments: --count N --seed S
const folder = mkdtempSync(join(tmpdir(), 'vyos-ipsec-lint-leaks-'));
try {
  const file = join(folder, 'leaks.cjs');
  const esbuild = ['esbuild', 'scripts/leaks.ts', '--bundle', '--platform=node', '--format=cjs'];
  execFileSync('npx', [...esbuild, '--log-level=error', `--outfile=${file}`], { stdio: 'inherit' });
  const { status } = spawnSync(process.execPath, [file, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
