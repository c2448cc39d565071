/**
 * The invariants of the forecast and of the findings (docs/architecture.md), over random pairs of sites: a mirrored
 * pair with up to four changes on either side.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSetDump } from '../../grammar/index.ts';
import { hasWildcards, parseIdentity } from '../../src/ike/identity.ts';
import type { Failure, Negotiation } from '../../src/ike/outcome.ts';
import { formats, type Report, tool } from '../../src/index.ts';
import type { Finding } from '../../src/lint/finding.ts';
import { lint } from '../../src/lint/lint.ts';
import { type Link, linkSites, mayCall, type Network } from '../../src/pairing/link.ts';
import { rules } from '../../src/rules/index.ts';
import { sourceFile } from '../../src/source/index.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import type { Site } from '../../src/vyos/site.ts';
import { arbitraryPair, arbitrarySite, mirror, type SiteSpec, toDump } from '../arbitrary/site.ts';

const numRuns = 2000;

interface Judged {
  readonly network: Network;
  readonly report: Report;
}

function siteOf(name: string, spec: SiteSpec): Site {
  return readSite(name, readSetDump(sourceFile(`${name}.conf`, toDump(spec))));
}

function judge(...sites: readonly Site[]): Judged {
  const network = linkSites(sites);
  return { network, report: lint(network, rules, tool) };
}

function callerMay(link: Link, { initiator, child }: Pick<Negotiation, 'initiator' | 'child'>): boolean {
  return mayCall(initiator === 'a' ? link.a : link.b, child);
}

/** What goes wrong in a negotiation that takes place: at its start, or once the tunnel is up. */
function failuresOf({ result, afterwards }: Negotiation): readonly Failure[] {
  if (result.outcome === 'failed') return [result];
  return result.outcome === 'established' ? afterwards.map(({ failure }) => failure) : [];
}

function errorsOf(report: Report, link: number): readonly Finding[] {
  return report.findings.filter((finding) => finding.severity === 'error' && finding.link === link);
}

/** An error means that something that can happen fails. */
function expectSound({ network, report }: Judged): void {
  for (const [index, link] of network.links.entries()) {
    for (const { ruleId, initiators } of errorsOf(report, index)) {
      if (ruleId === 'traffic-selectors-narrowed') continue;
      const failing = link.negotiations.filter(
        (negotiation) =>
          initiators.includes(negotiation.initiator) &&
          callerMay(link, negotiation) &&
          failuresOf(negotiation).length > 0,
      );
      expect({ ruleId, failing: failing.length > 0 }).toEqual({ ruleId, failing: true });
    }
  }
}

/** What can happen and fails has an error that names its notify. */
function expectComplete({ network, report }: Judged): void {
  for (const [index, link] of network.links.entries()) {
    const errors = errorsOf(report, index);
    for (const negotiation of link.negotiations.filter((item) => callerMay(link, item))) {
      for (const { notify, reason } of failuresOf(negotiation)) {
        const naming = errors.filter(
          ({ ikeError, initiators }) =>
            initiators.includes(negotiation.initiator) && (notify === null || ikeError?.notify === notify),
        );
        expect({ reason, notify, named: naming.length > 0 }).toEqual({ reason, notify, named: true });
      }
    }
  }
}

/** A finding as it is seen with the sites exchanged, without its wording. */
function mirrored(report: Report, exchanged: boolean): readonly string[] {
  const site = (index: number) => (exchanged ? 1 - index : index);
  const side = (name: 'a' | 'b') => (exchanged ? (name === 'a' ? 'b' : 'a') : name);
  return report.findings
    .map((finding) =>
      JSON.stringify({
        rule: finding.ruleId,
        severity: finding.severity,
        error: finding.ikeError,
        exchange: finding.exchange,
        initiators: finding.initiators.map(side).toSorted(),
        behind: finding.hiddenBehind === null ? null : report.findings[finding.hiddenBehind]?.ruleId,
        locations: finding.locations
          .map(({ site: index, at, value }) => [site(index), at.start, at.end, value])
          .toSorted((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1)),
        fix: finding.fix
          .map(({ site: index, commands }) => [site(index), ...commands])
          .toSorted((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1)),
      }),
    )
    .toSorted();
}

test('sound, complete and symmetric over random pairs', () => {
  fc.assert(
    fc.property(arbitraryPair, (pair) => {
      const [a, b] = [siteOf('a', pair.a), siteOf('b', pair.b)];
      const judged = judge(a, b);
      expectSound(judged);
      expectComplete(judged);
      expect(mirrored(judge(b, a).report, true)).toEqual(mirrored(judged.report, false));
    }),
    { numRuns },
  );
});

/** What VyOS or strongSwan refuses, or IKEv1 cannot do, although both sides agree. */
const refusedAnyway: ReadonlySet<string> = new Set([
  'invalid-value',
  'aggressive-mode-refused',
  'connection-not-loaded',
  'ikev1-proposal-lost',
  'private-use-algorithm',
]);

function severalGroups({ peers: [{ tunnels }] }: SiteSpec): boolean {
  return tunnels.length > 1 && tunnels.some(({ espGroup }) => espGroup !== undefined);
}

function wildcardIds({ peers: [{ localId, remoteId }] }: SiteSpec): boolean {
  return [localId, remoteId].some((id) => id !== undefined && hasWildcards(parseIdentity(id)));
}

describe('mirror-clean: a site against its mirror has no error', () => {
  test('over random sites', () => {
    fc.assert(
      fc.property(arbitrarySite, (site) => {
        const { report } = judge(siteOf('a', site), siteOf('b', mirror(site)));
        const ikev1 = site.peers[0].ikeGroup.keyExchange === 'ikev1';
        const errors = report.findings.filter(
          ({ severity, ruleId }) =>
            severity === 'error' &&
            !refusedAnyway.has(ruleId) &&
            // Of tunnels with the same selectors the responder takes the first, whatever its ESP group.
            !(/^(?:esp|pfs)-/.test(ruleId) && severalGroups(site)) &&
            // A wildcard names nobody: who has one for its own identity presents its address.
            !(ruleId === 'peer-id-mismatch' && wildcardIds(site)) &&
            // IKEv1 carries only the first pair of prefixes.
            !(ikev1 && ruleId === 'traffic-selectors-narrowed'),
        );
        expect(errors.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
      }),
      { numRuns },
    );
  });
});

describe('nothing leaks: no secret of any input is in any output', () => {
  /** Long enough, and unlike anything else, so that finding it in an output means that it leaked. */
  const telltale = 'Zq7-telltale';
  const withTelltale = (site: SiteSpec, mark: string): SiteSpec => ({
    ...site,
    psks: site.psks.map((psk) => ({ ...psk, secret: `${telltale}${mark}${psk.secret}` })),
  });

  test.each(Object.entries(formats))('%s', (_, render) => {
    fc.assert(
      fc.property(arbitraryPair, fc.constantFrom('', 'x'), ({ a, b }, mark) => {
        const { report } = judge(siteOf('a', withTelltale(a, '')), siteOf('b', withTelltale(b, mark)));
        for (const width of [40, 120]) {
          expect(render(report, { color: true, width })).not.toContain(telltale);
        }
      }),
      { numRuns: 300 },
    );
  });
});
