import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formatNames } from '../../src/report/format.ts';
import { serve } from './service.ts';

/** Each format as the command prints it. */

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vyos-ipsec-lint-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(
  format: string,
  files: readonly string[],
): { status: number | null; text: string; errors: string } {
  const { status, stdout, stderr } = serve({
    program: 'command',
    args: ['--color', 'never', '--format', format, '--', ...files],
    cwd: folder,
    env: { LANG: 'en_US.UTF-8', COLUMNS: '100' },
  });
  return { status, text: stdout, errors: stderr };
}

/** The pair of a fixture, under a name of its own. */
function pair(name: string, as: string): readonly string[] {
  return ['a', 'b'].map((side) => {
    const file = `${as}-${side}.conf`;
    writeFileSync(join(folder, file), readFileSync(join('fixtures/pairs', name, `${side}.conf`)));
    return file;
  });
}

/** What each format begins with, and what of the finding it must hold. */
const marks: Readonly<Record<(typeof formatNames)[number], readonly [RegExp, RegExp]>> = {
  pretty: [/^┌ pair-a {2}peer/, /Fix on pair-b {2,}set vpn ipsec ike-group/],
  concise: [/^pair-a\.conf:\d+:\d+: error\[ike-dh-group-mismatch\]: /, /; pair-b\.conf:\d+:\d+\n/],
  json: [/^\{\n {2}"schemaVersion": 1,/, /"ruleId": "ike-dh-group-mismatch"/],
  sarif: [/^\{\n {2}"\$schema": "https:/, /"uri": "pair-b\.conf"/],
  github: [/^::error file=pair-a\.conf,line=\d+,/, /%0AFix on pair-b: set vpn ipsec ike-group/],
  gitlab: [/^\[\n {2}\{\n {4}"description": "ike-dh-group-mismatch: /, /"severity": "critical"/],
  junit: [
    /^<\?xml [^>]*>\n<testsuites name="vyos-ipsec-lint" tests="3" failures="2"/,
    /<failure message="No common/,
  ],
  checkstyle: [/^<\?xml [^>]*>\n<checkstyle /, /source="vyos-ipsec-lint\.ike-dh-group-mismatch"/],
  markdown: [
    /^<!-- vyos-ipsec-lint -->\n\n## vyos-ipsec-lint: 1 error, 1 warning in 1 link\n/,
    /\n<details>\n/,
  ],
};

describe.each(formatNames)('%s', (format) => {
  test('has the finding of a pair, and gives exit code 1', () => {
    const { status, text, errors } = run(format, pair('rule-ike-dh-group-mismatch', 'pair'));
    expect({ status, errors }).toEqual({ status: 1, errors: '' });
    for (const mark of marks[format]) expect(text).toMatch(mark);
    expect(text).toMatch(/[^\n]\n$/);
  });

  test('has a pair without findings of its own, and gives exit code 0', () => {
    const { status, text } = run(format, pair('guide', 'guide'));
    expect(status).toBe(0);
    expect(text).not.toMatch(/error\[|<failure|::error/);
    expect(text).toMatch(/[^\n]\n$/);
  });

  test('is the same every time', () => {
    const files = pair('several-faults', 'faults');
    expect(run(format, files).text).toBe(run(format, files).text);
  });

  test('shows a hostile pair and its files inert', () => {
    const { status, text, errors } = run(format, hostilePair());
    expect(status).toBe(1);
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(errors).not.toMatch(/[^\P{Cc}\n]/u);
    // No line is a command of a runner's but those that the format gives itself.
    for (const line of [...text.split('\n'), ...errors.split('\n')]) {
      expect(line).not.toMatch(/##\[/);
      if (format === 'github' && /^::(?:error|warning|notice) (?:file=[^:,]*,line=|title=)/.test(line))
        continue;
      expect(line).not.toMatch(/^\s*::[a-z-]{5,}(?:\s|::)/);
    }
    // HTML is text where the format is markup.
    if (['junit', 'checkstyle'].includes(format)) expect(text).not.toMatch(/<(?:script|img)/);
    if (format === 'markdown') {
      // GitHub makes nothing of what stands in code.
      const code = /(`+)[^`](?:.*?[^`])?\1(?!`)|<code>[^<>]*<\/code>/g;
      const prose = text.replaceAll(/^(`{3,})[^`\n]*\n[\s\S]*?\n\1$/gm, '').replaceAll(code, '');
      expect(prose).not.toMatch(/<(?:script|img)|@octocat|#1\b|https:\/\/evil/);
    }
    // The hostile names of files did get that far, and the hostile values that hold no blank.
    expect(text).toContain('octocat');
    expect(text).toMatch(/pwned|evil/);
  });
});

/** Two sites whose values and file names try whatever reads the report. */
function hostilePair(): readonly string[] {
  const a = readFileSync('fixtures/pairs/guide-dh-group/a.conf', 'utf8');
  const b = readFileSync('fixtures/pairs/guide-dh-group/b.conf', 'utf8');
  const hostile = [
    '\u001b[31mred\u001b]0;evil\u0007',
    '::error::pwned',
    '##[add-mask]evil',
    '<script>alert(1)</script><img src=x onerror=alert(1)>',
    '@octocat #1 https://evil.example/ [x](https://evil.example) `x` | ]]> &amp; %0A {0}',
    '\u202eevil\u200b',
  ];
  const lines = hostile.flatMap((text) => [
    `set vpn ipsec ike-group IKE-SITE-B lifetime '${text}'`,
    `set vpn ipsec ike-group IKE-SITE-B '${text}' 1`,
    `set vpn ipsec ike-group '${text}' proposal 1 dh-gruop '14'`,
    `set vpn ipsec site-to-site peer SITE-B ike-group '${text}'`,
  ]);
  const names = ['::error::a\n::stop-commands::x\u001b[2J.conf', '<img src=x>@octocat,%0A:#1.conf'] as const;
  writeFileSync(join(folder, names[0]), a);
  writeFileSync(join(folder, names[1]), `${b}${lines.join('\n')}\n`);
  return names;
}
