import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** The built command, as users run it: `npm test` builds it first. */
const command = join(process.cwd(), 'dist/cli.cjs');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'negotiate-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function pair(name: string): readonly string[] {
  return ['a', 'b'].map((side) => join(process.cwd(), 'fixtures/pairs', name, `${side}.conf`));
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, 'negotiate', ...args], {
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', LANG: 'en_US.UTF-8', ...env },
  });
  return { status, stdout, stderr };
}

describe('exit codes', () => {
  test.each([
    ['all comes up and is rekeyed', pair('guide'), 0],
    ['one direction fails', pair('guide-dh-group'), 1],
    ['a rekey fails', pair('guide-pfs'), 1],
    ['a later tunnel fails', pair('pfs-several-tunnels'), 1],
    ['the side that fails only answers', pair('answers-only'), 0],
    ['the direction that works alone', ['--initiator', 'a', ...pair('ikev1-unset-other-side')], 0],
    ['the direction that fails alone', ['--initiator', 'b', ...pair('ikev1-unset-other-side')], 1],
    ['a syntax error', pair('rule-syntax-error'), 2],
    ['one file', pair('guide').slice(0, 1), 2],
    ['a file that is not there', ['gone.conf', ...pair('guide').slice(1)], 2],
    ['an unknown format', ['--format', 'sarif', ...pair('guide')], 2],
    ['an unknown side', ['--initiator', 'c', ...pair('guide')], 2],
    ['--help', ['--help'], 0],
  ])('%s', (_, args, status) => {
    expect(run(args).status).toBe(status);
  });
});

test('the ladder of both directions, and the timers', () => {
  const { stdout, stderr } = run(pair('guide'));
  expect(stderr).toBe('');
  expect(stdout).toMatch(/A initiates[\s\S]*IKE_AUTH response 1[\s\S]*B initiates[\s\S]*Timers of tunnel-1/);
  expect(stdout).toContain('──▶│');
});

test('JSON of the published schema', () => {
  const { stdout } = run(['--format', 'json', ...pair('guide-pfs')]);
  const validate = new Ajv2020({ strictTypes: false }).compile(
    JSON.parse(readFileSync('docs/negotiate.schema.json', 'utf8')),
  );
  expect(validate(JSON.parse(stdout))).toBe(true);
});

test('colour where it is asked for, and ASCII where there is no more', () => {
  expect(run(['--color', 'always', ...pair('guide-dh-group')]).stdout).toContain('\u001b[31m');
  const plain = run(pair('guide-dh-group'), { LC_ALL: 'C' }).stdout;
  expect(plain).toContain('-->|');
  expect(plain).toMatch(/^[\n\x20-\x7e]*$/);
});

test('dumps without a tunnel', () => {
  const file = join(folder, 'none.conf');
  writeFileSync(file, "set system host-name 'r1'\n");
  const { status, stdout, stderr } = run([file, ...pair('guide').slice(1)]);
  expect(stdout).toBe('');
  expect(stderr).toContain('there is no "vpn ipsec site-to-site peer" in it');
  expect(status).toBe(2);
});

test('its help tells of its exit codes', () => {
  expect(run(['--help']).stdout.replace(/\s+/g, ' ')).toContain('1 something fails');
});
