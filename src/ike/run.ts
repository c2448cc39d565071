import type { Address } from './address.ts';
import type { Attempt, ChildSa, Hurdle, IkeSa, Opening, Result, Undecided } from './attempt.ts';
import type { ChildParties } from './child.ts';
import { initiatesChildless } from './childless.ts';
import type { ChildConfig, Connection, Daemon } from './connection.ts';
import { createChildSa } from './create-child-sa.ts';
import { leavesPort500, unanswered, unheard } from './hearing.ts';
import { ikeAuth } from './ike-auth.ts';
import { ikeSaInit } from './ike-sa-init.ts';
import { authenticatePhase1, negotiatePhase1, phase1Exchange } from './ikev1.ts';
import type { Exchange, Failure } from './outcome.ts';
import { findPath, type Path } from './path.ts';
import { quickMode } from './quick-mode.ts';
import type { Retransmission } from './retransmission.ts';

/** The IKE_SA that stands, with both its ends. */
export interface Standing {
  readonly version: 1 | 2;
  readonly connection: Connection;
  readonly child: ChildConfig;
  readonly responderConnection: Connection;
  readonly path: Extract<Path, { kind: 'reaches' }>;
}

/** What each exchange of a run came to, as far as it came. */
export interface Steps {
  /** Absent where the initiator reaches nobody. */
  readonly attempt?: Attempt;
  readonly opening?: Result<Opening>;
  readonly ikeSa?: Result<IkeSa>;
  readonly childSa?: Result<ChildSa>;
  /** The initiator does not hear the answer to its first message to this port. */
  readonly lostAnswer?: 500 | 4500;
}

/** How far one run of a negotiation came. */
export type Run = { readonly steps: Steps } & End;

type End =
  | Undecided
  | {
      readonly kind: 'failed';
      readonly hurdle: Hurdle;
      readonly failure: Failure;
      /** Where the IKE_SA stands. */
      readonly over?: Standing;
    }
  | { readonly kind: 'passed'; readonly ikeSa: IkeSa; readonly child: ChildSa; readonly over: Standing };

/** Runs a negotiation once, as if the hurdles in `taken` were none. */
export function run(...given: Parameters<typeof runAnswered>): Run {
  const answered = runAnswered(...given);
  const { attempt, opening, ikeSa } = answered.steps;
  if (!attempt || !opening) return answered;
  const { connection, initiator } = attempt;
  const first = unheard(attempt, 'initiator', 500, openingExchange(connection));
  if (first) return withoutAnswer(answered, first, opening, 500, initiator.retransmission);
  if (opening.kind !== 'passed' || !ikeSa || !goesOnAt4500(attempt, opening, ikeSa)) return answered;
  const second = unheard(attempt, 'initiator', 4500, secondExchange(connection));
  return second ? withoutAnswer(answered, second, ikeSa, 4500, initiator.retransmission) : answered;
}

/**
 * The run, with an answer lost on its way. What the responder refuses it has refused all the same, and nobody hears of
 * it; whatever else would have come of it does not.
 */
function withoutAnswer(
  answered: Run,
  lost: (Result<never> & { readonly kind: 'failed' }) | Undecided,
  step: Result<unknown>,
  port: 500 | 4500,
  how: Retransmission,
): Run {
  const refused =
    step.kind === 'failed' && step.failure.detectedBy === 'responder' && answered.kind === 'failed';
  if (lost.kind === 'unknown') return refused ? answered : { ...lost, steps: answered.steps };
  const steps = { ...answered.steps, lostAnswer: port };
  if (!refused) return { ...lost, steps };
  const { failure, hurdle } = answered;
  const log = { initiator: unanswered(how), responder: failure.log.responder };
  return { kind: 'failed', hurdle, failure: { ...failure, log }, steps };
}

/** As `run`, with every answer heard. */
function runAnswered(
  initiator: Daemon,
  connection: Connection,
  child: ChildConfig,
  responder: Daemon,
  facing: Connection | undefined,
  taken: ReadonlySet<Hurdle>,
): Run {
  if (responder.withheld !== undefined) return { kind: 'unknown', why: responder.withheld, steps: {} };
  const path = reach(initiator, connection, responder, facing, taken);
  if (path.kind !== 'reaches') return { ...path, steps: {} };
  const attempt: Attempt = { initiator, connection, child, responder, facing, path, taken };
  const version = connection.version === 1 ? 1 : 2;
  const unheardCall = unheard(attempt, 'responder', 500, openingExchange(connection));
  if (unheardCall) return { ...unheardCall, steps: {} };
  const opening = version === 1 ? negotiatePhase1(attempt) : ikeSaInit(attempt);
  if (opening.kind !== 'passed') return { ...opening, steps: { attempt, opening } };
  const judged = version === 1 ? authenticatePhase1(attempt, opening) : ikeV2(attempt, opening);
  const moves = goesOnAt4500(attempt, opening, judged);
  const ikeSa = (moves && unheard(attempt, 'responder', 4500, secondExchange(connection))) || judged;
  const steps = { attempt, opening, ikeSa };
  if (
    ikeSa.kind === 'failed' &&
    aboutKeys.has(ikeSa.failure.reason) &&
    [initiator, responder].some(hidesOwners)
  ) {
    return { kind: 'unknown', steps, why: 'the ids of a pre-shared key are masked' };
  }
  if (ikeSa.kind !== 'passed') return { ...ikeSa, steps };
  if (connection.asksForVirtualAddress) {
    return { kind: 'unknown', steps, why: `connection "${connection.name}" asks for a virtual address` };
  }
  if (
    !taken.has('traffic-selectors') &&
    [child, ...ikeSa.responderConnection.children].some(({ selectorsMasked }) => selectorsMasked)
  ) {
    return { kind: 'unknown', steps, why: 'a traffic selector is masked', hurdle: 'traffic-selectors' };
  }
  const over: Standing = {
    version,
    connection,
    child,
    responderConnection: ikeSa.responderConnection,
    path,
  };
  const parties = partiesOf(over, child);
  const childSa =
    version === 1
      ? quickMode(parties, undefined, taken)
      : createChildSa(parties, { exchange: firstExchange(over) }, taken);
  const all = { ...steps, childSa };
  if (childSa.kind === 'failed') return { ...childSa, over, steps: all };
  if (childSa.kind === 'unknown') return { ...childSa, steps: all };
  return { kind: 'passed', ikeSa, child: childSa, over, steps: all };
}

