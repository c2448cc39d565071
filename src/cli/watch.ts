import { once } from 'node:events';
import { watch as watchFiles } from 'chokidar';
import type { Run } from './lint-command.ts';
import type { Surroundings } from './surroundings.ts';

/** Editors write a file in several steps: what changes within this many milliseconds is one change. */
const settling = 100;

/** Runs, and runs again whenever a file changes that the last run was made from. Ends with the process. */
export async function watch(run: () => Promise<Run>, { terminal, out, err }: Surroundings): Promise<number> {
  const first = await run();
  const watcher = watchFiles([...first.files], { ignoreInitial: true });
  await once(watcher, 'ready');
  let pending: NodeJS.Timeout | undefined;
  const again = async () => {
    // As tsc and others do: what was printed before is scrolled away, not lost.
    if (terminal) out('\u001bc');
    const { files } = await run();
    watcher.add([...files]);
    tell();
  };
  const tell = () => err('vyos-ipsec-lint: waiting for a change; end with Ctrl-C\n');
  watcher.on('all', () => {
    clearTimeout(pending);
    pending = setTimeout(() => void again(), settling);
  });
  tell();
  return new Promise(() => {});
}
