import type { ChildSa, Hurdle, Result } from './attempt.ts';
import type { ChildConfig, Connection, Daemon } from './connection.ts';
import { leaving } from './hearing.ts';
import type {
  ChildOutcome,
  Doubt,
  Established,
  Failure,
  LaterFailure,
  Negotiation,
  Role,
  Side,
} from './outcome.ts';
import { offersPpk } from './ppk.ts';
import { formatProposal } from './proposal.ts';
import { type Run, run, type Standing } from './run.ts';
import { laterChild, type Request, rekeyBothWays } from './standing.ts';
import { compareSelectors, formatSelector } from './traffic-selector.ts';

/** One side's half of a link: its daemon, and the connection that faces the other side's (if it is loaded). */
export interface LinkEnd {
  readonly side: Side;
  readonly daemon: Daemon;
  readonly connection: string;
}

/**
 * What happens when `initiator` calls: one negotiation for each child of its connection, in their order. A connection
 * that charon discarded, or of which nothing is known, yields one negotiation for each name in `rejectedChildren`.
 */
export function negotiate(
  initiator: LinkEnd,
  responder: LinkEnd,
  rejectedChildren: readonly string[] = [],
): readonly Negotiation[] {
  const { withheld } = initiator.daemon;
  if (withheld !== undefined) {
    return rejectedChildren.map((child) => ({
      initiator: initiator.side,
      child,
      ikeVersion: 2,
      result: { outcome: 'unknown', why: withheld },
      afterwards: [],
      hidden: [],
    }));
  }
  const rejected = initiator.daemon.rejected.find(({ name }) => name === initiator.connection);
  if (rejected) {
    return rejectedChildren.map((child) => ({
      initiator: initiator.side,
      child,
      ikeVersion: rejected.version === 1 ? 1 : 2,
      result: {
        outcome: 'failed',
        phase: 'ike',
        exchange: null,
        notify: null,
        reason: 'not-loaded',
        detectedBy: 'initiator',
        log: { initiator: [...rejected.log], responder: [] },
      },
      afterwards: [],
      hidden: [],
    }));
  }
  const connection = initiator.daemon.connections.find(({ name }) => name === initiator.connection);
  if (!connection) return [];
  return connection.children.map((child) => negotiateChild(initiator, connection, child, responder));
}

function negotiateChild(
  initiator: LinkEnd,
  connection: Connection,
  child: ChildConfig,
  responder: LinkEnd,
): Negotiation {
  const facing = responder.daemon.connections.find(({ name }) => name === responder.connection);
  const base = {
    initiator: initiator.side,
    child: child.name,
    ikeVersion: connection.version === 1 ? 1 : 2,
  } as const;
  const taken = new Set<Hurdle>();
  const failures: Failure[] = [];
  let first: Negotiation['result'] | undefined;
  let later: Afterwards | undefined;
  let lost: readonly LaterFailure[] = [];
  let rekeys: readonly LaterFailure[] = [];
  const doubts: Doubt[] = [];
  const sideOf = (role: Role): Side => (role === 'initiator' ? initiator : responder).side;
  // Each round takes one hurdle more, so this ends after as many rounds as there are hurdles.
  for (;;) {
    const attempt = run(initiator.daemon, connection, child, responder.daemon, facing, taken);
    if (attempt.kind === 'unknown') {
      const { why, doubt, hurdle } = attempt;
      if (hurdle === undefined || taken.has(hurdle)) {
        first ??= { outcome: 'unknown', why };
        break;
      }
      // What fails behind such a doubt fails whatever comes of it.
      if (doubt) doubts.push({ side: sideOf(doubt.at), obstacle: doubt.obstacle });
      else first ??= { outcome: 'unknown', why };
      taken.add(hurdle);
      continue;
    }
    if (!first) later = attempt.over && asAfterwards(laterChild(attempt.over));
    if (attempt.kind === 'passed') {
      const [byInitiator, byResponder] = rekeyBothWays(attempt.over, attempt.child);
      const both = [afterwardsOf(byInitiator.result), afterwardsOf(byResponder.result)] as const;
      const [doubt] = doubts;
      first ??= doubt
        ? { outcome: 'unknown', why: doubt.obstacle.why }
        : established(initiator.side, attempt, both);
      lost = losses(initiator, responder, attempt.over, sideOf);
      rekeys = rekeyFailures(initiator.side, both, attempt.child.responderChild.name);
      break;
    }
    first ??= { outcome: 'failed', ...attempt.failure };
    if (taken.has(attempt.hurdle)) break;
    failures.push(attempt.failure);
    taken.add(attempt.hurdle);
  }
  return {
    ...base,
    result: first,
    ...(later ? { onExistingIkeSa: later.outcome } : {}),
    afterwards: [
      ...lost,
      ...rekeys,
      ...(later?.failure ? [{ kind: 'later-child', failure: later.failure } as const] : []),
    ],
    hidden: first.outcome === 'failed' ? failures.slice(1) : failures,
    ...(doubts.length > 0 ? { doubts } : {}),
  };
}

/**
 * Each end that sends the packets of the tunnel into the tunnel once it is up: they have to go through themselves, and the
 * kernel drops them (Linux net/xfrm/xfrm_interface_core.c). No notify tells of it, and no daemon logs it.
 */
function losses(
  { daemon: initiator }: LinkEnd,
  { daemon: responder }: LinkEnd,
  { connection, responderConnection: facing, path }: Standing,
  sideOf: (role: Role) => Side,
): readonly LaterFailure[] {
  return (['initiator', 'responder'] as const).flatMap((role) => {
    const ends = { initiator, responder, connection, facing, path };
    const swallowed = path.assumed ? undefined : leaving(ends, role).find(({ kind }) => kind === 'swallows');
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
  attempt: Extract<Run, { kind: 'passed' }>,
  [byInitiator, byResponder]: readonly [Afterwards, Afterwards],
): Established {
  const { ikeSa, child, over } = attempt;
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
