import type { Address } from './address.ts';
import type { Connection } from './connection.ts';
import { addressIdentity, hasWildcards, type Identity } from './identity.ts';

/**
 * The identity that an end presents: the one that it is configured with, or its address, `local`, where that is none or
 * any (strongSwan 5.9 ike_auth.c, build_i; phase1.c).
 */
export function presentedIdentity(
  { local: { identity } }: Pick<Connection, 'local'>,
  local: Address,
): Identity {
  return !identity || identity.kind === 'ANY' ? addressIdentity(local) : identity;
}

/** That of a responder of IKEv2, which does not present one that may stand for several either (ike_auth.c, build_r). */
export function answeredIdentity(connection: Pick<Connection, 'local'>, local: Address): Identity {
  const identity = presentedIdentity(connection, local);
  return hasWildcards(identity) ? addressIdentity(local) : identity;
}
