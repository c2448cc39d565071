import type { ObstacleKind } from '../ike/connection.ts';
import type { NegotiationRecord } from '../ike/negotiate.ts';
import { notifyTypes } from '../ike/notify.ts';
import { type Exchange, exchanges, type Failure, type Negotiation, type Notify } from '../ike/outcome.ts';
import type { Bite, IkeError, Problem, Severity } from '../lint/finding.ts';
import { type End, facingEnd, type Link, mayCall } from '../pairing/link.ts';
import { oncePer } from '../source/once.ts';

/** A failure in one negotiation of a link, seen or hidden behind an earlier one. */
export interface Occurrence {
  readonly record: NegotiationRecord;
  readonly negotiation: Negotiation;
  readonly failure: Failure;
  readonly initiator: End;
  readonly responder: End;
  /** The child that the responder chose; undefined where it found none. */
  readonly responderChild: string | undefined;
  /** Behind an earlier failure. */
  readonly hidden: boolean;
  /** How many failures of the negotiation's record come before it. */
  readonly after: number;
  /** For what fails once the tunnel is up: who starts it. */
  readonly startedBy: End;
}

const allFailures = oncePer((link: Link): readonly Occurrence[] =>
  link.records.flatMap((record) => failuresOf(link, record)),
);

/** Every failure of a link for which `wanted` holds, the seen ones and those behind them, but that an end is not loaded. */
export function occurrencesOf(link: Link, wanted: (failure: Failure) => boolean): readonly Occurrence[] {
  return allFailures(link).filter(({ failure }) => !failure.detail?.unloaded && wanted(failure));
}

/** The failures of a link that come of an end that is not loaded. */
export function unloadedAt(link: Link, { side }: End): readonly Occurrence[] {
  return allFailures(link).filter(({ failure: { reason, detail }, initiator, responder }) => {
    if (reason === 'not-loaded') return initiator.side === side;
    const isUnanswered =
      detail?.unloaded !== undefined ||
      (!responder.isLoaded && (reason === 'no-ike-config' || reason === 'no-peer-config'));
    return isUnanswered && responder.side === side;
  });
}

/** The failures of a link that come of what one of its ends does not let in, for one cause. */
export function droppedAt(link: Link, end: End, by: ObstacleKind): readonly Occurrence[] {
  return occurrencesOf(link, ({ detail }) => detail?.dropped?.obstacle.by === by).filter(
    ({ failure, initiator, responder }) =>
      (failure.detail?.dropped?.by === 'initiator' ? initiator : responder).side === end.side,
  );
}

function failuresOf(link: Link, record: NegotiationRecord): readonly Occurrence[] {
  const { negotiation } = record;
  const initiator = link[negotiation.initiator];
  const responder = facingEnd(link, negotiation.initiator);
  const { result } = negotiation;
  const seen = { record, negotiation, initiator, responder, startedBy: initiator };
  const failures = [...(result.outcome === 'failed' ? [result] : []), ...negotiation.hidden];
  const setup = failures.map((failure, after) => ({
    ...seen,
    failure,
    ...chosenBy(failure),
    hidden: failure !== result,
    after,
  }));
  const later = negotiation.afterwards.map((after) => ({
    ...seen,
    failure: after.failure,
    ...(after.kind === 'rekey' ? { responderChild: after.responderChild } : chosenBy(after.failure)),
    hidden: result.outcome !== 'established',
    after: failures.length,
    startedBy: after.kind === 'later-child' ? initiator : link[after.by],
  }));
  return [...setup, ...later];
}

function chosenBy({ detail }: Failure): Pick<Occurrence, 'responderChild'> {
  return { responderChild: detail?.responderChild };
}

/** One for each negotiation, at the first of the occurrences in it. */
function bitesOf(occurrences: readonly Occurrence[]): readonly Bite[] {
  const bites = new Map<Negotiation, Bite>();
  for (const { negotiation, after } of occurrences) {
    const { initiator, child } = negotiation;
    const known = bites.get(negotiation)?.after ?? after;
    bites.set(negotiation, { initiator, child, after: Math.min(known, after) });
  }
  return [...bites.values()];
}

/**
 * A failure is an error where its initiator may call. A side that only answers makes nothing happen, so what would
 * fail if it called is no more than worth knowing.
 */
export function severityOf(occurrences: readonly Occurrence[]): Severity {
  return occurrences.some(({ initiator, negotiation }) => mayCall(initiator, negotiation.child))
    ? 'error'
    : 'info';
}

/** A notify with its number. */
function ikeError(notify: Notify | null): IkeError | null {
  return notify === null ? null : { notify, code: notifyTypes[notify].code };
}

/**
 * What the first of the occurrences tells a finding: first come those in which the initiator may call, of them those
 * that are not hidden, of them those in which a notify is sent, of them the first exchange. Ties fall by name, so that
 * exchanged sites agree.
 */
export function evidenceOf(
  occurrences: readonly [Occurrence, ...Occurrence[]],
): Pick<Problem, 'ikeError' | 'exchange' | 'bites' | 'log' | 'severity'> {
  const weight = ({ initiator, negotiation, failure, hidden }: Occurrence) =>
    (mayCall(initiator, negotiation.child) ? 4 : 0) + (hidden ? 0 : 2) + (failure.notify === null ? 0 : 1);
  const turn = ({ failure: { exchange } }: Occurrence) =>
    exchange === null ? exchanges.length : exchanges.indexOf(exchange);
  const name = ({ failure }: Occurrence) => `${failure.notify}`;
  const sorted = occurrences.toSorted(
    (one, other) =>
      weight(other) - weight(one) ||
      turn(one) - turn(other) ||
      (name(one) < name(other) ? -1 : name(one) > name(other) ? 1 : 0),
  );
  const [first = occurrences[0]] = sorted;
  const exchange: Exchange | null = first.failure.exchange;
  return {
    ikeError: ikeError(first.failure.notify),
    exchange,
    bites: bitesOf(sorted),
    log: logOf(first),
    severity: severityOf(occurrences),
  };
}

/** Who logs what, by site. */
function logOf({ failure, startedBy }: Occurrence): {
  readonly a: readonly string[];
  readonly b: readonly string[];
} {
  const { initiator, responder } = failure.log;
  return startedBy.side === 'a' ? { a: initiator, b: responder } : { a: responder, b: initiator };
}

export function isNonEmpty<T>(items: readonly T[]): items is readonly [T, ...T[]] {
  return items.length > 0;
}
