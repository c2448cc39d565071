import type { Attempt, ChildSa, IkeSa } from './attempt.ts';
import { firstStop, isDoubt, isWaived, type Result, type Shown, stageOf } from './check.ts';
import { acceptedSelectors, proposedSelectors, type Selectors } from './child.ts';
import type { ChildConfig, Connection, Daemon, RejectedConnection } from './connection.ts';
import { leaving } from './hearing.ts';
import type { ChildOutcome, Established, Failure, LaterFailure, Negotiation, Role, Side } from './outcome.ts';
import { offersPpk } from './ppk.ts';
import { formatProposal } from './proposal.ts';
import { type Run, run, type Standing, stopOf } from './run.ts';
import { laterChild, type Request, rekeyBothWays } from './standing.ts';
import { compareSelectors, formatSelector } from './traffic-selector.ts';

/** One side's half of a link: its daemon, and the connection that faces the other side's (if it is loaded). */
export interface LinkEnd {
  readonly side: Side;
  readonly daemon: Daemon;
  readonly connection: string;
}

/** All that is known of one negotiation: what is reported of it, and what that is read off. */
export interface NegotiationRecord {
  readonly negotiation: Negotiation;
  /** Absent where the initiator has no such connection loaded, or nothing is known of what it has. */
  readonly run?: Run;
  /** The CHILD_SA's rekey, started by the initiator and by the responder; where it stands, or is taken to. */
  readonly rekeys?: readonly [Request, Request];
  /** The child over an IKE_SA that an earlier child of its connection made; absent for the first. */
  readonly later?: Request | 'not-asked-for';
}

/**
 * The selectors of a child as its end has them in a negotiation, in its own view: those of a dynamic child are the
 * addresses that this end sees. Undefined where the negotiation was not run.
 */
export function selectorsIn(
  { negotiation, run: met }: NegotiationRecord,
  side: Side,
  child: ChildConfig,
): Selectors | undefined {
  const endpoints = met?.attempt?.path[negotiation.initiator === side ? 'initiator' : 'responder'];
  if (!endpoints) return undefined;
  return child.mode === 'transport'
    ? proposedSelectors(child, endpoints)
    : acceptedSelectors(child, endpoints);
}

/** The way of a negotiation; undefined where the configurations do not tell it, or there is none. */
export function wayOf({ run: met }: NegotiationRecord): Standing['path'] | undefined {
  const path = met?.attempt?.path;
  return !met || path?.assumed || isWaived(met.checks, 'reach') ? undefined : path;
}

/** The keys that did not fit in a negotiation; undefined where none was refused. */
export function keysRefused({ run: met }: NegotiationRecord): Shown['keys'] {
  return met?.checks.flatMap(({ verdict }) => (verdict.kind === 'failed' ? (verdict.keys ?? []) : []))[0];
}

/** The selectors of the CHILD_SA in the view of one side; undefined where none comes about. */
export function coveredIn({ negotiation, run: met }: NegotiationRecord, side: Side): Selectors | undefined {
  const childSa = met?.childSa;
  if (!childSa || negotiation.result.outcome !== 'established') return undefined;
  if (negotiation.initiator === side) return { local: childSa.local, remote: childSa.remote };
  return { local: childSa.answered.remote, remote: childSa.answered.local };
}

/**
 * What happens when `initiator` calls: one negotiation for each child of its connection, in their order. A connection
 * that charon discarded, or of which nothing is known, yields one negotiation for each name in `rejectedChildren`.
 */
export function negotiate(
  initiator: LinkEnd,
  responder: LinkEnd,
  rejectedChildren: readonly string[] = [],
): readonly NegotiationRecord[] {
  const { withheld } = initiator.daemon;
  if (withheld !== undefined) {
    return rejectedChildren.map((child) =>
      withoutRun(initiator.side, child, 2, { outcome: 'unknown', why: withheld }),
    );
  }
  const rejected = rejectedOf(initiator);
  if (rejected && !rejected.asRepaired) {
    const version = rejected.version === 1 ? 1 : 2;
    const failure = notLoaded(rejected);
    return rejectedChildren.map((child) =>
      withoutRun(initiator.side, child, version, { outcome: 'failed', ...failure }),
    );
  }
  const connection = connectionOf(initiator);
  if (!connection) return [];
  return connection.children.map((child) => negotiateChild(initiator, connection, child, responder));
}

