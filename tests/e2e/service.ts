import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { afterAll } from '@jest/globals';

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

interface Service {
  readonly serve: (job: Job) => Ran;
  readonly end: () => void;
}

let service: Service | undefined;
afterAll(() => {
  service?.end();
  service = undefined;
});

/**
 * Runs a program as a process of its own would, in one process for all runs of a test file: a start takes half a second,
 * and says nothing of what is tested. What is said of a process (streams, signals, terminals) wants a real start.
 */
export function serve(job: Job): Ran {
  service ??= startService();
  return service.serve(job);
}

/** Milliseconds until a run counts as hung. */
const patience = 120_000;

function startService(): Service {
  const folder = mkdtempSync(join(tmpdir(), 'vyos-ipsec-lint-service-'));
  const child: ChildProcess = spawn(process.execPath, [join(process.cwd(), 'tests/e2e/served.js')], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    env: { PATH: process.env.PATH, LANG: 'en_US.UTF-8' },
  });
  child.unref();
  const jobs = child.stdio[3] as Writable;
  let served = 0;
  return {
    serve: (job) => {
      served += 1;
      const answer = join(folder, `${served}`);
      jobs.write(`${JSON.stringify({ ...job, answer })}\n`);
      return JSON.parse(waitFor(answer));
    },
    end: () => {
      jobs.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits without a turn of the event loop, so that a test reads like one of a function. */
function waitFor(file: string): string {
  const never = new Int32Array(new SharedArrayBuffer(4));
  const end = Date.now() + patience;
  while (Date.now() < end) {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      Atomics.wait(never, 0, 0, 2);
    }
  }
  throw new Error(`no answer within ${patience / 1000} s`);
}
