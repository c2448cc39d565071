/** What becomes of a packet of IKE that comes to a router, before charon reads it. */
import { type Address, addressBits, familyOf, parseAddress } from '../../ike/address.ts';
import type { Arrival, Obstacle } from '../../ike/connection.ts';
import { everyAddress, hostRange } from '../../ike/range.ts';
import { oncePer } from '../../source/once.ts';
import { isAnyAddress } from '../addresses.ts';
import { type Firewall, judgePacket, type Packet } from '../firewall/index.ts';
import { type NatRule, natRules, packets } from '../nat.ts';
import { interfaceBetween, ipsecInterfaces } from '../outbound.ts';
import { holdersOf, isVirtual } from '../own-addresses.ts';
import { interfaceTowards } from '../routes.ts';
import { isMasked } from '../schema/index.ts';
import type { Peer, Site } from '../site.ts';
import { type NatCourse, natCourse } from '../source-nat.ts';
import { anyPort, anyTraffic, commonTraffic, type Traffic } from '../traffic.ts';
import { type DeciderOf, obstacleBy } from './decider.ts';
import { foreignAddress } from './own-address.ts';

/** A packet of IKE or ESP that comes to a daemon, in the terms of a firewall. A peer initiates from the port that it sends to. */
export function packetOf({ from, to, protocol, port, translated, state }: Arrival): Packet {
  return {
    family: familyOf(to),
    source: from,
    destination: to,
    protocol,
    sourcePort: translated ? undefined : port,
    destinationPort: port,
    state,
  };
}

/**
 * What stands in the way of a packet from a peer, in the order in which it is met: destination NAT, the firewall, the list
 * of the interfaces on which charon reads. A firewall that may drop it, or not, is taken to let it in.
 */
export function obstaclesIn(
  site: Site,
  firewall: Firewall | undefined,
  peer: Peer | undefined,
  packet: Packet,
): readonly Obstacle[] {
  const ignoring = ignoredBy(site, peer, packet);
  return [
    ...foreignAddress(site, peer),
    ...destinationNat(site, packet),
    ...(firewall ? walls(firewall, packet) : []),
    ...(ignoring ? [obstacleBy(ignoring, { kind: 'drops', name: ignoring.holder })] : []),
  ];
}

function walls(firewall: Firewall, packet: Packet): readonly Obstacle[] {
  const verdict = judgePacket(firewall, packet);
  switch (verdict.kind) {
    case 'drop':
      return [obstacleBy({ kind: 'firewall', firewall, packet, drop: verdict }, { kind: 'drops', name: '' })];
    case 'unknown':
      return [obstacleBy({ kind: 'firewall-doubt', doubt: verdict.doubt }, { kind: 'open', name: '' })];
    case 'accept':
      return [];
  }
}

/** What the rules of destination NAT do to a packet that a peer sends of itself; an answer passes by what the kernel knows. */
export function destinationNatCourse(
  site: Site,
  { family, source, destination, sourcePort, destinationPort }: Packet & { readonly destination: Address },
): NatCourse & { readonly traffic: Traffic; readonly through: string | undefined } {
  const anywhere = everyAddress(family);
  const single = (value: bigint | number) => ({ from: BigInt(value), to: BigInt(value) });
  const through = interfaceBetween(site, destination, source ? [source] : []);
  const traffic = packets(
    family,
    source === undefined ? anywhere : single(addressBits(source)),
    single(addressBits(destination)),
    {
      protocol: [single(17)],
      sourcePort: sourcePort === undefined ? anyPort : [single(sourcePort)],
      destinationPort: destinationPort === undefined ? anyPort : [single(destinationPort)],
    },
  );
  return { ...natCourse(rulesForIke[family](site), traffic, through), traffic, through };
}

/** The rules that some packet of IKE may meet. */
const rulesForIke = { 4: forIke(4), 6: forIke(6) };

function forIke(family: 4 | 6): (site: Site) => readonly NatRule[] {
  const ports = [500n, 4500n].map((port) => ({ from: port, to: port }));
  const ike: Traffic = { ...anyTraffic(family), protocol: [{ from: 17n, to: 17n }], destinationPort: ports };
  return oncePer((site) =>
    natRules(site, 'destination', family).filter(({ traffic }) => commonTraffic(traffic, ike)),
  );
}

function destinationNat(site: Site, packet: Packet): readonly Obstacle[] {
  const { destination, protocol, state } = packet;
  if (!destination || state === 'established' || protocol !== 'udp') return [];
  if (rulesForIke[packet.family](site).length === 0) return [];
  const { caught, rest, doubtful } = destinationNatCourse(site, { ...packet, destination });
  const [taking] = caught.filter(({ rule }) => !isOwn(site, rule));
  if (taking && rest.length === 0 && caught.length === 1) {
    return [byRule(taking.rule, { kind: 'drops' })];
  }
  const perhaps = taking?.rule ?? doubtful.find((rule) => !isOwn(site, rule));
  if (!perhaps) return [];
  const why = `the dump does not tell whether destination NAT rule ${perhaps.number} takes UDP ${packet.destinationPort} to ${destination}`;
  return [byRule(perhaps, { kind: 'unknown', why })];
}

function byRule(rule: NatRule, what: { kind: 'drops' } | { kind: 'unknown'; why: string }): Obstacle {
  return obstacleBy({ kind: 'destination-nat', rule }, { ...what, name: `rule ${rule.number}` });
}

/** Whether a rule translates to an address of the router itself: the packets still reach it. */
export function isOwn(site: Site, { translation }: NatRule): boolean {
  const to = parseAddress(translation?.value ?? '');
  return to !== undefined && holdersOf(site, to).length > 0;
}

/**
 * Where there is a list of interfaces, charon ignores a packet unless one of them holds the address that it is for, by
 * whichever interface it comes in: strongSwan src/libcharon/network/receiver.c and
 * plugins/kernel_netlink/kernel_netlink_net.c (get_interface_name). What it sends itself goes out all the same.
 */
export function ignoredBy(
  site: Site,
  peer: Peer | undefined,
  packet: Pick<Packet, 'destination' | 'source' | 'state'>,
): DeciderOf<'interface-list'> | undefined {
  const [first, ...others] = ipsecInterfaces(site);
  if (!first) return undefined;
  const names = new Set([first, ...others].map(({ value }) => value));
  const holders = holdersOfPeer(site, peer, packet);
  const [holder] = holders;
  if (holder === undefined || holders.some((name) => names.has(name))) return undefined;
  return { kind: 'interface-list', holder, listed: [first, ...others] };
}

/** The interfaces with the address that a packet of a peer is for; none where the dump does not tell. */
function holdersOfPeer(
  site: Site,
  peer: Peer | undefined,
  { destination: address, source, state }: Pick<Packet, 'destination' | 'source' | 'state'>,
): readonly string[] {
  const given = peer?.dhcpInterface?.value;
  if (given !== undefined) return isMasked(given) ? [] : [given];
  if (!address || isMasked(peer?.localAddress?.value ?? '') || isVirtual(site, address)) return [];
  const holders = holdersOf(site, address);
  if (state === 'new' || !isAnyAddress(peer?.localAddress?.value ?? 'any')) return holders;
  // The address that it initiates from is then that of the interface towards the peer.
  const towards = source && interfaceTowards(site, hostRange(source));
  return holders.filter((name) => name === towards);
}
