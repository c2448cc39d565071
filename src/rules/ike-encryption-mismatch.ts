import type { LinkRule } from '../lint/rule.ts';
import { settingNamed } from '../vyos/conf-origin.ts';
import { checkIkeProposals } from './ike-proposal-rule.ts';
import { rfc, strongswan, vyosManual } from './sources.ts';

export const ikeEncryptionMismatch: LinkRule = {
  id: 'ike-encryption-mismatch',
  scope: 'link',
  summary: 'The IKE groups share no encryption algorithm.',
  severity: 'error',
  notify: 'NO_PROPOSAL_CHOSEN',
  why:
    'The initiator offers its proposals in the first message. The responder needs one of its own in which every ' +
    'transform type has a value in common. The key size counts: AES with 128 and with 256 bits are two algorithms.',
  mend: 'Give one proposal of each IKE group the same encryption.',
  sources: [
    rfc(7296, '2.7'),
    rfc(7296, '3.3.2'),
    strongswan('src/libstrongswan/crypto/proposal/proposal.c'),
    vyosManual,
  ],
  bad: { b: "set vpn ipsec ike-group IKE-A proposal 1 encryption 'aes128'" },
  good: { b: "set vpn ipsec ike-group IKE-A proposal 1 encryption 'aes256'" },
  check: checkIkeProposals({
    what: 'IKE encryption',
    answersFor: (types) => types.includes('ENCRYPTION_ALGORITHM'),
    setting: (leaf) => settingNamed(leaf, 'encryption'),
    keyword: (value) => value,
  }),
};
