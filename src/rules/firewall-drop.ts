import { familyOf, parseAddress } from '../ike/address.ts';
import { arrivalAt } from '../ike/hearing.ts';
import { findPath } from '../ike/path.ts';
import type { Fix, Location } from '../lint/finding.ts';
import type { End } from '../pairing/link.ts';
import { setCommand } from '../vyos/command.ts';
import type { LoadedSite, PeerSource } from '../vyos/connections.ts';
import { packetOf } from '../vyos/firewall/hearing.ts';
import {
  type Decider,
  type Firewall,
  judgePacket,
  type Packet,
  type Ruleset,
  type Verdict,
} from '../vyos/firewall/index.ts';
import type { Peer } from '../vyos/site.ts';
import { locate, locateNode } from './location.ts';
import { mendOf } from './mend.ts';
import { freeNumbers } from './rule-numbers.ts';

/** What an IPsec peer sends: IKE to one of its two ports, or ESP by itself. */
export type Sent = 500 | 4500 | 'esp';

export type Drop = Extract<Verdict, { readonly kind: 'drop' }>;

export function nameOf(sent: Sent): string {
  return sent === 'esp' ? 'ESP' : `UDP ${sent}`;
}

/** `drops`, `rejects`. */
export function verbOf({ by }: Drop): string {
  return by.action.value === 'reject' ? 'rejects' : 'drops';
}

/**
 * What a peer sends as it is configured, one packet for each address of it; the addresses that the dump does not hold are
 * any.
 */
export function packetsFrom(peer: Peer, sent: Sent, state: Packet['state']): readonly Packet[] {
  const destination = parseAddress(peer.localAddress?.value ?? '');
  const own = destination === '0.0.0.0' || destination === '::' ? undefined : destination;
  const remotes = peer.remoteAddresses.map(({ value }) => parseAddress(value));
  const port = sent === 'esp' ? undefined : sent;
  return (remotes.length === 0 ? [undefined] : remotes).flatMap((source): readonly Packet[] => {
    const family = own ? familyOf(own) : source ? familyOf(source) : 4;
    if (source && familyOf(source) !== family) return [];
    const protocol = sent === 'esp' ? 'esp' : 'udp';
    return [{ family, source, destination: own, protocol, sourcePort: port, destinationPort: port, state }];
  });
}

/**
 * What one end of a link sends to the other, of a new flow: on the way of its calls, or else on that of the other's turned
 * round. Undefined where neither is known.
 */
export function packetBetween(sender: End, receiver: End, sent: Sent): Packet | undefined {
  if (!sender.connection || !receiver.connection) return undefined;
  const port = sent === 'esp' ? undefined : sent;
  const there = findPath(sender.loaded.daemon, sender.connection, receiver.loaded.daemon);
  if (there.kind === 'reaches') return packetOf(arrivalAt(there, 'responder', port));
  const back = findPath(receiver.loaded.daemon, receiver.connection, sender.loaded.daemon);
  if (back.kind !== 'reaches') return undefined;
  return { ...packetOf(arrivalAt(back, 'initiator', port)), state: 'new' };
}

/** The first of the packets that the firewall drops, with what decides. */
export function firstDrop(
  firewall: Firewall,
  packets: readonly Packet[],
): { readonly packet: Packet; readonly drop: Drop } | undefined {
  for (const packet of packets) {
    const drop = judgePacket(firewall, packet);
    if (drop.kind === 'drop') return { packet, drop };
  }
  return undefined;
}

/** The rule or the default that decides, and the peer that it shuts out. */
export function placesOf(
  site: number,
  { by }: Drop,
  peer: Peer,
  sent: Sent,
): readonly [Location, ...Location[]] {
  return [placeOf(site, by), peerPlace(site, peer, `sends ${nameOf(sent)}`)];
}

/** The rule or the default that decides. */
export function placeOf(site: number, { action, rule }: Decider): Location {
  const label = action.value === 'reject' ? 'rejects it' : 'drops it';
  if (rule) return locateNode(site, rule, label);
  return locate(site, action, action.origin.kind === 'default' ? `not set: default ${action.value}` : label);
}

export function peerPlace(site: number, peer: Peer, label: string): Location {
  const [address] = peer.remoteAddresses;
  return address ? locate(site, address, label) : locateNode(site, peer, label);
}

/**
 * A rule that lets it in, before what drops it, in the same ruleset; none where no one ruleset decides. It is for what its
 * peer sends and nobody else: from anywhere only where the address of the peer is not known.
 */
export function admit(
  site: number,
  { firewall, sources }: LoadedSite,
  { by, within }: Drop,
  sent: Sent,
  packet: Packet,
): readonly Fix[] {
  if (!within || !firewall) return [];
  const number = numberFor(within, by, sent, packet.source, shutOut(firewall, sources, within, sent, packet));
  if (number === undefined) return [];
  const path = [...within.path, 'rule', String(number)];
  const what =
    sent === 'esp'
      ? [setCommand([...path, 'protocol'], 'esp')]
      : [
          setCommand([...path, 'protocol'], 'udp'),
          setCommand([...path, 'destination', 'port'], String(sent)),
        ];
  return mendOf(site, [
    setCommand([...path, 'action'], 'accept'),
    ...what,
    ...(packet.source === undefined ? [] : [setCommand([...path, 'source', 'address'], packet.source)]),
  ]);
}

/** The addresses whose packets the ruleset drops, in their order; undefined stands for any. */
function shutOut(
  firewall: Firewall,
  sources: readonly PeerSource[],
  ruleset: Ruleset,
  sent: Sent,
  packet: Packet,
): readonly (string | undefined)[] {
  const all = sources
    .filter(({ peer }) => !peer.disabled)
    .flatMap(({ peer }) => packetsFrom(peer, sent, packet.state))
    .filter((each) => {
      const verdict = judgePacket(firewall, each);
      return verdict.kind === 'unknown' || (verdict.kind === 'drop' && verdict.within === ruleset);
    })
    .map(({ source }): string | undefined => source);
  return [...new Set([packet.source, ...all])].toSorted();
}

const highestNumber = { older: 9999, today: 999_999 } as const;

/**
 * A number that is free before the rule that decides, or behind the last one where the default does. What each peer sends
 * by each of the three ways has one of its own, so that the commands for all of them can be given together.
 */
function numberFor(
  { numbers, path }: Ruleset,
  { rule }: Decider,
  sent: Sent,
  source: string | undefined,
  peers: readonly (string | undefined)[],
): number | undefined {
  const isToday = path[1] === 'ipv4' || path[1] === 'ipv6';
  const turn = peers.indexOf(source) * 3 + [500, 4500, 'esp'].indexOf(sent);
  const before = rule && Number(rule.number);
  for (const count of [peers.length * 3, 3, 1]) {
    const free = freeNumbers(numbers, before, count, highestNumber[isToday ? 'today' : 'older']);
    if (free.length > 0) return free[turn % count];
  }
  return undefined;
}
