import { familyOf, isUnspecified, parseAddress } from '../ike/address.ts';
import type { Arrival } from '../ike/connection.ts';
import { arrivalAt } from '../ike/hearing.ts';
import { wayOf } from '../ike/negotiate.ts';
import type { Fix, Location } from '../lint/finding.ts';
import type { End, Link, LoneEnd } from '../pairing/link.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { setCommand } from '../vyos/command.ts';
import { admitsIpsecAlone } from '../vyos/firewall/group-uses.ts';
import {
  type Decider,
  type Firewall,
  judgePacket,
  type Packet,
  type Ruleset,
  type Verdict,
} from '../vyos/firewall/index.ts';
import { type NearMiss, nearMiss } from '../vyos/firewall/near-miss.ts';
import type { DeciderOf } from '../vyos/packets/decider.ts';
import type { PeerSource } from '../vyos/peer-source.ts';
import type { Peer } from '../vyos/site.ts';
import { remoteAddressesOf } from './end-addresses.ts';
import { locate, locateNode, locatePeer } from './location.ts';
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
  const own = destination && isUnspecified(destination) ? undefined : destination;
  const remotes = peer.remoteAddresses.map(({ value }) => parseAddress(value));
  const port = sent === 'esp' ? undefined : sent;
  return (remotes.length === 0 ? [undefined] : remotes).flatMap((source): readonly Packet[] => {
    const family = own ? familyOf(own) : source ? familyOf(source) : 4;
    if (source && familyOf(source) !== family) return [];
    const protocol = sent === 'esp' ? 'esp' : 'udp';
    return [{ family, source, destination: own, protocol, sourcePort: port, destinationPort: port, state }];
  });
}

/** What the firewall of a peer makes of what it is sent; nothing where there is none, or the peer is disabled. */
export function judgedAlone(
  { loaded: { firewall }, source: { peer } }: LoneEnd,
  sent: Sent,
  state: Packet['state'],
) {
  if (!firewall || peer.disabled) return [];
  return packetsFrom(peer, sent, state).map((packet) => ({ packet, verdict: judgePacket(firewall, packet) }));
}

/**
 * What comes to one end of a link from the other, of a new flow: on the way of the calls to it, or else on that of its own,
 * turned round. Undefined where neither is known.
 */
export function arrivalFrom({ a, b, records }: Link, { side }: End, sent: Sent): Arrival | undefined {
  if (!a.connection || !b.connection) return undefined;
  const port = sent === 'esp' ? undefined : sent;
  const ways = (['responder', 'initiator'] as const).flatMap((role) =>
    records
      .filter(({ negotiation: { initiator } }) => (initiator === side) === (role === 'initiator'))
      .flatMap((record) => wayOf(record) ?? [])
      .map((path): Arrival => ({ ...arrivalAt(path, role, port, undefined), state: 'new' })),
  );
  return ways[0];
}

/** What the firewall drops of what a peer sends, and the rule that nearly lets it in. */
export interface Shut {
  readonly sent: Sent;
  readonly packet: Packet;
  readonly drop: Drop;
  readonly near: NearMiss | undefined;
}

export function shutBy({ firewall, packet, drop }: Omit<DeciderOf<'firewall'>, 'kind'>, sent: Sent): Shut {
  return { sent, packet, drop, near: nearMiss(firewall, packet, drop) };
}

/** The first of what a peer is sent that its firewall drops for certain. */
export function shutAlone(end: LoneEnd, sent: Sent, state: Packet['state']): Shut | undefined {
  const { firewall } = end.loaded;
  const [shut] = judgedAlone(end, sent, state).flatMap(({ packet, verdict: drop }) =>
    drop.kind === 'drop' ? [{ packet, drop }] : [],
  );
  return firewall && shut && shutBy({ firewall, ...shut }, sent);
}

