import { childClock, ikeClock } from '../ike/clock.ts';
import { type Ladders, ladders } from '../ike/ladder.ts';
import type { Ladder } from '../ike/message.ts';
import type { NegotiationRecord } from '../ike/negotiate.ts';
import type { Failure, Negotiation, Side } from '../ike/outcome.ts';
import { type RekeyFate, type Timeline, timeline } from '../ike/timeline.ts';
import { type End, type Link, type Network, whyItDoesNotCall } from '../pairing/link.ts';
import type { ChildCourse, Course, DirectionCourse, LinkCourse, Loss, Sequence } from './course.ts';
import { type Found, foundOfLinks } from './lint.ts';
import type { Report } from './report.ts';
import type { Rule } from './rule.ts';

/** Follows every negotiation of the network; `report` is that of the same network and the same rules. */
export function courseOf(network: Network, rules: readonly Rule[], report: Report): Course {
  return {
    report,
    links: network.links.flatMap((link, index): readonly LinkCourse[] => {
      const reported = report.links[index];
      if (!reported) return [];
      const explaining: Explaining = {
        found: foundOfLinks(network)(rules)[index] ?? [],
        unloading: (side) =>
          report.findings
            .filter(({ unloads, locations }) => unloads && locations[0].site === link[side].site)
            .map(({ ruleId }) => ruleId),
      };
      return [
        {
          link: reported,
          expectedDown: link.expectation?.state === 'down',
          directions: [directionOf(link, link.a, explaining), directionOf(link, link.b, explaining)],
        },
      ];
    }),
  };
}

/** What there is to explain the failures of a link. */
interface Explaining {
  readonly found: readonly Found[];
  /** The rules that tell why a side is not loaded. */
  readonly unloading: (side: Side) => readonly string[];
}

function directionOf(link: Link, initiator: End, explaining: Explaining): DirectionCourse {
  const own = link.records.filter(({ negotiation }) => negotiation.initiator === initiator.side);
  const reasons = own.map(({ negotiation }) => whyItDoesNotCall(initiator, negotiation.child));
  const may = own.length === 0 || reasons.some((reason) => reason === undefined);
  return {
    initiator: initiator.side,
    onlyAnswers: may ? null : (reasons[0] ?? null),
    children: own.map((record) => childOf(record, explaining)),
  };
}

function childOf(record: NegotiationRecord, explaining: Explaining): ChildCourse {
  const { negotiation } = record;
  const all = ladders(record);
  const setup = (ladder: Ladder) => sequence(ladder, negotiation, 'setup', explaining);
  const later = (ladder: Ladder) => sequence(ladder, negotiation, 'afterwards', explaining);
  const both = ({ a, b }: Readonly<Record<Side, Ladder>>) => ({ a: later(a), b: later(b) });
  const losses = negotiation.afterwards.flatMap((later): readonly Loss[] => {
    if (later.kind !== 'lost') return [];
    const explainedBy = rulesFor(later.failure, negotiation, 'afterwards', explaining);
    return [{ by: later.by, reason: later.failure.reason, explainedBy }];
  });
  const whole = { negotiation, setup: setup(all.setup), assumed: all.assumed, losses };
  if (losses.length > 0) return { ...whole, timelines: [] };
  return {
    ...whole,
    ...(all.childRekey ? { childRekey: both(all.childRekey) } : {}),
    ...(all.ikeRekey ? { ikeRekey: both(all.ikeRekey) } : {}),
    ...(all.laterChild ? { laterChild: later(all.laterChild) } : {}),
    timelines: timelinesOf(negotiation.initiator, all),
  };
}

function sequence(
  ladder: Ladder,
  negotiation: Negotiation,
  when: 'setup' | 'afterwards',
  explaining: Explaining,
): Sequence {
  const { end } = ladder;
  const explainedBy = end.kind === 'failed' ? rulesFor(end.failure, negotiation, when, explaining) : [];
  return { ...ladder, explainedBy };
}

/**
 * The rules whose problems bite in this negotiation and trip first: of those with this notify, where there are any.
 * Errors, unless there is none.
 */
function rulesFor(
  { exchange, notify, detail }: Failure,
  { initiator, child, result, hidden }: Negotiation,
  when: 'setup' | 'afterwards',
  explaining: Explaining,
): readonly string[] {
  if (detail?.unloaded) {
    const other = initiator === 'a' ? 'b' : 'a';
    const side = detail.unloaded === 'initiator' ? initiator : other;
    const told = explaining.unloading(side);
    if (told.length > 0) return [...new Set(told)];
  }
  const record = hidden.length + (result.outcome === 'failed' ? 1 : 0);
  const place = ({ problem: { bites = [] } }: Found) =>
    bites.find((bite) => bite.initiator === initiator && bite.child === child)?.after ??
    Number.POSITIVE_INFINITY;
  const last = when === 'afterwards' ? record : record - 1;
  const biting = explaining.found.filter((found) => place(found) <= last);
  const isError = ({ problem, rule }: Found) => (problem.severity ?? rule.severity) === 'error';
  const fits = ({ problem }: Found) =>
    (problem.exchange ?? null) === exchange && (problem.ikeError?.notify ?? null) === notify;
  const ofRekey = (found: Found) => place(found) === record;
  const choices = [
    biting.filter((found) => isError(found) && fits(found) && ofRekey(found)),
    biting.filter((found) => isError(found) && fits(found)),
    biting.filter(isError),
    biting.filter(fits),
  ];
  const chosen = choices.find(({ length }) => length > 0) ?? [];
  const first = Math.min(...chosen.map(place));
  return [...new Set(chosen.filter((found) => place(found) === first).map(({ rule }) => rule.id))];
}

function timelinesOf(
  side: Side,
  { standing, childRekey, ikeRekey, reauthentication }: Ladders,
): readonly Timeline[] {
  if (!standing || !childRekey) return [];
  const { over, responderChild } = standing;
  const pair = <Each>(initiators: Each, responders: Each) =>
    side === 'a' ? { a: initiators, b: responders } : { a: responders, b: initiators };
  const ike = pair(ikeClock(over.connection.lifetime), ikeClock(over.responderConnection.lifetime));
  const child = pair(childClock(over.child.lifetime), childClock(responderChild.lifetime));
  const ikeFates = ikeRekey
    ? { a: fateOfLadder(ikeRekey.a), b: fateOfLadder(ikeRekey.b) }
    : (reauthentication ?? { a: { kind: 'unknown' }, b: { kind: 'unknown' } });
  const childFates = { a: fateOfLadder(childRekey.a), b: fateOfLadder(childRekey.b) };
  return [timeline('IKE_SA', ike, ikeFates), timeline('CHILD_SA', child, childFates)];
}

function fateOfLadder({ end }: Ladder): RekeyFate {
  switch (end.kind) {
    case 'established':
      return { kind: 'established' };
    case 'failed':
      return { kind: 'failed', notify: end.failure.notify };
    default:
      return { kind: 'unknown' };
  }
}
