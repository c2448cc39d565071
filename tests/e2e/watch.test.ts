import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
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

/** Starts the command and gives a function that waits until it has waited for a change so many times. */
function start(args: readonly string[]) {
  const started = spawn(process.execPath, [builtCommand, ...args], { cwd: place.folder });
  child = started;
  let printed = '';
  let said = '';
  started.stdout.on('data', (text: Buffer) => {
    printed += text;
  });
  started.stderr.on('data', (text: Buffer) => {
    said += text;
  });
  return async (times: number): Promise<string> => {
    while ((said.match(/waiting for a change/g) ?? []).length < times) await once(started.stderr, 'data');
    return printed;
  };
}

test('runs again when a file changes, however an editor writes it', async () => {
  const waited = start(['--watch', 'a.conf', 'b.conf']);
  expect(await waited(1)).toContain('1 error in 1 link');
  place.write('b.conf', sites.b);
  expect(await waited(2)).toContain('no findings in 1 link');
  place.write('b.conf.new', `${sites.b}set vpn ipsec esp-group ESP-A pfs 'dh-group19'\n`);
  renameSync(join(place.folder, 'b.conf.new'), join(place.folder, 'b.conf'));
  expect(await waited(3)).toContain('error[pfs-mismatch]');
});

test('goes on when a file cannot be read for a while, and when the configuration changes', async () => {
  const file = 'vyos-ipsec-lint.config.yaml';
  const config = 'sites:\n  - file: a.conf\n  - file: b.conf\n';
  place.write(file, `${config}rules:\n  no-such-rule: off\n`);
  const waited = start(['--watch']);
  expect(await waited(1)).toBe('');
  place.write(file, config);
  expect(await waited(2)).toContain('1 error in 1 link');
  place.write('b.conf', '');
  await waited(3);
  place.write('b.conf', sites.b);
  expect(await waited(4)).toContain('no findings in 1 link');
});

test('ends with Ctrl-C', async () => {
  const waited = start(['--watch', 'a.conf', 'b.conf']);
  await waited(1);
  child?.kill('SIGINT');
  const [, signal] = await once(child as ChildProcessWithoutNullStreams, 'exit');
  expect(signal).toBe('SIGINT');
});
