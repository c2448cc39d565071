/** What follows over an IKE_SA that stands: the rekeys of a CHILD_SA, and later children of the same connection. */
import type { ChildSa } from './attempt.ts';
import { type Checks, firstStop, type Result, resultOf } from './check.ts';
import { type ChildParties, sameButForName } from './child.ts';
import type { ChildConfig, Connection } from './connection.ts';
import { createChildSa } from './create-child-sa.ts';
import type { Endpoints } from './lookup.ts';
import { type QuickModeSelectors, quickMode } from './quick-mode.ts';
import { firstExchange, partiesOf, type Standing } from './run.ts';

/** A CHILD_SA that is asked for over an IKE_SA that stands: who asks whom for what, and what becomes of it. */
export interface Request {
  readonly parties: ChildParties;
  /** A rekey in IKEv1 takes the selectors of the CHILD_SA that it replaces. */
  readonly rekeyed: QuickModeSelectors | undefined;
  readonly result: Result<ChildSa>;
}

/**
 * The CHILD_SA's rekey, started by the initiator of the IKE_SA and by its responder, in this order.
 *
 * The IKE_SA's own rekey decides nothing new. In IKEv2 it repeats the choice of a proposal with the same two lists over
 * an IKE_SA that stands (ike_rekey.c, ike_init.c), and the one that was chosen is in both. In IKEv1 it is phase 1 anew
 * (task_manager_v1.c, queue_ike_reauth): from the responder's side it is the negotiation in the other direction.
 */
export function rekeyBothWays(over: Standing, child: ChildSa): readonly [Request, Request] {
  const { connection, responderConnection, path } = over;
  const [local, remote] = [child.local[0], child.remote[0]];
  const initiator = { connection, child: over.child, endpoints: path.initiator };
  const responder = {
    connection: responderConnection,
    child: child.responderChild,
    endpoints: path.responder,
  };
  const pair = local && remote ? { local, remote } : undefined;
  const turned = pair && { local: pair.remote, remote: pair.local };
  return [rekey(over.version, initiator, responder, pair), rekey(over.version, responder, initiator, turned)];
}

/** One end of a CHILD_SA that stands. */
interface ChildEnd {
  readonly connection: Connection;
  readonly child: ChildConfig;
  readonly endpoints: Endpoints;
}

function rekey(
  version: 1 | 2,
  asking: ChildEnd,
  answering: ChildEnd,
  rekeyed: QuickModeSelectors | undefined,
): Request {
  const parties: ChildParties = {
    child: asking.child,
    initiator: asking.endpoints,
    responderConnection: answering.connection,
    responder: answering.endpoints,
  };
  const responderChild = answering.child;
  return asked(parties, rekeyed, (checks) =>
    version === 1
      ? quickMode(parties, rekeyed, checks)
      : createChildSa(parties, { exchange: 'CREATE_CHILD_SA', responderChild }, checks),
  );
}

/**
 * The child over an IKE_SA that an earlier child of its connection made, when all were asked for in their order;
 * undefined for the first child.
 */
export function laterChild(over: Standing): Request | 'not-asked-for' | undefined {
  if (over.connection.children[0] === over.child) return undefined;
  return hasItsLike(over, over.child) ? 'not-asked-for' : askFor(over, over.child, 'CREATE_CHILD_SA');
}

/** How many children before this one are asked for by an exchange of their own, once the first has made the IKE_SA. */
export function askedBefore(over: Standing): number {
  const { children } = over.connection;
  return children.slice(1, children.indexOf(over.child)).filter((child) => !hasItsLike(over, child)).length;
}

/**
 * IKEv2 does not ask for a child that differs in the name alone from an earlier one that stands (child_create.c,
 * check_for_duplicate).
 */
function hasItsLike(over: Standing, child: ChildConfig): boolean {
  const { children } = over.connection;
  if (over.version === 1) return false;
  return children.slice(0, children.indexOf(child)).some((other, index) => {
    if (!sameButForName(other, child)) return false;
    return (
      askFor(over, other, index === 0 ? firstExchange(over) : 'CREATE_CHILD_SA').result.kind === 'passed'
    );
  });
}

function askFor(over: Standing, child: ChildConfig, exchange: 'IKE_AUTH' | 'CREATE_CHILD_SA'): Request {
  const parties = partiesOf(over, child);
  return asked(parties, undefined, (checks) =>
    over.version === 1 ? quickMode(parties, undefined, checks) : createChildSa(parties, { exchange }, checks),
  );
}

function asked(
  parties: ChildParties,
  rekeyed: QuickModeSelectors | undefined,
  exchange: (checks: Checks) => ChildSa | undefined,
): Request {
  const checks: Checks = [];
  const childSa = exchange(checks);
  const result = resultOf(firstStop(checks), childSa) ?? {
    kind: 'unknown',
    why: 'the responder has no child',
  };
  return { parties, rekeyed, result };
}
