import { formatProposal, nearestDifferences } from '../ike/proposal.ts';
import type { Leaf } from '../ike/swanctl-conf.ts';
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
import { settingNamed, settingOfOrigin } from '../vyos/conf-origin.ts';
import type { Setting } from '../vyos/setting.ts';
import { contrast } from './contrast.ts';
import { localAddressOf } from './end-addresses.ts';
import { alsoUsed, changeGroup, type GroupUse, groupUse, lifts } from './group-users.ts';
import { describeOrigin, locate, locateSet, peerPath } from './location.ts';
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
function nameOf(end: End): string {
  return [peerPath(end).at(-1), localAddressOf(end)?.value, end.name].join();
}

/** How a transform is to be read in a label: `group 14, MODP_2048`. */
export function describeTransform(keyword: string): string {
  const transform = transformOf(keyword);
  return transform ? formatTransform(transform) : keyword;
}

/** One end's half of a mismatch: what stands in its proposal, or that it has none. */
export interface MismatchedEnd extends GroupUse {
  /** All proposals of the group. */
  readonly proposals: readonly Leaf<string>[];
  /** Undefined for an end whose group has no proposal at all. */
  readonly offered: Setting<unknown> | undefined;
  /** How the message names the value. */
  readonly shown: string;
  readonly label: string;
  readonly transform?: Transform | undefined;
}

/** One of the proposals that are written, by its place in the list; undefined where charon's own list is in force. */
export function writtenProposal(
  proposals: readonly Leaf<string>[] | undefined,
  index: number,
): Leaf<string> | undefined {
  const leaf = proposals?.[index];
  return leaf?.implied ? undefined : leaf;
}

export interface MismatchText {
  /** `IKE encryption`. */
  readonly what: string;
  readonly consequence: string;
}

/** What is in force where a group has no proposal. */
export const ownList = "strongSwan's own list";

/** A problem made of two ends whose values differ. Undefined where nothing bites. */
export function mismatch(
  { what, consequence }: MismatchText,
  [a, b]: readonly [MismatchedEnd, MismatchedEnd],
  occurrences: readonly Occurrence[],
  network: Network,
): Problem | undefined {
  if (!isNonEmpty(occurrences)) return undefined;
  return {
    ...contrast(
      { a: a.end, b: b.end },
      { fact: `No common ${what}`, what, verb: 'has', a: a.shown, b: b.shown },
    ),
    consequence: `${consequence}${alsoUsed(a, b)}`,
    ...evidenceOf(occurrences),
    locations: [locationOf(a), locationOf(b)],
    fix: lifts(a, b, strength, (end, model) => fixFor(end, model, network)),
  };
}

function locationOf({ end, offered, proposals, label }: MismatchedEnd) {
  return offered
    ? locate(end.site, offered, label)
    : locateSet(end, proposals[0], `no proposal: ${ownList} is in force`);
}

function strength({ transform, offered }: MismatchedEnd): number {
  if (!offered) return ownListStrength;
  return transform ? strengthOf(transform) : 0;
}

/** Nothing of strongSwan's own list is weaker (proposal.c, proposal_add_supported_ike), and no setting names what is in it. */
const ownListStrength = 112;

/** What gives one end the value of the other. */
function fixFor(end: MismatchedEnd, model: MismatchedEnd, network: Network): readonly Fix[] {
  if (!end.offered)
    return model.offered ? changeGroup(end, network, copyProposals(end.group, model.proposals)) : [];
  const value = model.offered?.value;
  if (value === undefined || isNotNegotiated(model)) return [];
  return changeGroup(end, network, [setCommand(end.offered.path, String(value))]);
}

function isNotNegotiated({ transform }: MismatchedEnd): boolean {
  return transform !== undefined && isPrivateUse(transform);
}

/** The commands that give a group without any the proposals of another. */
export function copyProposals(
  group: readonly string[],
  proposals: readonly Leaf<string>[],
): readonly Command[] {
  return proposals.flatMap((leaf) =>
    ['encryption', 'hash', 'dh-group', 'prf'].flatMap((name) => {
      const setting = settingNamed(leaf, name);
      if (!setting) return [];
      return [setCommand([...group, ...setting.path.slice(group.length)], String(setting.value))];
    }),
  );
}

/** `offered`: of one of the proposals; undefined where there is none. */
export function mismatchedEnd(
  end: End,
  proposals: readonly [Leaf<string>, ...Leaf<string>[]],
  offered: Setting<unknown> | undefined,
  keyword: (value: string) => string,
  children: readonly string[] = [],
): MismatchedEnd {
  const use = groupUse(end, settingOfOrigin(proposals[0].origin), children);
  if (!offered) return { ...use, proposals, offered, shown: ownList, label: '' };
  const value = String(offered.value ?? 'none');
  const meaning = describeTransform(keyword(value));
  return {
    ...use,
    proposals,
    offered,
    shown: value,
    label: describeOrigin(offered.origin, meaning === value ? value : `${value}, ${meaning}`),
    transform: transformOf(keyword(value)),
  };
}
