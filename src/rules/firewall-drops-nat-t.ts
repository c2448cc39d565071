import type { LinkRule } from '../lint/rule.ts';
import type { Link, LoneEnd } from '../pairing/link.ts';
import { isBehindNat } from './end-addresses.ts';
import { portChecks } from './firewall-port-rule.ts';
import { rfc, strongswan, vyos, vyosFirewallManual } from './sources.ts';

/** Why the exchange leaves UDP 500. */
function why({ a, b }: Link): string {
  if (a.nat || b.nat) return 'because of the NAT';
  const forced = [a, b].some(({ section }) => section?.encap?.value);
  return forced ? 'because of force-udp-encapsulation' : 'with MOBIKE, whether there is a NAT or not';
}

/** It is used with a NAT, and in IKEv2 without one; whether the other end is behind a NAT is not in this dump. */
function isUsed(end: LoneEnd): boolean {
  const { section } = end;
  const usesMobike = section && section.version.value !== 1 && section.mobike?.value !== false;
  return isBehindNat(end) || section?.encap?.value === true || usesMobike === true;
}

export const firewallDropsNatT: LinkRule = {
  id: 'firewall-drops-nat-t',
  scope: 'link',
  summary: 'The firewall of a router drops UDP 4500 from its peer.',
  severity: 'error',
  notify: null,
  why:
    'IKE moves from UDP 500 to UDP 4500 after its first exchange where a NAT is on the way, and ESP goes there too. An ' +
    'initiator with MOBIKE, which is the default of VyOS with IKEv2, moves even without a NAT. With 500 open and 4500 ' +
    'closed the first exchange succeeds, and the next is retransmitted until it is given up.',
  mend:
    'Accept UDP 4500 from the address of the peer in a rule before the one that drops it. Only IKEv1, or IKEv2 with ' +
    'disable-mobike on the side that calls, does without it where there is no NAT.',
  sources: [
    rfc(7296, '2.23'),
    strongswan('src/libcharon/sa/ikev2/tasks/ike_natd.c'),
    vyosFirewallManual,
    vyos('data/templates/ipsec/swanctl/peer.j2'),
  ],
  bad: {
    b:
      "set firewall ipv4 input filter rule 10 action 'accept'\n" +
      "set firewall ipv4 input filter rule 10 state 'established'\n" +
      "set firewall ipv4 input filter rule 30 action 'accept'\n" +
      "set firewall ipv4 input filter rule 30 protocol 'udp'\n" +
      "set firewall ipv4 input filter rule 30 destination port '500'\n" +
      "set firewall ipv4 input filter rule 40 action 'accept'\n" +
      "set firewall ipv4 input filter rule 40 protocol 'esp'\n" +
      "set firewall ipv4 input filter default-action 'drop'",
  },
  good: {
    a: 'set vpn ipsec ike-group IKE-B disable-mobike',
    b:
      "set firewall ipv4 input filter rule 30 action 'accept'\n" +
      "set firewall ipv4 input filter rule 30 protocol 'udp'\n" +
      "set firewall ipv4 input filter rule 30 destination port '500'\n" +
      "set firewall ipv4 input filter rule 40 action 'accept'\n" +
      "set firewall ipv4 input filter rule 40 protocol 'esp'\n" +
      "set firewall ipv4 input filter default-action 'drop'\n" +
      'set vpn ipsec ike-group IKE-A disable-mobike',
  },
  ...portChecks({
    port: 4500,
    called: (x, y, link) =>
      `When ${y} calls, the first exchange succeeds on UDP 500. Then IKE moves to UDP 4500 ${why(link)}, and ${x} hears no more of it.`,
    answered: (x, _, link) =>
      `When ${x} calls, IKE moves to UDP 4500 after the first exchange ${why(link)}, and ${x} does not hear the answer.`,
    alone: {
      calls:
        'Where this peer calls, the first exchange succeeds on UDP 500, then IKE moves to UDP 4500 and is not heard.',
      answers:
        'Where this side calls, IKE moves to UDP 4500 after the first exchange, and the answer is not heard.',
    },
    isUsed,
  }),
};
