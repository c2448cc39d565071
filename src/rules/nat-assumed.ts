import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { inTurn, type Link } from '../pairing/link.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import { locate } from './location.ts';
import { rfc, vyosManual } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  for (const [end, facing] of inTurn(link)) {
    if (!end.nat?.assumed) continue;
    const { inside, outside, told } = end.nat;
    const [x, y] = [end.name, facing.name];
    yield {
      message: `${x} is taken to be behind a NAT: it is at ${inside}, and ${y} calls ${outside}`,
      consequence: `The forecast holds if the NAT forwards UDP 500 and 4500 to ${x}. Without local-id ${x} presents its inside address.`,
      locations: [
        locate(end.site, settingOfOrigin(told.inside), 'a private address'),
        locate(facing.site, settingOfOrigin(told.outside), 'a public address'),
      ],
    };
  }
}

export const natAssumed: LinkRule = {
  id: 'nat-assumed',
  scope: 'link',
  summary: 'One side has a private address and is called at a public one.',
  severity: 'info',
  notify: null,
  why:
    'A router with a private local-address whose peer calls a public address can only be met through a NAT. The dumps do ' +
    'not show that NAT; it is assumed, and the identities are judged by the address behind it.',
  mend:
    'Nothing, if there is such a NAT; name its address as publicAddress of the site in the configuration of this tool, and ' +
    'it is no longer an assumption. Else correct local-address or remote-address.',
  sources: [rfc(7296, '2.23'), vyosManual],
  bad: {
    a: "set vpn ipsec site-to-site peer SITE-B local-address '192.168.7.1'",
  },
  good: {},
  check,
};
