/**
 * What the releases since 2025 add to a connection: post-quantum preshared keys and `childless` (vyos-1x PR 4930, T8136),
 * `unique` (PR 5475, T8952). Where the nodes stand they count: an older release refuses them before they come to anything.
 */
import type { Childless, Connection, Uniqueness } from '../ike/connection.ts';
import { type Identity, maskedIdentity, parseIdentity } from '../ike/identity.ts';
import type { SharedKey } from '../ike/shared-key.ts';
import { readSwanctlValue } from '../ike/swanctl-value.ts';
import { isMasked } from './schema/index.ts';
import type { Peer, Ppk } from './site.ts';

export function newerOptions({
  authentication,
  childless,
  unique,
}: Peer): Pick<Connection, 'ppk' | 'childless' | 'unique'> {
  const { ppk } = authentication;
  return {
    ppk: { id: ppk?.id && ppkId(ppk.id.value), required: ppk?.required.value ?? false },
    childless: childlessWords[childless?.value ?? ''] ?? 'allow',
    unique: uniqueWords[unique?.value ?? ''] ?? 'no',
  };
}

const childlessWords: Readonly<Record<string, Childless>> = {
  prefer: 'prefer',
  force: 'force',
  never: 'never',
};

const uniqueWords: Readonly<Record<string, Uniqueness>> = {
  never: 'never',
  keep: 'keep',
  replace: 'replace',
};

/** The PPK and its ids as charon has them; one without a secret VyOS does not commit. */
export function ppkOf({ name, ids, secret }: Ppk): readonly SharedKey[] {
  if (!secret) return [];
  return [{ name, owners: ids.map(({ value }) => ppkId(value)), secret: secret.value }];
}

function ppkId(text: string): Identity {
  return isMasked(text) ? maskedIdentity(text) : parseIdentity(readSwanctlValue(text) ?? text);
}
