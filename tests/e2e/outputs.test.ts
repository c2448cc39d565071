import { execSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { builtCommand, sites, type Workplace, workplace } from './workplace.ts';

let place: Workplace;
beforeEach(() => {
  place = workplace();
  place.write('a.conf', sites.a);
  place.write('b.conf', sites.bad);
});
afterEach(() => place.remove());

const pair = ['a.conf', 'b.conf'];
const read = (name: string) => readFileSync(join(place.folder, name), 'utf8');

describe('--output', () => {
  test('each belongs to the format before it', () => {
    const args = [
      '--format',
      'json',
      '--output',
      'out.json',
      '-f',
      'pretty',
      '-o',
      'out.txt',
      '--format=json',
    ];
    const { status, stdout } = place.run([...args, ...pair]);
    expect(JSON.parse(read('out.json')).summary.errors).toBe(1);
    expect(read('out.txt')).toContain('error[ike-dh-group-mismatch]');
    expect(JSON.parse(stdout)).toEqual(JSON.parse(read('out.json')));
    expect(status).toBe(1);
  });

  test('-f=json is -f json, and names that look like numbers are names', () => {
    place.write('1e3', sites.a);
    place.write('0x10', sites.bad);
    const { stdout, status } = place.run(['-f=json', '1e3', '0x10']);
    expect(JSON.parse(stdout).sites.map(({ file }: { readonly file: string }) => file)).toEqual([
      '1e3',
      '0x10',
    ]);
    expect(status).toBe(1);
  });

  test.each<readonly [string, readonly string[]]>([
    ['a dump', ['-f', 'json', '-o', './b.conf', ...pair]],
    ['a dump, by the baseline', ['--baseline', 'b.conf', '--update-baseline', ...pair]],
    ['the configuration', ['-f', 'json', '-o', 'b.yaml', '-c', 'b.yaml', ...pair]],
    ['the baseline', ['-f', 'json', '-o', 'known.json', '--baseline', 'known.json', ...pair]],
  ])('nothing is written over %s', (_, args) => {
    place.write('b.yaml', 'failOn: warning\n');
    place.write('known.json', '{ "schemaVersion": 1, "findings": [] }');
    const before = ['b.conf', 'b.yaml', 'known.json'].map(read);
    const { status, stderr } = place.run(args);
    expect(stderr).toContain('is read by this run and would be written over');
    expect(status).toBe(2);
    expect(['b.conf', 'b.yaml', 'known.json'].map(read)).toEqual(before);
  });

  test('without a format it is the default one, and nothing is printed', () => {
    const { stdout } = place.run(['--output', 'out.txt', '--color', 'always', ...pair]);
    expect(read('out.txt')).toContain('error[ike-dh-group-mismatch]');
    expect(read('out.txt')).not.toContain('\u001b');
    expect(stdout).toBe('');
  });

  test.each<readonly [string, readonly string[], RegExp]>([
    [
      'two on standard output',
      ['--format', 'json', '--format', 'pretty'],
      /json and pretty would be mixed on standard output/,
    ],
    ['two outputs of one format', ['-f', 'json', '-o', 'x', '-o', 'y'], /--output y belongs to no --format/],
    [
      'two to one file',
      ['-f', 'json', '-o', 'x', '-f', 'pretty', '-o', 'x'],
      /two reports would be written to x/,
    ],
    ['an output before its format', ['-o', 'x', '-f', 'json'], /--output x stands before its --format json/],
    ['no name', ['-f', 'json', '--output'], /output/],
    ['no such format', ['-f', 'xml'], /-f xml: expected one of pretty, concise/],
  ])('%s is refused', (_, args, message) => {
    const { status, stderr } = place.run([...pair, ...args]);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(readdirSync(place.folder).toSorted()).toEqual(pair);
  });

  test('a file that cannot be written is told, and the others are written', () => {
    mkdirSync(join(place.folder, 'full'));
    const args = [
      '-f',
      'json',
      '-o',
      'gone/out.json',
      '-f',
      'pretty',
      '-o',
      'full',
      '-f',
      'json',
      '-o',
      'good.json',
    ];
    const { status, stderr } = place.run([...args, ...pair]);
    expect(stderr).toMatch(/gone\/out\.json: cannot be written: its folder is not there/);
    expect(stderr).toMatch(/full: cannot be written: it is a folder/);
    expect(existsSync(join(place.folder, 'good.json'))).toBe(true);
    expect(status).toBe(2);
  });

  test('an old file is put away whole, and no half of a new one is left', () => {
    writeFileSync(join(place.folder, 'out.json'), 'old');
    place.run(['-f', 'json', '-o', 'out.json', ...pair]);
    expect(() => JSON.parse(read('out.json'))).not.toThrow();
    expect(readdirSync(place.folder).toSorted()).toEqual([...pair, 'out.json']);
  });

  test('a device is written to', () => {
    const command = `"${process.execPath}" "${builtCommand}" -f json -o /dev/stdout ${pair.join(' ')} | cat`;
    const stdout = execSync(command, { cwd: place.folder, encoding: 'utf8' });
    expect(JSON.parse(stdout).summary.errors).toBe(1);
  });
});

describe('--baseline', () => {
  const update = ['--baseline', 'known.json', '--update-baseline', ...pair];

  test('what is known is not shown, and what is new is', () => {
    const written = place.run(update);
    expect(written.stderr).toContain('known.json: 1 finding is known from now on');
    expect(written.status).toBe(0);
    expect(JSON.parse(read('known.json')).findings).toEqual([
      {
        ruleId: 'ike-dh-group-mismatch',
        message: expect.stringContaining('No common Diffie-Hellman group'),
        fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
    const known = place.run(['--baseline', 'known.json', ...pair]);
    expect(known.stdout).toContain('no findings in 1 link, 1 suppressed');
    expect(known.status).toBe(0);
    place.write('b.conf', `${sites.bad}set vpn ipsec esp-group ESP-A pfs 'dh-group19'\n`);
    const more = place.run(['--baseline', 'known.json', ...pair]);
    expect(more.stdout).toContain('error[pfs-mismatch]');
    expect(more.stdout).not.toContain('[ike-dh-group-mismatch]');
    expect(more.status).toBe(1);
  });

  test('it survives moved lines and renamed groups', () => {
    place.run(update);
    place.write('b.conf', `# moved\n\n${sites.bad.replaceAll('IKE-A', 'TO-HQ')}`);
    expect(place.run(['--baseline', 'known.json', ...pair]).status).toBe(0);
  });

  test('what is gone from it is told', () => {
    place.run(update);
    place.write('b.conf', sites.b);
    const { stderr, status } = place.run(['--baseline', 'known.json', ...pair]);
    expect(stderr).toContain('known.json: 1 finding of it is gone; --update-baseline takes it out');
    expect(status).toBe(0);
  });

  test('the configuration names it', () => {
    place.write(
      'vyos-ipsec-lint.config.yaml',
      'sites:\n  - file: a.conf\n  - file: b.conf\nbaseline: known.json\n',
    );
    expect(place.run(['--update-baseline']).status).toBe(0);
    expect(place.run([]).status).toBe(0);
  });

  test.each<readonly [string, readonly string[], RegExp]>([
    [
      'it is not there',
      ['--baseline', 'gone.json'],
      /gone\.json: the baseline cannot be read; --update-baseline writes it/,
    ],
    ['it is none', ['--baseline', 'a.conf'], /a\.conf: is no baseline of this tool/],
    ['it has no name', ['--update-baseline'], /--update-baseline needs --baseline FILE/],
  ])('%s', (_, args, message) => {
    const { status, stderr } = place.run([...args, ...pair]);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  test('a run that judged nothing leaves it as it was', () => {
    place.run(update);
    const before = read('known.json');
    place.write('b.conf', 'this is no dump\n');
    const { status, stderr } = place.run(update);
    expect(stderr).toContain('b.conf: not one command of VyOS was found in it');
    expect(status).toBe(2);
    expect(read('known.json')).toBe(before);
  });

  test('it holds no secret', () => {
    place.write('b.conf', sites.b.replace("secret 'an-example-secret-for-the-docs'", "secret 's3cr3t-of-b'"));
    place.run(update);
    expect(read('known.json')).toContain('psk-mismatch');
    expect(read('known.json')).not.toMatch(/s3cr3t|an-example/);
  });
});

describe('how much is said', () => {
  test('--quiet shows what gives exit code 1 and nothing else', () => {
    place.write('b.conf', `${sites.bad}set vpn ipsec esp-group ESP-A lifetime '1800'\n`);
    expect(place.run(pair).stdout).toContain('warning[esp-lifetime-mismatch]');
    const { stdout, status } = place.run(['--quiet', ...pair]);
    expect(stdout).toContain('error[ike-dh-group-mismatch]');
    expect(stdout).not.toContain('warning[');
    expect(status).toBe(1);
    place.write('b.conf', `${sites.b}set vpn ipsec esp-group ESP-A lifetime '1800'\n`);
    expect(place.run(['-q', ...pair])).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(place.run(['-q', '--fail-on', 'warning', ...pair]).stdout).toContain(
      'warning[esp-lifetime-mismatch]',
    );
    expect(JSON.parse(place.run(['-q', '-f', 'json', ...pair]).stdout).findings).toEqual([]);
    for (const format of ['concise', 'github', 'markdown'])
      expect(place.run(['-q', '-f', format, ...pair]).stdout).toBe('');
  });

  test('--quiet has no clean link, no unpaired peer and no advice, in any format', () => {
    const network = ['hub.conf', 'good.conf', 'bad.conf'];
    const spoke = (name: string, address: string) =>
      sites.a
        .match(/^set vpn ipsec (?:site-to-site peer|authentication psk) SITE-B .*$/gm)
        ?.join('\n')
        .replaceAll('SITE-B', name)
        .replaceAll('198.51.100.1', address)
        .replaceAll('10.2.0.0', '10.3.0.0')
        .replaceAll('site-b@', 'site-c@');
    const stranger = spoke('STRANGER', '192.0.2.99')
      ?.replaceAll('site-c@', 'site-d@')
      .replaceAll('10.3.0', '10.9.0');
    place.write('hub.conf', `${sites.a}${spoke('SITE-C', '198.51.100.9')}\n${stranger}\n`);
    place.write('bad.conf', sites.bad);
    place.write(
      'good.conf',
      sites.b
        .replaceAll('198.51.100.1', '198.51.100.9')
        .replaceAll('10.2.0.0', '10.3.0.0')
        .replaceAll('site-b@', 'site-c@'),
    );
    const loud = place.run(network);
    expect(loud.stdout).toContain('✔');
    expect(loud.stdout).toMatch(/face nobody[\s\S]*STRANGER/);
    for (const format of [
      'pretty',
      'concise',
      'json',
      'sarif',
      'github',
      'gitlab',
      'junit',
      'checkstyle',
      'markdown',
    ]) {
      const { stdout, status } = place.run(['-q', '-f', format, ...network]);
      expect(status).toBe(1);
      expect(stdout).toContain('ike-dh-group-mismatch');
      expect(stdout).not.toMatch(
        /✔|good\.conf:|Forecast|No mismatch|unpaired peer\b|faces? nobody|"STRANGER"/,
      );
      expect(stdout).not.toMatch(/warning\[/);
    }
  });

  test('--verbose tells what was read, who faces whom and what is not shown', () => {
    place.write(
      'b.conf',
      `# vyos-ipsec-lint-ignore-file ike-dh-group-mismatch -- until the move\n${sites.bad}`,
    );
    const { stderr } = place.run(['--verbose', ...pair]);
    expect(stderr).toMatch(/a\.conf: site a, read as VyOS 1\.4, 25 commands/);
    expect(stderr).toMatch(/peer SITE-B of a faces peer SITE-A of b/);
    expect(stderr).toMatch(/not shown, by a comment: until the move: ike-dh-group-mismatch/);
    expect(stderr).not.toContain('an-example-secret');
  });
});
