/** The messages of a negotiation in their order, of the rekeys after it, and where each of these sequences stops. */
import type { Attempt, ChildSa, IkeSa, Opening } from './attempt.ts';
import {
  type Check,
  type CheckName,
  firstStop,
  type Result,
  resultOf,
  type Stage,
  stageOf,
} from './check.ts';
import type { ChildConfig, Connection } from './connection.ts';
import { firstMessage, mainModeMessages, openingMessages, quickModeMessages } from './ikev1-messages.ts';
import {
  createChildSaMessages,
  firstRequest,
  ikeAuthMessages,
  ikeRekeyMessages,
  ikeSaInitMessages,
} from './ikev2-messages.ts';
import { type Ladder, type LadderEnd, type Message, sentInVain, unansweredMessage } from './message.ts';
import type { NegotiationRecord } from './negotiate.ts';
import type { Negotiation, Side } from './outcome.ts';
import type { Retransmission } from './retransmission.ts';
import { firstExchange, type Parties, type Run, run, type Standing } from './run.ts';
import { askedBefore, type Request } from './standing.ts';
import type { RekeyFate } from './timeline.ts';

/** All that is exchanged for one child of one side as initiator. */
export interface Ladders {
  readonly setup: Ladder;
  /** What the configurations do not tell and is taken to be well, each as a sentence without a full stop. */
  readonly assumed: readonly string[];
  /** The CHILD_SA's rekey, started by either side; where it stands. */
  readonly childRekey?: Readonly<Record<Side, Ladder>>;
  /** The IKE_SA's rekey; IKEv2 alone, as IKEv1 does phase 1 anew. */
  readonly ikeRekey?: Readonly<Record<Side, Ladder>>;
  /** What comes of phase 1 anew, started by either side; IKEv1 alone. */
  readonly reauthentication?: Readonly<Record<Side, RekeyFate>>;
  /** The child over an IKE_SA that an earlier child of its connection made; absent for the first. */
  readonly laterChild?: Ladder;
  /** The two ends of what stands, for its timers. */
  readonly standing?: {
    readonly over: Standing;
    readonly responderChild: ChildConfig;
  };
}

const otherSide: Readonly<Record<Side, Side>> = { a: 'b', b: 'a' };

/** What belongs to a side and to the other, by their letters. */
function bySide<Each>(side: Side, own: Each, others: Each): Readonly<Record<Side, Each>> {
  return side === 'a' ? { a: own, b: others } : { a: others, b: own };
}

/**
 * The sequences of a negotiation, off the record of it. Where the result is unknown for want of a masked value, the value
 * is taken to be right.
 */
export function ladders(record: NegotiationRecord): Ladders {
  const { negotiation, run: met } = record;
  const side = negotiation.initiator;
  if (!met) return { setup: notLoaded(side, negotiation), assumed: [] };
  const stop =
    met.checks.find(isEnd) ??
    (met.childSa ? undefined : met.checks.findLast(({ verdict }) => verdict.kind === 'assumed'));
  const before = stop ? met.checks.slice(0, met.checks.indexOf(stop)) : met.checks;
  const assumed = before.flatMap(({ verdict }) => (verdict.kind === 'assumed' ? [verdict] : []));
  const setup: Ladder = { initiator: side, messages: setupMessages(met, stop), end: endOf(stop) };
  const isUp = !stop || (stop.verdict.kind === 'failed' && stageOf(stop) === 'child');
  return {
    setup,
    assumed: [...new Set(assumed.map(({ why }) => why))],
    ...(stop ? {} : afterwards(record, assumedNames(before))),
    ...(isUp ? laterLadder(record) : {}),
  };
}

function assumedNames(checks: readonly Check[]): ReadonlySet<CheckName> {
  return new Set(checks.flatMap(({ name, verdict }) => (verdict.kind === 'assumed' ? [name] : [])));
}

/** Whether the messages end there: they would have to show identities that no dump holds. */
function isEnd({ name, verdict }: Check): boolean {
  return verdict.kind === 'failed' || (verdict.kind === 'assumed' && name === 'known-identities');
}

function notLoaded(initiator: Side, { result }: Negotiation): Ladder {
  const end: LadderEnd =
    result.outcome === 'failed'
      ? { kind: 'failed', failure: result }
      : { kind: 'unknown', why: 'the connection is not there' };
  return { initiator, messages: [], end };
}

function endOf(stop: Check | undefined): LadderEnd {
  if (stop?.verdict.kind === 'failed') return { kind: 'failed', failure: stop.verdict.failure };
  return stop?.verdict.kind === 'assumed'
    ? { kind: 'unknown', why: stop.verdict.why }
    : { kind: 'established' };
}

