/**
 * Sound, complete, symmetric (docs/architecture.md) and in the order of the records, over random pairs of sites: a mirrored pair with up to four
 * changes on either side.
 */
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { readSetDump } from '../../grammar/index.ts';
import { type Address, familyOf, parseAddress } from '../../src/ike/address.ts';
import type { Failure, Negotiation } from '../../src/ike/outcome.ts';
import type { Finding } from '../../src/lint/finding.ts';
import type { Report } from '../../src/lint/report.ts';
import { facingEnd, type Link, mayCall } from '../../src/pairing/link.ts';
import { sourceFile } from '../../src/source/index.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import type { Site } from '../../src/vyos/site.ts';
import { pairOfReleases } from '../arbitrary/releases.ts';
import { routedPair } from '../arbitrary/routed.ts';
import { arbitraryPair } from '../arbitrary/site.ts';
import { type Judged, judge, siteOf } from './judge.ts';
import { disorder } from './record-order.ts';

function callerMay(link: Link, { initiator, child }: Pick<Negotiation, 'initiator' | 'child'>): boolean {
  return mayCall(initiator === 'a' ? link.a : link.b, child);
}

/**
 * What goes wrong in a negotiation that takes place: at its start, or once the tunnel is up. Where its outcome is unknown,
 * what fails even if the unknown is well: then no tunnel comes up, whatever it is, or none that lasts.
 */
function failuresOf({ result, hidden, afterwards }: Negotiation): readonly Failure[] {
  switch (result.outcome) {
    case 'failed':
      return [result];
    case 'established':
      return afterwards.map(({ failure }) => failure);
    case 'unknown':
      return hidden.length > 0 ? hidden.slice(0, 1) : afterwards.map(({ failure }) => failure);
  }
}

function errorsOf(report: Report, link: number): readonly Finding[] {
  return report.findings.filter((finding) => finding.severity === 'error' && finding.link === link);
}

/** An error means that something that can happen fails. */
function expectSound({ network, report }: Judged): void {
  for (const [index, link] of network.links.entries()) {
    for (const { ruleId, initiators } of errorsOf(report, index)) {
      if (ruleId === 'traffic-selectors-narrowed') continue;
      if (ruleId === 'firewall-drops-esp') {
        expectDropped(link);
        continue;
      }
      const failing = link.negotiations.filter(
        (negotiation) =>
          initiators.includes(negotiation.initiator) &&
          callerMay(link, negotiation) &&
          failuresOf(negotiation).length > 0,
      );
      deepStrictEqual({ ruleId, failing: failing.length > 0 }, { ruleId, failing: true });
    }
  }
}

/** ESP that an end drops, of a new flow and of an established one: nothing of its tunnel gets in. */
function expectDropped({ a, b }: Link): void {
  const shut = [a, b].filter(({ loaded, source: { peer } }) => {
    const [from, to] = [peer.remoteAddresses[0]?.value ?? '', peer.localAddress?.value ?? ''].map(
      parseAddress,
    );
    const [first = from] = loaded.daemon.addresses.filter((own) => from && familyOf(own) === familyOf(from));
    return (['new', 'established'] as const).every(
      (state) =>
        loaded.daemon.inbound({
          from: from ?? ('192.0.2.250' as Address),
          to: to ?? first ?? ('192.0.2.251' as Address),
          protocol: 'esp',
          port: undefined,
          translated: false,
          state,
          connection: undefined,
        }).length > 0,
    );
  });
  deepStrictEqual(shut.length > 0, true);
}

/** What can happen and fails has an error that names its notify. */
function expectComplete({ network, report }: Judged): void {
  for (const [index, link] of network.links.entries()) {
    const errors = errorsOf(report, index);
    for (const negotiation of link.negotiations.filter((item) => callerMay(link, item))) {
      for (const failure of failuresOf(negotiation)) {
        const { notify, reason } = failure;
        if (isToldOfSite(report, link, negotiation, failure)) continue;
        const naming = errors.filter(
          ({ ikeError, initiators }) =>
            initiators.includes(negotiation.initiator) && (notify === null || ikeError?.notify === notify),
        );
        deepStrictEqual({ reason, notify, named: naming.length > 0 }, { reason, notify, named: true });
      }
    }
  }
}

/** A commit that VyOS refuses is told once, of the site, and not of each of its links. */
function isToldOfSite(
  { findings }: Report,
  link: Link,
  { initiator }: Negotiation,
  { reason, detail }: Failure,
): boolean {
  const unloaded = reason === 'not-loaded' ? 'initiator' : detail?.unloaded;
  if (unloaded === undefined) return false;
  const { site } = unloaded === 'initiator' ? link[initiator] : facingEnd(link, initiator);
  return findings.some(
    ({ link: of, severity, locations }) => of === null && severity === 'error' && locations[0].site === site,
  );
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

function expectAll(a: Site, b: Site): void {
  const judged = judge(a, b);
  expectSound(judged);
  expectComplete(judged);
  deepStrictEqual(disorder(judged), []);
  deepStrictEqual(mirrored(judge(b, a).report, true), mirrored(judged.report, false));
}

/** The same over pairs of any two releases, in the spelling of each. */
export function checkPairsOfReleases(numRuns: number, seed: number): void {
  fc.assert(
    fc.property(pairOfReleases, (pair) => {
      const [a, b] = (['a', 'b'] as const).map((side) => {
        const { text, release } = pair[side];
        return readSite(side, readSetDump(sourceFile(`${side}.conf`, text)), release);
      });
      if (a && b) expectAll(a, b);
    }),
    { numRuns, seed },
  );
}

/** The same over pairs whose routers take, ignore, misroute or cannot send the packets of IKE. */
export function checkRoutedPairs(numRuns: number, seed: number): void {
  fc.assert(
    fc.property(routedPair, ({ a, b }) => {
      const site = (name: string, text: string) =>
        readSite(name, readSetDump(sourceFile(`${name}.conf`, text)));
      expectAll(site('a', a), site('b', b));
    }),
    { numRuns, seed },
  );
}

/** Throws with the smallest pair for which one of the three does not hold. */
export function checkPairs(numRuns: number, seed: number): void {
  fc.assert(
    fc.property(arbitraryPair, (pair) => {
      expectAll(siteOf('a', pair.a), siteOf('b', pair.b));
    }),
    { numRuns, seed },
  );
}
