import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import { setCommand } from '../vyos/command.ts';
import type { LoadedSite } from '../vyos/connections.ts';
import { ikeGroupsInUse, startsBySelf } from './groups-in-use.ts';
import { locateNode } from './location.ts';
import { mendOf } from './mend.ts';
import { rfc, vyos, vyosManual } from './sources.ts';

function* check(loaded: LoadedSite, index: number): Iterable<Problem> {
  for (const { group, users } of ikeGroupsInUse(loaded)) {
    if (group.deadPeerDetection) continue;
    const dpd = [...group.path, 'dead-peer-detection'];
    const action = users.some(startsBySelf) ? 'restart' : 'clear';
    yield {
      message: `The IKE group "${group.name}" has no dead-peer-detection`,
      consequence: `When the peer is gone without a word, its SAs stay and traffic into them is lost, until the IKE_SA is rekeyed (${group.lifetime.value} s) or somebody resets it.`,
      locations: [locateNode(index, group, 'no dead-peer-detection')],
      fix: mendOf(index, [
        setCommand([...dpd, 'action'], action),
        setCommand([...dpd, 'interval'], '30'),
        // IKEv2 has no use for it.
        ...(group.keyExchange.value === 'ikev2' ? [] : [setCommand([...dpd, 'timeout'], '120')]),
      ]),
    };
  }
}

export const dpdMissing: SiteRule = {
  id: 'dpd-missing',
  scope: 'site',
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