function setupMessages(met: Run, stop: Check | undefined): readonly Message[] {
  const messages = allMessages(met, stop);
  const port = stop && portOfLostAnswer(stop);
  if (port === undefined || !met.attempt) return messages;
  const { retransmission } = met.attempt.initiator;
  const answers = messages.flatMap(({ from }, index) => (from === 'responder' ? [index] : []));
  // On port 4500 it is that of the exchange after those of port 500.
  const others = messages.filter(
    ({ from, exchange }, index) => from === 'responder' && isOnPort500(exchange, index),
  ).length;
  const lost = answers[port === 500 ? 0 : others];
  return lost === undefined
    ? messages
    : messages.slice(0, lost + 1).map(unansweredFrom(lost, retransmission));
}

function portOfLostAnswer({ name, verdict }: Check): 500 | 4500 | undefined {
  if (name === 'response-500') return 500;
  if (name === 'response-4500') return 4500;
  return verdict.kind === 'failed' ? verdict.lost : undefined;
}

/** What each exchange came to, as far as the messages are drawn. */
interface Drawn {
  readonly opening: Result<Opening> | undefined;
  readonly ikeSa: Result<IkeSa> | undefined;
  readonly childSa: Result<ChildSa> | undefined;
}

/** With `stop` as the end; a lost answer is drawn as it would have been. */
function drawnUpTo({ checks, opening, ikeSa, childSa }: Run, stop: Check | undefined): Drawn {
  const isResponse = stop?.name === 'response-500' || stop?.name === 'response-4500';
  const from = stop ? checks.indexOf(stop) + (isResponse ? 1 : 0) : checks.length;
  const further = checks.slice(from);
  const of = <Success extends object>(stage: Stage, success: Success | undefined) =>
    resultOf(
      firstStop(further, (check) => stageOf(check) === stage),
      success,
    );
  return {
    opening: of('opening', opening),
    ikeSa: of('authentication', ikeSa),
    childSa: of('child', childSa),
  };
}

function allMessages(met: Run, stop: Check | undefined): readonly Message[] {
  const { attempt } = met;
  if (!attempt) return [];
  const { connection, initiator } = attempt;
  const version = connection.version === 1 ? 1 : 2;
  if (stop && stageOf(stop) === 'path') {
    const isSent = stop.verdict.kind === 'failed' && stop.verdict.failure.exchange !== null;
    if (!isSent) return [];
    const only = version === 1 ? firstMessage(connection, undefined) : firstRequest(connection);
    return [unansweredMessage(only, initiator.retransmission)];
  }
  const { opening, ikeSa, childSa } = drawnUpTo(met, stop);
  if (!opening) return [];
  const proofs = opening.kind === 'passed' && stop?.verdict.kind !== 'assumed' ? ikeSa : undefined;
  if (version === 2) {
    return [
      ...ikeSaInitMessages(connection, attempt.responder, opening),
      ...(opening.kind === 'passed' && proofs
        ? [
            ...ikeAuthMessages(attempt, opening, proofs, childSa),
            ...firstChildApart(attempt, proofs, childSa),
          ]
        : []),
    ];
  }
  return [
    ...openingMessages(attempt, opening),
    ...(opening.kind === 'passed' && proofs ? phase1AndQuickMode(attempt, opening, proofs, childSa) : []),
  ];
}

/** The CREATE_CHILD_SA of the first CHILD_SA, where IKE_AUTH makes none. */
function firstChildApart(
  { connection, child, path }: Attempt,
  ikeSa: Result<IkeSa>,
  childSa: Result<ChildSa> | undefined,
): readonly Message[] {
  if (ikeSa.kind !== 'passed' || !childSa) return [];
  const { responderConnection } = ikeSa;
  if (firstExchange({ connection, responderConnection }) === 'IKE_AUTH') return [];
  const parties = { child, initiator: path.initiator, responderConnection, responder: path.responder };
  return createChildSaMessages(parties, childSa, { rekey: false, firstId: nextId.initiator });
}

function phase1AndQuickMode(
  attempt: Attempt,
  opening: Opening,
  ikeSa: Result<IkeSa>,
  childSa: Result<ChildSa> | undefined,
): readonly Message[] {
  if (attempt.connection.aggressive) return [];
  const phase1 = mainModeMessages(attempt, opening, ikeSa);
  if (ikeSa.kind !== 'passed' || !childSa) return phase1;
  const { child, path } = attempt;
  const { responderConnection } = ikeSa;
  const parties = { child, initiator: path.initiator, responderConnection, responder: path.responder };
  return [...phase1, ...quickModeMessages(parties, undefined, childSa)];
}

