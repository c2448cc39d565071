/** The messages of a negotiation in their order, of the rekeys after it, and where each of these sequences stops. */
import type { Attempt, ChildSa, Hurdle, IkeSa, Opening, Result } from './attempt.ts';
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
import type { LinkEnd } from './negotiate.ts';
import type { Negotiation, Side } from './outcome.ts';
import type { Retransmission } from './retransmission.ts';
import { firstExchange, type Run, run, type Standing } from './run.ts';
import { askedBefore, laterChild, type Request, rekeyBothWays } from './standing.ts';
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
 * The sequences of a negotiation that `negotiate` made of the same two ends. They are read off the same run, so that they
 * cannot differ from its result. Where the result is unknown for want of a masked value, the value is taken to be right.
 */
export function ladders(initiator: LinkEnd, responder: LinkEnd, negotiation: Negotiation): Ladders {
  const side = initiator.side;
  const connection = initiator.daemon.connections.find(({ name }) => name === initiator.connection);
  const child = connection?.children.find(({ name }) => name === negotiation.child);
  if (!connection || !child) return { setup: notLoaded(side, negotiation), assumed: [] };
  const facing = responder.daemon.connections.find(({ name }) => name === responder.connection);
  const taken = new Set<Hurdle>();
  const assumed: string[] = [];
  let last = run(initiator.daemon, connection, child, responder.daemon, facing, taken);
  while (
    last.kind === 'unknown' &&
    last.hurdle !== undefined &&
    // The messages would have to show identities that no dump holds.
    last.hurdle !== 'unseen-identities' &&
    !taken.has(last.hurdle)
  ) {
    taken.add(last.hurdle);
    if (!assumed.includes(last.why)) assumed.push(last.why);
    last = run(initiator.daemon, connection, child, responder.daemon, facing, taken);
  }
  const setup: Ladder = {
    initiator: side,
    messages: setupMessages(connection, initiator.daemon.retransmission, last),
    end: endOf(last),
  };
  const over = last.kind === 'unknown' ? undefined : last.over;
  return {
    setup,
    assumed,
    ...(last.kind === 'passed' ? afterwards(initiator, responder, last, taken) : {}),
    ...(over ? laterLadder(side, over) : {}),
  };
}

function notLoaded(initiator: Side, { result }: Negotiation): Ladder {
  const end: LadderEnd =
    result.outcome === 'failed'
      ? { kind: 'failed', failure: result }
      : { kind: 'unknown', why: 'the connection is not there' };
  return { initiator, messages: [], end };
}

function endOf(last: Run): LadderEnd {
  switch (last.kind) {
    case 'passed':
      return { kind: 'established' };
    case 'failed':
      return { kind: 'failed', failure: last.failure };
    case 'unknown':
      return { kind: 'unknown', why: last.why };
  }
}

function setupMessages(
  connection: Connection,
  retransmission: Retransmission,
  last: Run,
): readonly Message[] {
  const messages = allMessages(connection, retransmission, last);
  const { lostAnswer } = last.steps;
  if (lostAnswer === undefined) return messages;
  const answers = messages.flatMap(({ from }, index) => (from === 'responder' ? [index] : []));
  // On port 4500 it is that of the exchange after those of port 500.
  const others = messages.filter(
    ({ from, exchange }, index) => from === 'responder' && isOnPort500(exchange, index),
  ).length;
  const lost = answers[lostAnswer === 500 ? 0 : others];
  return lost === undefined
    ? messages
    : messages.slice(0, lost + 1).map(unansweredFrom(lost, retransmission));
}

function allMessages(
  connection: Connection,
  retransmission: Retransmission,
  { steps, ...last }: Run,
): readonly Message[] {
  const { attempt, opening, ikeSa, childSa } = steps;
  const version = connection.version === 1 ? 1 : 2;
  if (!attempt || !opening) {
    const called = last.kind === 'failed' && last.failure.exchange !== null;
    if (!called) return [];
    const only = version === 1 ? firstMessage(connection, undefined) : firstRequest(connection);
    return [unansweredMessage(only, retransmission)];
  }
  const stops = last.kind === 'unknown';
  if (version === 2) {
    return [
      ...ikeSaInitMessages(connection, attempt.responder, opening),
      ...(opening.kind === 'passed' && ikeSa && !stops
        ? [...ikeAuthMessages(attempt, opening, ikeSa, childSa), ...firstChildApart(attempt, ikeSa, childSa)]
        : []),
    ];
  }
  return [
    ...openingMessages(attempt, opening),
    ...(ikeSa && !stops ? phase1AndQuickMode(attempt, opening, steps) : []),
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
  opening: Result<Opening>,
  { ikeSa, childSa }: Run['steps'],
): readonly Message[] {
  if (!ikeSa || opening.kind !== 'passed' || attempt.connection.aggressive) return [];
  const phase1 = mainModeMessages(attempt, opening, ikeSa);
  if (ikeSa.kind !== 'passed' || !childSa) return phase1;
  const { child, path } = attempt;
  const { responderConnection } = ikeSa;
  const parties = { child, initiator: path.initiator, responderConnection, responder: path.responder };
  return [...phase1, ...quickModeMessages(parties, undefined, childSa)];
}

/** What an IKE_SA that stands has got over: the address of its peer, and the firewalls, to which its flow is established. */
const flows = ['reach', 'request-500', 'response-500', 'request-4500', 'response-4500'] as const;

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

function afterwards(
  initiator: LinkEnd,
  responder: LinkEnd,
  { over, child, ikeSa }: Extract<Run, { kind: 'passed' }>,
  taken: ReadonlySet<Hurdle>,
): Partial<Ladders> {
  const { side } = initiator;
  const other = otherSide[side];
  const [byInitiator, byResponder] = rekeyBothWays(over, child);
  const childRekey = bySide(
    side,
    requestLadder(side, over, byInitiator, { rekey: true, firstId: nextId.initiator }),
    requestLadder(other, over, byResponder, { rekey: true, firstId: nextId.responder }),
  );
  const standing = { over, responderChild: child.responderChild };
  const { connection, responderConnection } = over;
  if (over.version === 1) {
    const again = (starter: LinkEnd, from: Connection, its: ChildConfig, other: LinkEnd, to: Connection) =>
      phase1Again(
        run(starter.daemon, { ...from, version: 1 }, its, other.daemon, to, new Set([...taken, ...flows])),
      );
    return {
      childRekey,
      reauthentication: bySide(
        side,
        again(initiator, connection, over.child, responder, responderConnection),
        again(responder, responderConnection, child.responderChild, initiator, connection),
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
function phase1Again(again: Run): RekeyFate {
  if (again.kind === 'failed' && again.failure.phase === 'ike') {
    return { kind: 'failed', notify: again.failure.notify };
  }
  return again.kind === 'unknown' ? { kind: 'unknown' } : { kind: 'established' };
}

function laterLadder(side: Side, over: Standing): Partial<Ladders> {
  const later = laterChild(over);
  if (!later) return {};
  if (later === 'not-asked-for') {
    return { laterChild: { initiator: side, messages: [], end: { kind: 'not-asked-for' } } };
  }
  const apart = firstExchange(over) === 'IKE_AUTH' ? 0 : 1;
  const firstId = nextId.initiator + apart + askedBefore(over);
  return { laterChild: requestLadder(side, over, later, { rekey: false, firstId }) };
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
