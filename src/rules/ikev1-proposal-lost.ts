import type { Exchange } from '../ike/outcome.ts';
import type { Leaf } from '../ike/swanctl-conf.ts';
import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link, Network } from '../pairing/link.ts';
import { settingNamed, settingOfOrigin } from '../vyos/conf-origin.ts';
import { byGroups, childSectionAt } from './esp-proposal-rule.ts';
import { alsoUsed, bothToIkev2, groupUse } from './group-users.ts';
import { locate, locateSet } from './location.ts';
import { evidenceOf, isNonEmpty } from './occurrence.ts';
import { ownList, type ProposalOccurrence, proposalOccurrences } from './proposal-mismatch.ts';
import { rfc, strongswan } from './sources.ts';

/** The configured proposals would match; what is left of them on the wire does not. */
function lostOnTheWire({ occurrence, pair }: ProposalOccurrence): boolean {
  const { exchange } = occurrence.failure;
  return pair.types.length === 0 && exchange !== null && ofIkev1.has(exchange);
}

const ofIkev1: ReadonlySet<Exchange> = new Set<Exchange>(['MAIN_MODE', 'AGGRESSIVE_MODE', 'QUICK_MODE']);

function* check(link: Link, network: Network): Iterable<Problem> {
  const ike = proposalOccurrences(link, 'no-ike-proposal').filter(lostOnTheWire);
  const proposalOf = ({ section }: End) => section?.proposals[0];
  if (isNonEmpty(ike)) yield lostBetween(link, network, 'IKE', proposalOf, ike);
  const children = proposalOccurrences(link, 'no-child-proposal').filter(lostOnTheWire);
  for (const found of byGroups(link, children)) {
    if (!isNonEmpty(found)) continue;
    const [{ occurrence }] = found;
    const ofChild = (end: End) => childSectionAt(end, occurrence)?.esp_proposals[0];
    yield lostBetween(link, network, 'ESP', ofChild, found);
  }
}

function lostBetween(
  link: Link,
  network: Network,
  protocol: 'IKE' | 'ESP',
  proposalOf: (end: End) => Leaf<string> | undefined,
  [first, ...others]: readonly [ProposalOccurrence, ...ProposalOccurrence[]],
): Problem {
  const place = (end: End) => {
    const proposal = proposalOf(end);
    const setting = proposal && settingNamed(proposal, 'encryption');
    return setting
      ? locate(end.site, setting, `${setting.value}: cannot be sent whole in IKEv1`)
      : locateSet(end, proposal, `no proposal: ${ownList} is in force`);
  };
  const ikeGroups = [link.a, link.b].flatMap((end) =>
    end.section ? [groupUse(end, settingOfOrigin(end.section.version.origin))] : [],
  );
  return {
    message: `IKEv1 cannot carry the ${protocol} proposal that ${link.a.name} and ${link.b.name} agree on`,
    consequence:
      'The proposals look alike on both sides and still fail: IKEv1 has no numbers for AEAD ciphers, CTR, XCBC or ' +
      `CMAC in phase 1, nor for a prf of its own. Use IKEv2 on both sides.${alsoUsed(...ikeGroups)}`,
    ...evidenceOf([first.occurrence, ...others.map(({ occurrence }) => occurrence)]),
    locations: [place(link.a), place(link.b)],
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
