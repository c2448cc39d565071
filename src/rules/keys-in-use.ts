import { bestKeyFor } from '../ike/shared-key.ts';
import type { End } from '../pairing/link.ts';
import type { Psk } from '../vyos/site.ts';
import { addressedIdentity, presentedIdentity } from './presented-identity.ts';

/** The psk that an end authenticates itself with towards the end that it faces; undefined where it finds none. */
export function keyInUse(end: End, facing: End): Psk | undefined {
  const own = presentedIdentity(end, facing);
  if (!own) return undefined;
  const addressed = addressedIdentity(end);
  const other = addressed.kind === 'ANY' ? (presentedIdentity(facing, end) ?? addressed) : addressed;
  const key = bestKeyFor(end.loaded.daemon.sharedKeys, own, other);
  return key && end.loaded.site.psks.find(({ name }) => name === key.name);
}
