/** A site of each release against its mirror of each other release is clean. */
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { type Input, lint } from '../../src/index.ts';
import type { Report } from '../../src/lint/report.ts';
import { RELEASES, type Release } from '../../src/vyos/schema/index.ts';
import { portableSite, toDumpOf } from '../arbitrary/releases.ts';
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

function versioned(site: SiteSpec, releases: readonly Release[]): SiteSpec {
  const mixed = releases.includes('1.2') && releases.some((each) => each !== '1.2');
  return mixed ? withKeyExchange(site, 'ikev2') : site;
}

/** The same pair in today's release. */
function usualOf(site: SiteSpec, releases: readonly Release[], told: boolean): Report {
  const oldest = told && releases.every((each) => each === '1.2');
  const own = oldest ? withKeyExchange(site, 'ikev1') : versioned(site, releases);
  return lint(pairOf(own, '1.4', '1.4', true));
}

function pairOf(site: SiteSpec, a: Release, b: Release, told: boolean): readonly Input[] {
  const own = versioned(site, [a, b]);
  return [
    { file: 'a.conf', text: toDumpOf(own, a), ...(told ? { release: a } : {}) },
    { file: 'b.conf', text: toDumpOf(mirror(own), b), ...(told ? { release: b } : {}) },
  ];
}

function generation(release: string): 'ipsec.conf' | 'swanctl.conf' {
  return release === '1.2' || release === '1.3' ? 'ipsec.conf' : 'swanctl.conf';
}

/** Throws with the smallest site and the releases for which it does not hold. */
export function checkReleases(numRuns: number, seed: number): void {
  fc.assert(
    fc.property(portableSite, fc.boolean(), (site, told) => {
      for (const a of RELEASES) {
        for (const b of RELEASES) {
          const report = lint(pairOf(site, a, b, told));
          const usual = usualOf(site, [a, b], told);
          const found = report.sites.map(({ vyos }) => generation(vyos));
          deepStrictEqual(
            { a, b, found, links: report.links.length, unlike: unlike(report, usual) },
            { a, b, found: [generation(a), generation(b)], links: 1, unlike: [] },
          );
        }
      }
    }),
    { numRuns, seed },
  );
}
