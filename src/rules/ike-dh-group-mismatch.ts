import type { LinkRule } from '../lint/rule.ts';
import { keyExchangeKeyword } from '../strongswan/proposals.ts';
import { settingNamed } from '../vyos/conf-origin.ts';
import { checkIkeProposals } from './ike-proposal-rule.ts';
import { rfc, strongswan, vyos } from './sources.ts';

export const ikeDhGroupMismatch: LinkRule = {
  id: 'ike-dh-group-mismatch',
  scope: 'link',
  summary: 'The IKE groups share no Diffie-Hellman group.',
  severity: 'error',
  notify: 'NO_PROPOSAL_CHOSEN',
  why:
    'Every proposal needs a Diffie-Hellman group in common. A proposal without dh-group has group 2 in VyOS, which is ' +
    'easily overlooked. Where another proposal does share a group, the first guess being wrong costs only one round ' +
    'trip (INVALID_KE_PAYLOAD) and is no fault.',
  mend: 'Give one proposal of each IKE group the same dh-group, 14 or higher.',
  sources: [
    rfc(7296, '2.7'),
    rfc(7296, '1.3'),
    strongswan('src/libcharon/sa/ikev2/tasks/ike_init.c'),
    vyos('interface-definitions/include/ipsec/ike-group.xml.i'),
  ],
  bad: { b: 'delete vpn ipsec ike-group IKE-A proposal 1 dh-group' },
  good: { b: "set vpn ipsec ike-group IKE-A proposal 1 dh-group '14'" },
  check: checkIkeProposals({
    what: 'Diffie-Hellman group',
    answersFor: (types) => types.includes('KEY_EXCHANGE_METHOD'),
    setting: (leaf) => settingNamed(leaf, 'dh-group'),
    keyword: keyExchangeKeyword,
  }),
};
