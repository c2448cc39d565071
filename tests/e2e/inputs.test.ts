import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { footerOf14, inBraces } from '../arbitrary/in-braces.ts';
import { builtCommand, sites, type Workplace, workplace } from './workplace.ts';

let place: Workplace;
beforeAll(() => {
  place = workplace();
});
afterAll(() => place.remove());

const concise = ['--format', 'concise'];

describe('packed by gzip', () => {
  test('whatever the name is', () => {
    const b = place.write('b.conf', sites.bad);
    const plain = place.run([...concise, place.write('a.conf', sites.a), b]);
    expect(plain.status).toBe(1);
    place.write('sub/a.conf', '');
    const packed = place.write('packed/a.conf', gzipSync(sites.a));
    expect(place.run([...concise, packed, b]).stdout).toBe(
      plain.stdout
        .replaceAll('a.conf', 'packed/a.conf')
        .replaceAll(join(place.folder, 'packed/packed'), join(place.folder, 'packed')),
    );
    expect(place.run([place.write('a.boot.gz', gzipSync(sites.a)), b]).stdout).toContain(
      '┌ A  peer SITE-B  ',
    );
  });

  test('what is damaged, or unpacks to more than a configuration holds, is told', () => {
    const b = place.write('b.conf', sites.b);
    const cut = place.write('cut.gz', gzipSync(sites.a).subarray(0, 100));
    const bomb = place.write('bomb.gz', gzipSync(new Uint8Array(70 * 1024 * 1024)));
    const { status, stderr } = place.run([cut, bomb, b]);
    expect(status).toBe(2);
    expect(stderr).toContain('cut.gz: is packed by gzip, and damaged or not complete');
    expect(stderr).toContain('bomb.gz: unpacks to more than 64 megabytes');
  });

  test('is not written to', () => {
    const a = place.write('a.gz', gzipSync(sites.a));
    const { status, stderr } = place.run([
      'fix',
      '--write',
      '--on',
      'a',
      a,
      place.write('x.conf', sites.bad),
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain('is packed by gzip; unpack it before --write');
  });
});

test('standard input is taken for one of the sites', () => {
  // What else is said of it is in tests/long/streams.test.ts.
  const { status, stdout } = spawnSync(
    process.execPath,
    [builtCommand, place.write('a.conf', sites.bad), '-'],
    {
      encoding: 'utf8',
      cwd: place.folder,
      input: sites.a,
    },
  );
  expect(status).toBe(1);
  expect(stdout).toContain('stdin');
});

test('each side may be in its own notation, and --write keeps to it', () => {
  const a = place.write('set.conf', sites.a);
  const braces = inBraces(sites.b, 'saved', footerOf14);
  const b = place.write('config.boot', braces.replace('dh-group "14"', 'dh-group "5"'));
  const found = place.run([...concise, a, b]);
  expect(found.status).toBe(1);
  expect(found.stdout).toContain('config.boot:');
  expect(place.run(['fix', '--write', '--on', 'b', a, b]).status).toBe(0);
  expect(readFileSync(b, 'utf8')).toBe(braces);
  expect(place.run([a, b]).status).toBe(0);
});
