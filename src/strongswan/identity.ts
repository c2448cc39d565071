import { type Identity, maskedIdentity } from '../ike/identity.ts';
import { identityFromSwanctl } from '../ike/load.ts';
import { isMasked } from '../vyos/schema/index.ts';

/**
 * The identity that strongSwan reads of a local-id, a remote-id or an id of a psk. The strings of ipsec.conf are read as
 * those of swanctl.conf (strongSwan src/starter/parser/lexer.l).
 */
export function identityOf(text: string): Identity {
  return isMasked(text) ? maskedIdentity(text) : identityFromSwanctl(text);
}
