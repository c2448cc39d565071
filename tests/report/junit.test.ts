import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lint } from '../../src/index.ts';
import type { Report } from '../../src/lint/report.ts';
import { renderJunit } from '../../src/report/junit.ts';
import { anyReport } from './arbitrary.ts';
import * as sample from './sample.ts';
import { xmlComplaints } from './xml-documents.ts';

function junit(report: Report): string {
  return renderJunit(report, { color: false, width: 80 });
}

const { a, b, pairing } = sample.clean.links[0] as Report['links'][number];

test('a suite for the link, a case for each side that calls', () => {
  const report = sample.report({
    findings: [{ ...sample.dhGroup, initiators: ['b'] }],
    links: [
      {
        a,
        b,
        pairing,
        negotiations: [
          sample.negotiation('a', sample.established),
          sample.negotiation('b', sample.failed),
          sample.negotiation('b', sample.failed, { child: 'tunnel-2' }),
        ],
      },
    ],
  });
  expect(junit(report)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="vyos-ipsec-lint" tests="2" failures="1" errors="0">
  <testsuite name="siteA peer SITE-B ⇄ siteB peer SITE-A" tests="2" failures="1" errors="0" skipped="0">
    <testcase name="siteA initiates tunnel-1" classname="siteA peer SITE-B ⇄ siteB peer SITE-A"/>
    <testcase name="siteB initiates tunnel-1, tunnel-2" classname="siteA peer SITE-B ⇄ siteB peer SITE-A">
      <failure message="No common Diffie-Hellman group: A offers 14, B accepts 2" type="ike-dh-group-mismatch">siteA.conf:6:56: error[ike-dh-group-mismatch]: No common Diffie-Hellman group: A offers 14, B accepts 2 (IKE_SA_INIT → NO_PROPOSAL_CHOSEN (14)); siteB.conf:4:1
No IKE_SA comes about, so no traffic passes in either direction; charon retries with every packet that asks for the tunnel, and fails each time.
Log of siteA, responder:
  received NO_PROPOSAL_CHOSEN notify error
Log of siteB, initiator:
  received proposals unacceptable
Fix on siteB:
  set vpn ipsec ike-group IKE-SITE-A proposal 1 dh-group &apos;14&apos;
or on siteA:
  set vpn ipsec ike-group IKE-SITE-B proposal 1 dh-group &apos;2&apos;</failure>
    </testcase>
    <system-out>siteA initiates tunnel-1: comes up
siteB initiates tunnel-1, tunnel-2: fails in IKE_SA_INIT, NO_PROPOSAL_CHOSEN (no common IKE proposal)</system-out>
  </testsuite>
</testsuites>
`);
});

const suppressed = [
  { finding: sample.dhGroup, suppression: { by: 'comment' as const, reason: 'known since May' } },
];
const unknown = {
  a,
  b,
  pairing,
  negotiations: [sample.negotiation('a', { outcome: 'unknown' as const, why: 'the key is masked' })],
};

test.each<readonly [string, Report, string]>([
  ['all well', sample.clean, '<testcase name="siteB initiates tunnel-1" classname='],
  [
    'what is suppressed passes no test',
    sample.report({ findings: [], suppressed }),
    '<skipped>ike-dh-group-mismatch is suppressed: known since May</skipped>',
  ],
  [
    'what cannot be told passes no test',
    sample.report({ findings: [], links: [unknown] }),
    'skipped="1">\n    <testcase name="siteA initiates tunnel-1" classname="siteA peer SITE-B ⇄ siteB peer SITE-A">\n      <skipped>the key is masked</skipped>',
  ],
  [
    'a warning fails nothing',
    sample.report({ findings: [{ ...sample.dhGroup, severity: 'warning' }] }),
    '\nsiteA.conf:6:56: warning[ike-dh-group-mismatch]: No common',
  ],
  [
    'a site without errors',
    sample.report({ findings: [sample.pfs] }),
    '<testsuite name="siteA (siteA.conf)" tests="1" failures="0" errors="0" skipped="0">\n    <testcase name="has no errors"',
  ],
  [
    'an error of a site',
    sample.report({ findings: [{ ...sample.pfs, severity: 'error' }] }),
    '<testcase name="site-lifetime: ESP group ESP-SITE-B has no lifetime: VyOS sets 3600" classname="siteA (siteA.conf)">\n      <failure message=',
  ],
  [
    'an error that spoils no call',
    sample.report({ findings: [{ ...sample.dhGroup, initiators: [] }] }),
    'tests="3" failures="1"',
  ],
])('%s', (_, report, text) => {
  expect(junit(report)).toContain(text);
});

describe('the shape', () => {
  const pairs = readdirSync('fixtures/pairs').map((name) =>
    lint(
      ['a', 'b'].map((side) => ({
        file: `${name}/${side}.conf`,
        text: readFileSync(`fixtures/pairs/${name}/${side}.conf`, 'utf8'),
      })),
    ),
  );

  test('is that of any report and every pair of fixtures', async () => {
    const documents = [...fc.sample(anyReport, { numRuns: 300, seed: 4 }), ...pairs].map(junit);
    expect(await xmlComplaints(documents, 'junit.xsd')).toEqual([]);
  });

  test('is no other', async () => {
    expect(await xmlComplaints(['<testsuites name="a"/>'], 'junit.xsd')).not.toEqual([]);
  });

  test('something fails where there are errors, and only there', () => {
    for (const report of pairs) {
      const failures = Number(/ failures="(\d+)"/.exec(junit(report))?.[1]);
      expect(failures > 0).toBe(report.summary.errors > 0);
    }
  });
});
