import { nearestDifferences } from '../ike/proposal.ts';
import type { Leaf } from '../ike/swanctl-conf.ts';
import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import { settingNamed, settingOfOrigin } from '../vyos/conf-origin.ts';
import { childSectionAt } from './esp-proposal-rule.ts';
import { alsoUsed, bothToIkev2, groupPath, groupUse } from './group-users.ts';
import { locate, locateSet } from './location.ts';
import { evidenceOf, type Occurrence, occurrencesOf } from './occurrence.ts';
import { ownList } from './proposal-mismatch.ts';
import { rfc, strongswan } from './sources.ts';

/** The configured proposals would match; what is left of them on the wire does not. */
function lostOnTheWire({ failure }: Occurrence): boolean {
  const proposals = failure.detail?.proposals;
  if (
    !proposals ||
    (failure.exchange !== 'MAIN_MODE' &&
      failure.exchange !== 'AGGRESSIVE_MODE' &&
      failure.exchange !== 'QUICK_MODE')
  ) {
    return false;
  }
  return nearestDifferences(proposals.initiator, proposals.responder).some(({ types }) => types.length === 0);
}

function* check(link: Link, network: Network): Iterable<Problem> {
  for (const stage of ['ike-proposal', 'child-proposal'] as const) {
    const reason = stage === 'ike-proposal' ? 'no-ike-proposal' : 'no-child-proposal';
    const lost = occurrencesOf(link, (failure) => failure.reason === reason).filter(lostOnTheWire);
    for (const { groups, found } of byGroups(link, stage, lost))
      yield lostBetween(link, network, stage, groups, found);
  }
}

interface GroupAtEnd {
  readonly end: End;
  readonly proposal: Leaf<string> | undefined;
}

/** One finding for each two groups between which proposals are lost. */
function byGroups(link: Link, stage: 'ike-proposal' | 'child-proposal', lost: readonly Occurrence[]) {
  const found = new Map<
    string,
    { readonly groups: readonly [GroupAtEnd, GroupAtEnd]; readonly found: [Occurrence, ...Occurrence[]] }
  >();
  for (const occurrence of lost) {
    const groupOf = (end: End): GroupAtEnd => ({
      end,
      proposal: (stage === 'ike-proposal'
        ? end.section?.proposals
        : childSectionAt(end, occurrence)?.esp_proposals)?.[0],
    });
    const groups = [groupOf(link.a), groupOf(link.b)] as const;
    const key = JSON.stringify(
      groups.map(({ proposal }) => proposal && groupPath(settingOfOrigin(proposal.origin))),
    );
    const known = found.get(key);
    if (known) known.found.push(occurrence);
    else found.set(key, { groups, found: [occurrence] });
  }
  return found.values();
}

function lostBetween(
  link: Link,
  network: Network,
  stage: 'ike-proposal' | 'child-proposal',
  groups: readonly [GroupAtEnd, GroupAtEnd],
  found: readonly [Occurrence, ...Occurrence[]],
): Problem {
  const place = ({ end, proposal }: GroupAtEnd) => {
    const setting = proposal && settingNamed(proposal, 'encryption');
    return setting
      ? locate(end.site, setting, `${setting.value}: cannot be sent whole in IKEv1`)
      : locateSet(end, proposal, `no proposal: ${ownList} is in force`);
  };
  const ikeGroups = [link.a, link.b].flatMap((end) =>
    end.section ? [groupUse(end, settingOfOrigin(end.section.version.origin))] : [],
  );
  return {
    message: `IKEv1 cannot carry the ${stage === 'ike-proposal' ? 'IKE' : 'ESP'} proposal that ${link.a.name} and ${link.b.name} agree on`,
    consequence:
      'The proposals look alike on both sides and still fail: IKEv1 has no numbers for AEAD ciphers, CTR, XCBC or ' +
      `CMAC in phase 1, nor for a prf of its own. Use IKEv2 on both sides.${alsoUsed(...ikeGroups)}`,
    ...evidenceOf(found),
    locations: [place(groups[0]), place(groups[1])],
    fix: bothToIkev2(link, network),
    fixAll: true,
  };
}

export const ikev1ProposalLost: LinkRule = {
  id: 'ikev1-proposal-lost',
  scope: 'link',
  summary: 'IKEv1 has no way to send the proposal that both sides have.',
  severity: 'error',
  notify: 'NO_PROPOSAL_CHOSEN',
  why:
    'An IKEv1 proposal names its algorithms by the numbers of RFC 2409 and RFC 2407. AEAD ciphers, CTR, XCBC and CMAC ' +
    'have none in phase 1, and the pseudo-random function always follows from the hash. strongSwan leaves out what it ' +
    'cannot write, and the responder sees another proposal than the one that is configured.',
  mend: 'Set key-exchange ikev2 on both sides, or use a CBC cipher and a SHA-2 hash.',
  sources: [rfc(2409, 'appendix-A'), strongswan('src/libcharon/encoding/payloads/proposal_substructure.c')],
  bad: {
    a: "set vpn ipsec ike-group IKE-B key-exchange 'ikev1'\nset vpn ipsec ike-group IKE-B proposal 1 encryption 'aes256gcm128'",
    b: "set vpn ipsec ike-group IKE-A key-exchange 'ikev1'\nset vpn ipsec ike-group IKE-A proposal 1 encryption 'aes256gcm128'",
  },
  good: {
    a: "set vpn ipsec ike-group IKE-B key-exchange 'ikev2'",
    b: "set vpn ipsec ike-group IKE-A key-exchange 'ikev2'",
  },
  check,
};
