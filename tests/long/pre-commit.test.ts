import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sites } from '../e2e/workplace.ts';

/**
 * The hooks by the real pre-commit, on a real repository: it clones this project, as it stands here, builds and installs
 * it, and runs it for a commit.
 */
const installed = ['pre-commit', 'git'].every(
  (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0,
);
if (!installed && process.env.CI) throw new Error('CI must have pre-commit and git');
const describeIf = installed ? describe : describe.skip;

const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];

let folder = '';
let hooks = '';
let repository = '';
let env: NodeJS.ProcessEnv = {};

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8', env });
}

function write(name: string, text: string): void {
  const file = join(repository, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Stages all, and tries to commit: what pre-commit says, and whether there is a commit. */
function commit(message: string): { readonly done: boolean; readonly said: string } {
  git(repository, 'add', '--all');
  const { status, stdout, stderr } = spawnSync('git', [...identity, 'commit', '-m', message], {
    cwd: repository,
    encoding: 'utf8',
    env,
  });
  if (status !== 0) git(repository, 'reset', '--quiet');
  return { done: status === 0, said: `${stdout}${stderr}` };
}

function configure(...ids: readonly string[]): void {
  const rev = git(hooks, 'rev-parse', 'HEAD').trim();
  const list = ids.map((id) => `      - id: ${id}\n`).join('');
  write('.pre-commit-config.yaml', `repos:\n  - repo: ${hooks}\n    rev: ${rev}\n    hooks:\n${list}`);
}

const title = installed
  ? 'pre-commit'
  : 'pre-commit: skipped, for pre-commit or git is missing (apt-get install pre-commit git)';

describeIf(title, () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vyos-ipsec-lint-'));
    hooks = join(folder, 'hooks');
    repository = join(folder, 'network');
    env = { ...process.env, PRE_COMMIT_HOME: join(folder, 'home'), GIT_CONFIG_NOSYSTEM: '1' };
    // Set while git itself runs the tests (in a hook, say), they would name the wrong repository.
    for (const name of Object.keys(env))
      if (/^GIT_(?:DIR|INDEX_FILE|WORK_TREE)$/.test(name)) delete env[name];
    const files = git(process.cwd(), 'ls-files', '--cached', '--others', '--exclude-standard', '-z');
    for (const file of files.split('\0').filter((name) => name !== '' && !name.startsWith('fixtures/'))) {
      cpSync(join(process.cwd(), file), join(hooks, file), { recursive: true });
    }
    for (const place of [hooks, repository]) {
      mkdirSync(place, { recursive: true });
      git(place, 'init', '--quiet');
    }
    git(hooks, 'add', '--all');
    git(hooks, 'commit', '--quiet', '--no-verify', '-m', 'as it stands');

    const spoke = sites.a.match(/^set vpn ipsec site-to-site peer SITE-B .*$/gm)?.join('\n') ?? '';
    const toSpoke = spoke.replaceAll('SITE-B', 'SITE-C').replaceAll('198.51.100.1', '198.51.100.9');
    write('vyos-ipsec-lint.config.yaml', 'sites:\n  - file: dumps/*.conf\n');
    write('dumps/hq.conf', `${sites.a}${toSpoke}\n`);
    write('dumps/branch.conf', sites.b);
    write('dumps/spoke.conf', sites.b.replaceAll('198.51.100.1', '198.51.100.9'));
    configure('vyos-ipsec-lint', 'vyos-ipsec-lint-changed');
    execFileSync('pre-commit', ['install', '--install-hooks'], { cwd: repository, env, stdio: 'pipe' });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('a network without a mistake is committed', () => {
    const { done, said } = commit('clean');
    expect(said).toMatch(/vyos-ipsec-lint \(all sites\)\.+Passed/);
    expect(said).toMatch(/vyos-ipsec-lint \(changed sites\)\.+Passed/);
    expect(done).toBe(true);
  });

  test('a mistake in one file is held against the other side, which did not change', () => {
    write('dumps/branch.conf', sites.bad);
    const { done, said } = commit('broken');
    expect(said).toMatch(/vyos-ipsec-lint \(changed sites\)\.+Failed/);
    expect(said).toContain('error[ike-dh-group-mismatch]');
    expect(said).toContain('dumps/hq.conf:');
    expect(said).not.toContain('an-example-secret');
    expect(done).toBe(false);
  });

  test('a mistake elsewhere stops the hook of all sites, and not that of the changed ones', () => {
    git(repository, ...identity, 'commit', '--all', '--no-verify', '--quiet', '-m', 'broken all the same');
    write('dumps/spoke.conf', sites.b.replaceAll('198.51.100.1', '198.51.100.9').concat('# a remark\n'));
    const { said } = commit('the other spoke');
    expect(said).toMatch(/vyos-ipsec-lint \(all sites\)\.+Failed/);
    expect(said).toMatch(/vyos-ipsec-lint \(changed sites\)\.+Passed/);
  });

  test('a file that is no dump runs neither', () => {
    git(repository, 'checkout', '--quiet', '.');
    write('README.md', 'our network\n');
    const { done, said } = commit('a text');
    expect(said).toMatch(/no files to check/);
    expect(said).not.toMatch(/Passed|Failed/);
    expect(done).toBe(true);
  });

  test('a mistake in the configuration is told with its line', () => {
    write('vyos-ipsec-lint.config.yaml', 'sites:\n  - fil: dumps/*.conf\n');
    const { done, said } = commit('a slip');
    expect(said).toContain(
      'vyos-ipsec-lint.config.yaml:2:5: there is no key "fil" here; did you mean "file"?',
    );
    expect(done).toBe(false);
  });
});
