import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link, LoneEnd } from '../pairing/link.ts';
import { isBehindNat } from './end-addresses.ts';
import { admitAll, judgedAlone, placesOf, reasonOf, shutAlone, verbOf } from './firewall-drop.ts';
import { linkDrops } from './firewall-link-drops.ts';
import { rfc, vyos, vyosFirewallManual } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  for (const [{ end, facing, shut, severity }] of linkDrops(link, 'esp')) {
    const [x, y] = [end.name, facing.name];
    const standing = link.negotiations.filter(({ result }) => result.outcome === 'established');
    yield {
      message: `${x} ${verbOf(shut.drop)} ESP from ${y}: ${reasonOf(shut)}`,
      consequence:
        severity === 'error'
          ? `The tunnel comes up and nothing gets through it to ${x}: ${x} counts bytes that go out and none that come in.`
          : `The tunnel comes up, and what ${y} sends is lost until ${x} has sent something itself, and again after ten minutes of silence.`,
      severity,
      bites: standing.map(({ initiator, child }) => ({ initiator, child })),
      locations: placesOf(end, [shut]),
      fix: admitAll(end, [shut]),
    };
  }
}

function* checkAlone(end: LoneEnd): Iterable<Problem> {
  // Behind a NAT it is ESP in UDP. Whether the other end is behind one is not in this dump.
  if (end.section?.encap?.value || isBehindNat(end)) return;
  const shut = shutAlone(end, 'esp', 'new');
  if (!shut) return;
  const { drop, packet } = shut;
  const answers = judgedAlone(end, 'esp', 'established').find((each) => each.packet.source === packet.source);
  yield {
    message: `The firewall ${verbOf(drop)} ESP from ${packet.source ?? 'its peers'}: ${reasonOf(shut)}`,
    consequence:
      answers?.verdict.kind === 'drop'
        ? 'Unless the other side is behind a NAT, the tunnel comes up and nothing gets through it to this side.'
        : 'Unless the other side is behind a NAT, what it sends is lost until this side has sent something itself.',
    severity: 'warning',
    locations: placesOf(end, [shut]),
    fix: admitAll(end, [shut]),
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
