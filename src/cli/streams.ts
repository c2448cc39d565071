import { exitCodes } from './exit-codes.ts';
import { explainError } from './read-input.ts';

/** What a process prints to, and what becomes of it. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Aborted once either takes no more. */
  readonly lost: AbortSignal;
  /** The exit code that a run has in truth: 2 where what it had to say did not reach anybody. */
  readonly exitCode: (ofRun: number) => number;
}

/** A pipe takes so much at once, so that whether a reader took anything can be told. */
const CHUNK = 16 * 1024;

/**
 * Guards the streams of a process. A stream that takes nothing is told on standard error, where that is left, in one line;
 * but a reader that has taken its part (head, less) may go without a word.
 */
export function guarded(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream, program: string): Streams {
  const lost = new AbortController();
  let isTaken = false;
  let isFailed = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (lost.signal.aborted) return;
    lost.abort();
    if (error.code === 'EPIPE' && isTaken) return;
    isFailed = true;
    const why = error.code === 'EPIPE' ? 'its reader is gone' : explainError(error);
    stderr.write(`${program}: standard output cannot be written: ${why}\n`);
  });
  stderr.on('error', () => {
    isFailed = true;
    lost.abort();
  });
  const out = (text: string) => {
    const bytes = Buffer.from(text);
    for (let start = 0; start < bytes.length && !lost.signal.aborted; start += CHUNK) {
      stdout.write(bytes.subarray(start, start + CHUNK), (error) => {
        isTaken ||= !error;
      });
    }
  };
  return {
    out,
    err: (text) => stderr.write(text),
    lost: lost.signal,
    exitCode: (ofRun) => (isFailed ? exitCodes.failed : ofRun),
  };
}
