import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { sites, type Workplace, workplace } from './workplace.ts';

let place: Workplace;
beforeEach(() => {
  place = workplace();
  place.write('a.conf', sites.a);
  place.write('b.conf', sites.b.replace("dh-group '14'", "dh-group '5'"));
});
afterEach(() => place.remove());

const pair = ['a.conf', 'b.conf'];
const read = (name: string) => readFileSync(join(place.folder, name), 'utf8');
const secret = 'an-example-secret-for-the-docs';
const mend = "set vpn ipsec ike-group IKE-A proposal 1 dh-group '14'";

describe('the session', () => {
  test('of a pair with one error', () => {
    const { status, stdout, stderr } = place.run(['fix', ...pair]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
      'configure',
      mend,
      'commit-confirm 5',
      'confirm',
      'save',
      'exit',
    ]);
    expect(stdout).toContain('# ---- B (b.conf) ----');
    expect(stdout).toContain('\n# ---- only when the tunnel is up: B (b.conf) ----\n');
  });

  test('of a clean pair is none', () => {
    place.write('b.conf', sites.b);
    expect(place.run(['fix', ...pair])).toEqual({ status: 0, stdout: '# Nothing to mend.\n', stderr: '' });
  });

  test('on one side alone', () => {
    const { stdout } = place.run(['fix', '--on', 'a', ...pair]);
    expect(stdout).toContain("set vpn ipsec ike-group IKE-B proposal 1 dh-group '5'");
    expect(stdout).toContain('# Mind: MODP_2048 becomes MODP_1536, which is weaker.');
    expect(stdout).not.toContain(mend);
    expect(place.run(['fix', '--on', 'b.conf', ...pair]).stdout).toContain(mend);
  });

  test('leaves a secret to the person, and does not show it', () => {
    place.write('b.conf', sites.b.replace(secret, 'another-secret-of-b'));
    for (const format of ['session', 'json']) {
      const { status, stdout, stderr } = place.run(['fix', '--format', format, ...pair]);
      expect(status).toBe(1);
      expect(stdout).toContain('psk-mismatch');
      expect(stdout + stderr).not.toMatch(/another-secret|example-secret/);
    }
  });

  test.each([
    [['fix'], /no file was named/],
    [['fix', 'a.conf'], /one file is not enough/],
    [['fix', '--on', 'c', ...pair], /--on c: no site of that name; there are a and b, or a, b/],
    [['fix', '--prefer', 'nothing', ...pair], /Invalid values/],
    [['fix', 'a.conf', 'gone.conf'], /gone\.conf: no such file/],
  ])('%j cannot be done', (args, message) => {
    const { status, stdout, stderr } = place.run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

test('--format json fits its published schema', () => {
  const validate = new Ajv2020({ strict: false }).compile(
    JSON.parse(readFileSync('docs/fix.schema.json', 'utf8')),
  );
  place.write('slip.conf', `${sites.b}set vpn ipsec esp-group ESP-A pfs 'dh14'\nset vpn ipsec x\n`);
  place.write('masked.conf', read('b.conf').replace(secret, '********'));
  for (const files of [pair, ['a.conf', 'slip.conf'], ['a.conf', 'masked.conf']]) {
    const plan = JSON.parse(place.run(['fix', '--format', 'json', ...files]).stdout);
    validate(plan);
    expect(validate.errors).toBeNull();
    expect(plan.sites[1].steps.length).toBeGreaterThan(0);
    expect(plan.notJudged).toHaveLength(files[1] === 'masked.conf' ? 1 : 0);
  }
});

describe('--write', () => {
  test('changes what must be changed and keeps the original', () => {
    const before = read('b.conf').replaceAll('\n', '\r\n');
    const text = `\uFEFF# the branch\r\n${before}`;
    chmodSync(place.write('b.conf', text), 0o640);
    const { status, stderr } = place.run(['fix', '--write', ...pair]);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'vyos-ipsec-lint: b.conf: changed; the original is kept as b.conf.orig\n',
    });
    expect(read('b.conf')).toBe(text.replace("dh-group '5'", "dh-group '14'"));
    expect(read('b.conf.orig')).toBe(text);
    expect(statSync(join(place.folder, 'b.conf')).mode & 0o777).toBe(0o640);
    expect(existsSync(join(place.folder, 'a.conf.orig'))).toBe(false);
    expect(read('a.conf')).toBe(sites.a);
    expect(place.run(pair).status).toBe(0);
  });

  test('never overwrites an original, and does nothing the second time', () => {
    place.write('b.conf.orig', 'an older one');
    expect(place.run(['fix', '--write', ...pair]).stderr).toContain('kept as b.conf.orig.1');
    expect(read('b.conf.orig')).toBe('an older one');
    expect(place.run(['fix', '--write', ...pair])).toEqual({
      status: 0,
      stdout: '# Nothing to mend.\n',
      stderr: '',
    });
    expect(existsSync(join(place.folder, 'b.conf.orig.2'))).toBe(false);
  });

  test('through a link changes the file, and the link stays', () => {
    symlinkSync(join(place.folder, 'b.conf'), join(place.folder, 'link.conf'));
    expect(place.run(['fix', '--write', 'a.conf', 'link.conf']).status).toBe(0);
    expect(read('b.conf')).toContain("dh-group '14'");
    expect(read('link.conf')).toBe(read('b.conf'));
  });

  test.each([
    ['UTF-16', () => Buffer.from(`\uFEFF${read('b.conf')}`, 'utf16le'), /b\.conf: is in UTF-16/],
    [
      'Latin-1',
      () => Buffer.from(`${read('b.conf')}set system host-name 'B\u00fcro'\n`, 'latin1'),
      /b\.conf: is not in UTF-8; save it/,
    ],
  ])('refuses a file in %s, and writes nothing', (_, content, message) => {
    const bytes = content();
    place.write('b.conf', bytes);
    const { status, stderr } = place.run(['fix', '--write', ...pair]);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(readFileSync(join(place.folder, 'b.conf')).equals(bytes)).toBe(true);
    expect(existsSync(join(place.folder, 'b.conf.orig'))).toBe(false);
  });
});

test('the configuration counts: what it hides is not mended', () => {
  place.write('vyos-ipsec-lint.config.json', JSON.stringify({ rules: { 'ike-dh-group-mismatch': 'off' } }));
  expect(place.run(['fix', ...pair]).stdout).toBe('# Nothing to mend.\n');
  expect(place.run(['fix', '--no-config', ...pair]).stdout).toContain(mend);
});
