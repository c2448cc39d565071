import { canInitiate } from '../ike/initiation.ts';
import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { initiationBy, inTurn, type Link } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import { settingNamed } from '../vyos/conf-origin.ts';
import { localAddressOf, remoteAddressesOf } from './end-addresses.ts';
import { locate } from './location.ts';
import { mendOf } from './mend.ts';
import { rfc, vyosManual } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  for (const [end, facing] of inTurn(link)) {
    if (!end.nat || facing.nat || !end.connection || !facing.connection) continue;
    if (initiationBy(end)?.atLoad === 'start' || (initiationBy(facing)?.atLoad ?? 'none') === 'none')
      continue;
    const start = end.connection.children[0]?.section.start_action;
    const connectionType = start && settingNamed(start, 'connection-type');
    if (!connectionType) continue;
    const localAddress = localAddressOf(end);
    const [called] = remoteAddressesOf(end);
    const [x, y] = [end.name, facing.name];
    const canCall = canInitiate(end.connection);
    const what = canCall
      ? `has connection-type ${connectionType.text ?? connectionType.value}`
      : 'calls nobody';
    yield {
      message: `${x} is behind a NAT and ${what}: it waits, and ${y} calls through the NAT`,
      consequence: `NATs let in what was asked for from inside: the calls of ${y} come through only where it forwards UDP 500 and 4500 to ${x}. Let ${x} initiate.`,
      locations: [
        canCall || !called ? locate(end.site, connectionType) : locate(end.site, called, 'nobody to call'),
        ...(localAddress ? [locate(end.site, localAddress, 'behind a NAT')] : []),
      ],
      fix: canCall ? mendOf(end.site, [setCommand(connectionType.path, 'initiate')]) : [],
    };
  }
}

export const natSideWaits: LinkRule = {
  id: 'nat-side-waits',
  scope: 'link',
  summary: 'The side behind a NAT waits for the side that can be reached to call.',
  severity: 'warning',
  notify: null,
  why:
    'A NAT keeps a way back only for what was sent from inside. The side behind it has to call; the side with the public ' +
    'address answers. The other way round works only with ports 500 and 4500 forwarded, or with a NAT of one to one.',
  mend: 'Give the side behind the NAT connection-type initiate, and let the other side wait.',
  sources: [rfc(7296, '2.23'), vyosManual],
  bad: {
    b: [
      "set vpn ipsec site-to-site peer SITE-A local-address '10.99.0.5'",
      "set vpn ipsec site-to-site peer SITE-A connection-type 'none'",
    ].join('\n'),
  },
  good: {},
  check,
};
