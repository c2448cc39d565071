/**
 * One answer: what a finding, a log or `render` says of a link is what the record of its negotiation has; no forecast
 * contradicts a finding; and a site has the same findings alone as in a pair.
 */
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { readSetDump } from '../../grammar/index.ts';
import { parseAddress } from '../../src/ike/address.ts';
import { throughNat, translations } from '../../src/ike/child.ts';
import { childClock, ikeClock } from '../../src/ike/clock.ts';
import type { Connection } from '../../src/ike/connection.ts';
import { throughPhase1Payload, throughPhase2Payload } from '../../src/ike/ikev1-proposal.ts';
import { mayInitiate } from '../../src/ike/initiation.ts';
import { type NegotiationRecord, selectorsIn } from '../../src/ike/negotiate.ts';
import { formatProposal, type Proposal, withoutKeyExchange } from '../../src/ike/proposal.ts';
import type { Clock } from '../../src/ike/timeline.ts';
import { formatSelector, type TrafficSelector } from '../../src/ike/traffic-selector.ts';
import {
  adviceAgainst,
  prfFor,
  sameTransform,
  type Transform,
  transformOf,
} from '../../src/ike/transform.ts';
import type { Finding } from '../../src/lint/finding.ts';
import { courseOf } from '../../src/lint/follow.ts';
import { initiationBy, type Link, mayCall } from '../../src/pairing/link.ts';
import { rules } from '../../src/rules/index.ts';
import { sourceFile } from '../../src/source/index.ts';
import type { LoadedSite } from '../../src/strongswan/load-site.ts';
import { renderConf } from '../../src/strongswan/render.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import { dhGroupKeywords } from '../../src/vyos/schema/algorithms.ts';
import type { Site } from '../../src/vyos/site.ts';
import { routedPair } from '../arbitrary/routed.ts';
import { arbitraryPair, toDump } from '../arbitrary/site.ts';
import { type Judged, judge } from './judge.ts';

/** What may be said of a link. */
interface Words {
  readonly proposals: ReadonlySet<string>;
  readonly selectors: ReadonlySet<string>;
  readonly seconds: ReadonlySet<string>;
  readonly identities: ReadonlySet<string>;
}

function proposalsOf(list: readonly Proposal[]): readonly string[] {
  return list
    .flatMap((each) => [
      each,
      withoutKeyExchange(each),
      throughPhase1Payload(each),
      ...[throughPhase2Payload(each) ?? []].flat(),
    ])
    .map(formatProposal);
}

function secondsOf({ soft, hard }: Clock): readonly string[] {
  return [soft, hard].flatMap((span) => (span ? [`${span.from}`, `${span.to}`] : []));
}

function identitiesOf({ local, remote, ppk }: Connection): readonly string[] {
  return [local.identity, remote.identity, ppk.id].flatMap((identity) => (identity ? [identity.text] : []));
}

/** Selectors of one side as the other end has them in transport mode. */
function seenThroughNat({ run }: NegotiationRecord, selectors: readonly TrafficSelector[]) {
  if (!run?.attempt) return [];
  const { toResponder, toInitiator } = translations(run.attempt.path);
  return [toResponder.local, toResponder.remote, toInitiator.local, toInitiator.remote].flatMap((nat) =>
    throughNat(selectors, nat),
  );
}

