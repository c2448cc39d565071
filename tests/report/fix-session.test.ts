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
  const hostileName = 'x|y$(>x)!?';
  const session = renderFixSession(
    fix(
      pairWith(
        [],
        [
          'delete vpn ipsec site-to-site peer SITE-A tunnel 1 remote prefix',
          "set vpn ipsec site-to-site peer SITE-A tunnel 1 remote prefix '10.1.0.0/25'",
          `set vpn ipsec site-to-site peer SITE-A authentication remote-id '${hostileName}'`,
        ],
      ),
      { sites: [0] },
    ),
  );

  test('is run by a shell as its commands, and its remarks are nothing', () => {
    const { commands, complaint } = pasted(session);
    expect(complaint).toBe('');
    expect(
      commands
        .slice(0, 3)
        .map((words) => words.join(' '))
        .toSorted(),
    ).toEqual([
      'delete vpn ipsec site-to-site peer SITE-B tunnel 1 local prefix 10.1.0.0/24',
      `set vpn ipsec site-to-site peer SITE-B authentication local-id ${hostileName}`,
      'set vpn ipsec site-to-site peer SITE-B tunnel 1 local prefix 10.1.0.0/25',
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
      /# traffic-selectors-narrowed: .*\n(?:# .*\n)?# Mind: 10\.1\.0\.0\/24 is no longer in tunnel 1\.\ndelete /,
    );
  });

  test('says once what commands that stand together are for', () => {
    const swapped = fix(
      pairWith(
        [],
        [
          "delete vpn ipsec site-to-site peer SITE-A tunnel 1 remote prefix '10.1.0.0/24'",
          "set vpn ipsec site-to-site peer SITE-A tunnel 1 remote prefix '10.9.0.0/24'",
        ],
      ),
      { sites: [1] },
    );
    expect(swapped.sites[1]?.steps).toHaveLength(2);
    const text = renderFixSession(swapped);
    expect(text.match(/# traffic-selectors-disjoint: /g)).toHaveLength(1);
    expect(text).toMatch(/# Mind: 10\.9\.0\.0\/24 is .*\ndelete .*\nset .*\n# The next command/);
  });

  const halves = (text: string) => text.split(/(?<=^commit-confirm 5\n)/m);

  test('keeps the second half apart, by what answers no question if it is pasted with the first', () => {
    const [first = '', second = ''] = halves(session);
    expect(first).not.toMatch(/^(?:confirm|save|exit)$/m);
    const lines = second.trimEnd().split('\n');
    expect(lines.slice(0, 2)).toEqual(['#', '# ---- only when the tunnel is up: A (a.conf) ----']);
    expect(lines.slice(-3)).toEqual(['confirm', 'save', 'exit']);
    // 1.4 takes the whole line, and an empty one for yes; 1.3 takes the first y or n.
    expect(lines.filter((line) => /^(?:|y|ye|yes|n|no)$/i.test(line))).toEqual([]);
    expect(/[yn]/i.exec(second)?.[0]).toBe('n');
  });

  test('of several sites has what is for later behind all that is to be changed', () => {
    const plan = fix(
      pairWith(
        ["set vpn ipsec esp-group ESP-B pfs 'dh-group5'"],
        ["set vpn ipsec ike-group IKE-A proposal 1 dh-group '5'"],
      ),
    );
    const lines = renderFixSession(plan).split('\n');
    expect(lines.filter((line) => /^(?:# ----|configure|commit|confirm)/.test(line))).toEqual([
      '# ---- A (a.conf) ----',
      'configure',
      'commit-confirm 5',
      '# ---- B (b.conf) ----',
      'configure',
      'commit-confirm 5',
      '# ---- only when the tunnel is up: A (a.conf) ----',
      'confirm',
      '# ---- only when the tunnel is up: B (b.conf) ----',
      'confirm',
    ]);
  });

  test('has remarks of at most 100 columns, whatever is in them, each behind its sign', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', ' ', '\n', "'", '#', ';', '!', '?', '$(x)', '\u2028'),
    });
    fc.assert(
      fc.property(fc.array(name, { maxLength: 30 }), (words) => {
        const plan = fix(pairWith([], ["set vpn ipsec ike-group IKE-A proposal 1 dh-group '5'"]));
        const message = words.join(' ');
        const told = {
          ...plan,
          sites: plan.sites.map((site) => ({
            ...site,
            steps: site.steps.map((step) => ({
              ...step,
              weakens: message,
              mends: { ...step.mends, message },
            })),
          })),
        };
        for (const line of renderFixSession(told).split('\n')) {
          expect(line).toMatch(/^(?:#.*|set .*|configure|commit-confirm 5|confirm|save|exit|)$/);
          if (line.startsWith('#') && line.split(' ').length > 2)
            expect(line.length).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('tells of warnings that it leaves alone', () => {
    const inputs = pairWith([], ["set vpn ipsec esp-group ESP-A lifetime '1800'"]);
    const plan = fix(inputs);
    expect(plan.found).toBe(0);
    expect(plan.warnings).toBe(1);
    expect(renderFixSession(plan)).toMatch(
      /^# There is no error to mend\.\n# 1 warning remains: --fail-on warning mends what can be mended/,
    );
    const asked = fix(inputs, { failOn: 'warning' });
    expect(asked.warnings).toBe(0);
    expect(renderFixSession(asked)).not.toContain('--fail-on warning');
  });

  test('tells of what the dumps do not show', () => {
    const plan = fix(pairWith(["set vpn ipsec authentication psk TUNNEL secret '********'"], []));
    expect(plan.notJudged.map(({ why, a, b }) => ({ why, a, b }))).toEqual([
      {
        why: 'a pre-shared secret is masked',
        a: { site: 0, peer: 'SITE-B' },
        b: { site: 1, peer: 'SITE-A' },
      },
    ]);
    const text = renderFixSession(plan);
    expect(text).toContain(
      '# Nothing to mend in what the dumps show.\n# What the dumps do not show is not judged',
    );
    expect(text).toMatch(/# ---- not judged ----\n.*\n?.*: a pre-shared secret is masked\./);
    expect(text).toMatch(/# {5}A \(a\.conf\), line \d+: vpn ipsec authentication psk TUNNEL secret\n/);
    expect(text).not.toContain('***');
  });

  test('of a clean pair is none', () => {
    expect(renderFixSession(fix(pairWith([], [])))).toBe('# Nothing to mend.\n');
  });
});

test('bash is there', () => {
  expect(execFileSync('bash', ['-c', 'echo yes'], { encoding: 'utf8' })).toBe('yes\n');
});

test('of three sites, what mends two links has a remark for each, however alike the messages', () => {
  const [a, b] = [pairWith([], ["set vpn ipsec ike-group IKE-A proposal 1 dh-group '5'"])].flat();
  if (!a || !b) throw new Error('a pair');
  const plan = fix([a, b]);
  const [step] = plan.sites.flatMap(({ steps }) => steps);
  const [first, second] = plan.sites;
  if (!step || !first || !second) throw new Error('a step');
  const about = (site: number) => ({
    ...step,
    mends: {
      ...step.mends,
      message: 'alike',
      link: { a: { site: 0, peer: 'B', name: 'A' }, b: { site, peer: 'A', name: 'B' } },
    },
  });
  const sites = [first, second, second].map((site, index) => ({
    ...site,
    name: 'r',
    file: { ...site.file, name: `${index}/r.conf` },
    steps: index === 0 ? [about(1), about(2)] : [],
  }));
  const shown = renderFixSession({ ...plan, sites });
  expect(shown.match(/: alike \(.*\)/g)).toEqual([
    ': alike (A: 0/r.conf, B: 1/r.conf)',
    ': alike (A: 0/r.conf, B: 2/r.conf)',
  ]);
});
