import { anyIdentity } from '../ike/identity.ts';
import { bestKeyFor, type SharedKey } from '../ike/shared-key.ts';
import type { End } from '../pairing/link.ts';
import { identitiesOfKey } from './presented-identity.ts';

/** The psk that an end authenticates itself with towards the end that it faces; undefined where it finds none. */
export function keyInUse(end: End, facing: End): SharedKey | undefined {
  const { own, peer } = identitiesOfKey(end, facing);
  return own && bestKeyFor(end.daemon.sharedKeys, own, peer ?? anyIdentity);
}