function wordsOf(link: Link): Words {
  const ends = [link.a, link.b];
  const runs = link.records.flatMap(({ run }) => run ?? []);
  const connections = [
    ...ends.flatMap(({ connection }) => connection ?? []),
    // Another peer of the responder may answer.
    ...runs.flatMap(({ over }) => over?.responderConnection ?? []),
  ];
  const children = connections.flatMap((connection) => connection.children);
  const ofRecord = (record: NegotiationRecord) =>
    ends.flatMap((end) =>
      (end.connection?.children ?? []).flatMap((child) => {
        const found = selectorsIn(record, end.side, child);
        return found
          ? [found.local, found.remote].flatMap((each) => [...each, ...seenThroughNat(record, each)])
          : [];
      }),
    );
  return {
    proposals: new Set([
      ...proposalsOf([...connections, ...children].flatMap(({ proposals }) => proposals)),
      ...runs.flatMap(({ opening, childSa }) =>
        [opening, childSa].flatMap((each) => (each ? [formatProposal(each.proposal)] : [])),
      ),
    ]),
    selectors: new Set(
      [
        ...link.records.flatMap(ofRecord),
        ...runs.flatMap(({ childSa }) =>
          childSa
            ? [childSa.local, childSa.remote, childSa.answered.local, childSa.answered.remote].flat()
            : [],
        ),
      ].map(formatSelector),
    ),
    seconds: new Set([
      ...connections.flatMap(({ lifetime }) => secondsOf(ikeClock(lifetime))),
      ...children.flatMap(({ lifetime }) => secondsOf(childClock(lifetime))),
    ]),
    identities: new Set([
      '%any',
      ...connections.flatMap(identitiesOf),
      ...ends.flatMap(({ loaded }) =>
        [...loaded.daemon.sharedKeys, ...loaded.daemon.ppks].flatMap(({ owners }) =>
          owners.map(({ text }) => text),
        ),
      ),
      ...runs.flatMap(({ attempt, ikeSa }) => [
        ...(attempt
          ? [attempt.path.initiator, attempt.path.responder].flatMap(({ local, remote }) => [local, remote])
          : []),
        ...(ikeSa ? [ikeSa.idr.text] : []),
      ]),
    ]),
  };
}

