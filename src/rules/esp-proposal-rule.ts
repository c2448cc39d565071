import type { TransformType } from '../ike/transform.ts';
import type { Problem } from '../lint/finding.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import type { ChildSource } from '../vyos/peer-source.ts';
import type { Setting } from '../vyos/setting.ts';
import type { EspProposal } from '../vyos/site.ts';
import { agreeInVain } from './agree-in-vain.ts';
import { groupUse } from './group-users.ts';
import type { Occurrence } from './occurrence.ts';
import {
  espProposalOf,
  type MismatchedEnd,
  mismatch,
  mismatchedEnd,
  type ProposalOccurrence,
  proposalOccurrences,
} from './proposal-mismatch.ts';
import { childSourceNamed } from './tunnels.ts';

export interface EspProposalCheck {
  readonly what: string;
  readonly type: TransformType;
  readonly setting: (proposal: EspProposal) => Setting<string>;
}

/** The name of the child that an end uses in a negotiation. */
export function childNameAt(end: End, { negotiation, initiator, responderChild }: Occurrence): string {
  return end.side === initiator.side ? negotiation.child : (responderChild ?? negotiation.child);
}

/** The child that an end uses in a negotiation; the first where the facing end's has no namesake here. */
export function childSourceAt(end: End, occurrence: Occurrence): ChildSource | undefined {
  return childSourceNamed(end, childNameAt(end, occurrence)) ?? end.source.children[0];
}

/** Failures that concern the same two children, as one group: they are one finding. */
export function byChildren(
  link: Link,
  found: readonly ProposalOccurrence[],
): readonly (readonly ProposalOccurrence[])[] {
  const groups = new Map<string, ProposalOccurrence[]>();
  for (const item of found) {
    const children = [link.a, link.b].map((end) => {
      const child = childSourceAt(end, item.occurrence);
      return child?.espGroup.name;
    });
    const key = JSON.stringify(children);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

/** The check of a rule on one transform of the ESP proposals: one finding for each pair of ESP groups. */
export function checkEspProposals(
  check: EspProposalCheck,
): (link: Link, network: Network) => Iterable<Problem> {
  const settingAt = (end: End, occurrence: Occurrence, index: number) => {
    const proposal = espProposalOf(childSourceAt(end, occurrence), index);
    return proposal && check.setting(proposal);
  };
  return (link, network) => {
    const found = proposalOccurrences(link, 'no-child-proposal').filter(({ pair, occurrence }) => {
      const [a, b] = [settingAt(link.a, occurrence, pair.a), settingAt(link.b, occurrence, pair.b)];
      return pair.types.includes(check.type) && !agreeInVain(a, b);
    });
    return byChildren(link, found).flatMap((group) => {
      const [a, b] = [endFor(link.a, group, check), endFor(link.b, group, check)];
      if (!a || !b) return [];
      const problem = mismatch(
        {
          what: check.what,
          consequence: () =>
            'The IKE_SA comes up and no traffic passes: the CHILD_SA is refused, on every attempt.',
        },
        [a, b],
        group.map(({ occurrence }) => occurrence),
        network,
      );
      return problem ? [problem] : [];
    });
  };
}

function endFor(
  end: End,
  group: readonly ProposalOccurrence[],
  check: EspProposalCheck,
): MismatchedEnd | undefined {
  const [first] = group;
  if (!first) return undefined;
  const child = childSourceAt(end, first.occurrence);
  const proposal = espProposalOf(child, first.pair[end.side]);
  const concerned = group.map(({ occurrence }) => childNameAt(end, occurrence));
  return (
    child &&
    mismatchedEnd(
      groupUse(end, child.espGroup, concerned),
      proposal && check.setting(proposal),
      (value) => value,
    )
  );
}
