import type { ChildSection, ConnectionSection } from '../ike/swanctl-conf.ts';
import type { TransformType } from '../ike/transform.ts';
import type { Problem } from '../lint/finding.ts';
import { groupBy } from '../pairing/group-by.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import { settingNamed, settingOfOrigin } from '../vyos/conf-origin.ts';
import { agreeInVain } from './agree-in-vain.ts';
import type { Occurrence } from './occurrence.ts';
import {
  type MismatchedEnd,
  mismatch,
  mismatchedEnd,
  type ProposalOccurrence,
  proposalOccurrences,
  writtenProposal,
} from './proposal-mismatch.ts';
import { childrenOf, childSectionNamed, espGroupOf } from './tunnels.ts';

export interface EspProposalCheck {
  readonly what: string;
  readonly type: TransformType;
  readonly setting: 'encryption' | 'hash';
}

/** The name of the child that an end uses in a negotiation. */
export function childNameAt(end: End, { negotiation, initiator, responderChild }: Occurrence): string {
  return end.side === initiator.side ? negotiation.child : (responderChild ?? negotiation.child);
}

/** The child that an end uses in a negotiation; the first where the facing end's has no namesake here. */
export function childSectionAt(end: End, occurrence: Occurrence): ChildSection | undefined {
  const used = { section: answeringSection(end, occurrence) ?? end.section };
  return childSectionNamed(used, childNameAt(end, occurrence)) ?? childrenOf(used)[0];
}

/** The connection of another peer with which an end answers, where it does not take that of the peer it is paired by. */
function answeringSection(end: End, { initiator, record }: Occurrence): ConnectionSection | undefined {
  const answering = end.side === initiator.side ? undefined : record.run?.over?.responderConnection;
  return answering && answering.name !== end.connection?.name ? answering.section : undefined;
}

/** A sentence, with a space before it, for an end that answers as another peer; undefined where none does. */
export function answersAsAnother(link: Link, occurrence: Occurrence): string | undefined {
  for (const end of [link.a, link.b]) {
    const section = answeringSection(end, occurrence);
    const peer = section && settingOfOrigin(section.origin).path.at(-1);
    if (peer !== undefined) return ` ${end.name} answers as its peer ${peer}: look at that one first.`;
  }
  return undefined;
}

/** Failures that concern the same two ESP groups, as one group: they are one finding. */
export function byGroups(
  link: Link,
  found: readonly ProposalOccurrence[],
): readonly (readonly ProposalOccurrence[])[] {
  const groupsOf = ({ occurrence }: ProposalOccurrence) =>
    JSON.stringify([link.a, link.b].map((end) => espGroupOf(childSectionAt(end, occurrence))));
  return [...groupBy(found, (item) => [groupsOf(item)]).values()];
}

/** The check of a rule on one transform of the ESP proposals: one finding for each pair of ESP groups. */
export function checkEspProposals(
  check: EspProposalCheck,
): (link: Link, network: Network) => Iterable<Problem> {
  const settingAt = (end: End, { occurrence, pair }: ProposalOccurrence) => {
    const leaf = writtenProposal(childSectionAt(end, occurrence)?.esp_proposals, pair[end.side]);
    return leaf && settingNamed(leaf, check.setting);
  };
  return (link, network) => {
    const found = proposalOccurrences(link, 'no-child-proposal').filter(
      (item) =>
        item.pair.types.includes(check.type) &&
        !agreeInVain(settingAt(link.a, item), settingAt(link.b, item)),
    );
    return byGroups(link, found).flatMap((group) => {
      const endFor = (end: End): MismatchedEnd | undefined => {
        const [item] = group;
        const [first, ...others] = (item && childSectionAt(end, item.occurrence)?.esp_proposals) ?? [];
        if (!item || !first) return undefined;
        const concerned = group.map(({ occurrence }) => childNameAt(end, occurrence));
        return mismatchedEnd(end, [first, ...others], settingAt(end, item), (value) => value, concerned);
      };
      const [a, b] = [endFor(link.a), endFor(link.b)];
      if (!a || !b) return [];
      const problem = mismatch(
        {
          what: check.what,
          consequence:
            'The IKE_SA comes up and no traffic passes: the CHILD_SA is refused, on every attempt.',
        },
        [a, b],
        group.map(({ occurrence }) => occurrence),
        network,
      );
      const another = group[0] && answersAsAnother(link, group[0].occurrence);
      if (!problem || another === undefined) return problem ? [problem] : [];
      return [{ ...problem, consequence: `${problem.consequence}${another}`, fix: [] }];
    });
  };
}
