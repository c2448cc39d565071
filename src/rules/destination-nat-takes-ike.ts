import type { Arrival } from '../ike/connection.ts';
import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link, LoneEnd } from '../pairing/link.ts';
import type { NatRule } from '../vyos/nat.ts';
import { deciderOf } from '../vyos/packets/decider.ts';
import { localAddressOf } from './end-addresses.ts';
import { rulesThatTakeIke, takenBy } from './ike-taken-by-nat.ts';
import { locate, locateNode } from './location.ts';
import { droppedAt, evidenceOf, isNonEmpty } from './occurrence.ts';
import { locateNearExclude } from './source-nat-catches-tunnel.ts';
import { rfc, vyos } from './sources.ts';

function* check(link: Link): Iterable<Problem> {
  for (const end of [link.a, link.b]) {
    const all = droppedAt(link, end, 'destination-nat').flatMap((occurrence) => {
      const { dropped } = occurrence.failure.detail ?? {};
      const decider = dropped && deciderOf('destination-nat', dropped.obstacle);
      return decider ? [{ occurrence, arrival: dropped.arrival, rule: decider.rule }] : [];
    });
    for (const rule of new Set(all.map((each) => each.rule))) {
      const own = all.filter((each) => each.rule === rule);
      const occurrences = own.map(({ occurrence }) => occurrence);
      const met = own.map(({ arrival }) => arrival);
      const problem = problemOf(end, rule, met);
      if (problem && isNonEmpty(occurrences)) yield { ...problem, ...evidenceOf(occurrences) };
    }
  }
}

function* checkAlone(end: LoneEnd): Iterable<Problem> {
  for (const rule of rulesThatTakeIke(end)) {
    const problem = problemOf(end, rule);
    // Whether the peer ever initiates is in its own dump.
    if (problem) yield { ...problem, severity: 'warning' };
  }
}

function problemOf(end: LoneEnd, rule: NatRule, met: readonly Arrival[] = []): Problem | undefined {
  const { site } = end;
  const taken = takenBy(end, rule, met);
  if (!taken) return undefined;
  const { ports, near, fix } = taken;
  const { translation } = rule;
  const to = translation && { at: translation.at, path: [...rule.path, 'translation', 'address'] };
  const localAddress = localAddressOf(end);
  return {
    message: `Destination NAT rule ${rule.number} sends UDP ${ports.join(' and ')} on to ${translation?.value ?? 'another host'}${near ? `; rule ${near.rule.number} excludes, but ${near.why}` : ''}`,
    consequence:
      'What the peer sends to initiate the tunnel never reaches this router. Only an exchange that this router initiates, whose answers the kernel knows, can bring the tunnel up.',
    locations: [
      locateNode(site, rule, 'takes the packets of IKE'),
      ...(near ? [locateNearExclude(site, near)] : []),
      ...(to ? [{ ...locateNode(site, to, 'where they go'), value: translation.value }] : []),
      ...(localAddress ? [locate(site, localAddress)] : []),
    ],
    fix,
  };
}

const forwarding = (port: number) =>
  [
    "set interfaces ethernet eth0 address '198.51.100.1/24'",
    'set protocols static route 0.0.0.0/0 next-hop 198.51.100.254',
    `set nat destination rule 10 destination port '${port}'`,
    "set nat destination rule 10 inbound-interface name 'eth0'",
    "set nat destination rule 10 protocol 'udp'",
    "set nat destination rule 10 translation address '10.2.0.5'",
  ].join('\n');

export const destinationNatTakesIke: LinkRule = {
  id: 'destination-nat-takes-ike',
  scope: 'link',
  summary: 'A destination NAT rule sends the packets of IKE on to another host.',
  severity: 'error',
  notify: null,
  why:
    'Destination NAT comes before a packet is handed to the router itself. A rule for UDP 500 or 4500, or one without ' +
    'ports, takes what the peer sends to initiate away from the router. Answers to what the router itself initiates pass, as the kernel knows the connection.',
  mend: 'Limit the rule to the ports that it is for, or exclude UDP 500 and 4500 by a rule with a lower number.',
  sources: [rfc(7296, '2.23'), vyos('data/templates/firewall/nftables-nat.j2')],
  bad: { b: forwarding(500) },
  good: { b: forwarding(1194) },
  check,
  checkAlone,
};
