import { formatProposal, nearestDifferences } from '../ike/proposal.ts';
import {
  formatTransform,
  isPrivateUse,
  strengthOf,
  type Transform,
  type TransformType,
  transformOf,
} from '../ike/transform.ts';
import type { Fix, Problem } from '../lint/finding.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import { type Command, setCommand } from '../vyos/command.ts';
import type { ChildSource } from '../vyos/peer-source.ts';
import type { Setting } from '../vyos/setting.ts';
import type { EspGroup, EspProposal, IkeGroup, IkeProposal } from '../vyos/site.ts';
import { contrast } from './contrast.ts';
import { alsoUsed, changeGroup, type GroupUse, lifts } from './group-users.ts';
import { describeOrigin, locate, locateNode } from './location.ts';
import { evidenceOf, isNonEmpty, type Occurrence, occurrencesOf } from './occurrence.ts';

/** The pair of proposals of a link that would match with the fewest changes, and the types in the way. */
interface NearestPair {
  readonly a: number;
  readonly b: number;
  readonly types: readonly TransformType[];
}

/** A failed choice of proposal, with what stands in its way. */
export interface ProposalOccurrence {
  readonly occurrence: Occurrence;
  readonly pair: NearestPair;
}

/**
 * The failures of a link for which the proposals are to blame. Of several pairs that are equally near, the one that
 * comes first in the lists is chosen, then by what the proposals say; the failures come in the order of the same. So
 * every rule, both directions and the exchanged sites speak of the same two.
 */
export function proposalOccurrences(
  link: Link,
  reason: 'no-ike-proposal' | 'no-child-proposal',
): readonly ProposalOccurrence[] {
  const aFirst = nameOf(link.a) <= nameOf(link.b);
  return occurrencesOf(link, (failure) => failure.reason === reason)
    .flatMap((occurrence) => {
      const { detail, exchange } = occurrence.failure;
      if (!detail?.proposals) return [];
      const { initiator, responder } = detail.proposals;
      const differences = nearestDifferences(initiator, responder, {
        skipKeyExchange: exchange === 'IKE_AUTH',
      });
      const startedByA = occurrence.startedBy.side === 'a';
      const pairs = differences.map((difference) => {
        const { initiatorProposal, responderProposal, types } = difference;
        const texts = [initiator[initiatorProposal], responder[responderProposal]].map((proposal) =>
          proposal ? formatProposal(proposal) : '',
        );
        return {
          pair: startedByA
            ? { a: initiatorProposal, b: responderProposal, types }
            : { a: responderProposal, b: initiatorProposal, types },
          place: initiatorProposal + responderProposal,
          text: [
            ...texts.toSorted(),
            ...(startedByA === aFirst ? texts : texts.toReversed()),
            exchange,
          ].join(),
        };
      });
      const [nearest] = pairs.toSorted(byPlace);
      return nearest ? [{ ...nearest, occurrence }] : [];
    })
    .toSorted(byPlace);
}

interface Placed {
  readonly place: number;
  readonly text: string;
}

function byPlace(one: Placed, other: Placed): number {
  return one.place - other.place || (one.text < other.text ? -1 : one.text > other.text ? 1 : 0);
}

/** Tells two ends apart whichever was named first. */
function nameOf({ loaded, source: { peer } }: End): string {
  return [peer.name, peer.localAddress?.value, loaded.site.name].join();
}

/** How a transform is to be read in a label: `group 14, MODP_2048`. */
export function describeTransform(keyword: string): string {
  const transform = transformOf(keyword);
  return transform ? formatTransform(transform) : keyword;
}

/** One end's half of a mismatch: what stands in its proposal, or that it has none. */
export interface MismatchedEnd extends GroupUse {
  /** Undefined for an end whose group has no proposal at all. */
  readonly setting: Setting<string | undefined> | undefined;
  readonly group: IkeGroup | EspGroup;
  /** How the message names the value. */
  readonly shown: string;
  readonly label: string;
  readonly transform?: Transform | undefined;
}

