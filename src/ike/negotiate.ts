import type { Attempt, ChildSa, Hurdle, IkeSa, Result } from './attempt.ts';
import { sameButForName } from './child.ts';
import type { ChildConfig, Connection, Daemon } from './connection.ts';
import { createChildSa } from './create-child-sa.ts';
import { phase1 } from './ikev1.ts';
import { ikeAuth, ikeSaInit } from './ikev2.ts';
import type { Endpoints } from './lookup.ts';
import type { ChildOutcome, Established, Failure, LaterFailure, Negotiation, Side } from './outcome.ts';
import { findPath, type Path } from './path.ts';
import { formatProposal } from './proposal.ts';
import { quickMode } from './quick-mode.ts';
import { compareSelectors, formatSelector } from './traffic-selector.ts';

/** One side's half of a link: its daemon, and the connection that faces the other side's (if it is loaded). */
export interface LinkEnd {
  readonly side: Side;
  readonly daemon: Daemon;
  readonly connection: string;
}

/**
 * What happens when `initiator` calls: one negotiation for each child of its connection, in their order. A connection
 * that charon discarded yields one negotiation for each name in `rejectedChildren`.
 */
export function negotiate(
  initiator: LinkEnd,
  responder: LinkEnd,
  rejectedChildren: readonly string[] = [],
): readonly Negotiation[] {
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
  let later: Rekey | undefined;
  let rekeys: readonly LaterFailure[] = [];
  // Each round takes one hurdle more, so this ends after as many rounds as there are hurdles.
  for (;;) {
    const attempt = run(initiator.daemon, connection, child, responder.daemon, facing, taken);
    if (attempt.kind === 'unknown') {
      first ??= { outcome: 'unknown', why: attempt.why };
      if (attempt.hurdle === undefined || taken.has(attempt.hurdle)) break;
      taken.add(attempt.hurdle);
      continue;
    }
    if (!first) later = attempt.over && laterChild(attempt.over);
    if (attempt.kind === 'passed') {
      const both = rekeyBothWays(attempt.over, attempt.child);
      first ??= established(initiator.side, attempt, both);
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
      ...rekeys,
      ...(later?.failure ? [{ kind: 'later-child', failure: later.failure } as const] : []),
    ],
    hidden: first.outcome === 'failed' ? failures.slice(1) : failures,
  };
}

function rekeyFailures(
  side: Side,
  rekeys: readonly [Rekey, Rekey],
  responderChild: string,
): readonly LaterFailure[] {
  const sides = side === 'a' ? (['a', 'b'] as const) : (['b', 'a'] as const);
  return rekeys.flatMap(({ failure }, index) =>
    failure ? [{ kind: 'rekey', by: sides[index] ?? side, responderChild, failure } as const] : [],
  );
}

/** The IKE_SA that stands, with both its ends. */
interface Standing {
  readonly version: 1 | 2;
  readonly connection: Connection;
  readonly child: ChildConfig;
  readonly responderConnection: Connection;
  readonly path: Extract<Path, { kind: 'reaches' }>;
}

type Run =
  | { readonly kind: 'unknown'; readonly why: string; readonly hurdle?: Hurdle }
  | {
      readonly kind: 'failed';
      readonly hurdle: Hurdle;
      readonly failure: Failure;
      /** Where the IKE_SA stands. */
      readonly over?: Standing;
    }
  | { readonly kind: 'passed'; readonly ikeSa: IkeSa; readonly child: ChildSa; readonly over: Standing };

