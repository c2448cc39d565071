import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { renderGitlab } from '../../src/report/gitlab.ts';
import { anyReport } from './arbitrary.ts';
import * as sample from './sample.ts';

const options = { color: false, width: 80 };

/** What GitLab's documentation asks of a Code Quality report. */
const validate = new Ajv({ strictTypes: false }).compile({
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    additionalProperties: false,
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string' },
      fingerprint: { type: 'string' },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        additionalProperties: false,
        properties: {
          path: { type: 'string' },
          lines: {
            type: 'object',
            required: ['begin', 'end'],
            additionalProperties: false,
            properties: { begin: { type: 'integer', minimum: 1 }, end: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
});

test('an issue for each finding', () => {
  expect(JSON.parse(renderGitlab(sample.report(), options))).toEqual([
    {
      description:
        'ike-dh-group-mismatch: No common Diffie-Hellman group: A offers 14, B accepts 2 ' +
        '(IKE_SA_INIT → NO_PROPOSAL_CHOSEN (14)); siteB.conf:4',
      check_name: 'ike-dh-group-mismatch',
      fingerprint: '6f1d0c5a',
      severity: 'critical',
      location: { path: 'siteA.conf', lines: { begin: 6, end: 6 } },
    },
  ]);
});

test('no findings are an empty list', () => {
  expect(renderGitlab(sample.clean, options)).toBe('[]\n');
});

test('any report has the shape, and no two fingerprints are alike', () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      const text = renderGitlab(report, options);
      const issues = JSON.parse(text);
      validate(issues);
      expect(validate.errors).toBeNull();
      expect(issues).toHaveLength(report.findings.length);
      const marks = issues.map(({ fingerprint }: { fingerprint: string }) => fingerprint);
      expect(new Set(marks).size).toBe(marks.length);
      for (const { location } of issues)
        expect(location.lines.end).toBeGreaterThanOrEqual(location.lines.begin);
      expect(text).not.toMatch(/##\[|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('fingerprints that are alike are told apart', () => {
  const findings = [sample.dhGroup, sample.dhGroup, { ...sample.dhGroup, fingerprint: '6f1d0c5a-2' }];
  const issues = JSON.parse(renderGitlab(sample.report({ findings }), options));
  expect(new Set(issues.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).size).toBe(3);
});
