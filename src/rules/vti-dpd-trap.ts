import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { setCommand } from '../vyos/command.ts';
import { boundVtis } from '../vyos/vti.ts';
import { activeSources, startsBySelf } from './groups-in-use.ts';
import { locate } from './location.ts';
import { mendOf } from './mend.ts';
import { onRouteBasedPair } from './route-based-pair.ts';
import { vyos, vyosManual } from './sources.ts';

function* check(loaded: LoadedSite, site: number): Iterable<Problem> {
  const seen = new Set<string>();
  const calling = new Set(
    activeSources(loaded).flatMap((source) => (startsBySelf(source) ? [source.ikeGroup] : [])),
  );
  for (const { source, bind } of boundVtis(loaded)) {
    const action = source.ikeGroup?.deadPeerDetection?.action;
    const name = source.ikeGroup?.name ?? '';
    if (action?.origin.kind !== 'set' || !['trap', 'hold'].includes(action.value) || seen.has(name)) continue;
    seen.add(name);
    yield {
      message: `Dead peer detection waits for traffic (${action.text}), and ${bind.value} takes none while it is down`,
      consequence:
        'VyOS takes the VTI down with the tunnel, and its routes go with it: no packet reaches the policy that would call the peer again. The tunnel comes back when the other side calls.',
      locations: [locate(site, action), locate(site, bind, 'goes down with the tunnel')],
      // As dpd-missing has it: one side calls again, and the other one waits.
      fix: mendOf(site, [setCommand(action.path, calling.has(source.ikeGroup) ? 'restart' : 'clear')]),
    };
  }
}

const dpd = (peer: 'A' | 'B', action: string) =>
  ['action', 'interval', 'timeout']
    .map((leaf) => `set vpn ipsec ike-group IKE-${peer} dead-peer-detection ${leaf}`)
    .map((command, index) => `${command} '${[action, '30', '120'][index]}'`)
    .join('\n');

export const vtiDpdTrap: SiteRule = {
  id: 'vti-dpd-trap',
  scope: 'site',
  summary: 'Dead peer detection leaves a VTI waiting for traffic that cannot come.',
  severity: 'info',
  notify: null,
  why:
    'With action trap a dead tunnel is built again by the first packet for it. A script of VyOS takes a VTI down when its ' +
    'tunnel goes down, and then there is no such packet.',
  mend: 'Use restart on the side that calls, and clear on the other.',
  sources: [vyos('src/etc/ipsec.d/vti-up-down'), vyosManual],
  bad: onRouteBasedPair({ a: dpd('B', 'trap'), b: dpd('A', 'restart') }),
  good: onRouteBasedPair({ a: dpd('B', 'restart'), b: dpd('A', 'clear') }),
  check,
};