function run(
  initiator: Daemon,
  connection: Connection,
  child: ChildConfig,
  responder: Daemon,
  facing: Connection | undefined,
  taken: ReadonlySet<Hurdle>,
): Run {
  const path = reach(initiator, connection, responder, facing, taken);
  if (path.kind !== 'reaches') return path;
  const attempt: Attempt = { initiator, connection, child, responder, facing, path, taken };
  const version = connection.version === 1 ? 1 : 2;
  const ikeSa = version === 1 ? phase1(attempt) : ikeV2(attempt);
  if (
    ikeSa.kind === 'failed' &&
    aboutKeys.has(ikeSa.failure.reason) &&
    [initiator, responder].some(hidesOwners)
  ) {
    return { kind: 'unknown', why: 'the ids of a pre-shared key are masked' };
  }
  if (ikeSa.kind !== 'passed') return ikeSa;
  if (connection.asksForVirtualAddress) {
    return { kind: 'unknown', why: `connection "${connection.name}" asks for a virtual address` };
  }
  if (
    !taken.has('traffic-selectors') &&
    [child, ...ikeSa.responderConnection.children].some(({ selectorsMasked }) => selectorsMasked)
  ) {
    return { kind: 'unknown', why: 'a traffic selector is masked', hurdle: 'traffic-selectors' };
  }
  const over: Standing = {
    version,
    connection,
    child,
    responderConnection: ikeSa.responderConnection,
    path,
  };
  const parties = {
    child,
    initiator: path.initiator,
    responderConnection: ikeSa.responderConnection,
    responder: path.responder,
  };
  const childSa =
    version === 1
      ? quickMode(parties, undefined, taken)
      : createChildSa(parties, { exchange: 'IKE_AUTH' }, taken);
  if (childSa.kind === 'failed') return { ...childSa, over };
  if (childSa.kind === 'unknown') return childSa;
  return { kind: 'passed', ikeSa, child: childSa, over };
}

function ikeV2(attempt: Attempt): Result<IkeSa> {
  const init = ikeSaInit(attempt);
  if (init.kind !== 'passed') return init;
  const auth = ikeAuth(attempt, init);
  if (auth.kind !== 'passed') return auth;
  return { ...init, responderConnection: auth.responderConnection };
}

