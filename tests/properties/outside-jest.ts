import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of properties 1 to 4 of docs/architecture.md, which are looked at in pairs of one release and of several. */
export const manyRuns = 4000;

/** One seed, so that a change is not blamed for what it did not do; PROPERTY_SEED tries another. */
const seed = process.env.PROPERTY_SEED ?? '1256003783';

/** `PROPERTY_TIMES=10` looks at ten times as many, for longer than a change can wait. */
const times = Number(process.env.PROPERTY_TIMES ?? '1');

/** Milliseconds; for a busy machine that has to look for the smallest example as well. */
export const patience = 600_000 * times;

/**
 * Checks a property of run.ts in a process of its own, bundled: in the context that jest makes for modules the same
 * code is five times slower. Gives what is wrong, the empty text where nothing is.
 */
export function checkOutsideJest(property: string, runs = manyRuns): string {
  const folder = mkdtempSync(join(tmpdir(), 'properties-'));
  try {
    const bundle = join(folder, 'run.mjs');
    const steps = [
      [
        join('node_modules', 'esbuild', 'bin', 'esbuild'),
        'tests/properties/run.ts',
        '--bundle',
        '--platform=node',
        '--format=esm',
        '--log-level=warning',
        `--outfile=${bundle}`,
        "--banner:js=import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      ],
      [bundle, property, `${runs * times}`, seed],
    ];
    for (const step of steps) {
      const { status, stderr, error } = spawnSync(process.execPath, step, { encoding: 'utf8' });
      if (status !== 0) return stderr || `${error ?? status}`;
    }
    return '';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
