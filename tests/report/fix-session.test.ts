import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fix } from '../../src/index.ts';
import { renderFixSession, shellCommand } from '../../src/report/fix-session.ts';
import { pairWith } from '../fix/pair.ts';

/** VyOS's configuration mode, as far as its shell is concerned: commands that write down their words. */
const configurationMode = `
set() { printf '\\036set'; printf '\\037%s' "$@"; printf '\\035'; }
delete() { printf '\\036delete'; printf '\\037%s' "$@"; printf '\\035'; }
configure() { :; }; commit-confirm() { :; }; confirm() { :; }; save() { :; }; exit() { :; }
`;

/** What bash makes of a text that is pasted into an interactive session: the words of each command. */
function pasted(text: string): {
  readonly commands: readonly (readonly string[])[];
  readonly complaint: string;
} {
  const { stdout, stderr } = spawnSync(
    'bash',
    ['--norc', '--noprofile', '-c', 'exec bash --norc --noprofile -i'],
    {
      input: `PS1= PS2=\nset -o history -o histexpand\n${configurationMode}${text}\n`,
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8', TERM: 'dumb' },
    },
  );
  // Each command between a record separator and a group separator, its words behind unit separators.
  const commands = stdout
    .split('\u001e')
    .slice(1)
    .map((line) => (line.split('\u001d')[0] ?? '').split('\u001f'));
  return { commands, complaint: /command not found|syntax error|event not found/.exec(stderr)?.[0] ?? '' };
}

const hostile = fc.oneof(
  fc.constantFrom(
    '$(touch x)',
    '`id`',
    "a'b",
    'a"b',
    '!!',
    '!x',
    'a?b',
    'a\\',
    'a\\nb',
    '#x',
    '~',
    '*',
    '{a,b}',
    'a|b',
  ),
  fc.constantFrom('$HOME', ';reboot', '&', '>x', 'a b', '-x', '=a', '\u00e4\u{1f511}', 'a\nb', 'a\tb'),
  fc.string({ minLength: 1, maxLength: 12 }).map((text) => text.replaceAll(/[^\P{Cc}\t\n]/gu, '')),
);

describe('a command that is pasted into a shell', () => {
  test('has its words and no others, whatever they hold, and nothing else is run', () => {
    const commands = fc.sample(
      fc.array(
        hostile.filter((word) => word !== ''),
        { minLength: 1, maxLength: 4 },
      ),
      {
        numRuns: 300,
        seed: 7,
      },
    );
    const text = commands.map((words) => shellCommand('set', words)).join('\n');
    expect(text.split('\n')).toHaveLength(commands.length);
    const result = pasted(text);
    expect(result.complaint).toBe('');
    expect(result.commands).toEqual(commands.map((words) => ['set', ...words]));
  });

  test('holds no character on which the line editor of VyOS acts', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1 }), (words) => {
        expect(shellCommand('set', words)).not.toMatch(/[?\p{Cc}]/u);
      }),
    );
  });
});

describe('a session', () => {
  const hostileName = 'x|y$(touch x)!?';
  const session = renderFixSession(
    fix(
      pairWith(
        [],
        [
          "set vpn ipsec ike-group IKE-A proposal 1 dh-group '5'",
          `set vpn ipsec site-to-site peer SITE-A authentication remote-id '${hostileName}'`,
        ],
      ),
      { sites: [0] },
    ),
  );

  test('is run by a shell as its commands, and its remarks are nothing', () => {
    const { commands, complaint } = pasted(session);
    expect(complaint).toBe('');
    expect(commands.map((words) => words.join(' '))).toEqual([
      'set vpn ipsec ike-group IKE-B proposal 1 dh-group 5',
      `set vpn ipsec site-to-site peer SITE-B authentication local-id ${hostileName}`,
      ...commands.slice(2).map((words) => words.join(' ')),
    ]);
  });

  test('opens, commits for a while, and saves after it was confirmed', () => {
    const lines = session.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect([lines[0], ...lines.slice(-4)]).toEqual([
      'configure',
      'commit-confirm 5',
      'confirm',
      'save',
      'exit',
    ]);
  });

  test('says before each command what it is for, and what it weakens', () => {
    expect(session).toMatch(
      /# ike-dh-group-mismatch: .*\n# Mind: MODP_2048 becomes MODP_1536, which is weaker\.\nset /,
    );
  });

  test('of a clean pair is none', () => {
    expect(renderFixSession(fix(pairWith([], [])))).toBe('# Nothing to mend.\n');
  });
});

test('bash is there', () => {
  expect(execFileSync('bash', ['-c', 'echo yes'], { encoding: 'utf8' })).toBe('yes\n');
});
