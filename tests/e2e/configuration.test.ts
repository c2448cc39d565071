import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { sites, type Workplace, workplace } from './workplace.ts';

let place: Workplace;
beforeEach(() => {
  place = workplace();
});
afterEach(() => place.remove());

const yaml = 'vyos-ipsec-lint.config.yaml';
const twoSites = 'sites:\n  - file: dumps/*.conf\n';

/** The folder with two dumps and a configuration. */
function network(configuration: string, b: string = sites.bad): void {
  place.write('dumps/hq.conf', sites.a);
  place.write('dumps/branch.conf', b);
  place.write(yaml, configuration);
}

describe('where the configuration stands', () => {
  const json = JSON.stringify(
    { sites: [{ file: 'dumps/hq.conf' }, { file: 'dumps/branch.conf' }] },
    null,
    '\t',
  );
  test.each([
    ['vyos-ipsec-lint.config.yaml', twoSites],
    ['vyos-ipsec-lint.config.yml', twoSites],
    ['vyos-ipsec-lint.config.json', json],
    ['package.json', `{ "name": "vyos-ipsec-lint", "vyos-ipsec-lint": ${json} }`],
  ])('%s', (file, text) => {
    network('', sites.b);
    place.write(yaml, '');
    place.write(`network/${file}`, text);
    place.write('network/dumps/hq.conf', sites.a);
    place.write('network/dumps/branch.conf', sites.bad);
    const { status, stdout } = place.run([], {}, join(place.folder, 'network', 'dumps'));
    expect(stdout).toContain('error[ike-dh-group-mismatch]');
    expect(status).toBe(1);
  });

  test('a package.json that says nothing of this tool is passed over', () => {
    network(twoSites);
    place.write('dumps/package.json', '{ "name": "vyos-ipsec-lint" }');
    expect(place.run([], {}, join(place.folder, 'dumps')).status).toBe(1);
  });

  test('a site whose file is not there is told of as such, be it the only one or not', () => {
    place.write(yaml, 'sites:\n  - file: gone.conf\n');
    const alone = {
      status: 2,
      stdout: '',
      stderr: `vyos-ipsec-lint: gone.conf: no such file, which ${yaml} names\n`,
    };
    expect(place.run([])).toEqual(alone);
    expect(place.run(['fix'])).toEqual(alone);
    place.write('a.conf', sites.a);
    place.write(yaml, 'sites:\n  - file: a.conf\n');
    expect(place.run([]).stdout).toContain('in 1 site');
    place.write(yaml, 'sites:\n  - file: a.conf\n  - file: gone.conf\n');
    expect(place.run([]).stderr).toContain('gone.conf: no such file');
  });

  test('a site may be named by its whole path', () => {
    network('', sites.bad);
    const file = (name: string) => `  - file: ${JSON.stringify(join(place.folder, 'dumps', name))}\n`;
    place.write(yaml, `sites:\n${file('hq.conf')}${file('branch.conf')}`);
    expect(place.run([]).stdout).toContain('error[ike-dh-group-mismatch]');
  });

  test.each<readonly [string, string, RegExp]>([
    ['odd.yaml', 'sites: *none\n', /^vyos-ipsec-lint: odd\.yaml:1:1: an alias .* has no anchor/],
    [
      'odd.yaml',
      'a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\n',
      /^vyos-ipsec-lint: odd\.yaml:1:1: there are too many aliases/,
    ],
    ['odd.yaml', 'sites: [{ file: a, release: 1.4 }]\n', /"release" is a text .* in quotes, as "1\.4"/],
    ['odd.yaml', '<<: { failOn: error }\n', /there are no merge keys/],
    ['odd/package.json', '{ "name": "x" }', /package\.json: there is no key "vyos-ipsec-lint" in it/],
    ['odd/package.json', '[]', /package\.json: there is no key "vyos-ipsec-lint" in it/],
    ['odd.js', 'process.stdout.write("it ran");', /odd\.js:1:1: /],
    ['odd', "set vpn ipsec authentication psk X secret 'it: hides'\n", /odd:1:1: there is no such key here/],
  ])('%s with %j is told of, and nothing of it runs or is repeated', (file, text, told) => {
    network(twoSites);
    place.write(file, text);
    const { status, stdout, stderr } = place.run(['--config', file]);
    expect(stderr).toMatch(told);
    expect(stderr).not.toMatch(/internal error|secret/);
    expect([status, stdout]).toEqual([2, '']);
  });

  test('--config names another one, --no-config none', () => {
    network(twoSites);
    place.write('other.yaml', `${twoSites}rules:\n  ike-dh-group-mismatch: info\n`);
    expect(place.run(['--config', 'other.yaml']).status).toBe(0);
    const none = place.run(['--no-config']);
    expect(none.stderr).toContain('no file was named');
    expect(none.status).toBe(2);
  });

  test('one that is not there', () => {
    const { status, stderr } = place.run(['--config', 'gone.yaml']);
    expect(stderr).toContain('gone.yaml: no such file');
    expect(status).toBe(2);
  });

  test('an empty one says nothing', () => {
    network('');
    expect(place.run(['dumps/hq.conf', 'dumps/branch.conf']).status).toBe(1);
  });
});