/** Whether two are dropped by one mistake: a group that lacks one address, a criterion that has one wrong value. */
export function haveOneCause({ near: one }: Shut, { near: other }: Shut): boolean {
  if (!one || !other || one.why !== other.why) return false;
  const place = ({ group, path }: NearMiss) => JSON.stringify(group?.path ?? path);
  return place(one) === place(other);
}

/** Several of one cause, as `haveOneCause` tells. */
export type Shuts = readonly [Shut, ...Shut[]];

/** `UDP 500, UDP 4500 and ESP` */
export function namesOf(shuts: Shuts): string {
  return listed(shuts.map(({ sent }) => nameOf(sent)));
}

function listed(all: readonly string[]): string {
  const last = all.at(-1) ?? '';
  return all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${last}` : last;
}

/** Which rule was meant to let it in and why it does not; where there is none, what drops it. */
export function reasonOf({ drop, near }: Shut): string {
  if (!near) return drop.by.what;
  const { rule, ruleset, why } = near;
  const name = ruleset === drop.within ? rule.number : `${rule.number} of ${ruleset.title}`;
  const target = rule.action?.value === 'jump' ? rule.jumpTarget?.value : undefined;
  const does = target === undefined ? 'accept it' : `pass it to ${target}, which accepts it`;
  return `rule ${name} would ${does}, but ${why}`;
}

/** The group and the rules that were meant to let them in, what drops them, and the peer that is shut out. */
export function placesOf(end: LoneEnd, shuts: Shuts): readonly [Location, ...Location[]] {
  const { site } = end;
  const [{ drop, near }] = shuts;
  const others = [placeOf(site, drop.by), locateSender(end, `sends ${namesOf(shuts)}`)] as const;
  if (!near) return others;
  const { group } = near;
  const rules = new Map(shuts.flatMap((each) => (each.near ? [[each.near.rule, each.near]] : [])));
  const meant = [...rules.values()].map(({ at, path, value }): Location => {
    const label = group ? 'would let it in' : 'would let it in but for this';
    return { site, at, path, value, origin: 'set', label };
  });
  const lacking = group && locateNode(site, group, near.why.slice(group.name.length + 1));
  const [first, ...more] = [...(lacking ? [lacking] : []), ...meant];
  return first ? [first, ...more, ...others] : others;
}

/** The rule or the default that decides. */
export function placeOf(site: number, { action, rule }: Decider): Location {
  const label = action.value === 'reject' ? 'rejects it' : 'drops it';
  if (rule) return locateNode(site, rule, label);
  return locate(site, action, action.origin.kind === 'default' ? `not set: default ${action.value}` : label);
}

/** Where it stands who it is that sends something to a peer. */
export function locateSender(end: LoneEnd, label: string): Location {
  const [address] = remoteAddressesOf(end);
  return address ? locate(end.site, address, label) : locatePeer(end, label);
}

/**
 * What lets them in: the address that a group lacks, where all that names the group is for IPsec; else a rule for each.
 */
export function admitAll({ site, loaded }: LoneEnd, shuts: Shuts): readonly Fix[] {
  const [{ near }] = shuts;
  const group = near?.group;
  if (group?.lacking !== undefined && admitsIpsecAlone(loaded.site, group.path)) {
    return mendOf(site, [setCommand([...group.path, group.leaf], group.lacking)]);
  }
  const all = shuts.flatMap(({ drop, sent, packet }) => admit(site, loaded, drop, sent, packet));
  if (all.length < shuts.length) return [];
  return mendOf(
    site,
    all.flatMap(({ commands }) => commands),
  );
}

/**
 * A rule that lets it in, before what drops it, in the same ruleset; none where no one ruleset decides. It is for what its
 * peer sends and nobody else: from anywhere only where the address of the peer is not known.
 */
function admit(
  site: number,
  { firewall, sources }: LoadedSite,
  { by, within }: Drop,
  sent: Sent,
  packet: Packet,
): readonly Fix[] {
  if (!within || !firewall) return [];
  const shut = addressesShutOut(firewall, sources, within, sent, packet);
  const number = numberFor(within, by, sent, packet.source, shut);
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
function addressesShutOut(
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
