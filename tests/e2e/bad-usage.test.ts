import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sites, type Workplace, workplace } from './workplace.ts';

let place: Workplace;
beforeAll(() => {
  place = workplace();
  place.write('a.conf', sites.a);
  place.write('b.conf', sites.bad);
  place.write('poem.txt', 'roses are red\n');
  place.write('host.conf', "set system host-name 'r1'\n");
  place.write('net/hq.boot', sites.a);
  place.write('net/branch', sites.bad);
  place.write('net/packed.txt.gz', gzipSync('not a dump\n'));
  place.write('net/README.md', 'set vpn ipsec is what a dump holds\n');
  place.write('net/notes.txt', 'our network\n');
  place.write('net/.hidden.conf', sites.a);
  place.write('net/hq.boot.orig', sites.a);
  symlinkSync('loop', join(place.folder, 'net/loop'));
  place.write('below/net/a.conf', sites.a);
  mkdirSync(join(place.folder, 'empty'));
  place.write('with.yaml', 'sites:\n  - file: net/*.boot\n  - file: net/branch\n');
});
afterAll(() => place.remove());

/** A row for each line that is wrong: what is typed, and what the one line that it gives says. */
describe('bad usage gives exit code 2 and a line that says what to type', () => {
  test.each<readonly [readonly string[], RegExp]>([
    [['--toString', 'a.conf', 'b.conf'], /no such option: --toString$/],
    [['fix', '--__proto__', 'a.conf'], /no such option of fix: --__proto__$/],
    [['--format'], /--format needs a value, one of pretty, concise, /],
    [['--format', '--color', 'a.conf'], /--format needs a value, one of pretty, /],
    [['--format', 'jsn', 'a.conf'], /--format jsn: expected one of pretty, .*; did you mean json\?$/],
    [['-fxml', 'a.conf'], /-f xml: expected one of pretty, /],
    [['-o'], /-o needs a value, as in "-o FILE"$/],
    [['--config', '', 'a.conf'], /--config needs a value, as in "--config FILE"$/],
    [
      ['--config', 'gone.yaml', 'a.conf'],
      /gone\.yaml: no such file; --config takes the file of a configuration$/,
    ],
    [['--config', '/dev/zero', 'a.conf'], /\/dev\/zero: is larger than 64 megabytes/],
    [['--baseline', '/dev/zero', 'a.conf'], /\/dev\/zero: is larger than 64 megabytes/],
    [['/dev/zero', 'b.conf'], /\/dev\/zero: is larger than 64 megabytes/],
    [['--quiet=1', 'a.conf'], /--quiet takes no value: type --quiet alone$/],
    [['--vyos-version'], /--vyos-version needs a value, as in "--vyos-version 1\.2"$/],
    [
      ['-dash.conf', 'b.conf'],
      /-dash\.conf begins like an option: type \.\/-dash\.conf for the file, or -- before/,
    ],
    [['fix', '-dash.conf', 'b.conf'], /-dash\.conf begins like an option: type \.\/-dash\.conf for the file/],
    [['fix', '--on', 'z', 'a.conf', 'b.conf'], /--on z: no site is called so; type --on a or --on b$/],
    [['explain'], /explain what\? Name a rule, .* as in "vyos-ipsec-lint explain pfs-mismatch"$/],
    [
      ['completion', 'tcsh'],
      /completion takes one shell of bash, zsh, fish, as in "vyos-ipsec-lint completion bash"$/,
    ],
    [['render'], /render takes one file, as in "vyos-ipsec-lint render a\.conf"$/],
    [['render', 'net'], /net: it is a folder; name one of the dumps in it$/],
    [['render', 'poem.txt'], /poem\.txt: not one command of VyOS was found in it$/],
    [['render', 'host.conf'], /host\.conf: there is no "vpn ipsec" in it/],
    [
      ['empty'],
      /empty: no dump stands in this folder; name the dumps, as in "vyos-ipsec-lint siteA\.conf siteB\.conf"$/,
    ],
    [['below'], /below: no dump stands in this folder; .*, or a folder in it, such as below\/net$/],
    [
      ['--config', 'with.yaml', '--changed', 'zzz.conf'],
      /zzz\.conf: is no site of with\.yaml, and there is no such file; type one of/,
    ],
    [
      ['--config', 'with.yaml', '--changed', 'a.conf'],
      /a\.conf: is no site of with\.yaml; type one of its sites/,
    ],
    [
      ['--config', 'with.yaml', '--changed', 'poem.txt'],
      /poem\.txt: is no site of with\.yaml; type one of its sites/,
    ],
    [
      ['--changed', 'a.conf'],
      /--changed needs the sites of a configuration, .*: name it with --config FILE$/,
    ],
  ])('%j', (args, message) => {
    const { status, stdout, stderr } = place.run(args);
    const [line = '', ...others] = stderr.trimEnd().split('\n');
    expect(line).toMatch(message);
    expect(others.filter((other) => !other.startsWith('Try "vyos-ipsec-lint'))).toEqual([]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

describe('the usual spellings', () => {
  test.each<readonly [readonly string[], number, RegExp]>([
    [['-fconcise', 'a.conf', 'b.conf'], 1, /^a\.conf:\d+:\d+: error.*; b\.conf:/m],
    [['-f', 'concise', 'a.conf', 'b.conf'], 1, /^a\.conf:\d+:\d+: error.*; b\.conf:/m],
    [['-qfconcise', 'a.conf', 'b.conf'], 1, /^a\.conf:\d+:\d+: error.*; b\.conf:/m],
    [['-fjson', '-oout.json', 'a.conf', 'b.conf'], 1, /^$/],
    [['--color', 'fix', 'a.conf', 'b.conf'], 0, /dh-group/],
    [['--no-config', 'negotiate', 'a.conf', 'b.conf'], 1, /IKE_SA_INIT/],
    [['--config', 'with.yaml', 'negotiate', 'a.conf', 'b.conf'], 1, /IKE_SA_INIT/],
    [['lint', 'a.conf', 'b.conf'], 1, /1 error/],
    [['check', '-fconcise', 'a.conf', 'b.conf'], 1, /error/],
    [['lint', '--help'], 0, /lint, check +Judge the tunnels/],
    [['-f', 'concise', 'net'], 1, /^net\/branch:\d+:\d+: error.*; net\/hq\.boot:/m],
    [['check', 'net'], 1, /1 error/],
    [['negotiate', 'net/'], 1, /IKE_SA_INIT/],
    [['fix', 'net'], 0, /dh-group/],
    [['--config', 'with.yaml', '--changed', 'net'], 1, /1 error/],
  ])('%j', (args, status, message) => {
    const ran = place.run(args);
    expect(ran.stdout).toMatch(message);
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status, stderr: '' });
  });

  test('of the files that a hook hands over, those that are no site are passed over', () => {
    const args = ['--config', 'with.yaml', '--changed', '--', 'poem.txt'];
    const { status, stderr } = place.run(args, { PRE_COMMIT: '1' });
    expect(stderr).toContain('poem.txt: is no site of with.yaml; nothing is said of it');
    expect(status).toBe(0);
  });
});
