import type { LinkRule } from '../lint/rule.ts';
import { settingNamed } from '../vyos/conf-origin.ts';
import { checkIkeProposals } from './ike-proposal-rule.ts';
import { rfc, strongswan, vyosManual } from './sources.ts';

export const ikeHashMismatch: LinkRule = {
  id: 'ike-hash-mismatch',
  scope: 'link',
  summary: 'The IKE groups share no hash.',
  severity: 'error',
  notify: 'NO_PROPOSAL_CHOSEN',
  why:
    'The hash of an IKE proposal is its integrity algorithm, and strongSwan takes the pseudo-random function from it ' +
    'where no prf is set. With an AEAD cipher (GCM, CCM, ChaCha20) the integrity algorithm falls away and the hash ' +
    'still decides the pseudo-random function: it is not ignored, as it is in ESP.',
  mend: 'Give one proposal of each IKE group the same hash.',
  sources: [
    rfc(7296, '2.7'),
    rfc(5282, '8'),
    strongswan('src/libstrongswan/crypto/proposal/proposal.c'),
    vyosManual,
  ],
  bad: { b: "set vpn ipsec ike-group IKE-A proposal 1 hash 'sha512'" },
  good: { b: "set vpn ipsec ike-group IKE-A proposal 1 hash 'sha256'" },
  check: checkIkeProposals({
    what: 'IKE hash',
    answersFor: (types, a, b) =>
      types.includes('INTEGRITY_ALGORITHM') ||
      (types.includes('PSEUDO_RANDOM_FUNCTION') && ![a, b].some((leaf) => leaf && settingNamed(leaf, 'prf'))),
    setting: (leaf) => settingNamed(leaf, 'hash'),
    keyword: (value) => value,
  }),
};
