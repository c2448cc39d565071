import type { Address } from '../ike/address.ts';
import type { Fix, Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { Link } from '../pairing/link.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { setCommand } from '../vyos/command.ts';
import type { Packet } from '../vyos/firewall/index.ts';
import { allNatRules, type NatRule } from '../vyos/nat.ts';
import { nearExclude } from '../vyos/nat-near-miss.ts';
import { oncePer } from '../vyos/once.ts';
import { deciderOf } from '../vyos/packets/decider.ts';
import { destinationNatCourse, isOwn, packetOf } from '../vyos/packets/inbound.ts';
import type { PeerSource } from '../vyos/peer-source.ts';
import { packetsFrom } from './firewall-drop.ts';
import { activeSources } from './groups-in-use.ts';
import { locate, locateNode } from './location.ts';
import { mendOf } from './mend.ts';
import { droppedAt, evidenceOf, isNonEmpty } from './occurrence.ts';
import { freeBefore, locateNearExclude } from './source-nat-catches-tunnel.ts';
import { rfc, vyos } from './sources.ts';

const ikePorts = [500, 4500] as const;

/** A packet of IKE that a rule takes away. */
interface Hit {
  readonly source: PeerSource;
  readonly packet: Packet & { readonly destination: Address };
  readonly rule: NatRule;
}

function* check(link: Link): Iterable<Problem> {
  for (const end of [link.a, link.b]) {
    const all = droppedAt(link, end, 'destination-nat').flatMap((occurrence) => {
      const { dropped } = occurrence.failure.detail ?? {};
      const decider = dropped && deciderOf('destination-nat', dropped.obstacle);
      return decider ? [{ occurrence, rule: decider.rule }] : [];
    });
    for (const rule of new Set(all.map((each) => each.rule))) {
      const occurrences = all.filter((each) => each.rule === rule).map((each) => each.occurrence);
      if (!isNonEmpty(occurrences)) continue;
      const met = occurrences.flatMap(({ failure }): readonly Hit[] => {
        const { dropped } = failure.detail ?? {};
        if (!dropped) return [];
        const { to } = dropped.arrival;
        return [{ source: end.source, packet: { ...packetOf(dropped.arrival), destination: to }, rule }];
      });
      const problem = problemOf(end.loaded, rule, end.source, end.site, met);
      if (problem) yield { ...problem, ...evidenceOf(occurrences) };
    }
  }
}

function* checkAlone(loaded: LoadedSite, source: PeerSource, site: number): Iterable<Problem> {
  const hits = hitsOf(loaded);
  const rules = new Set(hits.filter((hit) => hit.source === source).map((hit) => hit.rule));
  for (const rule of rules) {
    // One rule takes the packets of several peers: it is told of the first.
    if (hits.find((hit) => hit.rule === rule)?.source !== source) continue;
    const problem = problemOf(loaded, rule, source, site);
    // Whether the peer ever initiates is in its own dump.
    if (problem) yield { ...problem, severity: 'warning' };
  }
}

function problemOf(
  loaded: LoadedSite,
  rule: NatRule,
  source: PeerSource,
  site: number,
  met: readonly Hit[] = [],
): Problem | undefined {
  const expected = hitsOf(loaded).filter((hit) => hit.rule === rule);
  // What the peer is not configured with, such as its own address, the negotiation tells.
  const all = expected.some((hit) => hit.source === source) ? expected : [...expected, ...met];
  const own = all.filter((hit) => hit.source === source);
  const [first] = own;
  if (!first) return undefined;
  const ports = [...new Set(own.map(({ packet }) => packet.destinationPort))];
  const { translation } = rule;
  const { localAddress } = source.peer;
  const { family } = first.packet;
  const { traffic, through } = destinationNatCourse(loaded.site, first.packet);
  const near = nearExclude(allNatRules(loaded.site, 'destination', family), rule, {
    family,
    traffic,
    through,
  });
  return {
    message: `Destination NAT rule ${rule.number} sends UDP ${ports.join(' and ')} on to ${translation?.value ?? 'another host'}${near ? `; rule ${near.rule.number} excludes, but ${near.why}` : ''}`,
    consequence:
      'What the peer sends to initiate the tunnel never reaches this router. Only an exchange that this router initiates, whose answers the kernel knows, can bring the tunnel up.',
    locations: [
      locateNode(site, rule, 'takes the packets of IKE'),
      ...(near ? [locateNearExclude(site, near)] : []),
      ...(translation
        ? [
            {
              ...locateNode(
                site,
                { at: translation.at, path: [...rule.path, 'translation', 'address'] },
                'where they go',
              ),
              value: translation.value,
            },
          ]
        : []),
      ...(localAddress ? [locate(site, localAddress)] : []),
    ],
    fix: exclusions(loaded, site, rule, all),
  };
}

/** What the rules take of all that the peers of a site may send to initiate. */
const hitsOf = oncePer((loaded: LoadedSite): readonly Hit[] =>
  activeSources(loaded).flatMap((source) =>
    ikePorts
      .flatMap((port) => packetsFrom(source.peer, port, 'new'))
      .flatMap((packet) => {
        const { destination } = packet;
        if (!destination) return [];
        const { caught } = destinationNatCourse(loaded.site, { ...packet, destination });
        return caught
          .filter(({ rule }) => !isOwn(loaded.site, rule))
          .map(({ rule }): Hit => ({ source, packet: { ...packet, destination }, rule }));
      }),
  ),
);

/** A rule for each peer that excludes its IKE, and nobody else's: others may be meant to reach the host behind. */
function exclusions(
  { site }: LoadedSite,
  index: number,
  rule: NatRule,
  hits: readonly Hit[],
): readonly Fix[] {
  const ways = new Map(
    hits.map(({ packet: { destination: local, source: from } }) => [`${local} ${from}`, { local, from }]),
  );
  const [table, numbers] = freeBefore(site, rule, ways.size);
  if (numbers.length === 0) return [];
  const value = rule.interfaceWords.at(-1);
  return mendOf(
    index,
    [...ways.values()].flatMap(({ local, from }, at) => {
      const path = [...table, `${numbers[at]}`];
      return [
        setCommand([...path, 'destination', 'address'], local),
        setCommand([...path, 'destination', 'port'], ikePorts.join(',')),
        setCommand([...path, 'exclude']),
        ...(value === undefined ? [] : [setCommand([...path, ...rule.interfaceWords.slice(0, -1)], value)]),
        setCommand([...path, 'protocol'], 'udp'),
        ...(from === undefined ? [] : [setCommand([...path, 'source', 'address'], from)]),
      ];
    }),
  );
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
