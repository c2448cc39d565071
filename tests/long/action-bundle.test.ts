import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const build = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['scripts/build-action.js', ...args], { encoding: 'utf8' });

/** That action/ itself is what the sources make is looked at by .ci/run: a change may leave it for the merge. */
test('what the sources make holds no path of this machine; where a folder is not that, the command that mends it is told', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vyos-ipsec-lint-action-'));
  const bundle = join(folder, 'index.cjs');
  expect(build(folder).status).toBe(0);
  const text = readFileSync(bundle, 'utf8');
  expect(text.includes(process.cwd())).toBe(false);
  expect(build('--check', folder).status).toBe(0);
  writeFileSync(bundle, text.replace('use strict', ''));
  const { stderr, status } = build('--check', folder);
  rmSync(folder, { recursive: true });
  expect(stderr).toBe(`${bundle} is not what the sources make: run "npm run build:action" and commit it\n`);
  expect(status).toBe(1);
});