function rejectedOf({ daemon, connection }: Omit<LinkEnd, 'side'>): RejectedConnection | undefined {
  return daemon.rejected.find(({ name }) => name === connection);
}

/** The connection of an end as charon has it, or would have it if what is wrong with it were repaired in the least way. */
export function connectionOf(end: Omit<LinkEnd, 'side'>): Connection | undefined {
  const loaded = end.daemon.connections.find(({ name }) => name === end.connection);
  return loaded ?? rejectedOf(end)?.asRepaired;
}

function notLoaded({ log }: RejectedConnection): Failure {
  return {
    phase: 'ike',
    exchange: null,
    notify: null,
    reason: 'not-loaded',
    detectedBy: 'initiator',
    log: { initiator: [...log], responder: [] },
    detail: { unloaded: 'initiator' },
  };
}

function withoutRun(
  initiator: Side,
  child: string,
  ikeVersion: 1 | 2,
  result: Negotiation['result'],
): NegotiationRecord {
  return { negotiation: { initiator, child, ikeVersion, result, afterwards: [], hidden: [] } };
}

function negotiateChild(
  initiator: LinkEnd,
  connection: Connection,
  child: ChildConfig,
  responder: LinkEnd,
): NegotiationRecord {
  const rejected = rejectedOf(initiator);
  const met = run({
    initiator: initiator.daemon,
    connection,
    child,
    responder: responder.daemon,
    facing: connectionOf(responder),
    ...(rejected ? { notLoaded: notLoaded(rejected) } : {}),
  });
  const { over, childSa } = met;
  const isUp = met.checks.every(
    (check) => check.verdict.kind === 'passed' || isDoubt(check) || stageOf(check) === 'child',
  );
  const rekeys = over && childSa && rekeyBothWays(over, childSa);
  const later = over && laterChild(over);
  const outcomes = rekeys && ([afterwardsOf(rekeys[0].result), afterwardsOf(rekeys[1].result)] as const);
  const stop = stopOf(met);
  const sideOf = (role: Role): Side => (role === 'initiator' ? initiator : responder).side;
  const doubts = met.checks.flatMap(({ verdict }) =>
    verdict.kind === 'assumed' && verdict.doubt
      ? [{ side: sideOf(verdict.doubt.at), obstacle: verdict.doubt.obstacle }]
      : [],
  );
  const failures = met.checks.flatMap(({ verdict }) => (verdict.kind === 'failed' ? [verdict.failure] : []));
  const onIkeSa = isUp && stop?.verdict.kind !== 'assumed' ? asAfterwards(later) : undefined;
  const negotiation: Negotiation = {
    initiator: initiator.side,
    child: child.name,
    ikeVersion: connection.version === 1 ? 1 : 2,
    result: resultAt(initiator.side, met, outcomes),
    ...(onIkeSa ? { onExistingIkeSa: onIkeSa.outcome } : {}),
    afterwards: [
      ...(over && childSa && met.attempt ? losses(met.attempt, over, sideOf) : []),
      ...(outcomes && childSa ? rekeyFailures(initiator.side, outcomes, childSa.responderChild.name) : []),
      ...(onIkeSa?.failure ? [{ kind: 'later-child', failure: onIkeSa.failure } as const] : []),
    ],
    hidden: stop?.verdict.kind === 'failed' ? failures.slice(1) : failures,
    ...(doubts.length > 0 ? { doubts } : {}),
  };
  return { negotiation, run: met, ...(rekeys ? { rekeys } : {}), ...(later ? { later } : {}) };
}

