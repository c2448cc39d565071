import type { LinkRule } from '../lint/rule.ts';
import { checkEspProposals } from './esp-proposal-rule.ts';
import { rfc, strongswan, vyosManual } from './sources.ts';

export const espHashMismatch: LinkRule = {
  id: 'esp-hash-mismatch',
  scope: 'link',
  summary: 'The ESP groups share no hash.',
  severity: 'error',
  notify: 'NO_PROPOSAL_CHOSEN',
  why:
    'With a CBC or CTR cipher ESP needs an integrity algorithm, and both ends must have one in common. With an AEAD ' +
    'cipher (GCM, CCM, ChaCha20) the hash of an ESP proposal is ignored, and a difference does no harm.',
  mend: 'Give one proposal of each ESP group the same hash, or an AEAD cipher.',
  sources: [rfc(7296, '2.7'), strongswan('src/libcharon/sa/ikev2/tasks/child_create.c'), vyosManual],
  bad: { b: "set vpn ipsec esp-group ESP-A proposal 1 hash 'sha512'" },
  good: {
    a: "set vpn ipsec esp-group ESP-B proposal 1 encryption 'aes256gcm128'",
    b: "set vpn ipsec esp-group ESP-A proposal 1 encryption 'aes256gcm128'\nset vpn ipsec esp-group ESP-A proposal 1 hash 'sha1'",
  },
  check: checkEspProposals({ what: 'ESP hash', type: 'INTEGRITY_ALGORITHM', setting: 'hash' }),
};
