import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { commandSpecs } from '../../src/cli/commands.ts';
import { serve } from './service.ts';

/** `explain`, `rules` and the help. */
const esc = '\u001b';

function run(...args: readonly string[]) {
  return serve({ program: 'command', args, cwd: process.cwd(), env: { LANG: 'en_US.UTF-8', COLUMNS: '80' } });
}

const ids = readdirSync('docs/rules').flatMap((file) =>
  file === 'README.md' ? [] : file.replace('.md', ''),
);

describe('explain', () => {
  test('prints in the terminal what the page says', () => {
    const { status, stdout, stderr } = run('explain', 'pfs-mismatch');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const part of [
      'NO_PROPOSAL_CHOSEN (14)',
      'Why it matters',
      "5 │ set vpn ipsec esp-group ESP-B pfs 'dh-group14'",
      'Log of A, initiator',
      'received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built',
      "Fix on A             set vpn ipsec esp-group ESP-B pfs 'dh-group19'",
      'https://www.rfc-editor.org/rfc/rfc7296#section-1.3.1',
      '/docs/rules/pfs-mismatch.md',
    ]) {
      expect(stdout).toContain(part);
    }
  });

  test('prints as markdown the page of docs/rules', () => {
    const page = readFileSync('docs/rules/psk-mismatch.md', 'utf8');
    const { stdout } = run('explain', 'psk-mismatch', '--format', 'markdown');
    expect(page.endsWith(`-->\n\n${stdout}`)).toBe(true);
  });

  test('prints several rules, in colour if asked to', () => {
    const { stdout } = run('explain', 'psk-missing', 'psk-mismatch', '--color=always');
    expect(stdout).toContain(esc);
    const plain = stdout.replaceAll(new RegExp(`${esc}\\[[\\d;]*m`, 'g'), '');
    expect(plain.indexOf('psk-missing\n')).toBe(0);
    expect(plain.indexOf('\npsk-mismatch\n')).toBeGreaterThan(0);
  });

  test('of an IKE error lists the rules', () => {
    const { status, stdout } = run('explain', '14');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+ rules explain NO_PROPOSAL_CHOSEN \(14\):\n/);
  });

  test('of a line of the log, whose words the shell takes apart, lists the rules', () => {
    const { status, stdout } = run('explain', 'no', 'IKE', 'config', 'found');
    expect(status).toBe(0);
    expect(stdout).toContain('ike-version-mismatch');
  });

  test.each([
    [['pfs-mismtch'], /"pfs-mismtch"; did you mean "pfs-mismatch"\?\n$/],
    [['pfs-mismatch', `${esc}[31m\n::error::x`], /"\\u\{1b\}\[31m\\u\{a\}::error::x"/],
    [[], /explain what\? .*\nTry "vyos-ipsec-lint explain --help"\.\n$/],
    [
      ['pfs-mismatch', '--format', 'sarif'],
      /--format sarif: expected one of pretty, json, markdown\nTry "vyos-ipsec-lint explain --help"\.\n$/,
    ],
  ])('%j is not known, and nothing is explained', (words, message) => {
    const { status, stdout, stderr } = run('explain', ...words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(esc);
  });
});

describe('rules', () => {
  test('lists every rule', () => {
    const { status, stdout, stderr } = run('rules');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect([...stdout.matchAll(/^[a-z\d-]+/gm)].map(([id]) => id).toSorted()).toEqual(ids.toSorted());
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('as JSON fits its published schema, and says all that explain says', () => {
    const validate = new Ajv2020({ strict: false }).compile(
      JSON.parse(readFileSync('docs/rules.schema.json', 'utf8')),
    );
    const listed: readonly { readonly id: string }[] = JSON.parse(run('rules', '--format', 'json').stdout);
    validate(listed);
    expect(validate.errors).toBeNull();
    expect(listed.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    const explained = JSON.parse(run('explain', 'psk-mismatch', '--format', 'json').stdout);
    expect(explained).toEqual(listed.filter(({ id }) => id === 'psk-mismatch'));
  });

  test('as markdown is the table of docs/rules, with whole addresses', () => {
    const { stdout } = run('rules', '--format', 'markdown');
    const names = stdout.replaceAll(/\]\(https:[^)]*\/docs\/rules\//g, '](');
    expect(readFileSync('docs/rules/README.md', 'utf8')).toContain(names);
  });

  test('takes no words', () => {
    expect(run('rules', 'pfs-mismatch')).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('the help', () => {
  test.each([[[]], [['render']], [['fix']], [['explain']], [['rules']], [['completion']]])(
    'of %j has examples',
    (words) => {
      const { status, stdout, stderr } = run(...words, '--help');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const start = ['vyos-ipsec-lint', ...words].join(' ');
      expect(stdout.startsWith(start)).toBe(true);
      expect(stdout).toMatch(new RegExp(`\\nExamples:\\n(?:  # .*\\n)?  ${start}`));
      expect(stdout).toContain('Exit codes:');
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    },
  );

  test('lists the commands', () => {
    const { stdout } = run('--help');
    const list = /\nCommands:\n((?: {2}\w+.*\n)+)/.exec(stdout)?.[1] ?? '';
    const named = commandSpecs([]).flatMap(({ name }) => name ?? []);
    expect([...list.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name)).toEqual(['lint', ...named]);
  });

  test('each example of explain works', () => {
    const { stdout } = run('explain', '--help');
    // A long one runs over into a second line.
    const examples = [...stdout.matchAll(/^ {2}vyos-ipsec-lint explain\s+(?:"([^"]+)"|(\S+))/gm)];
    expect(examples).toHaveLength(3);
    for (const [, quoted, word] of examples) {
      expect(run('explain', (quoted ?? word ?? '').replaceAll(/\s+/g, ' ')).status).toBe(0);
    }
  });
});
