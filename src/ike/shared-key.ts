import { type Identity, matchIdentity, noMatch } from './identity.ts';
import type { Secret } from './secret.ts';
import type { SharedSecretSection } from './swanctl-conf.ts';

/** A pre-shared key and the identities it is for: the `secrets` section of swanctl.conf. */
export interface SharedKey {
  readonly name: string;
  /** Empty means any identity. */
  readonly owners: readonly Identity[];
  readonly secret: Secret;
  /** What it was read of. */
  readonly section: SharedSecretSection;
}

interface Match {
  readonly key: SharedKey;
  readonly local: number;
  readonly remote: number;
}

function bestMatch(identity: Identity, owners: readonly Identity[]): number {
  if (owners.length === 0) return 1;
  return owners.reduce((most, owner) => Math.max(most, matchIdentity(identity, owner)), 0);
}

/**
 * The keys that have either identity among their owners, the last loaded first (mem_cred.c: add_shared_unique
 * puts a key in front, shared_filter lets one match suffice).
 */
function candidates(keys: readonly SharedKey[], local: Identity, remote: Identity): readonly Match[] {
  return keys
    .toReversed()
    .map((key) => ({ key, local: bestMatch(local, key.owners), remote: bestMatch(remote, key.owners) }))
    .filter((match) => match.local !== noMatch || match.remote !== noMatch);
}

/** The key of a post-quantum preshared key's id: the best match, of equals the last loaded (credential_manager.c, get_shared). */
export function keyOfOwner(keys: readonly SharedKey[], id: Identity): SharedKey | undefined {
  let best: { readonly key: SharedKey; readonly match: number } | undefined;
  for (const key of keys.toReversed()) {
    const match = bestMatch(id, key.owners);
    if (match !== noMatch && (!best || match > best.match)) best = { key, match };
  }
  return best?.key;
}

/** Every key that a daemon tries when it verifies the peer's authentication (psk_authenticator.c, process). */
export function keysFor(keys: readonly SharedKey[], local: Identity, remote: Identity): readonly SharedKey[] {
  return candidates(keys, local, remote).map(({ key }) => key);
}

/**
 * The key that a daemon authenticates itself with: the best match of the remote identity, then of the local one
 * (credential_manager.c, get_shared). Undefined where no key has either identity.
 */
export function bestKeyFor(
  keys: readonly SharedKey[],
  local: Identity,
  remote: Identity,
): SharedKey | undefined {
  let best: Match | undefined;
  for (const match of candidates(keys, local, remote)) {
    if (!best || match.remote > best.remote || (match.remote === best.remote && match.local > best.local)) {
      best = match;
    }
  }
  return best?.key;
}
