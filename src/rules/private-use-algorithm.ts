import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import { settingNamed } from '../vyos/conf-origin.ts';
import type { Setting } from '../vyos/setting.ts';
import { agreeInVain } from './agree-in-vain.ts';
import { byGroups, childNameAt, childSectionAt } from './esp-proposal-rule.ts';
import { changeSetting } from './group-users.ts';
import { locate } from './location.ts';
import { mendBoth } from './mend.ts';
import { evidenceOf, isNonEmpty } from './occurrence.ts';
import { proposalOccurrences, writtenProposal } from './proposal-mismatch.ts';
import { rfc, strongswan } from './sources.ts';

function* check(link: Link, network: Network): Iterable<Problem> {
  const ike = proposalOccurrences(link, 'no-ike-proposal');
  const groups = [
    ...(ike.length > 0 ? [{ found: ike, ofChildren: false }] : []),
    ...byGroups(link, proposalOccurrences(link, 'no-child-proposal')).map((found) => ({
      found,
      ofChildren: true,
    })),
  ];
  for (const { found, ofChildren } of groups) {
    const [first] = found;
    if (!first) continue;
    const { pair, occurrence } = first;
    const [a, b] = [link.a, link.b].map((end) => {
      const child = childSectionAt(end, occurrence);
      const proposals = ofChildren ? child?.esp_proposals : end.section?.proposals;
      return writtenProposal(proposals, pair[end.side]);
    });
    const occurrences = found.map((item) => item.occurrence);
    for (const name of ['encryption', 'hash']) {
      const [own, other] = [a && settingNamed(a, name), b && settingNamed(b, name)];
      if (!own || !other || !agreeInVain(own, other) || !isNonEmpty(occurrences)) continue;
      const wanted = name === 'hash' ? 'sha256' : 'aes256';
      const changed = (end: End, setting: Setting<unknown>) => {
        const children = ofChildren ? occurrences.map((each) => childNameAt(end, each)) : [];
        return changeSetting(end, setting, wanted, network, children);
      };
      yield {
        message: `strongSwan does not negotiate ${own.value}, though both sides have it`,
        consequence:
          'The proposals look alike on both sides and are refused: the algorithm has no number of its own in IKE, and ' +
          'strongSwan takes its private one only from a peer that says it is strongSwan, which VyOS does not.',
        ...evidenceOf(occurrences),
        locations: [locate(link.a.site, own), locate(link.b.site, other)],
        fix: mendBoth(changed(link.a, own), changed(link.b, other)),
        fixAll: true,
      };
    }
  }
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
