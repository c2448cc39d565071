import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { serve } from './service.ts';
import { sites, type Workplace, workplace } from './workplace.ts';

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
  return serve({
    program: 'command',
    args: ['negotiate', ...args],
    cwd: folder,
    env: { LANG: 'en_US.UTF-8', ...env },
  });
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
  expect(stdout).toMatch(/ initiates[\s\S]*IKE_AUTH response 1[\s\S]* initiates[\s\S]*Timers of tunnel-1/);
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

describe('the configuration', () => {
  const yaml = 'vyos-ipsec-lint.config.yaml';
  let place: Workplace;
  beforeEach(() => {
    place = workplace();
    place.write('a.conf', sites.a);
    place.write('b.conf', sites.b);
  });
  afterEach(() => place.remove());
  const configured = (...lines: readonly string[]) => place.write(yaml, `${lines.join('\n')}\n`);
  const both = ['sites:', '  - { name: hq, file: a.conf }', '  - { name: branch, file: b.conf }'];

  test('names the sites where no file is named', () => {
    configured(...both);
    const { status, stdout, stderr } = place.run(['negotiate']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^┌ hq +peer SITE-B .*\n└ branch +peer SITE-A /);
    // And of a file that is named it says the same.
    expect(place.run(['negotiate', './a.conf', 'b.conf']).stdout).toMatch(/^┌ hq /);
  });

  test('--config names another one, --no-config none', () => {
    place.write('other.yaml', 'sites:\n  - { name: x, file: a.conf }\n  - { name: y, file: b.conf }\n');
    expect(place.run(['negotiate', '-c', 'other.yaml']).stdout).toMatch(/^┌ X +peer SITE-B /);
    configured(...both);
    const { status, stderr } = place.run(['negotiate', '--no-config']);
    expect(status).toBe(2);
    expect(stderr).toContain('no file was named');
    for (const command of ['negotiate', 'fix']) {
      expect(place.run([command, '--no-config', '--config', yaml]).stderr).toContain('do not go together');
    }
  });

  test('a mistake in it is told with its place', () => {
    configured('site: []');
    const { status, stdout, stderr } = place.run(['negotiate', 'a.conf', 'b.conf']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`${yaml}:1:1: `);
  });

  test('the release of a site', () => {
    configured('sites:', '  - { file: a.conf, release: "1.5" }');
    const { stdout } = place.run(['negotiate', '--format', 'json', 'a.conf', 'b.conf']);
    expect(JSON.parse(stdout).sites.map(({ vyos }: { vyos: string }) => vyos)).toEqual(['1.5', '1.4']);
  });

  test('the public address of a site', () => {
    place.write('a.conf', sites.a.replace("local-address '203.0.113.1'", "local-address '10.9.9.1'"));
    place.write('b.conf', sites.b.replace("remote-address '203.0.113.1'", "remote-address '203.0.113.7'"));
    const run = () => place.run(['negotiate', 'a.conf', 'b.conf']);
    configured('sites:', '  - { file: a.conf, publicAddress: 203.0.113.8 }');
    const elsewhere = run();
    configured('sites:', '  - { file: a.conf, publicAddress: 203.0.113.7 }');
    const there = run();
    expect([elsewhere.status, there.status]).toEqual([1, 0]);
  });

  test('peers that are both named face each other', () => {
    // Nothing in it says that it faces site A; b.conf does.
    place.write(
      'c.conf',
      sites.b
        .replaceAll('@', '@other.')
        .replaceAll('198.51.100.1', '192.0.2.1')
        .replaceAll('203.0.113.1', '192.0.2.2'),
    );
    const facing = () => {
      const args = ['negotiate', '--format', 'json', 'a.conf', 'c.conf', 'b.conf'];
      const { links } = JSON.parse(place.run(args).stdout);
      return links.map(({ a, b }: { a: { site: number }; b: { site: number } }) => [a.site, b.site]);
    };
    expect(facing()).toEqual([[0, 2]]);
    configured(
      'sites:',
      '  - { name: hq, file: a.conf }',
      '  - { name: far, file: c.conf }',
      'links:',
      '  - between: [{ site: hq, peer: SITE-B }, { site: far, peer: SITE-A }]',
    );
    expect(facing()).toEqual([[0, 1]]);
  });

  test('a link that is expected to be down fails as it should', () => {
    place.write('b.conf', sites.bad);
    configured(...both);
    expect(place.run(['negotiate']).status).toBe(1);
    configured(...both, 'links:', '  - { between: [hq, branch], expect: down }');
    const { status, stdout } = place.run(['negotiate']);
    expect(status).toBe(0);
    expect(stdout).toContain('NO_PROPOSAL_CHOSEN');
  });
});
