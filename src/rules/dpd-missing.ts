import type { NetworkProblem, NetworkRule } from '../lint/rule.ts';
import { initiationBy, inTurn, type Network } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import type { PeerSource } from '../vyos/peer-source.ts';
import { ikeGroupsInUse, startsBySelf } from './groups-in-use.ts';
import { locateNode } from './location.ts';
import { mendOf } from './mend.ts';
import { rfc, vyos, vyosManual } from './sources.ts';

function* check(network: Network): Iterable<NetworkProblem> {
  for (const [index, loaded] of network.sites.entries()) {
    for (const { group, users } of ikeGroupsInUse(loaded)) {
      if (group.deadPeerDetection) continue;
      const dpd = [...group.path, 'dead-peer-detection'];
      // One side is enough: two that start anew leave duplicate SAs.
      const restarts = users.some(startsBySelf) && !users.some((user) => isRestarted(network, index, user));
      yield {
        link: null,
        message: `The IKE group "${group.name}" has no dead-peer-detection`,
        short: 'no dead-peer-detection',
        consequence: `When the peer is gone without a word, its SAs stay and traffic into them is lost, until the IKE_SA is rekeyed (${group.lifetime.value} s) or somebody resets it.`,
        locations: [locateNode(index, group, 'no dead-peer-detection')],
        fix: mendOf(index, [
          setCommand([...dpd, 'action'], restarts ? 'restart' : 'clear'),
          setCommand([...dpd, 'interval'], '30'),
          // IKEv2 has no use for it.
          ...(group.keyExchange.value === 'ikev2' ? [] : [setCommand([...dpd, 'timeout'], '120')]),
        ]),
      };
    }
  }
}

/** Whether the other end of a peer starts the tunnel anew when it is lost. */
function isRestarted({ links }: Network, site: number, { peer }: PeerSource): boolean {
  return links.some((link) =>
    inTurn(link).some(
      ([own, facing]) =>
        own.site === site && own.source.peer === peer && initiationBy(facing)?.afterDpd === 'start',
    ),
  );
}

export const dpdMissing: NetworkRule = {
  id: 'dpd-missing',
  scope: 'network',
  summary: 'An IKE group in use has no dead-peer-detection.',
  severity: 'warning',
  notify: null,
  why:
    'Without the node dead-peer-detection VyOS sends no probes. A peer that restarts or loses its line cannot say goodbye: ' +
    'this side keeps its SAs and sends into them what nobody can read. With it, the peer is probed when nothing comes from it.',
  mend:
    'Set dead-peer-detection: action restart on the side that calls, clear on the side that answers, with an interval of ' +
    '30 seconds.',
  sources: [rfc(7296, '2.4'), rfc(3706, '5'), vyos('src/conf_mode/vpn_ipsec.py'), vyosManual],
  bad: { b: 'delete vpn ipsec ike-group IKE-A dead-peer-detection' },
  good: { b: 'delete vpn ipsec ike-group IKE-A dead-peer-detection interval' },
  check,
};
