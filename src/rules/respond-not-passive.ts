import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { initiationBy, inTurn, type Link } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import { writesIpsecConf } from '../vyos/release.ts';
import { locate } from './location.ts';
import { mendOf } from './mend.ts';
import { vyos, vyosManual } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  for (const [end, facing] of inTurn(link)) {
    const [own, other] = [initiationBy(end), initiationBy(facing)];
    if (own?.atLoad !== 'trap' || other?.atLoad !== 'start') continue;
    // A trap on a VTI catches nothing while the tunnel is down; and behind a NAT it is to call (nat-side-waits).
    if (!own.trapFires || (end.nat && !facing.nat)) continue;
    const start = end.connection?.children[0]?.section.start_action;
    if (!start) continue;
    const type = settingOfOrigin(start.origin);
    yield {
      message: `${end.name} is not passive with connection-type ${type.text ?? type.value}: it calls, too`,
      consequence: `The first packet for the tunnel makes ${end.name} call, while ${facing.name} calls by itself: duplicate SAs can come of it.`,
      locations: [locate(end.site, type, 'calls at the first packet')],
      fix: writesIpsecConf(end.release) ? [] : mendOf(end.site, [setCommand(type.path, 'none')]),
    };
  }
}

export const respondNotPassive: LinkRule = {
  id: 'respond-not-passive',
  scope: 'link',
  summary: 'A side with connection-type respond or trap calls as well.',
  severity: 'info',
  notify: null,
  why:
    'VyOS makes a trap of connection-type respond: a policy that waits for the first packet and then calls. It does not ' +
    'only answer. Since VyOS 1.4 connection-type none does; newer releases spell respond as trap, which says what it is.',
  mend: 'Give the side that is to answer connection-type none, where the other side initiates.',
  sources: [vyos('data/templates/ipsec/swanctl/peer.j2'), vyosManual],
  bad: { b: "set vpn ipsec site-to-site peer SITE-A connection-type 'respond'" },
  good: { b: "set vpn ipsec site-to-site peer SITE-A connection-type 'none'" },
  check,
};
