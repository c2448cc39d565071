import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { sites, star, type Workplace, workplace } from './workplace.ts';

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
    // The strong side is not weakened: what the other one lacks is left to whoever may change it.
    expect(stdout).not.toMatch(/^set /m);
    expect(stdout.replaceAll('\n# ', ' ')).toContain(
      'A command would mend it on a site that --on does not allow',
    );
    expect(stdout).toContain(`#     B (b.conf): ${mend}`);
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
    [['fix', '--on', 'c', ...pair], /--on c: no site is called so; type --on a or --on b/],
    [['fix', '--prefer', 'nothing', ...pair], /--prefer nothing: expected one of strongest, fewest/],
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
  expect(place.run(['fix', ...pair]).stdout).toMatch(/^# There is no error to mend\.\n/);
  expect(place.run(['fix', '--no-config', ...pair]).stdout).toContain(mend);
});

describe('--on', () => {
  const swapped = ['b.conf', 'a.conf'];

  test('a letter that is the name of the other site is refused, and nothing is written', () => {
    const before = [read('a.conf'), read('b.conf')];
    for (const on of ['b', 'B', 'a']) {
      const { status, stdout, stderr } = place.run(['fix', '--write', '--on', on, ...swapped]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(
        new RegExp(`^vyos-ipsec-lint: --on ${on} may mean several sites: type --on \\w\\.conf for site`),
      );
    }
    expect([read('a.conf'), read('b.conf')]).toEqual(before);
  });

  test.each([
    ['b.conf', ['b.conf']],
    ['./b.conf', ['b.conf']],
    // Nothing to change on the strong side.
    ['a.conf', []],
  ])('%s is that file, whatever its place', (on, changed) => {
    const { sites: planned } = JSON.parse(
      place.run(['fix', '--format', 'json', '--on', on, ...swapped]).stdout,
    );
    const steps = planned.flatMap(({ file, steps: own }: { file: string; steps: unknown[] }) =>
      own.map(() => file),
    );
    expect(steps).toEqual(changed);
  });

  test('files without an extension: a path says which', () => {
    place.write('a', sites.a);
    place.write('b', sites.b.replace("dh-group '14'", "dh-group '5'"));
    expect(place.run(['fix', '--on', 'b', 'b', 'a']).stderr).toContain(
      'type --on ./b for site b of b, or --on ./a for',
    );
    expect(place.run(['fix', '--on', './b', 'b', 'a']).stdout).toContain(mend);
    expect(place.run(['fix', '--on', 'b', 'a', 'b']).stdout).toContain(mend);
  });

  test('two sites of one name', () => {
    place.write('x/s.conf', read('a.conf'));
    place.write('y/s.conf', read('b.conf'));
    const files = ['x/s.conf', 'y/s.conf'];
    expect(place.run(['fix', '--on', 's', ...files]).stderr).toContain(
      'type --on x/s.conf for site s of x/s.conf, or',
    );
    expect(place.run(['fix', '--on', 'b', ...files]).stdout).toContain(mend);
  });
});

describe('a baseline', () => {
  test.each([
    ['of the configuration', [], { baseline: 'known.json' }],
    ['of --baseline', ['--baseline', 'known.json'], {}],
  ])('%s: what it knows is not mended', (_, args, configuration) => {
    place.run(['--baseline', 'known.json', '--update-baseline', ...pair]);
    place.write('vyos-ipsec-lint.config.json', JSON.stringify(configuration));
    expect(place.run(['fix', ...args, ...pair])).toEqual({
      status: 0,
      stdout: '# Nothing to mend.\n',
      stderr: '',
    });
    place.write('b.conf', read('b.conf').replace("pfs 'dh-group14'", "pfs 'disable'"));
    const { stdout } = place.run(['fix', ...args, ...pair]);
    expect(stdout).toContain('pfs-mismatch');
    expect(stdout).not.toContain('ike-dh-group-mismatch');
  });

  test.each([
    ['that is not there', undefined, /known\.json: the baseline cannot be read/],
    ['that is none', '{}', /known\.json: is no baseline/],
  ])('%s is told, and nothing is mended', (_, text, message) => {
    if (text !== undefined) place.write('known.json', text);
    const { status, stdout, stderr } = place.run(['fix', '--write', '--baseline', 'known.json', ...pair]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(read('b.conf')).toContain("dh-group '5'");
  });
});

test.each([
  ['error', false],
  ['warning', true],
  ['info', true],
])('failOn: %s in the configuration mends warnings: %s', (failOn, mended) => {
  place.write('vyos-ipsec-lint.config.json', JSON.stringify({ failOn }));
  place.write('b.conf', `${sites.b}set vpn ipsec esp-group ESP-A lifetime '7200'\n`);
  const warnings = JSON.parse(place.run(['--format', 'json', ...pair]).stdout).summary.warnings;
  expect(warnings).toBeGreaterThan(0);
  expect(/^set /m.test(place.run(['fix', ...pair]).stdout)).toBe(mended);
});

describe('of three sites', () => {
  beforeEach(() => {
    for (const [name, text] of Object.entries(star)) place.write(`${name}.conf`, text);
    // Both are weaker than the hub.
    for (const name of ['east', 'west'] as const)
      place.write(`${name}.conf`, star[name].replace("dh-group '15'", "dh-group '5'"));
  });
  const network = ['hub.conf', 'east.conf', 'west.conf'];

  test('each remark names the routers', () => {
    const { stdout } = place.run(['fix', '--on', 'west', ...network]);
    // A remark goes on in the next line.
    const text = stdout.replaceAll('\n# ', ' ');
    expect(text).toContain('ike-dh-group-mismatch: No common Diffie-Hellman group: hub has 14, west has 5');
    expect(text).toMatch(/, on east \(east\.conf\): [^(]*: hub has 14, east has 5\. /);
  });

  test('the plan has the ends, by its schema; of two sites it has none', () => {
    const validate = new Ajv2020({ strict: false }).compile(
      JSON.parse(readFileSync('docs/fix.schema.json', 'utf8')),
    );
    const plan = JSON.parse(place.run(['fix', '--format', 'json', '--on', 'west', ...network]).stdout);
    validate(plan);
    expect(validate.errors).toBeNull();
    expect(plan.sites[2].steps[0].mends.link).toEqual({
      a: { site: 0, peer: 'SITE-C' },
      b: { site: 2, peer: 'SITE-A' },
    });
    expect(plan.left[0].link).toEqual({ a: { site: 0, peer: 'SITE-B' }, b: { site: 1, peer: 'SITE-A' } });
    expect(place.run(['fix', '--format', 'json', ...pair]).stdout).not.toContain('"link"');
  });

  test('a letter means none of them', () => {
    expect(place.run(['fix', '--on', 'a', ...network]).stderr).toContain(
      '--on a: no site is called so; type --on hub, --on east or --on west',
    );
  });
});
