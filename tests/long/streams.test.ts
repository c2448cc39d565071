import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { builtCommand, sites, type Workplace, workplace } from '../e2e/workplace.ts';

/** The built command, each time in a process of its own: its streams and its terminal. */
let place: Workplace;
beforeEach(() => {
  place = workplace();
  place.write('a.conf', sites.a);
  place.write('b.conf', sites.bad);
});
afterEach(() => place.remove());

const pair = ['a.conf', 'b.conf'];
const read = (name: string) => readFileSync(join(place.folder, name), 'utf8');

/** With a text at standard input. */
function piped(input: string | Uint8Array, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtCommand, ...args], {
    encoding: 'utf8',
    cwd: place.folder,
    input,
  });
  return { status, stdout, stderr };
}

describe('standard input', () => {
  test.each([
    [[], 1],
    [['negotiate'], 1],
    [['fix', '--on', 'b'], 0],
  ])('%j takes it for one of the sites', (command, status) => {
    const a = place.write('a.conf', sites.bad);
    const ran = piped(sites.a, [...command, a, '-']);
    expect(ran).toMatchObject({ status, stderr: '' });
    expect(ran.stdout).toContain('stdin');
  });

  test('render takes it', () => {
    expect(piped(sites.a, ['render', '-'])).toMatchObject({ status: 0, stderr: '' });
  });

  test('packed, it is unpacked', () => {
    const a = place.write('a.conf', sites.a);
    expect(piped(gzipSync(sites.b), [a, '-'])).toMatchObject({ status: 0, stderr: '' });
  });

  test.each([
    [['-', '-'], 'standard input is the dump of one site'],
    [['--watch', '-'], '--watch and standard input do not go together'],
    [['fix', '--write', '-', 'b.conf'], '--write changes files'],
  ])('%j is refused', (args, message) => {
    const { status, stderr } = piped(sites.a, args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  test('that is empty is told', () => {
    expect(piped('', ['-', place.write('b.conf', sites.b)]).stderr).toContain('stdin: is empty');
  });
});

describe('a stream that takes nothing gives exit code 2, and a line where one is left', () => {
  const run = (redirected: string, args: readonly string[]) => {
    const script = `${redirected}; echo "$status" >&3`;
    const { stderr, output } = spawnSync('bash', ['-c', script, builtCommand, ...args], {
      encoding: 'utf8',
      cwd: place.folder,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    return { status: Number(output[3]), stderr };
  };
  const all: readonly (readonly string[])[] = [
    pair,
    ['-fjson', ...pair],
    ['fix', ...pair],
    ['negotiate', ...pair],
    ['render', 'a.conf'],
    ['rules'],
    ['--help'],
  ];
  const cannot = 'vyos-ipsec-lint: standard output cannot be written: ';

  test.each(all.map((args) => [args]))('%j on a full disk', (args) => {
    const ran = run('node "$0" "$@" >/dev/full; status=$?', args);
    expect(ran).toEqual({ status: 2, stderr: `${cannot}no space is left\n` });
  });

  test.each(all.map((args) => [args]))('%j to a reader that is gone', (args) => {
    // The reader is gone before the command begins.
    const ran = run('exec 4> >(true); wait $!; node "$0" "$@" >&4; status=$?', args);
    expect(ran).toEqual({ status: 2, stderr: `${cannot}its reader is gone\n` });
  });

  test.each([
    ['full disk', '2>/dev/full'],
    ['reader that is gone', '2>&4'],
  ])('an error message to a %s', (_, redirection) => {
    const ran = run(`exec 4> >(true); wait $!; node "$0" "$@" ${redirection}; status=$?`, ['nofile']);
    expect(ran.status).toBe(2);
  });

  test('a reader that has seen enough ends nothing', () => {
    place.write(
      'long.conf',
      Array.from({ length: 3000 }, (_, line) => `set vpn ipsec no${line} x\n`).join(''),
    );
    const ran = run('set -o pipefail; node "$0" "$@" | head -1; status=$?', ['long.conf']);
    expect(ran).toEqual({ status: 1, stderr: '' });
  });
});

const hasScript = spawnSync('script', ['-qec', 'true', '/dev/null'], { stdio: 'ignore' }).status === 0;
const onTerminal = hasScript ? test : test.skip;

onTerminal(
  hasScript
    ? 'progress is shown on a terminal for many sites, and nowhere else'
    : 'progress on a terminal: skipped, for there is no script of util-linux',
  () => {
    for (let spoke = 1; spoke <= 50; spoke += 1)
      place.write(`many/spoke-${spoke}.conf`, sites.b.replaceAll('198.51.100.1', `198.51.100.${spoke}`));
    place.write('many/hub.conf', sites.a);
    const args = [
      '--no-config',
      'many/hub.conf',
      ...Array.from({ length: 50 }, (_, index) => `many/spoke-${index + 1}.conf`),
    ];
    const terminal = (more: readonly string[]) => {
      const command = [process.execPath, builtCommand, ...more, ...args].map((word) => `'${word}'`).join(' ');
      return execFileSync('script', ['-qec', `${command} > report.txt || true`, '/dev/null'], {
        cwd: place.folder,
        encoding: 'utf8',
      });
    };
    expect(terminal([])).toContain('reading dump 49 of 51');
    expect(terminal([]).endsWith('\r\u001b[K')).toBe(true);
    expect(terminal(['--quiet'])).toBe('');
    expect(read('report.txt')).not.toContain('reading');
    expect(place.run(args).stderr).toBe('');
  },
);

onTerminal(
  hasScript
    ? 'the name of a rule leads to its page where the terminal makes links'
    : 'links on a terminal: skipped, for there is no script of util-linux',
  () => {
    const terminal = (command: string) =>
      execFileSync(
        'script',
        ['-qec', `'${process.execPath}' '${builtCommand}' ${command} || true`, '/dev/null'],
        {
          cwd: place.folder,
          encoding: 'utf8',
          env: { PATH: process.env.PATH ?? '', TERM: 'xterm-256color', FORCE_HYPERLINK: '1' },
        },
      );
    const { homepage } = JSON.parse(readFileSync('package.json', 'utf8'));
    const link = `\u001b]8;;${homepage}/blob/`;
    expect(terminal(pair.join(' '))).toContain(link);
    expect(terminal(`${pair.join(' ')} | cat`)).not.toContain(link);
  },
);