function reach(
  initiator: Daemon,
  connection: Connection,
  responder: Daemon,
  facing: Connection | undefined,
  taken: ReadonlySet<Hurdle>,
): (Path & { readonly kind: 'reaches' }) | Exclude<Run, { kind: 'passed' }> {
  const path = findPath(initiator, connection, responder);
  if (path.kind === 'reaches' || path.kind === 'unknown') return path;
  if (taken.has('reach')) return assumedPath(connection, responder, facing);
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
      exchange:
        connection.version !== 1 ? 'IKE_SA_INIT' : connection.aggressive ? 'AGGRESSIVE_MODE' : 'MAIN_MODE',
      reason: 'no-response',
      detectedBy: null,
      log: {
        initiator: ['giving up after 5 retransmits', 'establishing IKE_SA failed, peer not responding'],
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
): (Path & { readonly kind: 'reaches' }) | { readonly kind: 'unknown'; readonly why: string } {
  const addressOf = (hosts: Connection['localHosts']) =>
    hosts.flatMap((host) => (host.kind === 'address' ? [host.address] : []))[0];
  const remote = (facing && addressOf(facing.localHosts)) ?? responder.addresses[0];
  const local = addressOf(connection.localHosts) ?? (facing && addressOf(facing.remoteHosts));
  if (!local || !remote) return { kind: 'unknown', why: 'the addresses of the ends are not in the dump' };
  return {
    kind: 'reaches',
    initiator: { local, remote },
    responder: { local: remote, remote: (facing && addressOf(facing.remoteHosts)) ?? local },
  };
}

/** What becomes of a CHILD_SA over an IKE_SA that stands. */
interface Rekey {
  readonly outcome: ChildOutcome;
  readonly failure?: Failure;
}

function asRekey(result: Result<ChildSa>): Rekey {
  if (result.kind === 'passed') {
    return { outcome: { outcome: 'established', espProposal: formatProposal(result.proposal) } };
  }
  if (result.kind === 'unknown') return { outcome: { outcome: 'unknown' } };
  return { outcome: { outcome: 'failed', notify: result.failure.notify }, failure: result.failure };
}

/**
 * The CHILD_SA's rekey, started by the initiator of the IKE_SA and by its responder, in this order.
 *
 * The IKE_SA's own rekey decides nothing new. In IKEv2 it repeats the choice of a proposal with the same two lists over
 * an IKE_SA that stands (ike_rekey.c, ike_init.c), and the one that was chosen is in both. In IKEv1 it is phase 1 anew
 * (task_manager_v1.c, queue_ike_reauth): from the responder's side it is the negotiation in the other direction.
 */
function rekeyBothWays(over: Standing, child: ChildSa): readonly [Rekey, Rekey] {
  return [
    asRekey(
      rekey(
        over,
        over.child,
        over.path.initiator,
        over.responderConnection,
        over.path.responder,
        child.responderChild,
        {
          local: child.local[0],
          remote: child.remote[0],
        },
      ),
    ),
    asRekey(
      rekey(
        over,
        child.responderChild,
        over.path.responder,
        over.connection,
        over.path.initiator,
        over.child,
        {
          local: child.remote[0],
          remote: child.local[0],
        },
      ),
    ),
  ];
}

function rekey(
  over: Standing,
  child: ChildConfig,
  initiator: Endpoints,
  responderConnection: Connection,
  responder: Endpoints,
  responderChild: ChildConfig,
  selectors: {
    readonly local: ChildSa['local'][number] | undefined;
    readonly remote: ChildSa['local'][number] | undefined;
  },
): Result<ChildSa> {
  const parties = { child, initiator, responderConnection, responder };
  if (over.version === 2) return createChildSa(parties, { exchange: 'CREATE_CHILD_SA', responderChild });
  const { local, remote } = selectors;
  return quickMode(parties, local && remote ? { local, remote } : undefined);
}

/**
 * The child over an IKE_SA that an earlier child of its connection made, when all were asked for in their order;
 * undefined for the first child.
 */
function laterChild(over: Standing): Rekey | undefined {
  if (over.connection.children[0] === over.child) return undefined;
  return hasItsLike(over)
    ? { outcome: { outcome: 'failed', notify: null } }
    : asRekey(askedFor(over, over.child, 'CREATE_CHILD_SA'));
}

/**
 * IKEv2 does not ask for a child that differs in the name alone from an earlier one that stands (child_create.c,
 * check_for_duplicate).
 */
function hasItsLike(over: Standing): boolean {
  const { children } = over.connection;
  if (over.version === 1) return false;
  return children.slice(0, children.indexOf(over.child)).some((other, index) => {
    if (!sameButForName(other, over.child)) return false;
    const exchange = index === 0 ? 'IKE_AUTH' : 'CREATE_CHILD_SA';
    return askedFor(over, other, exchange).kind === 'passed';
  });
}

function askedFor(
  over: Standing,
  child: ChildConfig,
  exchange: 'IKE_AUTH' | 'CREATE_CHILD_SA',
): Result<ChildSa> {
  const parties = {
    child,
    initiator: over.path.initiator,
    responderConnection: over.responderConnection,
    responder: over.path.responder,
  };
  return over.version === 1 ? quickMode(parties) : createChildSa(parties, { exchange });
}

function established(
  side: Side,
  attempt: Extract<Run, { kind: 'passed' }>,
  [byInitiator, byResponder]: readonly [Rekey, Rekey],
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
    rekey:
      side === 'a'
        ? { a: byInitiator.outcome, b: byResponder.outcome }
        : { a: byResponder.outcome, b: byInitiator.outcome },
    responder: { connection: over.responderConnection.name, child: child.responderChild.name },
  };
}

const aboutKeys: ReadonlySet<Failure['reason']> = new Set(['no-psk', 'psk-mismatch']);

function hidesOwners({ sharedKeys }: Daemon): boolean {
  return sharedKeys.some(({ owners }) => owners.some(({ kind }) => kind === 'masked'));
}
