import type { Leaf } from '../ike/swanctl-conf.ts';
import { impliedLeaf, leafOf, nodeSetting } from '../vyos/conf-origin.ts';
import type { ChildSource } from '../vyos/peer-source.ts';
import { dhGroupKeywords } from '../vyos/schema/algorithms.ts';
import type { Setting } from '../vyos/setting.ts';
import type { EspGroup, EspProposal, IkeGroup, IkeProposal } from '../vyos/site.ts';

/** strongSwan's keyword of a Diffie-Hellman group of VyOS; an unknown group keeps its own text. */
export function keyExchangeKeyword(dhGroup: string): string {
  return dhGroupKeywords.get(dhGroup) ?? `dh-group${dhGroup}`;
}

/**
 * The proposals of an IKE group in VyOS's order; the origin of each has its encryption, hash, prf and dh-group, and the node
 * of the proposal. Of a group without any: charon's own list, which is of the group.
 */
export function ikeProposals(group: Pick<IkeGroup, 'proposals' | 'at' | 'path'>): readonly Leaf<string>[] {
  if (group.proposals.length === 0) return [impliedLeaf('default', nodeSetting(group))];
  return group.proposals.map((each) => {
    const { encryption, hash, prf, dhGroup } = each;
    return proposal([encryption, hash, ...(isSet(prf) ? [prf] : [])], dhGroup, each);
  });
}

/**
 * The proposals of an ESP group: each with the same Diffie-Hellman group. The origin of each has its encryption and hash,
 * the `pfs` that the Diffie-Hellman group is of, and the node of the proposal. Of a group without any: charon's own list,
 * which is of the group and has nothing of its `pfs`.
 */
export function espProposals(
  group: Pick<EspGroup, 'proposals' | 'at' | 'path'>,
  pfs: ChildSource['pfsGroup'],
): readonly Leaf<string>[] {
  if (group.proposals.length === 0) return [impliedLeaf('default', nodeSetting(group), pfs)];
  return group.proposals.map((each) => proposal([each.encryption, each.hash], pfs, each));
}

function isSet(setting: Setting<string | undefined>): setting is Setting<string> {
  return setting.value !== undefined && setting.value !== '';
}

function proposal(
  algorithms: readonly [Setting<string>, ...Setting<string>[]],
  group: Setting<string | undefined>,
  node: IkeProposal | EspProposal,
): Leaf<string> {
  const keywords = algorithms.map(({ value }) => value);
  if (group.value !== undefined) keywords.push(keyExchangeKeyword(group.value));
  return leafOf(keywords.join('-'), ...algorithms, group, nodeSetting(node));
}
