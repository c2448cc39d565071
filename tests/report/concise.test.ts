import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Report } from '../../src/lint/report.ts';
import { renderConcise } from '../../src/report/concise.ts';
import type { FormatOptions } from '../../src/report/format.ts';
import { anyReport, runnersCommand } from './arbitrary.ts';
import * as sample from './sample.ts';

const plain = { color: false, width: 80 };

function concise(report: Report, options: Partial<FormatOptions> = {}): string {
  return renderConcise(report, { ...plain, ...options });
}

const line =
  'siteA.conf:6:56: error[ike-dh-group-mismatch]: No common Diffie-Hellman group: A offers 14, B accepts 2 ' +
  '(IKE_SA_INIT → NO_PROPOSAL_CHOSEN (14)); siteB.conf:4:1';

test('one line a finding, and one that sums up', () => {
  expect(concise(sample.report())).toBe(`${line}\n1 error in 1 link\n`);
});

describe.each<readonly [string, Report, Partial<FormatOptions>, string]>([
  ['nothing found', sample.clean, {}, 'no findings in 1 link\n'],
  ['ASCII', sample.report(), { unicode: false }, '(IKE_SA_INIT -> NO_PROPOSAL_CHOSEN (14))'],
  [
    'the path in the repository',
    sample.report(),
    { pathOf: (file) => `dumps/${file}` },
    'dumps/siteA.conf:6:56: error[',
  ],
  [
    'the changed side first',
    sample.report(),
    { changed: (file) => file === 'siteB.conf' },
    'siteB.conf:4:1: error[ike-dh-group-mismatch]: No common Diffie-Hellman group: A offers 14, B accepts 2 ' +
      '(IKE_SA_INIT → NO_PROPOSAL_CHOSEN (14)); siteA.conf:6:56\n',
  ],
  [
    'a finding of one site, without a wire',
    sample.report({ findings: [sample.pfs] }),
    {},
    'siteA.conf:8:25: info[site-lifetime]: ESP group ESP-SITE-B has no lifetime: VyOS sets 3600\n',
  ],
])('%s', (_, report, options, text) => {
  test('is shown', () => {
    expect(concise(report, options)).toContain(text);
  });
});

/** As an editor or GitHub's problem matcher reads it. */
const matcher = /^(.+?):(\d+):(\d+): (error|warning|info)\[([^\]]*)\]: (.*)$/;

test('a problem matcher reads it back', () => {
  expect(matcher.exec(concise(sample.report()).split('\n')[0] ?? '')?.slice(1, 6)).toEqual([
    'siteA.conf',
    '6',
    '56',
    'error',
    'ike-dh-group-mismatch',
  ]);
});

test('any report is one line a finding, whatever stands in it, and nothing commands', () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      const lines = concise(report).split('\n');
      expect(lines).toHaveLength(report.findings.length + 2);
      for (const shown of lines) {
        expect(shown).not.toMatch(runnersCommand);
        expect(shown).not.toMatch(/##\[|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/iu);
      }
    }),
  );
});

test('a file that is called like a command of a runner gives none', () => {
  const file = { ...sample.siteA.file, name: '::error::x.conf' };
  const at = { ...sample.dhGroup.locations[0].at, file };
  const findings = [{ ...sample.dhGroup, locations: [{ ...sample.dhGroup.locations[0], at }] as const }];
  const report = sample.report({ sites: [{ ...sample.siteA, file }, sample.siteB], findings });
  expect(concise(report)).toMatch(/^\\u\{3a\}:error::x\.conf:6:56: /);
});