const proposal = /\b[A-Z0-9]+(?:_[A-Z0-9]+)*(?:\/[A-Z0-9]+(?:_[A-Z0-9]+)*)+\b/g;
const selector = /(?<![\w.:/])[\da-f.:]*[.:][\da-f.:]*\/\d+(?:\[[^\]]*\])?/g;
const window = /\bafter (\d+)(?: to (\d+))? s\b/g;
/** As charon writes them, and as the messages about identities do. */
const quotedIdentity = /(?:identity '|IDir '|IDr |for '|- '|\bis "(?=[^"]*", \S+ expects ))([^'"]+)['"]/g;

function strangersIn(text: string, { proposals, selectors, seconds, identities }: Words): readonly string[] {
  const all = (pattern: RegExp) => [...text.matchAll(pattern)];
  return [
    ...all(proposal)
      .map(([found]) => found)
      .filter((found) => found.split('/').some((each) => each.includes('_')) && !proposals.has(found)),
    ...all(selector)
      .map(([found]) => found)
      .filter((found) => !identities.has(found) && !selectors.has(found))
      .filter((found) => parseAddress(found.split('/')[0] ?? '') !== undefined),
    ...all(window)
      .flatMap(([, from, to]) => [from, to])
      .filter((each) => each !== undefined && !seconds.has(each)),
    ...all(quotedIdentity)
      .map(([, found = '']) => found)
      .filter((found) => !identities.has(found)),
  ].map(String);
}

/** The texts of a finding that speak of what the ends negotiate, and not of what stands in the dump. */
function textsOf({ message, consequence, log }: Finding): readonly string[] {
  return [message, consequence, ...log.a, ...log.b];
}

/** What rules of NAT, the firewall and routes say of other addresses is not the negotiation's. */
const aboutPackets =
  /^(?:firewall|destination-nat|source-nat|nat-|peer-address|vti-|peer-routed|ipsec-interface)/;

function expectRecord({ network, report }: Judged): void {
  for (const [index, link] of network.links.entries()) {
    const words = wordsOf(link);
    for (const finding of report.findings.filter((each) => each.link === index)) {
      if (aboutPackets.test(finding.ruleId)) continue;
      const strangers = textsOf(finding).flatMap((text) => strangersIn(text, words));
      deepStrictEqual({ rule: finding.ruleId, strangers }, { rule: finding.ruleId, strangers: [] });
    }
    for (const end of [link.a, link.b]) expectRendered(end.loaded);
  }
}

/** What `render` prints of the proposals is what was negotiated with. */
function expectRendered(loaded: LoadedSite): void {
  const text = renderConf(loaded);
  const sections = loaded.daemon.connections.map(({ section }) => section);
  const printed = [...text.matchAll(/^\s*(?:esp_)?proposals = (.+)$/gm)].map(([, value]) => value);
  const written = sections
    .flatMap(({ proposals, children }) => [
      proposals,
      ...children.filter(({ mode }) => mode.value !== 'pass').map(({ esp_proposals: esp }) => esp),
    ])
    .map((leaves) => leaves.filter(({ implied }) => !implied).map(({ value }) => value))
    .map((values) => values.join(','));
  for (const value of written.filter((each) => each !== ''))
    deepStrictEqual({ value, is: printed.includes(value) }, { value, is: true });
}

/** A weak algorithm that is named is one that a connection offers. Groups of connections that charon discards are not known. */
function expectOffered({ network, report }: Judged): void {
  for (const { ruleId, locations } of report.findings) {
    const { daemon } = network.sites[locations[0].site] ?? {};
    if (ruleId !== 'weak-algorithm' || !daemon || daemon.rejected.length > 0) continue;
    const offered = daemon.connections
      .flatMap(({ proposals, children }) => [...proposals, ...children.flatMap((child) => child.proposals)])
      .flatMap(({ transforms }) => transforms);
    for (const { value } of locations) {
      const is = offered.some(
        (transform) => adviceAgainst(transform) !== undefined && isNamedBy(transform, value ?? ''),
      );
      deepStrictEqual({ value, is }, { value, is: true });
    }
  }
}

function isNamedBy(transform: Transform, value: string): boolean {
  const named = transformOf(dhGroupKeywords.get(value.replace(/^dh-group/, '')) ?? value);
  const names = named ? [named, prfFor(named)] : [];
  return names.some((each) => each !== undefined && sameTransform(each, transform));
}

/** Who is said to initiate, again or at all, is who initiates by the record; `negotiate` says the same. */
function expectInitiators({ network, report }: Judged): void {
  const course = courseOf(network, rules, report);
  for (const [index, link] of network.links.entries()) {
    const ends = [link.a, link.b];
    const initiations = ends.map((end) => initiationBy(end));
    const has = (id: string) => report.findings.some(({ ruleId, link: of }) => ruleId === id && of === index);
    const again = initiations.every(
      (each) => each !== undefined && (each.afterDpd === 'start' || each.afterClose === 'start'),
    );
    if (has('both-sides-restart')) deepStrictEqual({ again }, { again: true });
    const atLoad = initiations.some((each) => each?.atLoad === 'start');
    if (has('nobody-initiates')) deepStrictEqual({ atLoad }, { atLoad: false });
    for (const [at, initiation] of initiations.entries()) {
      if (!initiation) continue;
      const { onlyAnswers } = course.links[index]?.directions[at] ?? {};
      const initiates = mayInitiate(initiation);
      deepStrictEqual({ initiates, says: onlyAnswers === null }, { initiates, says: initiates });
    }
  }
}

/** No direction that can happen is said to fail without an error, and none to come up and last that an error says fails. */
function expectForecast({ network, report }: Judged): void {
  const errors = report.findings.filter(({ severity }) => severity === 'error');
  for (const [index, link] of network.links.entries()) {
    for (const { initiator, child, result, afterwards } of link.negotiations) {
      if (!mayCall(link[initiator], child)) continue;
      const said = { initiator, child, fails: result.outcome === 'failed' };
      const ofDirection = errors.filter(
        ({ link: of, initiators }) => of === null || (of === index && initiators.includes(initiator)),
      );
      if (said.fails) deepStrictEqual({ ...said, told: ofDirection.length > 0 }, { ...said, told: true });
      // Of an exchange that comes before the CHILD_SA an error leaves no tunnel.
      const atOnce = ofDirection.filter(
        ({ exchange, hiddenBehind }) =>
          /^(?:IKE_SA_INIT|MAIN_MODE)$/.test(exchange ?? '') && hiddenBehind === null,
      );
      if (result.outcome === 'established' && afterwards.length === 0 && link.negotiations.length === 2) {
        deepStrictEqual({ ...said, errors: atOnce.map(({ ruleId }) => ruleId) }, { ...said, errors: [] });
      }
    }
  }
}

const ofSite = new Set(rules.filter(({ scope }) => scope === 'site').map(({ id }) => id));

function aboutSite({ report }: Judged, site: number): readonly string[] {
  return report.findings
    .filter(
      ({ ruleId, locations, link }) => ofSite.has(ruleId) && link === null && locations[0].site === site,
    )
    .map(({ ruleId, severity, message }) => `${severity} ${ruleId}: ${message}`)
    .toSorted();
}

function somethingHappens({ network: { links } }: Judged): boolean {
  return (
    links.length === 0 ||
    links.some((link) => link.negotiations.some(({ initiator, child }) => mayCall(link[initiator], child)))
  );
}

/** A site alone and in a pair get the same findings about the site; and alone no error that the pair has not. */
function expectSameAlone(a: Site, b: Site, pair: Judged): void {
  for (const [index, site] of [a, b].entries()) {
    const alone = judge(site);
    deepStrictEqual(aboutSite(pair, index), aboutSite(alone, 0));
    const isRefused = alone.report.findings.some(({ severity }) => severity === 'error');
    // Alone the other side is taken to initiate.
    if (isRefused && somethingHappens(pair))
      deepStrictEqual(
        pair.report.findings.some(({ severity }) => severity === 'error'),
        true,
      );
  }
}

function siteFrom(name: string, text: string): Site {
  return readSite(name, readSetDump(sourceFile(`${name}.conf`, text)));
}

function expectAll(a: Site, b: Site): void {
  const judged = judge(a, b);
  expectRecord(judged);
  expectOffered(judged);
  expectInitiators(judged);
  expectForecast(judged);
  expectSameAlone(a, b, judged);
}

/** What a person does to one side that the random sites do not have: a NAT before it, an identity that is none, GRE, DPD. */
const twists: readonly ((dump: string) => string)[] = [
  (dump) => dump,
  (dump) => dump.replace(/((?:local-)?address ')203\.0\.113\.1(?='|\/)/g, '$110.99.0.1'),
  (dump) => dump.replace(/(local-id ')[^']*/, '$10.0.0.0'),
  (dump) =>
    dump
      .replace(/^(set vpn ipsec esp-group \S+)$/gm, "$1 mode 'transport'")
      .replace(
        /^(set vpn ipsec site-to-site peer \S+ tunnel \S+) (?:local|remote) .*$/gm,
        "$1 protocol 'gre'",
      ),
  (dump) =>
    dump
      .replace(/^(set vpn ipsec ike-group \S+)$/gm, "$1 dead-peer-detection action 'restart'")
      .replace(/^(set vpn ipsec site-to-site peer \S+) ike-group .*$/gm, "$&\n$1 connection-type 'none'"),
];

const pairOfDumps = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: arbitraryPair.map(({ a, b }) => ({ a: toDump(a), b: toDump(b) })) },
      { weight: 1, arbitrary: routedPair },
    ),
    fc.subarray([...twists.keys()]),
    fc.boolean(),
  )
  .map(([{ a, b }, chosen, both]) => {
    const twisted = (dump: string, own: readonly number[]) =>
      own.reduce((now, index) => twists[index]?.(now) ?? now, dump);
    return { a: twisted(a, chosen), b: twisted(b, both ? chosen.filter((index) => index >= 3) : []) };
  });

export function checkOneRecord(numRuns: number, seed: number): void {
  fc.assert(
    fc.property(pairOfDumps, ({ a, b }) => {
      expectAll(siteFrom('a', a), siteFrom('b', b));
    }),
    { numRuns, seed },
  );
}
