import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Negotiation } from '../src/ike/outcome.ts';
import { lint, type Release, type Report } from '../src/index.ts';
import { placeOf } from '../src/report/place.ts';

const root = 'fixtures/pairs';

/** What is compared of a report: all that a user acts on, in a form that is easy to review. */
function summarise(report: Report): unknown {
  return {
    findings: report.findings.map((finding) => ({
      rule: finding.ruleId,
      severity: finding.severity,
      message: finding.message,
      error: finding.ikeError ? `${finding.ikeError.notify} (${finding.ikeError.code})` : null,
      exchange: finding.exchange,
      initiators: finding.initiators.join(''),
      hiddenBehind: finding.hiddenBehind,
      places: finding.locations.map((location) => {
        const site = report.sites[location.site];
        if (!site) throw new Error('a location without a site');
        const { file, line, column } = placeOf(location, site);
        return `${file}:${line}:${column} ${location.origin} ${location.value ?? '-'}`;
      }),
      fix: finding.fix.flatMap(({ site, commands }) =>
        commands.map((command) => `${'AB'[site]}: ${command}`),
      ),
    })),
    negotiations: report.links.flatMap(({ negotiations }) => negotiations.map(describeNegotiation)),
    unpaired: report.unpaired.map(({ site, peer, why }) => `${'AB'[site]} ${peer}: ${why}`),
  };
}

function describeNegotiation({ initiator, child, ikeVersion, result }: Negotiation): string {
  const head = `${initiator} ${child} IKEv${ikeVersion}`;
  if (result.outcome === 'unknown') return `${head}: unknown, ${result.why}`;
  if (result.outcome === 'failed') {
    return `${head}: ${result.phase} fails, ${result.exchange} ${result.notify} ${result.reason}`;
  }
  const rekeys = (['a', 'b'] as const).map((side) => result.rekey[side].outcome).join('/');
  const selectors = `${result.trafficSelectors.local.join(' ')} === ${result.trafficSelectors.remote.join(' ')}`;
  return `${head}: ${result.ikeProposal}, ${result.espProposal}, ${selectors}, rekeys ${rekeys}`;
}

/** `releases.json` holds the release of a site whose dump does not tell it: 1.2 is spelled as 1.3. */
function lintFixture(name: string): Report {
  const told = `${root}/${name}/releases.json`;
  const releases: Readonly<Record<string, Release>> = existsSync(told)
    ? JSON.parse(readFileSync(told, 'utf8'))
    : {};
  const input = (side: string) => ({
    file: `${side}.conf`,
    text: readFileSync(`${root}/${name}/${side}.conf`, 'utf8'),
    release: releases[side],
  });
  return lint([input('a'), input('b')]);
}

describe('fixture pairs', () => {
  const names = readdirSync(root).toSorted();

  test('there are enough of them', () => {
    expect(names.length).toBeGreaterThanOrEqual(25);
  });

  // UPDATE=1 npm test writes the expectations anew: read the difference before you commit it.
  test.each(names)('%s', (name) => {
    const summary = summarise(lintFixture(name));
    const file = `${root}/${name}/expected.json`;
    if (process.env.UPDATE === '1') writeFileSync(file, `${JSON.stringify(summary, null, 2)}\n`);
    expect(summary).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });
});

describe('the guide', () => {
  /** Both sides call again after an outage, and the secret is the guide's own. */
  const guideWarnings = ['both-sides-restart', 'other-release', 'other-release', 'psk-weak', 'psk-weak'];
  const warningsOf = (report: Report) =>
    report.findings.filter(({ severity }) => severity === 'warning').map(({ ruleId }) => ruleId);

  test('its pair comes up, with what its checklist advises against', () => {
    const report = lintFixture('guide');
    expect(report.summary.errors).toBe(0);
    expect(warningsOf(report).toSorted()).toEqual(guideWarnings);
  });

  /** The parameters that the guide says MUST be identical, each changed on one side alone. */
  test.each([
    ['guide-key-exchange', 'ike-version-mismatch', 'IKE_SA_INIT', 'NO_PROPOSAL_CHOSEN'],
    ['guide-dh-group', 'ike-dh-group-mismatch', 'IKE_SA_INIT', 'NO_PROPOSAL_CHOSEN'],
    ['guide-ike-encryption', 'ike-encryption-mismatch', 'IKE_SA_INIT', 'NO_PROPOSAL_CHOSEN'],
    ['guide-ike-hash', 'ike-hash-mismatch', 'IKE_SA_INIT', 'NO_PROPOSAL_CHOSEN'],
    ['guide-pfs', 'pfs-mismatch', 'CREATE_CHILD_SA', 'NO_PROPOSAL_CHOSEN'],
    ['guide-esp-encryption', 'esp-encryption-mismatch', 'IKE_AUTH', 'NO_PROPOSAL_CHOSEN'],
    ['guide-esp-hash', 'esp-hash-mismatch', 'IKE_AUTH', 'NO_PROPOSAL_CHOSEN'],
    ['guide-psk', 'psk-mismatch', 'IKE_AUTH', 'AUTHENTICATION_FAILED'],
    ['guide-remote-id', 'peer-id-mismatch', 'IKE_AUTH', 'AUTHENTICATION_FAILED'],
    ['guide-selectors', 'traffic-selectors-disjoint', 'IKE_AUTH', 'TS_UNACCEPTABLE'],
  ])('%s gives %s', (name, ruleId, exchange, notify) => {
    const report = lintFixture(name);
    const errors = report.findings.filter(({ severity }) => severity === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ ruleId, exchange, ikeError: { notify } });
    expect(new Set(errors[0]?.locations.map(({ site }) => site))).toEqual(new Set([0, 1]));
  });

  test.each([
    ['guide-ike-lifetime', 'ike-lifetime-mismatch'],
    ['guide-esp-lifetime', 'esp-lifetime-mismatch'],
  ])('%s is a warning: nothing is refused', (name, ruleId) => {
    const report = lintFixture(name);
    expect(report.summary.errors).toBe(0);
    expect(warningsOf(report).toSorted()).toEqual([...guideWarnings, ruleId].toSorted());
    expect(report.findings.find((finding) => finding.ruleId === ruleId)).toMatchObject({ ikeError: null });
    expect(report.links[0]?.negotiations.map(({ result }) => result.outcome)).toEqual([
      'established',
      'established',
    ]);
  });
});
