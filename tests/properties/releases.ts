/** A site of each release against its mirror of each other release is clean. */
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { type Input, lint } from '../../src/index.ts';
import type { Report } from '../../src/lint/report.ts';
import { RELEASES, type Release } from '../../src/vyos/schema/index.ts';
import { portableSite, toConfigBoot, toDumpOf } from '../arbitrary/releases.ts';
import { mirror, type SiteSpec } from '../arbitrary/site-spec.ts';

/** What a release shares with itself is no matter of releases: a weak algorithm, or what VyOS refuses of both. */
function unlike(report: Report, usual: Report): readonly string[] {
  const known = new Set(usual.findings.map(({ ruleId }) => ruleId));
  return report.findings
    .filter(({ severity, ruleId }) => severity !== 'info' && !known.has(ruleId))
    .map(({ severity, ruleId, message }) => `${severity} ${ruleId}: ${message}`);
}

/** A key-exchange that is not set means IKEv1 in 1.2, and both with IKEv2 first in later releases. */
function withKeyExchange(site: SiteSpec, keyExchange: 'ikev1' | 'ikev2'): SiteSpec {
  const [peer] = site.peers;
  if (peer.ikeGroup.keyExchange !== undefined) return site;
  return { ...site, peers: [{ ...peer, ikeGroup: { ...peer.ikeGroup, keyExchange } }] };
}

/** Where one of the two is of 1.2, and the other is not, or is not known to be. */
function versioned(site: SiteSpec, releases: readonly Release[], told: boolean): SiteSpec {
  const only = releases.every((each) => each === '1.2');
  return releases.includes('1.2') && !(only && told) ? withKeyExchange(site, 'ikev2') : site;
}

/** The same pair in today's release. */
function usualOf(site: SiteSpec, releases: readonly Release[], told: boolean): Report {
  const oldest = told && releases.every((each) => each === '1.2');
  const own = oldest ? withKeyExchange(site, 'ikev1') : versioned(site, releases, told);
  return lint(pairOf(own, '1.4', '1.4', true));
}

/** How each of the two is written down; in braces with the footer, which is certain. */
type Notations = Readonly<Record<'a' | 'b', 'set' | 'braces'>>;

function pairOf(
  site: SiteSpec,
  a: Release,
  b: Release,
  told: boolean,
  notations: Notations = { a: 'set', b: 'set' },
): readonly Input[] {
  const own = versioned(site, [a, b], told || Object.values(notations).every((each) => each === 'braces'));
  const dump = (side: 'a' | 'b', text: string, release: Release): Input =>
    notations[side] === 'braces'
      ? { file: `${side}.boot`, text: toConfigBoot(text, release) }
      : { file: `${side}.conf`, text, ...(told ? { release } : {}) };
  return [dump('a', toDumpOf(own, a), a), dump('b', toDumpOf(mirror(own), b), b)];
}

function generation(release: string): 'ipsec.conf' | 'swanctl.conf' {
  return release === '1.2' || release === '1.3' ? 'ipsec.conf' : 'swanctl.conf';
}

const notations = fc.record<Notations>({
  a: fc.constantFrom('set', 'braces'),
  b: fc.constantFrom('set', 'braces'),
});

/** Throws with the smallest site and the releases for which it does not hold. */
export function checkReleases(numRuns: number, seed: number): void {
  fc.assert(
    fc.property(portableSite, fc.boolean(), notations, (site, told, written) => {
      for (const a of RELEASES) {
        for (const b of RELEASES) {
          const report = lint(pairOf(site, a, b, told, written));
          // A footer tells 1.2 as the user does.
          const isTold = (side: 'a' | 'b') => told || written[side] === 'braces';
          const usual = usualOf(site, [a, b], isTold('a') && isTold('b'));
          const found = report.sites.map(({ vyos }, index) =>
            isTold(index === 0 ? 'a' : 'b') ? vyos : generation(vyos),
          );
          deepStrictEqual(
            { a, b, found, links: report.links.length, unlike: unlike(report, usual) },
            {
              a,
              b,
              found: [isTold('a') ? a : generation(a), isTold('b') ? b : generation(b)],
              links: 1,
              unlike: [],
            },
          );
        }
      }
    }),
    { numRuns, seed },
  );
}