/** The proposal of an end's IKE group by its place in the connection's list; undefined where the group has none. */
export function ikeProposalOf(end: End, index: number): IkeProposal | undefined {
  return end.source.ikeGroup?.proposals[index];
}

export function espProposalOf(child: ChildSource | undefined, index: number): EspProposal | undefined {
  return child?.espGroup.proposals[index];
}

export interface MismatchText {
  /** `IKE encryption`. */
  readonly what: string;
  readonly consequence: (first: Occurrence) => string;
}

/** What is in force where a group has no proposal. */
export const ownList = "strongSwan's own list";

/** A problem made of two ends whose values differ. Undefined where nothing bites. */
export function mismatch(
  text: MismatchText,
  ends: readonly [MismatchedEnd, MismatchedEnd],
  occurrences: readonly Occurrence[],
  network: Network,
): Problem | undefined {
  if (!isNonEmpty(occurrences)) return undefined;
  const [a, b] = ends;
  const evidence = evidenceOf(occurrences);
  return {
    ...contrast(
      { a: a.end, b: b.end },
      {
        fact: `No common ${text.what}`,
        what: text.what,
        verb: 'has',
        a: a.shown,
        b: b.shown,
      },
    ),
    consequence: `${text.consequence(occurrences[0])}${alsoUsed(a, b)}`,
    ...evidence,
    locations: [locationOf(a), locationOf(b)],
    fix: lifts(a, b, strength, (end, model) => fixFor(end, model, network)),
  };
}

function locationOf({ end, setting, group, label }: MismatchedEnd) {
  return setting
    ? locate(end.site, setting, label)
    : locateNode(end.site, group, `no proposal: ${ownList} is in force`);
}

function strength({ transform, setting }: MismatchedEnd): number {
  if (!setting) return ownListStrength;
  return transform ? strengthOf(transform) : 0;
}

/** Nothing of strongSwan's own list is weaker (proposal.c, proposal_add_supported_ike), and no setting names what is in it. */
const ownListStrength = 112;

/** What gives one end the value of the other. */
function fixFor(end: MismatchedEnd, model: MismatchedEnd, network: Network): readonly Fix[] {
  if (!end.setting)
    return model.setting ? changeGroup(end, network, copyProposals(end.group, model.group)) : [];
  if (model.setting?.value === undefined || isNotNegotiated(model)) return [];
  return changeGroup(end, network, [setCommand(end.setting.path, model.setting.value)]);
}

function isNotNegotiated({ transform }: MismatchedEnd): boolean {
  return transform !== undefined && isPrivateUse(transform);
}

/** The commands that give a group without any the proposals of another. */
export function copyProposals(
  group: Pick<IkeGroup | EspGroup, 'path'>,
  { proposals }: Pick<IkeGroup | EspGroup, 'proposals'>,
): readonly Command[] {
  return proposals.flatMap((proposal) => {
    const path = [...group.path, 'proposal', proposal.id];
    const settings = [
      ['encryption', proposal.encryption],
      ['hash', proposal.hash],
      ...('dhGroup' in proposal
        ? ([
            ['dh-group', proposal.dhGroup],
            ['prf', proposal.prf],
          ] as const)
        : []),
    ] as const;
    return settings.flatMap(([node, { value }]) =>
      value === undefined ? [] : [setCommand([...path, node], value)],
    );
  });
}

export function mismatchedEnd(
  use: GroupUse & Pick<MismatchedEnd, 'group'>,
  setting: Setting<string | undefined> | undefined,
  keyword: (value: string) => string,
): MismatchedEnd {
  if (!setting) return { ...use, setting, shown: ownList, label: '' };
  const value = setting.value ?? 'none';
  const meaning = describeTransform(keyword(value));
  const full = meaning === value ? value : `${value}, ${meaning}`;
  return {
    ...use,
    setting,
    shown: value,
    label: describeOrigin(setting.origin, full),
    transform: transformOf(keyword(value)),
  };
}
