/** The findings of a link stand in the order in which its negotiations fail, which is told here from the records alone. */
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import type { ObstacleKind } from '../../src/ike/connection.ts';
import type { Failure, Negotiation } from '../../src/ike/outcome.ts';
import type { Finding } from '../../src/lint/finding.ts';
import { type Link, mayCall } from '../../src/pairing/link.ts';
import { kinds, pairWith, type Version } from './faults.ts';
import type { Judged } from './judge.ts';
import { spread } from './spread.ts';

type Explains = (failure: Failure, initiator: 'a' | 'b', finding: Finding) => boolean;

const of =
  (...reasons: readonly Failure['reason'][]): Explains =>
  ({ reason }) =>
    reasons.includes(reason);

/** Whose the finding is: the site of its first place. */
const owner = ({ locations: [{ site }] }: Finding) => (site === 0 ? 'a' : 'b');
const other = (side: 'a' | 'b') => (side === 'a' ? 'b' : 'a');
const dropped =
  (by: ObstacleKind, port?: number): Explains =>
  ({ detail }, initiator, finding) =>
    detail?.dropped?.obstacle.by === by &&
    (port === undefined || detail.dropped.arrival.port === port) &&
    (detail.dropped.by === 'initiator' ? initiator : other(initiator)) === owner(finding);

/** Which failures each rule explains, told here anew. */
export const explains: Readonly<Record<string, Explains>> = {
  'ike-encryption-mismatch': of('no-ike-proposal'),
  'ike-dh-group-mismatch': of('no-ike-proposal'),
  'aggressive-mode-refused': of('aggressive-psk-refused'),
  'ike-mode-mismatch': of('mode-mismatch'),
  'authentication-mode-mismatch': of('auth-method'),
  'psk-mismatch': of('psk-mismatch'),
  'psk-missing': ({ reason, detectedBy }, initiator, finding) =>
    reason === 'no-psk' && (detectedBy === 'initiator' ? initiator : other(initiator)) === owner(finding),
  'peer-id-mismatch': of('no-peer-config', 'id-mismatch'),
  'childless-mismatch': of('childless'),
  'esp-encryption-mismatch': of('no-child-proposal'),
  'traffic-selectors-disjoint': of('no-matching-ts'),
  'firewall-drops-ike': dropped('firewall', 500),
  'firewall-drops-nat-t': dropped('firewall', 4500),
  'ipsec-interface-unfit': dropped('interface-list'),
  'destination-nat-takes-ike': dropped('destination-nat'),
};

/** All that fails in a negotiation, in its order. */
function recordOf({ result, hidden, afterwards }: Negotiation): readonly Failure[] {
  return [
    ...(result.outcome === 'failed' ? [result] : []),
    ...hidden,
    ...afterwards.map(({ failure }) => failure),
  ];
}

/** Where a negotiation first meets what a finding explains; undefined where it does not. */
function placeIn(negotiation: Negotiation, finding: Finding): number | undefined {
  if (!finding.initiators.includes(negotiation.initiator)) return undefined;
  const place = recordOf(negotiation).findIndex((failure) =>
    explains[finding.ruleId]?.(failure, negotiation.initiator, finding),
  );
  return place < 0 ? undefined : place;
}

const mayBegin = ({ a, b }: Link, { initiator, child }: Negotiation) =>
  mayCall(initiator === 'a' ? a : b, child);

/**
 * What is not in the order of the records, as sentences: a finding before another that every negotiation meets earlier, a
 * hiding that no record bears out, a log or an exchange that is in none.
 */
