/**
 * Which messages of a negotiation an end hears at all. Source: strongSwan 5.9 sa/ikev2/tasks/ike_natd.c and
 * sa/ikev1/tasks/isakmp_natd.c for the change of ports, sa/ikev2/task_manager_v2.c and sa/ikev1/task_manager_v1.c for what
 * an initiator says that hears nothing.
 */
import type { Attempt } from './attempt.ts';
import type { Arrival, Connection } from './connection.ts';
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

/** A message of IKE, or a packet of ESP, as it comes to one end of a negotiation. */
export function arrivalAt(path: Reaching, at: Role, port: 500 | 4500 | undefined): Arrival {
  return {
    from: path[at].remote,
    to: path[at].local,
    protocol: port === undefined ? 'esp' : 'udp',
    port,
    translated: isTranslated(path),
    state: at === 'responder' ? 'new' : 'established',
  };
}

/**
 * The failure of an exchange of which one end hears nothing: the responder the request, or the initiator the answer;
 * undefined where it hears, or may hear, the other.
 */
export function dropped(
  { initiator, responder, path }: Pick<Attempt, 'initiator' | 'responder' | 'path'>,
  by: Role,
  port: 500 | 4500,
  exchange: Exchange,
): Failure | undefined {
  // What a firewall makes of addresses that are only assumed is not known.
  if (path.assumed) return undefined;
  const arrival = arrivalAt(path, by, port);
  const daemon = by === 'initiator' ? initiator : responder;
  if (daemon.hears?.(arrival) !== 'drop') return undefined;
  return {
    phase: 'ike',
    exchange,
    notify: null,
    reason: 'no-response',
    detectedBy: null,
    log: { initiator: unanswered(initiator.retransmission), responder: [] },
    detail: { dropped: { by, arrival } },
  };
}

/** What charon says when its retransmits are used up. */
export function unanswered(how: Retransmission): readonly string[] {
  return [givingUp(how), 'establishing IKE_SA failed, peer not responding'];
}
