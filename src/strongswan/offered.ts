import { parseProposal } from '../ike/proposal.ts';
import { isAead, prfFor, sameTransform, type Transform, transformOf } from '../ike/transform.ts';
import type { Setting } from '../vyos/setting.ts';
import type { EspProposal, IkeProposal } from '../vyos/site.ts';
import { keyExchangeKeyword } from './proposals.ts';

/** A leaf of a proposal, and the transform that it is in the proposal that strongSwan loads. */
export interface OfferedLeaf {
  readonly setting: Setting<string | undefined>;
  readonly transform: Transform;
}

/**
 * The leaves of a proposal whose transforms strongSwan offers: not a hash beside an AEAD cipher, unless the PRF follows
 * from it. Of a proposal that it cannot read as a whole, because of a masked word for one, all that may be offered.
 */
export function offeredLeaves(proposal: IkeProposal | EspProposal): readonly OfferedLeaf[] {
  const { encryption, hash } = proposal;
  const ofIke = 'dhGroup' in proposal ? proposal : undefined;
  const keyword = (setting: Setting<string | undefined>) =>
    setting === ofIke?.dhGroup ? keyExchangeKeyword(ofIke.dhGroup.value) : setting.value;
  const settings = [encryption, hash, ...(ofIke ? [ofIke.prf, ofIke.dhGroup] : [])];
  const leaves = settings.flatMap((setting) => {
    const transform = transformOf(keyword(setting) ?? '');
    return transform ? [{ setting, transform }] : [];
  });
  const text = settings.flatMap((each) => keyword(each) ?? []).join('-');
  const parsed = parseProposal(ofIke ? 'IKE' : 'ESP', text);
  return leaves.filter(({ setting, transform }) => {
    if (!parsed.ok) return setting !== hash || isClassic(encryption.value);
    const has = (one: Transform | undefined) =>
      one !== undefined && parsed.proposal.transforms.some((other) => sameTransform(one, other));
    return has(transform) || (setting === hash && ofIke?.prf.value === undefined && has(prfFor(transform)));
  });
}

function isClassic(keyword: string): boolean {
  const cipher = transformOf(keyword);
  return cipher !== undefined && !isAead(cipher);
}
