import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { builtCommand, sites, type Workplace, workplace } from './workplace.ts';

let place: Workplace;
let child: ChildProcessWithoutNullStreams | undefined;
beforeEach(() => {
  place = workplace();
  place.write('a.conf', sites.a);
  place.write('b.conf', sites.bad);
});
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGINT');
    await once(child, 'exit');
  }
  place.remove();
});

interface Watching {
  /** Waits until something was printed since the last time that this was waited for. */
  readonly prints: (text: string) => Promise<void>;
  /** The same of standard error. */
  readonly says: (text: string) => Promise<void>;
}

function start(args: readonly string[]): Watching {
  const started = spawn(process.execPath, [builtCommand, ...args], { cwd: place.folder });
  child = started;
  const reader = (stream: Readable) => {
    let unread = '';
    stream.on('data', (text: Buffer) => {
      unread += text;
    });
    return async (text: string) => {
      const signal = AbortSignal.timeout(patience);
      while (!unread.includes(text)) {
        await once(stream, 'data', { signal }).catch(() => {
          throw new Error(`${patience / 1000} s without ${JSON.stringify(text)} after: ${unread}`);
        });
      }
      unread = unread.slice(unread.indexOf(text) + text.length);
    };
  };
  return { prints: reader(started.stdout), says: reader(started.stderr) };
}

const waiting = 'waiting for a change';
/** Milliseconds in which something is printed. */
const patience = 60_000;

test('runs again when a file changes, however an editor writes it', async () => {
  const { prints, says } = start(['--watch', 'a.conf', 'b.conf']);
  await prints('1 error in 1 link');
  await says(waiting);
  place.write('b.conf', sites.b);
  await prints('no findings in 1 link');
  await says(waiting);
  place.write('b.conf.new', `${sites.b}set vpn ipsec esp-group ESP-A pfs 'dh-group19'\n`);
  renameSync(join(place.folder, 'b.conf.new'), join(place.folder, 'b.conf'));
  await prints('error[pfs-mismatch]');
});

test('goes on when a file cannot be read for a while, and when the configuration changes', async () => {
  const file = 'vyos-ipsec-lint.config.yaml';
  const config = 'sites:\n  - file: a.conf\n  - file: b.conf\n';
  place.write(file, `${config}rules:\n  no-such-rule: off\n`);
  const { prints, says } = start(['--watch']);
  await says('there is no rule of that name');
  await says(waiting);
  place.write(file, config);
  await prints('1 error in 1 link');
  await says(waiting);
  place.write('b.conf', '');
  await says('b.conf: is empty');
  await says(waiting);
  place.write('b.conf', sites.b);
  await prints('no findings in 1 link');
});

test('ends with Ctrl-C', async () => {
  const { says } = start(['--watch', 'a.conf', 'b.conf']);
  await says(waiting);
  child?.kill('SIGINT');
  const [, signal] = await once(child as ChildProcessWithoutNullStreams, 'exit');
  expect(signal).toBe('SIGINT');
});

test('ends at once where there is nothing to wait for', () => {
  const { status, stderr } = place.run(['--watch']);
  expect(stderr).toContain('no file was named');
  expect(status).toBe(2);
});
