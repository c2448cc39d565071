import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { examplePair } from '../../src/rules/example-pair.ts';
import { serve } from './service.ts';

/** The built command, as users run it: `npm test` builds it first. */
const command = join(process.cwd(), 'dist/cli.cjs');
const guide = ['fixtures/pairs/guide/a.conf', 'fixtures/pairs/guide/b.conf'].map((file) =>
  join(process.cwd(), file),
);
const broken = ['fixtures/pairs/guide-dh-group/a.conf', 'fixtures/pairs/guide-dh-group/b.conf'].map((file) =>
  join(process.cwd(), file),
);
const fixtures = join(process.cwd(), 'fixtures/pairs');
const esc = '\u001b';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vyos-ipsec-lint-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return serve({ program: 'command', args, cwd: folder, env: { LANG: 'en_US.UTF-8', ...env } });
}

/** A process of its own. */
function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', LANG: 'en_US.UTF-8', ...env },
  });
  return { status, stdout, stderr };
}

/** The other tests go without the process. */
test.each([
  ['nothing to say', ['--quiet', ...guide], 0],
  ['an error', broken, 1],
  ['a file that is not there', ['nowhere.conf'], 2],
  ['bad usage', ['--color', 'red', ...guide], 2],
  ['a ladder', ['negotiate', ...broken], 1],
  ['a plan', ['fix', '--format', 'json', ...broken], 0],
  ['a page', ['explain', 'pfs-mismatch'], 0],
  ['the configuration of strongSwan', ['render', ...guide.slice(0, 1)], 0],
])('what is built prints %s as its sources do, on the same streams', (_, args, status) => {
  const started = start(args);
  expect(started.status).toBe(status);
  expect(started).toEqual(run(args));
});

/** A pair of which there is nothing to say. */
function cleanPair(): readonly string[] {
  return [write('clean-a.conf', examplePair.a), write('clean-b.conf', examplePair.b)];
}

