import { dirname, resolve } from 'node:path';
import { watch as watchFolders } from 'chokidar';
import { isFolder, statusOf } from './file-status.ts';
import type { Run } from './lint-command.ts';
import type { Surroundings } from './surroundings.ts';

/** Editors write a file in several steps: what changes within this many milliseconds is one change. */
const settling = 100;

/**
 * Runs, and runs again whenever a file changes that the last run was made from. Ends with the process, when nobody reads
 * any more, or with the exit code of a run that was made from no file at all.
 */
export async function watch(
  run: () => Promise<Run>,
  { cwd, terminal, lost, out, err }: Surroundings,
): Promise<number> {
  for (;;) {
    const started = Date.now();
    const { exitCode, files } = await run();
    if (files.length === 0) return exitCode;
    await changeOf(
      files.map((file) => resolve(cwd, file)),
      started,
      lost,
      () => err('vyos-ipsec-lint: waiting for a change; end with Ctrl-C\n'),
    );
    if (lost.aborted) return exitCode;
    // As tsc and others do: the screen begins anew.
    if (terminal) out('\u001bc');
  }
}

/**
 * Waits until one of the files changes, or has changed since a moment, or any in a folder that is among them. Their folders
 * are watched, for an editor may put a new file in the place of the old one. `onReady`: from now on no change is missed.
 */
async function changeOf(
  paths: readonly string[],
  since: number,
  lost: AbortSignal,
  onReady: () => void,
): Promise<void> {
  const known = new Set(paths);
  const named = new Set(paths.filter(isFolder));
  const folders = new Set([
    ...named,
    ...paths.filter((path) => !named.has(path)).map((path) => dirname(path)),
  ]);
  const watcher = watchFolders([...folders], {
    depth: 0,
    ignoreInitial: true,
    ignored: (path) => !known.has(path) && !folders.has(path) && !named.has(dirname(path)),
  });
  // What stands beside the dumps, such as a link that leads to itself, is no reason to end.
  watcher.on('error', () => {});
  const changed = new Promise<void>((resolved) => {
    watcher.once('all', () => resolved());
    lost.addEventListener('abort', () => resolved(), { once: true });
  });
  await new Promise<void>((resolved) => watcher.once('ready', () => resolved()));
  onReady();
  if (!lost.aborted && !paths.some((path) => lastWritten(path) > since)) await changed;
  await new Promise((settled) => setTimeout(settled, settling));
  await watcher.close();
}

/** In milliseconds since 1970; 0 for a file that is not there. */
function lastWritten(path: string): number {
  return statusOf(path)?.mtimeMs ?? 0;
}
