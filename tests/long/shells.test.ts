import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

/**
 * The completion in real shells: a line is typed at each one's prompt, tabs and all, and what is looked at are the words
 * that the command is called with in the end.
 */

const built = join(process.cwd(), 'dist/cli.cjs');
const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

let folder = '';
let home = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vyos-ipsec-lint-completion-'));
  home = join(folder, 'home');
  // With its folder there, fish does not make completions of all manual pages in the background.
  for (const path of ['bin', 'home/fish/generated_completions', 'work/dumps'])
    mkdirSync(join(folder, path), { recursive: true });
  for (const file of ['site one.conf', 'router.conf', 'dumps/far.conf']) {
    writeFileSync(join(folder, 'work', file), '');
  }
  // Answers the shell as the real one does, and else writes down what it was called with.
  const command = join(folder, 'bin/vyos-ipsec-lint');
  writeFileSync(
    command,
    '#!/bin/sh\n' +
      `case "$1" in __complete|completion) exec "${process.execPath}" "${built}" "$@" ;; esac\n` +
      `printf '%s\\n' "$@" > "${folder}/called"\n`,
  );
  chmodSync(command, 0o755);
  writeFileSync(join(home, 'bashrc'), 'eval "$(vyos-ipsec-lint completion bash)"\n');
  writeFileSync(
    join(home, '.zshrc'),
    'autoload -Uz compinit; compinit -u -d "$ZDOTDIR/dump"\neval "$(vyos-ipsec-lint completion zsh)"\n',
  );
  writeFileSync(join(home, 'fish/config.fish'), 'vyos-ipsec-lint completion fish | source\n');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const interactive: Readonly<Record<Shell, () => string>> = {
  bash: () => `bash --noprofile --rcfile '${home}/bashrc' -i`,
  zsh: () => 'zsh -i',
  fish: () => 'fish -i',
};

function environment(): NodeJS.ProcessEnv {
  return {
    PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`,
    HOME: home,
    ZDOTDIR: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    TERM: 'dumb',
    LANG: 'C.UTF-8',
  };
}

/** The words with which the command is called once a line was typed and entered. `script` gives the shell a terminal. */
function typed(shell: Shell, line: string): readonly string[] {
  rmSync(join(folder, 'called'), { force: true });
  execFileSync('script', ['-qec', interactive[shell](), '/dev/null'], {
    cwd: join(folder, 'work'),
    env: environment(),
    input: `${line}\nexit\n`,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  return readFileSync(join(folder, 'called'), 'utf8').trimEnd().split('\n');
}

const cases: readonly (readonly [what: string, line: string, called: readonly string[]])[] = [
  ['a command and a rule', 'expl\tpfs-mi\t', ['explain', 'pfs-mismatch']],
  ['an option and its value', '--forma\tjs\trouter.conf', ['--format', 'json', 'router.conf']],
  [
    'a value behind an equals sign',
    'explain pfs-mi\t--format=mark\t',
    ['explain', 'pfs-mismatch', '--format=markdown'],
  ],
  ['a file behind an equals sign', '--output=rout\trouter.conf', ['--output=router.conf', 'router.conf']],
  ['two files, one with a space', 'rout\tsit\t', ['router.conf', 'site one.conf']],
  ['a file in a folder', 'router.conf dum\tfa\t', ['router.conf', 'dumps/far.conf']],
  ['no file where there is none to be', 'rules rout\t', ['rules', 'rout']],
];

for (const shell of shells) {
  const missing = [shell, 'script'].filter((program) => !isThere(program));
  const suite = missing.length > 0 ? describe.skip : describe;
  suite(
    missing.length > 0 ? `${shell}: skipped, there is no ${missing.join(' and no ')} here` : shell,
    () => {
      test.each(cases)('%s', (_, line, called) => {
        expect(typed(shell, `vyos-ipsec-lint ${line}`)).toEqual(called);
      });

      test('the script is loaded without a word', () => {
        const script = execFileSync(process.execPath, [built, 'completion', shell], { encoding: 'utf8' });
        const file = join(folder, `script.${shell}`);
        writeFileSync(file, script);
        const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8', env: environment() });
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      });
    },
  );
}
