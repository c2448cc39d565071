import type { Exchange, Failure, Negotiation, Notify, Side } from '../ike/outcome.ts';
import type { Bite, IkeError, Problem, Severity, Stage } from '../lint/finding.ts';
import { type End, type Link, mayCall } from '../pairing/link.ts';

/** A failure in one negotiation of a link, seen or hidden behind an earlier one. */
export interface Occurrence {
  readonly negotiation: Negotiation;
  readonly failure: Failure;
  readonly initiator: End;
  readonly responder: End;
  /** For what fails once the tunnel is up: who starts it. */
  readonly startedBy: End;
}

export function endOf(link: Link, side: Side): End {
  return side === 'a' ? link.a : link.b;
}

export function facingEnd(link: Link, side: Side): End {
  return side === 'a' ? link.b : link.a;
}

/** Every failure of a link for which `wanted` holds, the seen ones and those behind them. */
export function occurrencesOf(link: Link, wanted: (failure: Failure) => boolean): readonly Occurrence[] {
  return link.negotiations.flatMap((negotiation) => {
    const initiator = endOf(link, negotiation.initiator);
    const responder = facingEnd(link, negotiation.initiator);
    const setup = [
      ...(negotiation.result.outcome === 'failed' ? [negotiation.result] : []),
      ...negotiation.hidden,
    ].map((failure) => ({ negotiation, failure, initiator, responder, startedBy: initiator }));
    const later = negotiation.afterwards.map((after) => ({
      negotiation,
      failure: after.failure,
      initiator,
      responder,
      startedBy: after.kind === 'rekey' ? endOf(link, after.by) : initiator,
    }));
    return [...setup, ...later].filter(({ failure }) => wanted(failure));
  });
}

export function bitesOf(occurrences: readonly Occurrence[]): readonly Bite[] {
  const bites = new Map<string, Bite>();
  for (const { negotiation } of occurrences) {
    const { initiator, child } = negotiation;
    bites.set(`${initiator} ${child}`, { initiator, child });
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

const codes: Readonly<Record<Notify, number>> = {
  NO_PROPOSAL_CHOSEN: 14,
  PAYLOAD_MALFORMED: 16,
  INVALID_KE_PAYLOAD: 17,
  INVALID_KEY_INFORMATION: 17,
  INVALID_ID_INFORMATION: 18,
  AUTHENTICATION_FAILED: 24,
  TS_UNACCEPTABLE: 38,
};

/** A notify with its number (RFC 7296 section 3.10.1; RFC 2408 section 3.14.1 for IKEv1's own). */
export function ikeError(notify: Notify | null): IkeError | null {
  return notify === null ? null : { notify, code: codes[notify] };
}

/** What the first of the occurrences tells a finding: those in which the initiator may call and a notify is sent come first. */
export function evidenceOf(
  occurrences: readonly [Occurrence, ...Occurrence[]],
  stage: Stage,
): Pick<Problem, 'ikeError' | 'exchange' | 'bites' | 'log' | 'severity'> & { readonly stage: Stage } {
  const weight = ({ initiator, negotiation, failure }: Occurrence) =>
    (mayCall(initiator, negotiation.child) ? 2 : 0) + (failure.notify === null ? 0 : 1);
  const sorted = occurrences.toSorted((one, other) => weight(other) - weight(one));
  const [first = occurrences[0]] = sorted;
  const exchange: Exchange | null = first.failure.exchange;
  return {
    ikeError: ikeError(first.failure.notify),
    exchange,
    bites: bitesOf(sorted),
    log: logOf(first),
    severity: severityOf(occurrences),
    stage,
  };
}

/** Who logs what, by site. */
export function logOf({ failure, startedBy }: Occurrence): {
  readonly a: readonly string[];
  readonly b: readonly string[];
} {
  const { initiator, responder } = failure.log;
  return startedBy.side === 'a' ? { a: initiator, b: responder } : { a: responder, b: initiator };
}

/** A and B, as messages name them. */
export function letter(side: Side): 'A' | 'B' {
  return side === 'a' ? 'A' : 'B';
}

export function isNonEmpty<T>(items: readonly T[]): items is readonly [T, ...T[]] {
  return items.length > 0;
}
