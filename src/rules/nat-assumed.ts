import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { inTurn, type Link } from '../pairing/link.ts';
import { localAddressOf, remoteAddressesOf } from './end-addresses.ts';
import { locate, locatePeer } from './location.ts';
import { rfc, vyosManual } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  for (const [end, facing] of inTurn(link)) {
    if (!end.nat?.assumed) continue;
    const { inside, outside } = end.nat;
    const local = localAddressOf(end);
    const [called] = remoteAddressesOf(facing);
    const [x, y] = [end.name, facing.name];
    yield {
      message: `${x} is taken to be behind a NAT: it is at ${inside}, and ${y} calls ${outside}`,
      consequence: `The forecast holds if the NAT forwards UDP 500 and 4500 to ${x}. Without local-id ${x} presents its inside address.`,
      locations: [
        local ? locate(end.site, local, 'a private address') : locatePeer(end, 'at a private address'),
        called
          ? locate(facing.site, called, 'a public address')
          : locatePeer(facing, 'calls a public address'),
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
