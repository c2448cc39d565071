import type { Leaf } from '../ike/swanctl-conf.ts';
import { formatTransform, prfFor, transformOf } from '../ike/transform.ts';
import type { LinkRule } from '../lint/rule.ts';
import { settingNamed } from '../vyos/conf-origin.ts';
import type { Setting } from '../vyos/setting.ts';
import { checkIkeProposals } from './ike-proposal-rule.ts';
import { rfc, strongswan, vyos } from './sources.ts';

/** The prf that was set, or the one that follows from the hash. */
function prfSetting(proposal: Leaf<string>): Setting<unknown> | undefined {
  const prf = settingNamed(proposal, 'prf');
  const hash = settingNamed(proposal, 'hash');
  if (prf || !hash) return prf;
  const integrity = transformOf(String(hash.value));
  const derived = integrity && prfFor(integrity);
  const keyword = `prf${hash.value}`;
  return {
    path: [...hash.path.slice(0, -1), 'prf'],
    value: transformOf(keyword) ? keyword : undefined,
    text: null,
    origin: {
      kind: 'derived',
      at: hash.origin.at,
      how: `prf not set: ${derived ? formatTransform(derived) : 'none'} follows from the hash`,
    },
  };
}

export const ikePrfMismatch: LinkRule = {
  id: 'ike-prf-mismatch',
  scope: 'link',
  summary: 'The IKE groups share no pseudo-random function.',
  severity: 'error',
  notify: 'NO_PROPOSAL_CHOSEN',
  why:
    'Both ends must derive their keys with the same pseudo-random function. A prf that is set on one side and left to ' +
    'follow from the hash on the other easily differs.',
  mend: 'Set the same prf on both sides, or delete it on both and let it follow from the same hash.',
  sources: [
    rfc(7296, '2.13'),
    strongswan('src/libstrongswan/crypto/proposal/proposal.c'),
    vyos('interface-definitions/include/ipsec/ike-group.xml.i'),
  ],
  bad: { b: "set vpn ipsec ike-group IKE-A proposal 1 prf 'prfsha512'" },
  good: { b: "set vpn ipsec ike-group IKE-A proposal 1 prf 'prfsha256'" },
  check: checkIkeProposals({
    what: 'IKE prf',
    answersFor: (types, a, b) =>
      types.includes('PSEUDO_RANDOM_FUNCTION') && [a, b].some((leaf) => leaf && settingNamed(leaf, 'prf')),
    setting: prfSetting,
    keyword: (value) => value,
  }),
};
