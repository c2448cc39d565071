import type { Leaf } from '../ike/swanctl-conf.ts';
import { strengthOf, transformOf } from '../ike/transform.ts';
import type { Fix, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import { keyExchangeKeyword } from '../strongswan/proposals.ts';
import { setCommand } from '../vyos/command.ts';
import { settingNamed } from '../vyos/conf-origin.ts';
import { contrast } from './contrast.ts';
import { answersAsAnother, byGroups, childNameAt, childSectionAt } from './esp-proposal-rule.ts';
import { alsoUsed, changeGroup, type GroupUse, groupUse, lifts } from './group-users.ts';
import { childClockOf } from './lifetime-text.ts';
import { locate, locateSet } from './location.ts';
import { evidenceOf, isNonEmpty, type Occurrence } from './occurrence.ts';
import { copyProposals, describeTransform, ownList, proposalOccurrences } from './proposal-mismatch.ts';
import { rfc, strongswan, vyos } from './sources.ts';
import { childrenOf } from './tunnels.ts';

function* check(link: Link, network: Network): Iterable<Problem> {
  const found = proposalOccurrences(link, 'no-child-proposal').filter(({ pair }) =>
    pair.types.includes('KEY_EXCHANGE_METHOD'),
  );
  for (const group of byGroups(link, found)) {
    const occurrences = group.map(({ occurrence }) => occurrence);
    if (!isNonEmpty(occurrences)) continue;
    const [first] = occurrences;
    const a = halfOf(link.a, first, occurrences);
    const b = halfOf(link.b, first, occurrences);
    if (!a || !b) continue;
    const version1 = occurrences.some(({ failure }) => failure.exchange === 'QUICK_MODE');
    const childless = occurrences.some(
      ({ failure, negotiation: { result, hidden } }) => failure === result || hidden.includes(failure),
    );
    const another = answersAsAnother(link, first);
    yield {
      ...contrast(link, {
        fact: 'Perfect forward secrecy differs',
        what: 'PFS',
        verb: 'uses',
        a: describe(a),
        b: describe(b),
      }),
      consequence: `${version1 ? consequenceNow : childless ? consequenceChildless : consequenceLater(link, a, b)}${another ?? alsoUsed(a, b)}`,
      ...evidenceOf(occurrences),
      locations: [place(a), place(b)],
      fix: another ? [] : lifts(a, b, strengthOfPfs, (end, model) => fixFor(end, model, network)),
    };
  }
}

/** One end's half of the mismatch. `setting`: `pfs`, under the Diffie-Hellman group that it amounts to. */
interface Half extends GroupUse {
  readonly proposals: readonly Leaf<string>[];
  /** charon's own list is in force, in which the setting has no place. */
  readonly isOwnList: boolean;
  readonly child: string;
}

function halfOf(end: End, first: Occurrence, all: readonly Occurrence[]): Half | undefined {
  const child = childSectionAt(end, first);
  const [proposal] = child?.esp_proposals ?? [];
  const pfs = proposal && settingNamed(proposal, 'pfs');
  if (!child || !pfs) return undefined;
  const concerned = all.map((occurrence) => childNameAt(end, occurrence));
  return {
    ...groupUse(end, pfs, concerned),
    proposals: child.esp_proposals,
    isOwnList: proposal.implied === true,
    child: child.shortName,
  };
}

/** The Diffie-Hellman group in force: strongSwan's own list, which stands in for missing proposals, has none. */
function groupInForce({ isOwnList, setting }: Half): string | undefined {
  return isOwnList || setting.value === undefined ? undefined : String(setting.value);
}

const ownListWithoutDh = `${ownList}, without Diffie-Hellman`;

function describe(half: Half): string {
  if (half.isOwnList) return ownListWithoutDh;
  const number = groupInForce(half);
  return number === undefined ? 'none' : `group ${number}`;
}

function place(half: Half) {
  const { end, isOwnList, setting: pfs, proposals } = half;
  if (isOwnList) {
    return locateSet(end, proposals[0], `no proposal: ${ownListWithoutDh}, is in force`);
  }
  const number = groupInForce(half);
  const meaning =
    number === undefined
      ? 'no Diffie-Hellman'
      : `group ${number}, ${describeTransform(keyExchangeKeyword(number))}`;
  const label = pfs.origin.kind === 'default' ? `not set: default ${pfs.text}, here ${meaning}` : meaning;
  return locate(end.site, pfs, label);
}

/** Without Diffie-Hellman there is no forward secrecy at all. */
function strengthOfPfs(half: Half): number {
  const number = groupInForce(half);
  const transform = number === undefined ? undefined : transformOf(keyExchangeKeyword(number));
  return transform ? strengthOf(transform) : -1;
}

/** What gives one end what the other has; pfs counts for nothing without a proposal to stand in. */
function fixFor(half: Half, model: Half, network: Network): readonly Fix[] {
  const { group, isOwnList, setting: pfs } = half;
  const wanted = groupInForce(model);
  const commands = [
    ...(isOwnList ? copyProposals(group, model.proposals) : []),
    ...(isOwnList && pfs.value === wanted
      ? []
      : [setCommand(pfs.path, wanted === undefined ? 'disable' : `dh-group${wanted}`)]),
  ];
  return changeGroup(half, network, commands);
}

const consequenceNow =
  'IKEv1 negotiates it at once: phase 1 comes up, quick mode is refused, and no traffic passes.';

const consequenceChildless =
  'The first CHILD_SA has a Diffie-Hellman exchange of its own where the IKE_SA begins without one (childless): the ' +
  'IKE_SA comes up, the CHILD_SA is refused, and no traffic passes.';

function consequenceLater(link: Link, a: Half, b: Half): string {
  const rekeys = [a, b].flatMap(({ end, child }) => childClockOf(end, child)?.soft?.to ?? []);
  const first = Math.min(...rekeys);
  const more = [link.a, link.b].some((end) => childrenOf(end).length > 1)
    ? ' With several tunnels under one peer the first comes up and every further one fails at once.'
    : '';
  const when = rekeys.length > 0 ? `after at most ${first} s` : 'when somebody starts one';
  return (
    `The tunnel comes up, since the first CHILD_SA is made without Diffie-Hellman. The first rekey, ${when}, is ` +
    `refused, and at the end of the lifetime the traffic stops.${more}`
  );
}

export const pfsMismatch: LinkRule = {
  id: 'pfs-mismatch',
  scope: 'link',
  summary: 'The ESP groups differ in perfect forward secrecy.',
  severity: 'error',
  notify: 'NO_PROPOSAL_CHOSEN',
  why:
    'IKEv2 makes the first CHILD_SA inside IKE_AUTH, without a Diffie-Hellman exchange of its own. What pfs says counts ' +
    'only for CREATE_CHILD_SA: for a rekey, and for every further tunnel of the peer. So a mismatch hides for most of a ' +
    'lifetime. `pfs enable` is not a group of its own: it takes the one of the first IKE proposal, so that two IKE ' +
    'groups with the same proposals in another order differ.',
  mend: 'Set the same pfs group on both sides, by its number.',
  sources: [
    rfc(7296, '1.3.1'),
    rfc(7296, '1.2'),
    strongswan('src/libcharon/sa/ikev2/tasks/child_create.c'),
    vyos('python/vyos/template.py'),
  ],
  bad: { b: "set vpn ipsec esp-group ESP-A pfs 'dh-group19'" },
  good: { b: "set vpn ipsec esp-group ESP-A pfs 'enable'" },
  check,
};