/** IKE_SA_INIT, and the first four messages of main mode. */
function isOnPort500(exchange: Message['exchange'], index: number): boolean {
  return exchange === 'IKE_SA_INIT' || (exchange === 'ID_PROT' && index < 4);
}

/** The answer at `lost` does not arrive, so that the request before it is sent again and again. */
function unansweredFrom(lost: number, how: Retransmission) {
  return (message: Message, index: number): Message => {
    if (index === lost) return unansweredMessage(message, how);
    return index === lost - 1 ? { ...message, refused: false, ...sentInVain(how) } : message;
  };
}

/** In IKEv2 the initiator has used the message ids 0 and 1 by now, the responder none. */
const nextId = { initiator: 2, responder: 0 } as const;

/** `assumed`: what is taken to be well in a renewal, as it was at first. */
function afterwards(
  { negotiation: { initiator: side }, run: met, rekeys }: NegotiationRecord,
  assumed: ReadonlySet<CheckName>,
): Partial<Ladders> {
  const { attempt, over, ikeSa, childSa } = met ?? {};
  if (!attempt || !over || !ikeSa || !childSa || !rekeys) return {};
  const other = otherSide[side];
  const [byInitiator, byResponder] = rekeys;
  const childRekey = bySide(
    side,
    requestLadder(side, over, byInitiator, { rekey: true, firstId: nextId.initiator }),
    requestLadder(other, over, byResponder, { rekey: true, firstId: nextId.responder }),
  );
  const { responderChild } = childSa;
  const standing = { over, responderChild };
  const { connection, responderConnection } = over;
  if (over.version === 1) {
    const { initiator, responder, child } = attempt;
    return {
      childRekey,
      reauthentication: bySide(
        side,
        phase1Again({ initiator, connection, child, responder, facing: responderConnection }, assumed),
        phase1Again(
          {
            initiator: responder,
            connection: responderConnection,
            child: responderChild,
            responder: initiator,
            facing: connection,
          },
          assumed,
        ),
      ),
      standing,
    };
  }
  const ikeRekey = (starter: Side, from: Connection, to: Connection, firstId: number): Ladder => ({
    initiator: starter,
    messages: ikeRekeyMessages(from, to, ikeSa.proposal, firstId),
    end: { kind: 'established' },
  });
  return {
    childRekey,
    ikeRekey: bySide(
      side,
      ikeRekey(side, connection, responderConnection, nextId.initiator),
      ikeRekey(other, responderConnection, connection, nextId.responder),
    ),
    standing,
  };
}

/**
 * IKEv1 renews an IKE_SA by phase 1 anew, of the same version and with the address of the peer that it knows by now,
 * whatever it is configured to call (task_manager_v1.c, queue_ike_reauth).
 */
function phase1Again(parties: Parties, assumed: ReadonlySet<CheckName>): RekeyFate {
  const again = run({ ...parties, connection: { ...parties.connection, version: 1 } }, { flowStands: true });
  const stop = firstStop(again.checks, ({ name }) => !assumed.has(name));
  if (stop?.verdict.kind === 'assumed') return { kind: 'unknown' };
  return stop?.verdict.kind === 'failed' && stop.verdict.failure.phase === 'ike'
    ? { kind: 'failed', notify: stop.verdict.failure.notify }
    : { kind: 'established' };
}

function laterLadder({ negotiation: { initiator }, run: met, later }: NegotiationRecord): Partial<Ladders> {
  const over = met?.over;
  if (!later || !over) return {};
  if (later === 'not-asked-for') {
    return { laterChild: { initiator, messages: [], end: { kind: 'not-asked-for' } } };
  }
  const apart = firstExchange(over) === 'IKE_AUTH' ? 0 : 1;
  const firstId = nextId.initiator + apart + askedBefore(over);
  return { laterChild: requestLadder(initiator, over, later, { rekey: false, firstId }) };
}

function requestLadder(
  initiator: Side,
  over: Standing,
  { parties, rekeyed, result }: Request,
  how: { readonly rekey: boolean; readonly firstId: number },
): Ladder {
  const messages =
    over.version === 1
      ? quickModeMessages(parties, rekeyed, result)
      : createChildSaMessages(parties, result, how);
  const end: LadderEnd =
    result.kind === 'passed'
      ? { kind: 'established' }
      : result.kind === 'failed'
        ? { kind: 'failed', failure: result.failure }
        : { kind: 'unknown', why: result.why };
  return { initiator, messages, end };
}
