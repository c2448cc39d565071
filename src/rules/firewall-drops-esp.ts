import { isPrivate, parseAddress } from '../ike/address.ts';
import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link } from '../pairing/link.ts';
import type { LoadedSite, PeerSource } from '../vyos/connections.ts';
import { judgePacket } from '../vyos/firewall/index.ts';
import { admit, firstDrop, packetBetween, packetsFrom, placesOf, verbOf } from './firewall-drop.ts';
import { rfc, vyos, vyosFirewallManual } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  // ESP in UDP comes to port 4500, in the flow of IKE.
  if ([link.a, link.b].some(({ nat, source }) => nat ?? source.peer.forceUdpEncapsulation)) return;
  for (const [end, facing] of [
    [link.a, link.b],
    [link.b, link.a],
  ] as const) {
    const packet = packetBetween(facing, end, 'esp');
    const { firewall } = end.loaded;
    if (!packet || !firewall) continue;
    const drop = judgePacket(firewall, packet);
    if (drop.kind !== 'drop') continue;
    const answers = judgePacket(firewall, { ...packet, state: 'established' });
    const [x, y] = [end.name, facing.name];
    const standing = link.negotiations.filter(({ result }) => result.outcome === 'established');
    yield {
      message: `${x} ${verbOf(drop)} ESP from ${y}: ${drop.by.what}`,
      consequence:
        answers.kind === 'drop'
          ? `The tunnel comes up and nothing gets through it to ${x}: ${x} counts bytes that go out and none that come in.`
          : `The tunnel comes up, and what ${y} sends is lost until ${x} has sent something itself, and again after ten minutes of silence.`,
      severity: answers.kind === 'drop' ? 'error' : 'warning',
      bites: standing.map(({ initiator, child }) => ({ initiator, child })),
      locations: placesOf(end.site, drop, end.source.peer, 'esp'),
      fix: admit(end.site, end.loaded, drop, 'esp', packet),
    };
  }
}

function* checkAlone(loaded: LoadedSite, { peer }: PeerSource, site: number): Iterable<Problem> {
  const { firewall } = loaded;
  const own = parseAddress(peer.localAddress?.value ?? '');
  const remotes = peer.remoteAddresses.map(({ value }) => parseAddress(value));
  const isPublic = remotes.some((address) => address && !isPrivate(address));
  // Behind a NAT it is ESP in UDP. Whether the other end is behind one is not in this dump.
  if (!firewall || peer.disabled || peer.forceUdpEncapsulation || (own && isPrivate(own) && isPublic)) return;
  const found = firstDrop(firewall, packetsFrom(peer, 'esp', 'new'));
  if (!found) return;
  const { drop, packet } = found;
  const answers = judgePacket(firewall, { ...packet, state: 'established' });
  yield {
    message: `The firewall ${verbOf(drop)} ESP from ${packet.source ?? 'its peers'}: ${drop.by.what}`,
    consequence:
      answers.kind === 'drop'
        ? 'Unless the other side is behind a NAT, the tunnel comes up and nothing gets through it to this side.'
        : 'Unless the other side is behind a NAT, what it sends is lost until this side has sent something itself.',
    severity: 'warning',
    locations: placesOf(site, drop, peer, 'esp'),
    fix: admit(site, loaded, drop, 'esp', packet),
  };
}

export const firewallDropsEsp: LinkRule = {
  id: 'firewall-drops-esp',
  scope: 'link',
  summary: 'The firewall of a router drops ESP from its peer.',
  severity: 'error',
  notify: null,
  why:
    'Without a NAT the traffic of a tunnel is ESP, IP protocol 50, and no port is part of it. IKE on UDP 500 and 4500 comes ' +
    'up without it, so the tunnel stands and carries nothing. A firewall that accepts established flows lets ESP in once ' +
    'the router has sent some itself, for as long as the flow is remembered: ten minutes.',
  mend:
    'Accept protocol esp from the address of the peer in a rule before the one that drops it; or set ' +
    'force-udp-encapsulation on both sides and accept UDP 4500.',
  sources: [
    rfc(4303, '2'),
    rfc(3948, '2.1'),
    vyosFirewallManual,
    vyos('data/templates/firewall/nftables.j2'),
  ],
  bad: {
    b:
      "set firewall ipv4 input filter rule 30 action 'accept'\n" +
      "set firewall ipv4 input filter rule 30 protocol 'udp'\n" +
      "set firewall ipv4 input filter rule 30 destination port '500,4500'\n" +
      "set firewall ipv4 input filter default-action 'drop'",
  },
  good: {
    a: 'set vpn ipsec site-to-site peer SITE-B force-udp-encapsulation',
    b:
      "set firewall ipv4 input filter rule 30 action 'accept'\n" +
      "set firewall ipv4 input filter rule 30 protocol 'udp'\n" +
      "set firewall ipv4 input filter rule 30 destination port '500,4500'\n" +
      "set firewall ipv4 input filter default-action 'drop'\n" +
      'set vpn ipsec site-to-site peer SITE-A force-udp-encapsulation',
  },
  check,
  checkAlone,
};
