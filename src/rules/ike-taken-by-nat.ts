import type { Address } from '../ike/address.ts';
import type { Arrival } from '../ike/connection.ts';
import type { Fix } from '../lint/finding.ts';
import type { LoneEnd } from '../pairing/link.ts';
import { oncePer } from '../source/once.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { setCommand } from '../vyos/command.ts';
import type { Packet } from '../vyos/firewall/index.ts';
import { allNatRules, type NatRule } from '../vyos/nat.ts';
import { type NearExclude, nearExclude } from '../vyos/nat-near-miss.ts';
import { destinationNatCourse, isOwn, packetOf } from '../vyos/packets/inbound.ts';
import type { PeerSource } from '../vyos/peer-source.ts';
import { packetsFrom } from './firewall-drop.ts';
import { activeSources } from './groups-in-use.ts';
import { mendOf } from './mend.ts';
import { freeBefore } from './source-nat-catches-tunnel.ts';

const ikePorts = [500, 4500] as const;

/** A packet of IKE that a rule takes away. */
interface Hit {
  readonly source: PeerSource;
  readonly packet: Packet & { readonly destination: Address };
  readonly rule: NatRule;
}

/** What a rule takes of what comes to a peer. */
interface Taken {
  readonly ports: readonly (number | undefined)[];
  /** The rule that nearly excludes it. */
  readonly near: NearExclude | undefined;
  readonly fix: readonly Fix[];
}

/** The rules that take what the other end of a peer may send to initiate. One that takes that of several is told of the first. */
export function rulesThatTakeIke({ loaded, source }: LoneEnd): readonly NatRule[] {
  const hits = hitsOf(loaded);
  const rules = new Set(hits.filter((hit) => hit.source === source).map(({ rule }) => rule));
  return [...rules].filter((rule) => hits.find((hit) => hit.rule === rule)?.source === source);
}

/** `met`: what it takes in the negotiations of the peer. */
export function takenBy(
  { loaded, source, site }: LoneEnd,
  rule: NatRule,
  met: readonly Arrival[],
): Taken | undefined {
  const expected = hitsOf(loaded).filter((hit) => hit.rule === rule);
  // What the peer is not configured with, such as its own address, the negotiation tells.
  const all = expected.some((hit) => hit.source === source)
    ? expected
    : [
        ...expected,
        ...met.map(
          (arrival): Hit => ({
            source,
            packet: { ...packetOf(arrival), destination: arrival.to },
            rule,
          }),
        ),
      ];
  const own = all.filter((hit) => hit.source === source);
  const [first] = own;
  if (!first) return undefined;
  const { family } = first.packet;
  const { traffic, through } = destinationNatCourse(loaded.site, first.packet);
  const rules = allNatRules(loaded.site, 'destination', family);
  return {
    ports: [...new Set(own.map(({ packet }) => packet.destinationPort))],
    near: nearExclude(rules, rule, { family, traffic, through }),
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
