import type { LinkRule } from '../lint/rule.ts';
import { checkEspProposals } from './esp-proposal-rule.ts';
import { rfc, strongswan, vyosManual } from './sources.ts';

export const espEncryptionMismatch: LinkRule = {
  id: 'esp-encryption-mismatch',
  scope: 'link',
  summary: 'The ESP groups share no encryption algorithm.',
  severity: 'error',
  notify: 'NO_PROPOSAL_CHOSEN',
  why:
    'The IKE_SA is up and both ends are authenticated; only the CHILD_SA that would carry the traffic is refused. ' +
    'The logs say "keeping IKE_SA", and the tunnel shows as up in the list of IKE SAs while nothing passes.',
  mend: 'Give one proposal of each ESP group the same encryption.',
  sources: [rfc(7296, '2.7'), strongswan('src/libcharon/sa/ikev2/tasks/child_create.c'), vyosManual],
  bad: { b: "set vpn ipsec esp-group ESP-A proposal 1 encryption 'aes128'" },
  good: { b: "set vpn ipsec esp-group ESP-A proposal 1 encryption 'aes256'" },
  check: checkEspProposals({
    what: 'ESP encryption',
    type: 'ENCRYPTION_ALGORITHM',
    setting: 'encryption',
  }),
};