describe('a mistake is told with its file and line', () => {
  test.each<readonly [string, string, string]>([
    [
      'a key that is not there',
      `${twoSites}failon: error\n`,
      ':3:1: there is no key "failon" here; did you mean "failOn"?',
    ],
    [
      'a rule that is not there',
      `${twoSites}rules:\n  psk-mismach: off\n`,
      ':4:3: there is no rule "psk-mismach"; did you mean "psk-mismatch"?',
    ],
    [
      'a severity that is none',
      `${twoSites}rules:\n  psk-mismatch: fatal\n`,
      ':4:17: "psk-mismatch" is one of off, info, warning, error, and not "fatal"',
    ],
    [
      'an ignore without a reason',
      `${twoSites}ignores:\n  - rule: psk-mismatch\n`,
      ':4:5: "reason" is missing',
    ],
    [
      'a day that is none',
      `${twoSites}ignores:\n  - rule: psk-mismatch\n    reason: x\n    expires: 2026-02-30\n`,
      ':6:14: "expires" must be a date such as 2027-03-31',
    ],
    [
      'a site that is not there',
      `${twoSites}links:\n  - between: [hq, brunch]\n`,
      ':4:19: there is no site "brunch"; did you mean "branch"?',
    ],
    [
      'a link from a site to itself',
      `${twoSites}links:\n  - between: [hq, { site: hq, peer: X }]\n`,
      ':4:14: both ends are the same site',
    ],
    [
      'a link told twice',
      `${twoSites}links:\n  - between: [hq, branch]\n  - between: [branch, hq]\n    expect: down\n`,
      ':5:14: a second entry for the same link',
    ],
    ['one end', `${twoSites}links:\n  - between: [hq]\n`, ':4:14: "between" needs two ends'],
    [
      'a pattern without a file',
      'sites:\n  - file: gone/*.conf\n',
      ':2:11: no file is named like "gone/*.conf"',
    ],
    [
      'two sites of one name',
      `${twoSites}  - file: dumps/hq.conf\n`,
      ':3:11: a second site is called "hq"; give it another name',
    ],
    [
      'one name for two files',
      'sites:\n  - file: dumps/*.conf\n    name: hq\n',
      ':3:11: one name for 2 files',
    ],
    [
      'no address',
      'sites:\n  - file: dumps/hq.conf\n    publicAddress: hq.example.com\n',
      ':3:20: "publicAddress" is not an IPv4 or IPv6 address',
    ],
    [
      'a peer that is external and has a counterpart',
      'sites:\n  - file: dumps/hq.conf\n    peers:\n      - { name: P, external: true, counterpart: hq }\n',
      ':4:49: "counterpart" contradicts "external: true"; write one of them',
    ],
    [
      'a counterpart that is no site',
      'sites:\n  - file: dumps/*.conf\n    peers:\n      - { name: P, counterpart: brunch }\n',
      ':4:33: there is no site "brunch"; did you mean "branch"?',
    ],
    [
      'a key of a peer that there is not',
      'sites:\n  - file: dumps/*.conf\n    peers:\n      - { name: P, extern: true }\n',
      ':4:20: there is no key "extern" here; did you mean "external"?',
    ],
    ['a text for a list', 'sites: dumps\n', ':1:8: "sites" must be a list'],
    ['no YAML', 'sites: [\n', ':2:1: '],
    ['a key twice', 'sites: []\nsites: []\n', ':2:1: Map keys must be unique'],
  ])('%s', (_, configuration, message) => {
    network(configuration);
    const { status, stdout, stderr } = place.run([]);
    expect(stderr).toContain(`${yaml}${message}`);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  test('in a package.json, too', () => {
    place.write('package.json', '{\n  "vyos-ipsec-lint": {\n    "sites": [{ "fil": "x" }]\n  }\n}\n');
    const { stderr } = place.run([]);
    expect(stderr).toContain('package.json:3:17: there is no key "fil" here; did you mean "file"?');
  });

  test('all at once', () => {
    network(`${twoSites}a: 1\nb: 2\n`);
    expect(place.run([]).stderr.trim().split('\n')).toHaveLength(2);
  });
});

describe('what it says counts', () => {
  test.each<readonly [string, string, number, RegExp]>([
    ['sites', '', 1, /1 error in 1 link/],
    ['a severity', 'rules:\n  ike-dh-group-mismatch: warning\n', 0, /1 warning in 1 link/],
    ['failOn', 'rules:\n  ike-dh-group-mismatch: warning\nfailOn: warning\n', 1, /1 warning in 1 link/],
    [
      'an ignore',
      'ignores:\n  - rule: ike-dh-group-mismatch\n    reason: x\n',
      0,
      /no findings in 1 link, 1 suppressed/,
    ],
    [
      'an ignore up to this day',
      'ignores:\n  - rule: ike-dh-group-mismatch\n    reason: x\n    expires: 2999-12-31\n',
      0,
      /1 suppressed/,
    ],
    ['a link that is to be down', 'links:\n  - between: [hq, branch]\n    expect: down\n', 0, /1 suppressed/],
    [
      'a link that is to be there',
      'links:\n  - between: [{ site: hq, peer: SITE-B }, { site: branch, peer: OTHER }]\n',
      1,
      /error\[link-state-unexpected\]/,
    ],
  ])('%s', (_, more, status, shown) => {
    network(`${twoSites}${more}`);
    const ran = place.run([]);
    expect(ran.stdout).toMatch(shown);
    expect(ran.status).toBe(status);
  });

  test('an ignore that expired is told, and its finding counts again', () => {
    network(`${twoSites}ignores:\n  - rule: ike-dh-group-mismatch\n    reason: x\n    expires: 2020-01-31\n`);
    const { status, stderr } = place.run([]);
    expect(stderr).toContain(`${yaml}:4: the ignore of ike-dh-group-mismatch expired on 2020-01-31`);
    expect(status).toBe(1);
  });

  test('an ignore that hides nothing is told', () => {
    network(`${twoSites}ignores:\n  - rule: pfs-mismatch\n    reason: x\n`);
    expect(place.run([]).stderr).toContain(`${yaml}:4: the ignore of pfs-mismatch hides nothing; remove it`);
  });

  test('the public address of a site makes its NAT known', () => {
    const behind = sites.a.replace("local-address '203.0.113.1'", "local-address '10.9.9.1'");
    network('sites:\n  - file: dumps/hq.conf\n  - file: dumps/branch.conf\n', sites.b);
    place.write('dumps/hq.conf', behind);
    expect(place.run([]).stdout).toContain('info[nat-assumed]');
    place.write(
      yaml,
      'sites:\n  - file: dumps/hq.conf\n    publicAddress: 203.0.113.1\n  - file: dumps/branch.conf\n',
    );
    expect(place.run([]).stdout).toContain('no findings in 1 link');
    // It counts for a site that is named on the command line, too.
    expect(place.run(['./dumps/hq.conf', 'dumps/../dumps/branch.conf']).stdout).toContain(
      'no findings in 1 link',
    );
  });

  test('a peer that is external faces nobody, and a counterpart settles who does', () => {
    const twin = sites.b.replaceAll('peer SITE-A', 'peer TWIN');
    const peers = (entry: string) =>
      `sites:\n  - file: dumps/hq.conf\n  - file: dumps/branch.conf\n    name: branch\n    peers:\n      - ${entry}\n`;
    network(twoSites, `${sites.b}${twin}`);
    const ambiguous = place.run([]);
    expect(ambiguous.stderr).toContain('ambiguous: it may face SITE-A of branch or TWIN of branch');
    expect(ambiguous.status).toBe(2);
    place.write(yaml, peers('{ name: TWIN, external: true }'));
    const settled = place.run(['--verbose']);
    expect(settled.stderr).toContain(
      'peer TWIN of branch faces nobody: the configuration says that its far end',
    );
    expect(settled.stderr).toContain('peer SITE-B of hq faces peer SITE-A of branch');
    place.write(yaml, peers('{ name: TWIN, counterpart: { site: hq, peer: SITE-B } }'));
    expect(place.run(['--verbose']).stderr).toContain('peer SITE-B of hq faces peer TWIN of branch');
    place.write(yaml, peers('{ name: TWINN, external: true }'));
    expect(place.run([]).stderr).toContain(
      'peer "TWINN" of the configuration is not in dumps/branch.conf; name a peer as its dump does',
    );
    place.write(yaml, peers('{ name: TWIN, counterpart: hq }'));
    expect(place.run(['--verbose']).stderr).toContain('peer SITE-B of hq faces peer TWIN of branch');
  });

  test('the release of a site', () => {
    network('sites:\n  - file: dumps/hq.conf\n    release: "1.5"\n  - file: dumps/branch.conf\n', sites.b);
    const { sites: judged } = JSON.parse(place.run(['--format', 'json']).stdout);
    expect(judged.map(({ name, vyos }: { name: string; vyos: string }) => [name, vyos])).toEqual([
      ['hq', '1.5'],
      ['branch', '1.4'],
    ]);
  });
});

describe('--changed', () => {
  const third = sites.bad.replaceAll('198.51.100.1', '198.51.100.9');
  beforeEach(() => {
    network(twoSites, sites.b);
    const spoke = sites.a.match(/^set vpn ipsec site-to-site peer SITE-B .*$/gm)?.join('\n') ?? '';
    place.write(
      'dumps/hq.conf',
      `${sites.a}${spoke.replaceAll('SITE-B', 'SITE-C').replaceAll('198.51.100.1', '198.51.100.9')}\n`,
    );
    place.write('dumps/spoke.conf', third);
  });

  test.each<readonly [string, readonly string[], number, RegExp]>([
    ['one end of a good link', ['dumps/branch.conf'], 0, /no findings in 1 link/],
    ['one end of a bad link', ['dumps/spoke.conf'], 1, /1 error in 1 link/],
    ['the hub', ['dumps/hq.conf'], 1, /1 error, \d warnings? in 2 links/],
    ['both spokes', ['dumps/branch.conf', 'dumps/spoke.conf'], 1, /1 error(?:, \d warnings?)? in 2 links/],
    ['the configuration', ['dumps/branch.conf', yaml], 1, /1 error, \d warnings? in 2 links/],
    ['a file that is no site', ['README.md'], 2, /^$/],
    ['a site and a file that is none', ['dumps/hq.conf', 'README.md'], 2, /^$/],
  ])('%s', (_, files, status, shown) => {
    const ran = place.run(['--changed', ...files]);
    expect(ran.stdout).toMatch(shown);
    expect(ran.status).toBe(status);
  });

  test('says which file is no site', () => {
    expect(place.run(['--changed', 'README.md']).stderr).toContain(`README.md: is no site of ${yaml}`);
  });

  test('needs the sites of a configuration', () => {
    const { status, stderr } = place.run([
      '--changed',
      '--config',
      place.write('empty.yaml', ''),
      'dumps/hq.conf',
    ]);
    expect(stderr).toContain('--changed needs the sites of a configuration, and empty.yaml names none');
    expect(status).toBe(2);
  });
});

describe('the published schema', () => {
  const schema = JSON.parse(readFileSync('docs/configuration.schema.json', 'utf8'));
  const isValid = new Ajv2020({ strict: true, strictTuples: false, formats: { date: true } }).compile(schema);

  test.each<readonly [string, boolean]>([
    [`${twoSites}failOn: warning\nbaseline: known.json\n`, true],
    ['links:\n  - between: [a, { site: b, peer: P }]\n    expect: down\n    reason: x\n', true],
    ['ignores:\n  - { rule: psk-mismatch, site: a, reason: x, expires: 2027-01-31 }\n', true],
    ['rules: { psk-mismatch: off }\n', true],
    ['rules: { psk-mismach: off }\n', false],
    ['ignores:\n  - rule: psk-mismatch\n', false],
    ['sites:\n  - name: a\n', false],
    ['more: 1\n', false],
  ])('of %j says %s', (text, valid) => {
    // A date without quotes is a text in YAML 1.2.
    expect([isValid(parse(text)), isValid.errors]).toEqual([valid, valid ? null : expect.anything()]);
  });
});
