import { once } from 'node:events';
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { watch as watchFolders } from 'chokidar';
import type { Run } from './lint-command.ts';
import type { Surroundings } from './surroundings.ts';

/** Editors write a file in several steps: what changes within this many milliseconds is one change. */
const settling = 100;

/**
 * Runs, and runs again whenever a file changes that the last run was made from. Ends with the process, or with the exit
 * code of a run that was made from no file at all.
 */
export async function watch(
  run: () => Promise<Run>,
  { cwd, terminal, out, err }: Surroundings,
): Promise<number> {
  for (;;) {
    const started = Date.now();
    const { exitCode, files } = await run();
    if (files.length === 0) return exitCode;
    await changeOf(
      files.map((file) => resolve(cwd, file)),
      started,
      () => err('vyos-ipsec-lint: waiting for a change; end with Ctrl-C\n'),
    );
    // As tsc and others do: the screen begins anew.
    if (terminal) out('\u001bc');
  }
}

/**
 * Waits until one of the files changes, or has changed since a moment. Their folders are watched, for an editor may put a
 * new file in the place of the old one. `onReady`: from now on no change is missed.
 */
async function changeOf(paths: readonly string[], since: number, onReady: () => void): Promise<void> {
  const known = new Set(paths);
  const watcher = watchFolders([...new Set(paths.map((path) => dirname(path)))], {
    depth: 0,
    ignoreInitial: true,
    ignored: (path, stats) => stats?.isFile() === true && !known.has(path),
  });
  const changed = once(watcher, 'all');
  await once(watcher, 'ready');
  onReady();
  if (!paths.some((path) => lastWritten(path) > since)) await changed;
  await new Promise((settled) => setTimeout(settled, settling));
  await watcher.close();
}

/** In milliseconds since 1970; 0 for a file that is not there. */
function lastWritten(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
