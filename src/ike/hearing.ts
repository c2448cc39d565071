/**
 * Which messages of a negotiation an end hears at all. Source: strongSwan 5.9 sa/ikev2/tasks/ike_natd.c and
 * sa/ikev1/tasks/isakmp_natd.c for the change of ports, sa/ikev2/task_manager_v2.c and sa/ikev1/task_manager_v1.c for what
 * an initiator says that hears nothing.
 */
import type { Attempt } from './attempt.ts';
import type { Check } from './check.ts';
import type { Arrival, Connection, Obstacle, ObstacleKind } from './connection.ts';
import type { Exchange, Failure, Role } from './outcome.ts';
import type { Path } from './path.ts';
import { givingUp, type Retransmission } from './retransmission.ts';

type Reaching = Extract<Path, { kind: 'reaches' }>;

/** Whether one end sees the other at another address than the other has. */
export function isTranslated({ initiator, responder }: Reaching): boolean {
  return initiator.local !== responder.remote || initiator.remote !== responder.local;
}

/**
 * Whether the exchange goes on from port 4500 to port 4500: because of a NAT, or one that an end pretends to have; in
 * IKEv2 without any, for the sake of MOBIKE, as the initiator is configured.
 */
export function leavesPort500(
  connection: Connection,
  responderConnection: Connection | undefined,
  path: Reaching,
): boolean {
  const encapsulated = connection.forcesEncapsulation || responderConnection?.forcesEncapsulation === true;
  return encapsulated || isTranslated(path) || (connection.version !== 1 && connection.mobike);
}

/** A message of IKE, or a packet of ESP, as it comes to one end of a negotiation. `connection`: that end's. */
export function arrivalAt(
  path: Reaching,
  at: Role,
  port: 500 | 4500 | undefined,
  connection: string | undefined,
): Arrival {
  return {
    from: path[at].remote,
    to: path[at].local,
    protocol: port === undefined ? 'esp' : 'udp',
    port,
    translated: isTranslated(path),
    state: at === 'responder' ? 'new' : 'established',
    connection,
  };
}

type Ends = Pick<Attempt, 'initiator' | 'responder' | 'connection' | 'facing' | 'path'>;

/**
 * The checks of an exchange of which one end, `receiver`, may hear nothing: the responder the request, or the initiator the
 * answer. One for each obstacle, in the order in which the message meets them; empty where nothing stands in the way.
 */
export function obstructions(
  ends: Ends,
  receiver: Role,
  port: 500 | 4500,
  exchange: Exchange,
): readonly Check[] {
  const name = receiver === 'responder' ? (`request-${port}` as const) : (`response-${port}` as const);
  return obstaclesTo(ends, receiver, port).flatMap(({ at, obstacle, arrival }): readonly Check[] => {
    if (obstacle.kind === 'swallows' || obstacle.kind === 'open') return [];
    // What becomes of packets between addresses that are only assumed is not known, but for what goes by an end's own one.
    if (aboutOwnAddress.has(obstacle.by) ? !knowsOwnAddress(ends, at) : ends.path.assumed) return [];
    if (obstacle.kind === 'unknown') {
      return [{ name, verdict: { kind: 'assumed', why: obstacle.why, doubt: { at, obstacle } } }];
    }
    const failure: Failure = {
      phase: 'ike',
      exchange,
      notify: null,
      reason: 'no-response',
      detectedBy: null,
      log: { initiator: unanswered(ends.initiator.retransmission), responder: [] },
      detail: { dropped: { by: at, arrival, obstacle } },
    };
    return [{ name, verdict: { kind: 'failed', failure } }];
  });
}

const aboutOwnAddress: ReadonlySet<ObstacleKind> = new Set(['interface-list', 'local-address']);

/** Whether the address of an end is not only assumed: an end that is configured with its own has that one. */
function knowsOwnAddress(ends: Ends, at: Role): boolean {
  const local = connectionOf(ends, at)?.localHosts ?? [];
  return !ends.path.assumed || (local.length > 0 && local.every(({ kind }) => kind !== 'any'));
}

interface Met {
  /** The end that does it. */
  readonly at: Role;
  readonly obstacle: Obstacle;
  readonly arrival: Arrival;
}

/** What stands in the way of the first message to a port: at its sender, then at its receiver. Each is met once. */
function obstaclesTo(ends: Ends, receiver: Role, port: 500 | 4500): readonly Met[] {
  const sender = otherRole[receiver];
  const arrival = arrivalAt(ends.path, receiver, port, connectionOf(ends, receiver)?.name);
  const arriving = ends[receiver]
    .inbound(arrival)
    .map((obstacle): Met => ({ at: receiver, obstacle, arrival }));
  if (port === 500) {
    const departing = leaving(ends, sender).map((obstacle): Met => ({ at: sender, obstacle, arrival }));
    return [...departing, ...arriving];
  }
  if (arriving.length === 0) return [];
  const before = obstaclesTo(ends, receiver, 500);
  return arriving.filter(({ obstacle }) => !before.some((met) => isOneCause(met.obstacle, obstacle)));
}

/** What an end does to the packets that it sends to the other. */
export function leaving(ends: Ends, at: Role): readonly Obstacle[] {
  const connection = connectionOf(ends, at);
  const { local, remote } = ends.path[at];
  return connection ? ends[at].outbound({ from: local, to: remote, connection: connection.name }) : [];
}

function connectionOf(ends: Pick<Ends, 'connection' | 'facing'>, at: Role): Connection | undefined {
  return at === 'initiator' ? ends.connection : ends.facing;
}

const otherRole: Readonly<Record<Role, Role>> = { initiator: 'responder', responder: 'initiator' };

/** What is fixed at one port is fixed at the other. */
function isOneCause(one: Obstacle, other: Obstacle): boolean {
  return one.by === other.by && one.by !== 'firewall' && one.name === other.name;
}

/** What charon says when its retransmits are used up. */
export function unanswered(how: Retransmission): readonly string[] {
  return [givingUp(how), 'establishing IKE_SA failed, peer not responding'];
}