export function disorder({ network, report }: Judged): readonly string[] {
  return network.links.flatMap((link, index) => {
    // Which of several children a finding bites in, it does not say.
    if (new Set(link.negotiations.map(({ initiator }) => initiator)).size < link.negotiations.length)
      return [];
    const all = report.findings.filter((each) => each.link === index && explains[each.ruleId]);
    // Which of two findings of one rule explains a failure, the table does not say.
    const findings = all.filter(({ ruleId }) => all.filter((each) => each.ruleId === ruleId).length === 1);
    const begun = link.negotiations.filter((each) => mayBegin(link, each));
    return findings.flatMap((one, at) => [
      ...findings.slice(at + 1).flatMap((later) => {
        const signs = begun.flatMap((each) => {
          const [x, y] = [placeIn(each, one), placeIn(each, later)];
          return x === undefined || y === undefined ? [] : [Math.sign(x - y)];
        });
        const wrong = signs.includes(1) && !signs.includes(-1);
        return wrong ? [`${one.ruleId} stands before ${later.ruleId}`] : [];
      }),
      ...misplaced(one, link, report.findings),
      ...unseen(one, link),
    ]);
  });
}

/** `hiddenBehind` holds exactly where each negotiation in which the finding bites fails before, by a finding that does. */
function misplaced(finding: Finding, link: Link, all: readonly Finding[]): readonly string[] {
  const places = link.negotiations.flatMap((each) => {
    const place = placeIn(each, finding);
    return place === undefined ? [] : [{ each, place }];
  });
  const hiding = finding.hiddenBehind === null ? undefined : all[finding.hiddenBehind];
  const seenFirst = places.some(({ place }) => place === 0);
  if (seenFirst && hiding)
    return [`${finding.ruleId} is seen at once, and is said to hide behind ${hiding.ruleId}`];
  if (!seenFirst && !hiding) return [`${finding.ruleId} is never seen at once, and hides behind nothing`];
  if (!hiding || !explains[hiding.ruleId]) return [];
  const earlier = places.some(({ each, place }) => (placeIn(each, hiding) ?? place) < place);
  return earlier ? [] : [`${finding.ruleId} does not come behind ${hiding.ruleId}`];
}

const exchanges = [
  'IKE_SA_INIT',
  'IKE_AUTH',
  'CREATE_CHILD_SA',
  'MAIN_MODE',
  'AGGRESSIVE_MODE',
  'QUICK_MODE',
];

/** The log and the exchange of a finding are those of a failure that it explains, and no sentence names another. */
function unseen(finding: Finding, { negotiations }: Link): readonly string[] {
  const failures = negotiations.flatMap((each) =>
    finding.initiators.includes(each.initiator)
      ? recordOf(each).flatMap((failure) =>
          explains[finding.ruleId]?.(failure, each.initiator, finding) ? [{ failure, each }] : [],
        )
      : [],
  );
  const logged = failures.some(({ failure: { log, exchange }, each: { initiator } }) => {
    const [a, b] = initiator === 'a' ? [log.initiator, log.responder] : [log.responder, log.initiator];
    return JSON.stringify([finding.log, finding.exchange]) === JSON.stringify([{ a, b }, exchange]);
  });
  const versions = new Set(failures.map(({ each }) => each.ikeVersion));
  const foreign = exchanges.filter(
    (name, at) => finding.consequence.includes(name) && !versions.has(at < 3 ? 2 : 1),
  );
  return [
    ...(logged ? [] : [`${finding.ruleId} shows a log that nobody writes`]),
    ...foreign.map((name) => `${finding.ruleId} speaks of ${name}`),
  ];
}

const versions: readonly Version[] = ['ikev1', 'ikev2'];

/** So many pairs with two faults, which are all that there are from 552 on, and half as many random ones with three or four. */
export function checkRecordOrder(count: number, seed: number): void {
  const ordered = (version: Version, chosen: readonly string[]) =>
    deepStrictEqual(
      { version, chosen, wrong: disorder(pairWith(version, chosen)) },
      { version, chosen, wrong: [] },
    );
  const twos = kinds.flatMap((one, at) =>
    kinds.slice(at + 1).flatMap((two) => versions.map((version) => ({ version, chosen: [one, two] }))),
  );
  for (const { version, chosen } of spread(twos, count)) ordered(version, chosen);
  fc.assert(
    fc.property(
      fc.constantFrom(...versions),
      fc.subarray([...kinds], { minLength: 3, maxLength: 4 }),
      ordered,
    ),
    { numRuns: Math.ceil(count / 2), seed },
  );
}
