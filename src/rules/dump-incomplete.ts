import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { whatIsLeftOut } from '../vyos/whole.ts';
import { locateNode } from './location.ts';
import { vyos } from './sources.ts';

function* check({ site }: LoadedSite, index: number): Iterable<Problem> {
  const [peer] = site.peers;
  if (!peer || whatIsLeftOut(site) === undefined) return;
  yield {
    message: 'This is a part of a configuration: it has a peer, and no ike-group and no esp-group',
    consequence:
      'The groups are taken to be in the part that is not here. Nothing is said of the tunnel: give all of "vpn ipsec".',
    locations: [locateNode(index, peer, 'its groups are not in this dump')],
  };
}

export const dumpIncomplete: SiteRule = {
  id: 'dump-incomplete',
  scope: 'site',
  summary: 'A dump holds peers, and none of the groups that they need.',
  severity: 'warning',
  notify: null,
  why:
    'VyOS commits no peer without an IKE group and an ESP group. A dump that has not one of either was cut out of a ' +
    'configuration. What it lacks is taken to be there and not known: neither a pass nor a fault.',
  mend: 'Make the dump anew, with all that is below "vpn ipsec".',
  sources: [vyos('src/conf_mode/vpn_ipsec.py')],
  bad: { b: 'delete vpn ipsec ike-group IKE-A\ndelete vpn ipsec esp-group ESP-A' },
  good: {},
  check,
};