/** The exchange that makes the first CHILD_SA of an IKE_SA in IKEv2. */
export function firstExchange({
  connection,
  responderConnection,
}: Pick<Standing, 'connection' | 'responderConnection'>): 'IKE_AUTH' | 'CREATE_CHILD_SA' {
  return initiatesChildless(connection, responderConnection) ? 'CREATE_CHILD_SA' : 'IKE_AUTH';
}

/** Who asks for a child of the initiator's connection, and who answers. */
export function partiesOf({ path, responderConnection }: Standing, child: ChildConfig): ChildParties {
  return { child, initiator: path.initiator, responderConnection, responder: path.responder };
}

function openingExchange(connection: Connection): Exchange {
  return connection.version === 1 ? phase1Exchange(connection) : 'IKE_SA_INIT';
}

function secondExchange(connection: Connection): Exchange {
  return connection.version === 1 ? phase1Exchange(connection) : 'IKE_AUTH';
}

/**
 * Whether anything is sent to port 4500. In main mode the keys are looked for before that; in IKEv2 an initiator without
 * one does not go on.
 */
function goesOnAt4500(
  { connection, facing, path }: Attempt,
  { candidates }: Opening,
  ikeSa: Result<IkeSa>,
): boolean {
  if (ikeSa.kind === 'failed') {
    const { exchange, reason } = ikeSa.failure;
    if (ikeSa.hurdle.startsWith('initiator-') || (exchange === 'MAIN_MODE' && reason === 'no-psk'))
      return false;
  }
  const answering = facing && candidates.includes(facing) ? facing : candidates[0];
  return leavesPort500(connection, answering, path);
}

function ikeV2(attempt: Attempt, opening: Opening): Result<IkeSa> {
  const auth = ikeAuth(attempt, opening);
  return auth.kind === 'passed' ? { ...opening, ...auth } : auth;
}

function reach(
  initiator: Daemon,
  connection: Connection,
  responder: Daemon,
  facing: Connection | undefined,
  taken: ReadonlySet<Hurdle>,
): (Path & { readonly kind: 'reaches' }) | Exclude<End, { kind: 'passed' }> {
  const path = findPath(initiator, connection, responder);
  if (path.kind === 'reaches') return path;
  if (taken.has('reach')) {
    const assumed = assumedPath(connection, responder, facing);
    return path.kind === 'unknown' ? { ...assumed, assumed: assumed.assumed ?? 'seen' } : assumed;
  }
  if (path.kind === 'unknown') return { ...path, hurdle: 'reach' };
  const common = { phase: 'ike', exchange: null, notify: null } as const;
  if (path.kind === 'no-destination') {
    return {
      kind: 'failed',
      hurdle: 'reach',
      failure: {
        ...common,
        reason: 'cannot-initiate',
        detectedBy: 'initiator',
        log: { initiator: [`unable to resolve ${path.configured}, initiate aborted`], responder: [] },
      },
    };
  }
  return {
    kind: 'failed',
    hurdle: 'reach',
    failure: {
      ...common,
      exchange: openingExchange(connection),
      reason: 'no-response',
      detectedBy: null,
      log: {
        initiator: unanswered(initiator.retransmission),
        responder: [],
      },
    },
  };
}

/** The way as it would be if the initiator called the address that the responder's connection answers at. */
function assumedPath(
  connection: Connection,
  responder: Daemon,
  facing: Connection | undefined,
): Path & { readonly kind: 'reaches' } {
  const addressOf = (hosts: Connection['localHosts']) =>
    hosts.flatMap((host) => (host.kind === 'address' ? [host.address] : []))[0];
  const answering =
    (facing && addressOf(facing.localHosts)) ?? responder.addresses[0] ?? addressOf(connection.remoteHosts);
  const calling = addressOf(connection.localHosts) ?? (facing && addressOf(facing.remoteHosts));
  const remote = answering ?? unseenAddress;
  const local = calling ?? unseenAddress;
  return {
    kind: 'reaches',
    initiator: { local, remote },
    responder: { local: remote, remote: (facing && addressOf(facing.remoteHosts)) ?? local },
    ...(answering && calling ? {} : { assumed: 'unseen' }),
  };
}

/** Stands for an address that no dump holds. Nothing is compared with it. */
const unseenAddress = '0.0.0.0' as Address;

const aboutKeys: ReadonlySet<Failure['reason']> = new Set(['no-psk', 'psk-mismatch']);

function hidesOwners({ sharedKeys }: Daemon): boolean {
  return sharedKeys.some(({ owners }) => owners.some(({ kind }) => kind === 'masked'));
}
