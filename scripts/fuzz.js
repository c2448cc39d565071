import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The script is TypeScript, as the sources that it runs: it is bundled first. Arguments: --count N --seed S, and --shapes
// with a regular expression for the names of the shapes whose growth is measured: all, where it is not given.
const folder = mkdtempSync(join(tmpdir(), 'vyos-ipsec-lint-fuzz-'));
try {
  const file = join(folder, 'fuzz.cjs');
  const esbuild = ['esbuild', 'scripts/fuzz.ts', '--bundle', '--platform=node', '--format=cjs'];
  execFileSync('npx', [...esbuild, '--log-level=error', `--outfile=${file}`], { stdio: 'inherit' });
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--max-semi-space-size=128', file, ...process.argv.slice(2)],
    {
      stdio: 'inherit',
    },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
