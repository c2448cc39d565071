import type { NetworkProblem, NetworkRule } from '../lint/rule.ts';
import type { Network } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { farPeer } from './example-pair.ts';
import { ikeGroupsInUse } from './groups-in-use.ts';
import { locate } from './location.ts';
import { mendOf } from './mend.ts';
import { rfc, strongswan } from './sources.ts';
import { isLinked } from './unlinked.ts';

function* check(network: Network): Iterable<NetworkProblem> {
  for (const [site, loaded] of network.sites.entries()) {
    for (const { group, users } of ikeGroupsInUse(loaded)) {
      if (group.keyExchange.value !== 'ikev1' || group.mode.value !== 'aggressive') continue;
      // In a link aggressive-mode-refused and ike-mode-mismatch tell what comes of it.
      if (users.every((source) => isLinked(network, site, source))) continue;
      yield {
        link: null,
        message: `The IKE group "${group.name}" uses aggressive mode`,
        consequence:
          'With a pre-shared secret it sends a hash of it in the clear, from which the secret can be guessed offline. VyOS routers refuse such a call.',
        locations: [locate(site, group.mode)],
        fix: mendOf(site, [setCommand(group.mode.path, 'main')]),
      };
    }
  }
}

export const aggressiveModeUsed: NetworkRule = {
  id: 'aggressive-mode-used',
  scope: 'network',
  summary: 'An IKE group in use has aggressive mode.',
  severity: 'warning',
  notify: null,
  why:
    'Aggressive mode of IKEv1 trades three messages for the secrecy of the identities and of a hash that the secret can be ' +
    'guessed from. A VyOS router never answers it with a pre-shared secret. In a link, aggressive-mode-refused or ' +
    'ike-mode-mismatch tells what comes of it; this is for peers whose other side is not at hand.',
  mend: 'Use main mode on both sides, or better IKEv2.',
  sources: [rfc(2409, '5.4'), strongswan('src/libcharon/sa/ikev1/tasks/aggressive_mode.c')],
  bad: { b: withOldGroup('aggressive') },
  good: { b: withOldGroup('main') },
  check,
};

/** A peer that faces nobody, with an IKE group of its own. */
function withOldGroup(mode: 'main' | 'aggressive'): string {
  const group = 'set vpn ipsec ike-group OLD';
  return [
    `${group} dead-peer-detection action 'clear'`,
    `${group} key-exchange 'ikev1'`,
    `${group} mode '${mode}'`,
    `${group} proposal 1 dh-group '14'`,
    `${group} proposal 1 encryption 'aes256'`,
    `${group} proposal 1 hash 'sha256'`,
    farPeer({ ikeGroup: 'OLD' }),
  ].join('\n');
}
