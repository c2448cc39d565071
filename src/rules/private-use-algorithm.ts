import type { Fix, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import type { Setting } from '../vyos/setting.ts';
import { agreeInVain } from './agree-in-vain.ts';
import { byChildren, childNameAt, childSourceAt } from './esp-proposal-rule.ts';
import { changeGroup, groupUse } from './group-users.ts';
import { locate } from './location.ts';
import { mendBoth } from './mend.ts';
import { evidenceOf, isNonEmpty, type Occurrence } from './occurrence.ts';
import { espProposalOf, ikeProposalOf, proposalOccurrences } from './proposal-mismatch.ts';
import { rfc, strongswan } from './sources.ts';

type SettingsOf = readonly (readonly [Setting<string> | undefined, Setting<string> | undefined])[];

function* check(link: Link, network: Network): Iterable<Problem> {
  const ike = proposalOccurrences(link, 'no-ike-proposal');
  const groups = [
    ...(ike.length > 0 ? [{ found: ike, stage: 'ike-proposal' as const }] : []),
    ...byChildren(link, proposalOccurrences(link, 'no-child-proposal')).map((found) => ({
      found,
      stage: 'child-proposal' as const,
    })),
  ];
  for (const { found, stage } of groups) {
    const [first] = found;
    if (!first) continue;
    const { pair, occurrence } = first;
    const [a, b] =
      stage === 'ike-proposal'
        ? [ikeProposalOf(link.a, pair.a), ikeProposalOf(link.b, pair.b)]
        : [
            espProposalOf(childSourceAt(link.a, occurrence), pair.a),
            espProposalOf(childSourceAt(link.b, occurrence), pair.b),
          ];
    const settings: SettingsOf = [
      [a?.encryption, b?.encryption],
      [a?.hash, b?.hash],
    ];
    for (const [own, other] of settings) {
      const occurrences = found.map((item) => item.occurrence);
      if (!own || !other || !agreeInVain(own, other) || !isNonEmpty(occurrences)) continue;
      const wanted = own.path.at(-1) === 'hash' ? 'sha256' : 'aes256';
      yield {
        message: `strongSwan does not negotiate ${own.value}, though both sides have it`,
        consequence:
          'The proposals look alike on both sides and are refused: the algorithm has no number of its own in IKE, and ' +
          'strongSwan takes its private one only from a peer that says it is strongSwan, which VyOS does not.',
        ...evidenceOf(occurrences),
        locations: [locate(link.a.site, own), locate(link.b.site, other)],
        fix: mendBoth(
          changed(link.a, own, wanted, stage, occurrences, network),
          changed(link.b, other, wanted, stage, occurrences, network),
        ),
        fixAll: true,
      };
    }
  }
}

function changed(
  end: End,
  { path }: Setting<string>,
  wanted: string,
  stage: 'ike-proposal' | 'child-proposal',
  occurrences: readonly [Occurrence, ...Occurrence[]],
  network: Network,
): readonly Fix[] {
  const ofChildren = stage === 'child-proposal';
  const group = ofChildren ? childSourceAt(end, occurrences[0])?.espGroup : end.source.ikeGroup;
  const children = ofChildren ? occurrences.map((occurrence) => childNameAt(end, occurrence)) : [];
  return group ? changeGroup(groupUse(end, group, children), network, [setCommand(path, wanted)]) : [];
}

export const privateUseAlgorithm: LinkRule = {
  id: 'private-use-algorithm',
  scope: 'link',
  summary: 'Both sides use an algorithm that strongSwan does not negotiate.',
  severity: 'error',
  notify: 'NO_PROPOSAL_CHOSEN',
  why:
    'Serpent, Twofish and SHA-256 cut to 96 bits have no official number in IKE. strongSwan has given them numbers of the ' +
    'private range, and accepts those only from a peer whose vendor id says strongSwan. VyOS sends none, so that two ' +
    'identical configurations refuse each other.',
  mend: 'Use AES and a SHA-2 hash on both sides. Both commands are needed.',
  sources: [rfc(7296, '3.3.2'), strongswan('src/libstrongswan/crypto/proposal/proposal.c')],
  bad: {
    a: "set vpn ipsec ike-group IKE-B proposal 1 encryption 'twofish256'",
    b: "set vpn ipsec ike-group IKE-A proposal 1 encryption 'twofish256'",
  },
  good: {
    a: "set vpn ipsec ike-group IKE-B proposal 1 encryption 'camellia256'",
    b: "set vpn ipsec ike-group IKE-A proposal 1 encryption 'camellia256'",
  },
  check,
};