function resultAt(
  side: Side,
  met: Run,
  rekeys: readonly [Afterwards, Afterwards] | undefined,
): Negotiation['result'] {
  const stop = stopOf(met)?.verdict;
  if (stop?.kind === 'failed') return { outcome: 'failed', ...stop.failure };
  if (stop?.kind === 'assumed') return { outcome: 'unknown', why: stop.why };
  const { ikeSa, childSa, over } = met;
  const doubt = firstStop(met.checks)?.verdict;
  if (doubt?.kind === 'assumed') return { outcome: 'unknown', why: doubt.why };
  if (!ikeSa || !childSa || !over || !rekeys) return { outcome: 'unknown', why: nobodyAnswers };
  return established(side, { ikeSa, childSa, over }, rekeys);
}

const nobodyAnswers = 'no connection of the responder faces the initiator';

/**
 * Each end that sends the packets of the tunnel into the tunnel once it is up: they have to go through themselves, and the
 * kernel drops them (Linux net/xfrm/xfrm_interface_core.c). No notify tells of it, and no daemon logs it.
 */
function losses(
  attempt: Attempt,
  { responderConnection: facing, path }: Standing,
  sideOf: (role: Role) => Side,
): readonly LaterFailure[] {
  return (['initiator', 'responder'] as const).flatMap((role) => {
    const swallowed = path.assumed
      ? undefined
      : leaving({ ...attempt, facing }, role).find(({ kind }) => kind === 'swallows');
    if (!swallowed) return [];
    const failure: Failure = {
      phase: 'ike',
      exchange: null,
      notify: null,
      reason: 'own-route',
      detectedBy: null,
      log: { initiator: [], responder: [] },
      detail: { swallowed },
    };
    return [{ kind: 'lost', by: sideOf(role), failure } as const];
  });
}

function rekeyFailures(
  side: Side,
  rekeys: readonly [Afterwards, Afterwards],
  responderChild: string,
): readonly LaterFailure[] {
  const sides = side === 'a' ? (['a', 'b'] as const) : (['b', 'a'] as const);
  return rekeys.flatMap(({ failure }, index) =>
    failure ? [{ kind: 'rekey', by: sides[index] ?? side, responderChild, failure } as const] : [],
  );
}

/** What becomes of a CHILD_SA over an IKE_SA that stands. */
interface Afterwards {
  readonly outcome: ChildOutcome;
  readonly failure?: Failure;
}

function asAfterwards(later: Request | 'not-asked-for' | undefined): Afterwards | undefined {
  if (later === 'not-asked-for') return { outcome: { outcome: 'failed', notify: null } };
  return later && afterwardsOf(later.result);
}

function afterwardsOf(result: Result<ChildSa>): Afterwards {
  if (result.kind === 'passed') {
    return { outcome: { outcome: 'established', espProposal: formatProposal(result.proposal) } };
  }
  if (result.kind === 'unknown') return { outcome: { outcome: 'unknown' } };
  return { outcome: { outcome: 'failed', notify: result.failure.notify }, failure: result.failure };
}

function namesPpk({ version, connection, responderConnection }: Standing): boolean {
  return version === 2 && (offersPpk(connection) || offersPpk(responderConnection));
}

function established(
  side: Side,
  { ikeSa, childSa: child, over }: { ikeSa: IkeSa; childSa: ChildSa; over: Standing },
  [byInitiator, byResponder]: readonly [Afterwards, Afterwards],
): Established {
  return {
    outcome: 'established',
    ikeProposal: formatProposal(ikeSa.proposal),
    espProposal: formatProposal(child.proposal),
    trafficSelectors: {
      local: child.local.toSorted(compareSelectors).map(formatSelector),
      remote: child.remote.toSorted(compareSelectors).map(formatSelector),
    },
    invalidKePayload: ikeSa.invalidKePayload,
    ...(namesPpk(over) ? { ppk: ikeSa.ppk } : {}),
    rekey:
      side === 'a'
        ? { a: byInitiator.outcome, b: byResponder.outcome }
        : { a: byResponder.outcome, b: byInitiator.outcome },
    responder: { connection: over.responderConnection.name, child: child.responderChild.name },
  };
}
