/**
 * Post-quantum preshared keys (RFC 8784) between two charons. Source: strongSwan sa/ikev2/tasks/ike_init.c
 * (send_use_ppk), ike_auth.c (get_ppk_i, get_ppk_r) and authenticators/psk_authenticator.c; observed on 5.9.8 in every
 * combination of `fixtures/observed/ppk.json`.
 */
import type { Attempt } from './attempt.ts';
import type { Connection, Daemon } from './connection.ts';
import type { Identity } from './identity.ts';
import { matchIdentity } from './identity.ts';
import type { Reason, Role } from './outcome.ts';
import { compareSecrets, type Secret } from './secret.ts';
import { keyOfOwner } from './shared-key.ts';

/** What one end comes to about its PPK before the proofs: a key, none, or that it gives up. `log` is charon's. */
type Found =
  | { readonly kind: 'key'; readonly id: Identity; readonly secret: Secret }
  | { readonly kind: 'none'; readonly log?: string }
  | { readonly kind: 'refused'; readonly reason: Reason; readonly log: string };

const none: Found = { kind: 'none' };

/** Whether the initiator says USE_PPK: it names a PPK. */
export function offersPpk({ ppk }: Connection): boolean {
  return ppk.id !== undefined;
}

/** Whether the responder answers USE_PPK with the same: it has a PPK, whatever its connection says. */
export function acceptsPpk(offered: boolean, { ppks }: Daemon): boolean {
  return offered && ppks.length > 0;
}

function find({ ppks }: Daemon, id: Identity, required: boolean): Found {
  const key = keyOfOwner(ppks, id);
  if (key) return { kind: 'key', id, secret: key.secret };
  return required
    ? { kind: 'refused', reason: 'no-ppk', log: `PPK required but no PPK found for '${id.text}'` }
    : { kind: 'none', log: `no PPK for '${id.text}' found, ignored because PPK is not required` };
}

/** The PPK that the initiator proves itself with (get_ppk_i). */
export function initiatorPpk({ initiator, connection, responder }: Attempt): Found {
  const { id, required } = connection.ppk;
  if (!acceptsPpk(offersPpk(connection), responder)) {
    return required
      ? { kind: 'refused', reason: 'no-ppk', log: 'PPK required but peer does not support PPK' }
      : none;
  }
  return id ? find(initiator, id, required) : none;
}

/** The PPK that the responder verifies the proof with: the one that the initiator names (get_ppk_r). */
export function responderPpk(
  { connection, responder }: Attempt,
  { ppk }: Connection,
  initiators: Found,
): Found {
  if (!offersPpk(connection)) {
    return ppk.required
      ? { kind: 'refused', reason: 'no-ppk', log: 'PPK required but peer does not support PPK' }
      : none;
  }
  if (initiators.kind !== 'key') {
    return ppk.required
      ? { kind: 'refused', reason: 'no-ppk', log: 'PPK required but no PPK_IDENTITY received' }
      : none;
  }
  const { id } = initiators;
  if (ppk.id && matchIdentity(id, ppk.id) === 0) {
    const log = `received PPK_ID '${id.text}', but require '${ppk.id.text}'`;
    return { kind: 'refused', reason: 'ppk-mismatch', log };
  }
  return find(responder, id, ppk.required);
}

/** What becomes of the PPK in IKE_AUTH. `mixed`: it is part of the keys. */
export type PpkVerdict =
  | { readonly kind: 'agreed'; readonly mixed: boolean; readonly initiator: Found; readonly responder: Found }
  /** Both of them have it, and one is masked. */
  | { readonly kind: 'unknown'; readonly initiator: Found; readonly responder: Found }
  | { readonly kind: 'refused'; readonly by: Role; readonly reason: Reason; readonly log: readonly string[] }
  /** The responder finds the proof of the initiator wrong, as if the pre-shared secret were another. */
  | { readonly kind: 'wrong-proof'; readonly reason: Reason; readonly log: readonly string[] };

/** What the two ends come to about the PPK, for the connection that the responder looked up. */
export function judgePpk(attempt: Attempt, responderConnection: Connection): PpkVerdict {
  const own = initiatorPpk(attempt);
  if (own.kind === 'refused') {
    return { kind: 'refused', by: 'initiator', reason: own.reason, log: [own.log] };
  }
  const theirs = responderPpk(attempt, responderConnection, own);
  if (theirs.kind === 'refused') {
    return { kind: 'refused', by: 'responder', reason: theirs.reason, log: [theirs.log] };
  }
  const both = { initiator: own, responder: theirs };
  if (own.kind === 'none') return { kind: 'agreed', mixed: false, ...both };
  if (theirs.kind === 'none') {
    // An initiator that does not require it sends a second proof without it (NO_PPK_AUTH).
    return attempt.connection.ppk.required
      ? { kind: 'wrong-proof', reason: 'no-ppk', log: theirs.log ? [theirs.log] : [] }
      : { kind: 'agreed', mixed: false, ...both };
  }
  switch (compareSecrets(own.secret, theirs.secret)) {
    case 'equal':
      return { kind: 'agreed', mixed: true, ...both };
    case 'unknown':
      return { kind: 'unknown', ...both };
    case 'different':
      return { kind: 'wrong-proof', reason: 'ppk-mismatch', log: [] };
  }
}