describe('one site alone', () => {
  const [alone = ''] = guide;

  test.each(['pretty', 'concise', 'markdown', 'junit', 'github', 'gitlab', 'checkstyle'])(
    '%s has no word of a link',
    (format) => {
      const { status, stdout, stderr } = run(['--format', format, alone]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).not.toMatch(/0 links|unpaired|faces? nobody/);
    },
  );

  test('says which peers are judged by one end only', () => {
    const { stdout } = run([alone]);
    expect(stdout).toContain('Not judged  whether the other end agrees with peer SITE-B; name its dump, too');
    expect(stdout).toMatch(/in 1 site\n$/);
  });

  test('a negotiation needs both', () => {
    const { status, stdout, stderr } = run(['negotiate', alone]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('name both dumps');
  });

  test('what has no vpn ipsec is nothing to judge', () => {
    const file = write('router.conf', "set system host-name 'r1'\n");
    const { status, stderr } = run([file]);
    expect(status).toBe(2);
    expect(stderr).toContain('there is no "vpn ipsec" in it');
  });
});

describe('exit codes', () => {
  test.each([
    ['a clean pair', guide, 0],
    ['an error', broken, 1],
    ['a warning alone', ['guide-ike-lifetime'], 0],
    ['a warning with --fail-on warning', ['--fail-on', 'warning', 'guide-ike-lifetime'], 1],
    ['a pair without warnings with --fail-on warning', ['--fail-on', 'warning', 'clean'], 0],
    ['infos with --fail-on info', ['--fail-on=info', ...guide], 1],
    ['a syntax error', ['rule-syntax-error'], 2],
    ['no file', [], 2],
    ['one file without errors', guide.slice(0, 1), 0],
    ['one file with an error', [join(fixtures, 'invalid-pfs/b.conf')], 1],
    ['an unknown option', ['--nonsense', ...guide], 2],
    ['an unknown format', ['--format', 'xml', ...guide], 2],
    ['--help', ['--help'], 0],
    ['--version', ['--version'], 0],
  ])('%s', (_, args, status) => {
    const expanded = args.flatMap((argument) =>
      argument === 'clean'
        ? cleanPair()
        : /^(?:guide|rule)-/.test(argument)
          ? ['a', 'b'].map((side) => join(process.cwd(), 'fixtures/pairs', argument, `${side}.conf`))
          : [argument],
    );
    expect(run(expanded).status).toBe(status);
  });
});

describe('what cannot be worked on is said with the file and what was expected', () => {
  const cases: readonly (readonly [string, () => readonly string[], RegExp])[] = [
    ['no file at all', () => [], /no file was named/],
    ['a file that is not there', () => ['gone.conf', ...guide.slice(1)], /gone\.conf: no such file/],
    [
      'a folder without a dump',
      () => [mkdtempSync(join(folder, 'empty-')), ...guide.slice(1)],
      /empty-\w+: no dump stands in this folder; name the dumps/,
    ],
    ['what has no end', () => ['/dev/zero', ...guide.slice(1)], /dev\/zero: is larger than 64 megabytes/],
    ['an empty file', () => [write('empty.conf', ''), ...guide.slice(1)], /empty\.conf: is empty/],
    [
      'a file of blanks',
      () => [write('blank.conf', ' \n\t\n'), ...guide.slice(1)],
      /blank\.conf: holds nothing but blanks/,
    ],
    [
      'a binary file',
      () => [write('binary.conf', Uint8Array.of(1, 2, 0, 255)), ...guide.slice(1)],
      /binary\.conf: is a binary file/,
    ],
    ['the same file twice', () => [guide[0] ?? '', guide[0] ?? ''], /is the same file as/],
    [
      'a text that is no dump',
      () => [write('poem.conf', 'roses are red\n'), ...guide.slice(1)],
      /poem\.conf: not one command of VyOS/,
    ],
    [
      'a dump without a tunnel',
      () => [write('none.conf', "set system host-name 'r1'\n"), ...guide.slice(1)],
      /none\.conf: there is no "vpn ipsec site-to-site peer" in it/,
    ],
  ];
  test.each(cases)('%s', (_, args, message) => {
    const { status, stderr } = run(args());
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  test('a file that must not be read', () => {
    const file = write('closed.conf', 'x');
    chmodSync(file, 0);
    const { status, stderr } = run([file, ...guide.slice(1)]);
    // Root may read it all the same, and finds no dump in it.
    expect(stderr).toMatch(/closed\.conf: (?:no permission to read it|not one command of VyOS)/);
    expect(status).toBe(2);
  });

  test('all files at once', () => {
    const { stderr } = run(['gone-a.conf', 'gone-b.conf']);
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });

  test('peers that do not face each other', () => {
    const peers = (own: string, others: readonly string[]) =>
      others
        .map(
          (other, index) =>
            `set vpn ipsec site-to-site peer P${index} local-address '${own}'\n` +
            `set vpn ipsec site-to-site peer P${index} remote-address '${other}'\n`,
        )
        .join('');
    const a = write('far-a.conf', peers('192.0.2.1', ['192.0.2.7', '192.0.2.8']));
    const b = write('far-b.conf', peers('198.51.100.1', ['192.0.2.9', '192.0.2.10']));
    const { status, stderr } = run([a, b]);
    expect(stderr).toMatch(/no peers of .*far-a\.conf and .*far-b\.conf face each other/);
    expect(stderr).toMatch(/peer P1: no other site is at 192\.0\.2\.8/);
    expect(status).toBe(2);
  });

  test('a name with a terminal escape is shown inert', () => {
    expect(run([`${esc}[31mred.conf`, ...guide.slice(1)]).stderr).not.toContain(esc);
  });
});

describe('colour', () => {
  test.each([
    ['a pipe has none', [], {}, false],
    ['--color', ['--color'], {}, true],
    ['--color=always', ['--color=always'], {}, true],
    ['--color never beats FORCE_COLOR', ['--color', 'never'], { FORCE_COLOR: '1' }, false],
    ['--no-color', ['--no-color'], { FORCE_COLOR: '1' }, false],
    ['FORCE_COLOR', [], { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', [], { FORCE_COLOR: '0' }, false],
    ['NO_COLOR beats FORCE_COLOR', [], { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['an empty NO_COLOR is none', [], { NO_COLOR: '', FORCE_COLOR: '1' }, true],
  ] as const)('%s', (_, args, env, coloured) => {
    expect(run([...args, ...broken], env).stdout.includes(esc)).toBe(coloured);
  });

  test('a locale without Unicode gets ASCII', () => {
    const { stdout } = run(broken, { LC_ALL: 'C' });
    expect([...stdout].every((character) => character < '\u0080')).toBe(true);
  });
});

describe('formats', () => {
  test('json fits its published schema', () => {
    const schema = JSON.parse(readFileSync('docs/report.schema.json', 'utf8'));
    const validate = new Ajv2020({ strict: false }).compile(schema);
    for (const pair of [guide, broken]) {
      const report = JSON.parse(run(['--format', 'json', ...pair]).stdout);
      validate(report);
      expect(validate.errors).toBeNull();
      expect(report.tool).toEqual({ name: 'vyos-ipsec-lint', version: run(['--version']).stdout.trim() });
    }
  });

  test('pretty names both lines, the notify, the logs and the mends', () => {
    const { stdout } = run(broken);
    for (const part of [
      'error[ike-dh-group-mismatch]',
      'IKE_SA_INIT → NO_PROPOSAL_CHOSEN',
      'a.conf:9:56',
      'b.conf:9:56',
      'received NO_PROPOSAL_CHOSEN notify error',
      "set vpn ipsec ike-group IKE-SITE-B proposal 1 dh-group '19'",
    ]) {
      expect(stdout).toContain(part);
    }
    // Nor is the stronger side weakened.
    expect(stdout).not.toContain("set vpn ipsec ike-group IKE-SITE-A proposal 1 dh-group '14'");
  });

  test('a value that is not set is shown as the default it takes', () => {
    const pair = ['a', 'b'].map((side) =>
      join(process.cwd(), `fixtures/pairs/guide-dh-group-default/${side}.conf`),
    );
    expect(run(pair).stdout).toContain('not set: default 2, MODP_1024');
  });

  test('a clean pair says what was checked and what is negotiated', () => {
    const { stdout } = run(cleanPair());
    expect(stdout).toContain('AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048');
    expect(stdout).toContain('10.1.0.0/24');
  });

  test.each(['pretty', 'json'])('%s never shows a secret', (format) => {
    for (const pair of ['guide', 'guide-psk', 'guide-verbatim', 'rule-psk-mismatch', 'several-faults']) {
      const files = ['a', 'b'].map((side) => join(process.cwd(), `fixtures/pairs/${pair}/${side}.conf`));
      const { stdout, stderr } = run(['--format', format, ...files]);
      expect(stdout + stderr).not.toMatch(/YourVeryStrong|example-secret/);
    }
  });
});

describe('render', () => {
  test('shows the swanctl.conf of a dump, without its secrets', () => {
    const secret = 'an-example-secret-for-the-docs';
    const dump = readFileSync(join(fixtures, 'rule-pfs-mismatch/a.conf'), 'utf8');
    expect(dump).toContain(secret);
    const { status, stdout, stderr } = run(['render', write('site.conf', dump)]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('esp_proposals = aes256-sha256-modp2048');
    expect(stdout).toContain('secret = "********"');
    expect(stdout).not.toContain(secret);
  });

  test('keeps hostile text from the terminal', () => {
    const peer = 'set vpn ipsec site-to-site peer X';
    const dump = [
      `${peer} authentication local-id 'a${esc}[31mb'`,
      `set vpn ipsec authentication psk K id 'a${esc}[31mb'`,
      `set vpn ipsec authentication psk K secret 's'`,
    ].join('\n');
    expect(run(['render', write('hostile.conf', dump)]).stdout).not.toContain(esc);
  });

  test.each([[[]], [['a.conf', 'b.conf']]])('takes one file, not %j', (files) => {
    expect(run(['render', ...files])).toMatchObject({ status: 2, stdout: '' });
  });

  test('of a file that is not there', () => {
    const { status, stderr } = run(['render', 'nowhere.conf']);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'vyos-ipsec-lint: nowhere.conf: no such file\n',
    });
  });
});

test('a closed pipe is no error', () => {
  const script = `node "$0" --format json "$1" "$2" | head -c 10 >/dev/null; echo "\${PIPESTATUS[0]}"`;
  const status = execFileSync('bash', ['-c', script, command, ...broken], { encoding: 'utf8' }).trim();
  expect(['0', '1']).toContain(status);
});

describe('a file that is not in UTF-8', () => {
  const latin = (name: string, from: string | undefined, change: (text: string) => string) =>
    write(name, Buffer.from(change(readFileSync(from ?? '', 'utf8')), 'latin1'));
  const secretTo = (secret: string) => (text: string) =>
    text.replaceAll(/-secret '[^']*'/g, `-secret '${secret}'`);

  test('two secrets that differ where they cannot be read are not taken to be equal', () => {
    const files = [
      latin('latin-a.conf', guide[0], secretTo('ab\u00e9')),
      latin('latin-b.conf', guide[1], secretTo('ab\u00e8')),
    ];
    const { stdout, stderr, status } = run(['--format', 'json', ...files]);
    const report = JSON.parse(stdout);
    const outcomes = report.links[0].negotiations.map(({ outcome }: { outcome: string }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(['unknown']));
    expect(report.findings.map(({ ruleId }: { ruleId: string }) => ruleId)).toContain('not-judged');
    expect(stderr).toMatch(/latin-a\.conf:\d+: a letter is not in UTF-8; /);
    expect(status).toBe(0);
  });

  test('a description somewhere else stops nothing', () => {
    const add = (text: string) => `${text}set interfaces ethernet eth9 description 'B\u00fcro'\n`;
    const files = [latin('office.conf', guide[0], add), guide[1] ?? ''];
    const { stdout, stderr, status } = run(files);
    expect(stdout).not.toContain('not-judged');
    expect(stderr).toContain('office.conf');
    expect(status).toBe(0);
  });
});

describe('what is wrong with the command line is said on one line', () => {
  test.each([
    [['--format', 'xml', ...guide], /^vyos-ipsec-lint: --format xml: expected one of pretty, /],
    [['--color', 'red', ...guide], /^vyos-ipsec-lint: --color red: expected one of auto, /],
    [['', ...guide], /^vyos-ipsec-lint: "": no such file\n/],
    [['--color', '', ...guide], /^vyos-ipsec-lint: "": no such file\n/],
  ])('%j', (args, message) => {
    const { stderr, stdout, status } = run(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('\\u{');
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
  });
});

test('an internal error asks for a report and shows nothing of the dump', () => {
  const fault = write(
    'fault.cjs',
    "Array.prototype.toSorted = () => { throw new Error('YourVeryStrongPSKHere123!'); };",
  );
  const { stderr, stdout, status } = start(guide, { NODE_OPTIONS: `--require ${fault}` });
  expect(stderr).toMatch(/^vyos-ipsec-lint: an internal error; .*\n.*Please report it .*\n$/);
  expect(stderr + stdout).not.toContain('YourVeryStrong');
  expect(status).toBe(2);
});
