import type { Leaf } from '../ike/swanctl-conf.ts';
import { leafOf } from '../vyos/conf-origin.ts';
import type { ChildSource } from '../vyos/peer-source.ts';
import { dhGroupKeywords } from '../vyos/schema/algorithms.ts';
import type { Setting } from '../vyos/setting.ts';
import type { EspGroup, IkeGroup } from '../vyos/site.ts';

/** strongSwan's keyword of a Diffie-Hellman group of VyOS; an unknown group keeps its own text. */
export function keyExchangeKeyword(dhGroup: string): string {
  return dhGroupKeywords.get(dhGroup) ?? `dh-group${dhGroup}`;
}

/** The proposals of an IKE group in VyOS's order; the origin of each has its encryption, hash, prf and dh-group. */
export function ikeProposals({ proposals }: Pick<IkeGroup, 'proposals'>): readonly Leaf<string>[] {
  return proposals.map(({ encryption, hash, prf, dhGroup }) =>
    proposal([encryption, hash, ...(isSet(prf) ? [prf] : [])], dhGroup),
  );
}

/**
 * The proposals of an ESP group: each with the same Diffie-Hellman group. The origin of each has its encryption and hash,
 * and the `pfs` that the group is of.
 */
export function espProposals(
  { proposals }: Pick<EspGroup, 'proposals'>,
  pfs: ChildSource['pfsGroup'],
): readonly Leaf<string>[] {
  return proposals.map(({ encryption, hash }) => proposal([encryption, hash], pfs));
}

function isSet(setting: Setting<string | undefined>): setting is Setting<string> {
  return setting.value !== undefined && setting.value !== '';
}

function proposal(
  algorithms: readonly [Setting<string>, ...Setting<string>[]],
  group: Setting<string | undefined>,
): Leaf<string> {
  const keywords = algorithms.map(({ value }) => value);
  if (group.value !== undefined) keywords.push(keyExchangeKeyword(group.value));
  return leafOf(keywords.join('-'), ...algorithms, group);
}
