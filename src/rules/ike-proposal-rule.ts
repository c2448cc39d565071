import type { Leaf } from '../ike/swanctl-conf.ts';
import type { TransformType } from '../ike/transform.ts';
import type { Problem } from '../lint/finding.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import type { Setting } from '../vyos/setting.ts';
import { agreeInVain } from './agree-in-vain.ts';
import {
  type MismatchedEnd,
  mismatch,
  mismatchedEnd,
  proposalOccurrences,
  writtenProposal,
} from './proposal-mismatch.ts';

/** What the four rules on IKE proposals differ in. */
export interface IkeProposalCheck {
  readonly what: string;
  /** Whether the rule answers for a pair of proposals that differ in these types. */
  readonly answersFor: (
    types: readonly TransformType[],
    a: Leaf<string> | undefined,
    b: Leaf<string> | undefined,
  ) => boolean;
  readonly setting: (proposal: Leaf<string>) => Setting<unknown> | undefined;
  readonly keyword: (value: string) => string;
}

/** The check of a rule on one transform of the IKE proposals. */
export function checkIkeProposals(
  check: IkeProposalCheck,
): (link: Link, network: Network) => Iterable<Problem> {
  return (link, network) => {
    const found = proposalOccurrences(link, 'no-ike-proposal').filter(({ pair }) => {
      const a = writtenProposal(link.a.section?.proposals, pair.a);
      const b = writtenProposal(link.b.section?.proposals, pair.b);
      return check.answersFor(pair.types, a, b) && !agreeInVain(a && check.setting(a), b && check.setting(b));
    });
    const [first] = found;
    if (!first) return [];
    const [a, b] = [endFor(link.a, first.pair.a, check), endFor(link.b, first.pair.b, check)];
    if (!a || !b) return [];
    const problem = mismatch(
      {
        what: check.what,
        consequence:
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
  const [first, ...others] = end.section?.proposals ?? [];
  const proposal = writtenProposal(end.section?.proposals, index);
  return first && mismatchedEnd(end, [first, ...others], proposal && check.setting(proposal), check.keyword);
}
