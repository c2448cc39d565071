/** Mirror-clean (docs/architecture.md), over random sites; and that no output of random pairs holds a secret. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasWildcards, parseIdentity } from '../../src/ike/identity.ts';
import { formats, lint } from '../../src/index.ts';
import { mangled, slip } from '../arbitrary/mangled.ts';
import { arbitraryPair, arbitrarySite, mirror, type SiteSpec, toDump } from '../arbitrary/site.ts';
import { judge, manyRuns, siteOf } from './judge.ts';

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
      { numRuns: manyRuns },
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

  test.each(Object.entries(formats))('%s, of dumps whose secret lines are mangled', (_, render) => {
    fc.assert(
      fc.property(arbitraryPair, slip, ({ a, b }, how) => {
        const [one, other] = [a, b].map((spec) => mangled(toDump(withTelltale(spec, '')), how));
        const report = lint([
          { file: 'a.conf', text: one ?? '' },
          { file: 'b.conf', text: other ?? '' },
        ]);
        for (const width of [40, 120]) {
          // A line that was broken may have been broken within the telltale.
          expect(render(report, { color: false, width })).not.toMatch(/Zq7|telltale|lltale/);
        }
      }),
      { numRuns: 150 },
    );
  });
});
