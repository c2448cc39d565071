import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Finding, Severity } from '../../src/lint/finding.ts';
import type { Report, ReportSite } from '../../src/lint/report.ts';
import type { FormatOptions } from '../../src/report/format.ts';
import { renderGithub } from '../../src/report/github.ts';
import { sourceFile, span } from '../../src/source/index.ts';
import { anyReport } from './arbitrary.ts';
import * as sample from './sample.ts';

function github(report: Report, options: Partial<FormatOptions> = {}): string {
  return renderGithub(report, { color: false, width: 80, ...options });
}

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Reads a line as GitHub's runner does (actions/runner, ActionCommand): null where it is no command. */
function parsed(line: string): Command | null {
  const text = line.trimStart();
  if (!text.startsWith('::')) return null;
  const end = text.indexOf('::', 2);
  if (end < 0) return null;
  const [, name = '', list = ''] = /^(\S*) ?(.*)$/s.exec(text.slice(2, end)) ?? [];
  const data = (value: string) => value.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  const property = (value: string) => data(value).replaceAll('%3A', ':').replaceAll('%2C', ',');
  const properties = Object.fromEntries(
    list
      .split(',')
      .filter((item) => item !== '')
      .map((item) => {
        const equals = item.indexOf('=');
        return [item.slice(0, equals), property(item.slice(equals + 1)).replaceAll('%25', '%')];
      }),
  );
  return { name, properties, message: data(text.slice(end + 2)).replaceAll('%25', '%') };
}

function commandsOf(text: string): readonly Command[] {
  return text.split('\n').flatMap((line) => parsed(line) ?? []);
}

test('an annotation says what, where on both sides, what follows, and what to type', () => {
  const [only, ...others] = commandsOf(github(sample.report()));
  expect(others).toEqual([]);
  expect(only).toEqual({
    name: 'error',
    properties: {
      file: 'siteA.conf',
      line: '6',
      endLine: '6',
      col: '56',
      endColumn: '60',
      title: 'vyos-ipsec-lint: ike-dh-group-mismatch',
    },
    message: `No common Diffie-Hellman group: A offers 14, B accepts 2 (IKE_SA_INIT → NO_PROPOSAL_CHOSEN (14))
siteA.conf:6 (group 14, MODP_2048)
siteB.conf:4 (not set: default 2, MODP_1024)
No IKE_SA comes about, so no traffic passes in either direction; charon retries with every packet that asks for the tunnel, and fails each time
Fix on siteB: set vpn ipsec ike-group IKE-SITE-A proposal 1 dh-group '14'
or on siteA: set vpn ipsec ike-group IKE-SITE-B proposal 1 dh-group '2'`,
  });
});

test('the last line sums up and is no command', () => {
  expect(github(sample.report())).toMatch(/\n1 error in 1 link\n$/);
  expect(github(sample.clean)).toBe('no findings in 1 link\n');
});

test('the changed side is annotated', () => {
  const [only] = commandsOf(
    github(sample.report(), { changed: (file) => file === 'siteB.conf', pathOf: (file) => `d/${file}` }),
  );
  expect(only?.properties).toMatchObject({ file: 'd/siteB.conf', line: '4', col: '1' });
  expect(only?.message).toContain('\nd/siteA.conf:6 (group 14');
});

test('a place of several lines has no columns, which GitHub would refuse', () => {
  const { file } = sample.siteA;
  const locations = [{ ...sample.dhGroup.locations[0], at: span(file, 0, file.lineStarts[2] ?? 0) }] as const;
  const [only] = commandsOf(github(sample.report({ findings: [{ ...sample.dhGroup, locations }] })));
  expect(only?.properties).toMatchObject({ line: '1', endLine: '3' });
  expect(Object.keys(only?.properties ?? {})).toEqual(['file', 'line', 'endLine', 'title']);
});

describe('ten of each level', () => {
  const some = (severity: Severity, number: number, extra: Partial<Finding> = {}): Finding[] =>
    Array.from({ length: number }, (_, index) => ({
      ...sample.dhGroup,
      severity,
      message: `${severity} ${index}`,
      ...extra,
    }));
  const levels = (text: string) => {
    const names = commandsOf(text).map(({ name }) => name);
    return ['error', 'warning', 'notice'].map((level) => names.filter((name) => name === level).length);
  };

  test.each<readonly [Finding[], readonly number[], string | null]>([
    [[...some('info', 10), ...some('warning', 10), ...some('error', 10)], [10, 10, 10], null],
    [some('error', 11), [10, 0, 1], '1 error not annotated'],
    [
      [...some('error', 25), ...some('warning', 12), ...some('info', 10)],
      [10, 10, 10],
      '15 errors, 2 warnings, 1 info not annotated',
    ],
    [some('info', 11), [0, 0, 10], '2 infos not annotated'],
  ])('case %#', (findings, counts, note) => {
    const text = github(sample.report({ findings }));
    expect(levels(text)).toEqual(counts);
    const last = commandsOf(text).at(-1);
    if (note === null) expect(text).not.toContain('not annotated');
    else expect(last).toMatchObject({ name: 'notice', message: expect.stringContaining(note) });
  });

  test('errors first, and the hidden ones of them last', () => {
    const findings = [
      ...some('warning', 1),
      ...some('error', 10, { hiddenBehind: 11, message: 'hidden' }),
      ...some('error', 2, { message: 'plain' }),
    ];
    const first = commandsOf(github(sample.report({ findings }))).map(({ message }) => message.split(' ')[0]);
    expect(first.slice(0, 10)).toEqual(['plain', 'plain', ...Array(8).fill('hidden')]);
    expect(first[10]).toBe('warning');
  });
});

test.each([
  'a,b:c.conf',
  'a%0A::error::b.conf',
  'a\n::error::pwned.conf',
  '::stop-commands::x',
  '../up/a.conf',
  '/abs/a b.conf',
])('a file called %j is named as it is, by one command', (name) => {
  const file = sourceFile(name, sample.siteA.file.text);
  const site: ReportSite = { ...sample.siteA, file, secrets: [] };
  const locations = [sample.location(0, site, "'14'")] as const;
  const text = github(
    sample.report({ sites: [site, sample.siteB], findings: [{ ...sample.dhGroup, locations }] }),
  );
  const commands = commandsOf(text);
  expect(commands.map((command) => command.name)).toEqual(['error']);
  expect(commands[0]?.properties.file?.replace('\\u{3a}', ':')).toBe(name);
});

test('any report: as many commands as it should have, none by its texts', () => {
  fc.assert(
    fc.property(anyReport, fc.boolean(), (report, all) => {
      const text = github(report, { changed: () => all });
      const lines = text.trimEnd().split('\n');
      expect(lines).toHaveLength(report.findings.length + 1);
      expect(commandsOf(text)).toHaveLength(report.findings.length);
      for (const { name, properties } of commandsOf(text)) {
        expect(['error', 'warning', 'notice']).toContain(name);
        expect(properties.line === properties.endLine).toBe('col' in properties);
      }
      expect(text.replaceAll('\n', '')).not.toMatch(/##\[|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
});
