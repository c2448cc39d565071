import type { LinkRule } from '../lint/rule.ts';
import { portChecks } from './firewall-port-rule.ts';
import { rfc, vyos, vyosFirewallManual } from './sources.ts';

export const firewallDropsIke: LinkRule = {
  id: 'firewall-drops-ike',
  scope: 'link',
  summary: 'The firewall of a router drops UDP 500 from its peer.',
  severity: 'error',
  notify: null,
  why:
    'The first message of IKE goes to UDP port 500. A router that drops it logs nothing of IPsec, and its peer logs only ' +
    'its retransmits and "peer not responding", as if nobody were there. What is decided here is the packet to the router ' +
    'itself: the input filter of 1.4 and later, the ruleset that is bound to local of an interface before, or the local ' +
    'zone.',
  mend: 'Accept UDP 500 from the address of the peer in a rule before the one that drops it.',
  sources: [
    vyosFirewallManual,
    vyos('data/templates/firewall/nftables.j2'),
    vyos('python/vyos/firewall.py'),
    rfc(7296, '2'),
  ],
  bad: {
    b:
      "set firewall ipv4 input filter rule 10 action 'accept'\n" +
      "set firewall ipv4 input filter rule 10 state 'established'\n" +
      "set firewall ipv4 input filter rule 30 action 'accept'\n" +
      "set firewall ipv4 input filter rule 30 protocol 'udp'\n" +
      "set firewall ipv4 input filter rule 30 destination port '4500'\n" +
      "set firewall ipv4 input filter rule 40 action 'accept'\n" +
      "set firewall ipv4 input filter rule 40 protocol 'esp'\n" +
      "set firewall ipv4 input filter default-action 'drop'",
  },
  good: {
    b:
      "set firewall ipv4 input filter rule 30 action 'accept'\n" +
      "set firewall ipv4 input filter rule 30 protocol 'udp'\n" +
      "set firewall ipv4 input filter rule 30 destination port '500,4500'\n" +
      "set firewall ipv4 input filter rule 40 action 'accept'\n" +
      "set firewall ipv4 input filter rule 40 protocol 'esp'\n" +
      "set firewall ipv4 input filter default-action 'drop'",
  },
  ...portChecks({
    port: 500,
    called: (x, y) =>
      `When ${y} calls, ${x} hears nothing of it: ${y} sends its first message again and again until it gives up.`,
    answered: (x) => `When ${x} calls, it does not hear the answer, and gives up in the end.`,
    alone: {
      calls: 'Calls of this peer are not heard, and nothing is logged here.',
      answers: 'Calls of this side are given up in the end, since it does not hear the answers.',
    },
    isUsed: () => true,
  }),
};
