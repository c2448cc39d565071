/**
 * Childless initiation of an IKE_SA (RFC 6023): the first CHILD_SA, too, comes by CREATE_CHILD_SA with a Diffie-Hellman
 * exchange of its own. Source: strongSwan child_create.c (defer_child_sa, handle_childless), ike_init.c.
 */
import type { Connection } from './connection.ts';

/** Whether a responder says CHILDLESS_IKEV2_SUPPORTED. */
export function acceptsChildless({ childless }: Connection): boolean {
  return childless !== 'never';
}

/** Whether an initiator leaves the CHILD_SA out of IKE_AUTH. */
export function initiatesChildless({ childless }: Connection, responder: Connection): boolean {
  return (childless === 'force' || childless === 'prefer') && acceptsChildless(responder);
}

/** Why one of the ends gives the IKE_SA up for it. */
export function childlessRefusal(
  initiator: Connection,
  responder: Connection,
): { readonly by: 'initiator' | 'responder'; readonly log: string } | undefined {
  if (initiator.childless === 'force' && !acceptsChildless(responder)) {
    return { by: 'initiator', log: 'peer does not support childless IKE_SA initiation' };
  }
  if (responder.childless === 'force' && !initiatesChildless(initiator, responder)) {
    return { by: 'responder', log: 'peer did not initiate a childless IKE_SA' };
  }
  return undefined;
}
