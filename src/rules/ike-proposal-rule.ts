import type { TransformType } from '../ike/transform.ts';
import type { Problem } from '../lint/finding.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import type { Setting } from '../vyos/setting.ts';
import type { IkeProposal } from '../vyos/site.ts';
import { agreeInVain } from './agree-in-vain.ts';
import { groupUse } from './group-users.ts';
import {
  ikeProposalOf,
  type MismatchedEnd,
  mismatch,
  mismatchedEnd,
  proposalOccurrences,
} from './proposal-mismatch.ts';

/** What the four rules on IKE proposals differ in. */
export interface IkeProposalCheck {
  readonly what: string;
  /** Whether the rule answers for a pair of proposals that differ in these types. */
  readonly answersFor: (
    types: readonly TransformType[],
    a: IkeProposal | undefined,
    b: IkeProposal | undefined,
  ) => boolean;
  readonly setting: (proposal: IkeProposal) => Setting<string | undefined>;
  readonly keyword: (value: string) => string;
}

/** The check of a rule on one transform of the IKE proposals. */
export function checkIkeProposals(
  check: IkeProposalCheck,
): (link: Link, network: Network) => Iterable<Problem> {
  return (link, network) => {
    const found = proposalOccurrences(link, 'no-ike-proposal').filter(({ pair }) => {
      const [a, b] = [ikeProposalOf(link.a, pair.a), ikeProposalOf(link.b, pair.b)];
      return check.answersFor(pair.types, a, b) && !agreeInVain(a && check.setting(a), b && check.setting(b));
    });
    const [first] = found;
    if (!first) return [];
    const [a, b] = [endFor(link.a, first.pair.a, check), endFor(link.b, first.pair.b, check)];
    if (!a || !b) return [];
    const problem = mismatch(
      {
        what: check.what,
        consequence: () =>
          'No tunnel: the responder refuses every proposal, and no IKE_SA comes up on either router.',
      },
      [a, b],
      found.map(({ occurrence }) => occurrence),
      network,
    );
    return problem ? [problem] : [];
  };
}

function endFor(end: End, index: number, check: IkeProposalCheck): MismatchedEnd | undefined {
  const proposal = ikeProposalOf(end, index);
  const group = end.source.ikeGroup;
  return group && mismatchedEnd(groupUse(end, group), proposal && check.setting(proposal), check.keyword);
}
