import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a run of a program gave. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Job {
  readonly program: 'command' | 'action';
  readonly args: readonly string[];
  /** All of the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

let service: ((job: Job) => Ran) | undefined;

/**
 * Runs a program as a process of its own would, in one process for all runs of all files of tests that a thread takes: a
 * start takes half a second, and says nothing of what is tested. What is said of a process (streams, signals, terminals)
 * wants a real start.
 */
export function serve(job: Job): Ran {
  service ??= startService();
  return service(job);
}

/** Milliseconds until a run counts as hung. */
const patience = 120_000;

/** The process ends, and takes the folder of its answers with it, when nobody can ask any more: with this thread. */
function startService(): (job: Job) => Ran {
  const folder = mkdtempSync(join(tmpdir(), 'vyos-ipsec-lint-service-'));
  const child: ChildProcess = spawn(process.execPath, [join(process.cwd(), 'tests/e2e/served.js'), folder], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    env: { PATH: process.env.PATH, LANG: 'en_US.UTF-8' },
  });
  child.unref();
  const jobs = child.stdio[3] as Socket;
  jobs.unref();
  let served = 0;
  return (job) => {
    served += 1;
    const answer = join(folder, `${served}`);
    jobs.write(`${JSON.stringify({ ...job, answer })}\n`);
    return JSON.parse(waitFor(answer));
  };
}

/** Waits without a turn of the event loop, so that a test reads like one of a function. */
function waitFor(file: string): string {
  const never = new Int32Array(new SharedArrayBuffer(4));
  const end = Date.now() + patience;
  while (Date.now() < end) {
    if (existsSync(file)) return readFileSync(file, 'utf8');
    Atomics.wait(never, 0, 0, 2);
  }
  throw new Error(`no answer within ${patience / 1000} s`);
}
