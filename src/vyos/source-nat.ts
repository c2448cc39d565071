import { parseAddressRange, parsePrefix, rangeContains, rangesMeet } from '../ike/range.ts';
import { protocolNumber } from '../ike/traffic-selector.ts';
import { oncePer } from '../source/once.ts';
import { rangeOfPrefix } from './addresses.ts';
import { isForInterface, type NatRule, packets } from './nat.ts';
import { outboundInterface } from './outbound.ts';
import type { SourcedSite } from './peer-source.ts';
import type { Setting } from './setting.ts';
import type { Peer, Tunnel } from './site.ts';
import { anyPort, anyProtocol, commonTraffic, type Traffic, withoutTraffic } from './traffic.ts';

/** The packets that one pair of a tunnel's prefixes is to protect, as the router sends them. */
export interface ProtectedTraffic {
  readonly peer: Peer;
  readonly tunnel: Tunnel;
  readonly local: Setting<string>;
  readonly remote: Setting<string>;
  readonly family: 4 | 6;
  readonly traffic: Traffic;
  /** By which they leave before IPsec takes them; undefined where the dump does not tell. */
  readonly outbound: string | undefined;
}

/**
 * The pairs of prefixes of a site's policy-based tunnels. Those of a peer with a VTI are left out, as what they protect
 * leaves by the VTI; so is transport mode, whose packets are the router's own.
 */
export const protectedTraffic = oncePer(({ site, sources }: SourcedSite): readonly ProtectedTraffic[] =>
  sources.flatMap(({ peer, children }) => {
    if (peer.disabled || peer.vti) return [];
    return children.flatMap(({ tunnel, espGroup }) =>
      tunnel && espGroup.mode.value !== 'transport'
        ? pairsOf(tunnel).map((pair) => ({
            ...pair,
            peer,
            tunnel,
            outbound: outboundInterface(site, peer, pair.to),
          }))
        : [],
    );
  }),
);

function pairsOf(tunnel: Tunnel) {
  const more = conditionsOf(tunnel);
  if (!more) return [];
  return tunnel.localPrefixes.flatMap((local) =>
    tunnel.remotePrefixes.flatMap((remote) => {
      const [from, to] = [local, remote].map(({ value }) => rangeOfPrefix(value));
      if (!from || !to || from.family !== to.family) return [];
      return [{ local, remote, to, family: to.family, traffic: packets(to.family, from, to, more) }];
    }),
  );
}

/** The protocol and ports of a tunnel; undefined where they cannot be read. */
function conditionsOf({ protocol, localPort, remotePort }: Tunnel) {
  const only = (text: string, number: number | undefined) =>
    number === undefined || !/^\w+$/.test(text) ? undefined : [{ from: BigInt(number), to: BigInt(number) }];
  const number = protocol && protocolNumber(protocol.value);
  const numbers = protocol && number !== 0 ? only(protocol.value, number) : anyProtocol;
  const port = (setting: Setting<string> | undefined) =>
    setting ? only(setting.value, /^\d+$/.test(setting.value) ? Number(setting.value) : undefined) : anyPort;
  const [sourcePort, destinationPort] = [port(localPort), port(remotePort)];
  return numbers && sourcePort && destinationPort
    ? { protocol: numbers, sourcePort, destinationPort }
    : undefined;
}

/** A rule that changes packets of a tunnel, and which. */
interface Catch {
  readonly rule: NatRule;
  readonly packets: readonly [Traffic, ...Traffic[]];
}

/** What the rules do to packets, one after the other. */
export interface NatCourse {
  readonly caught: readonly Catch[];
  /** The rules that keep some of the packets from being changed. */
  readonly excluding: readonly NatRule[];
  /** The rules that may change some of the packets, or not. */
  readonly doubtful: readonly NatRule[];
  /** What no rule took. */
  readonly rest: readonly Traffic[];
}

/**
 * The course of packets through the rules of one direction. `through`: the interface. What a rule may or may not take is
 * taken by one that excludes, and left by one that changes.
 */
export function natCourse(
  rules: readonly NatRule[],
  traffic: Traffic,
  through: string | undefined,
): NatCourse {
  const caught: Catch[] = [];
  const excluding: NatRule[] = [];
  const doubtful: NatRule[] = [];
  let rest: readonly Traffic[] = [traffic];
  for (const rule of rules) {
    const fits = isForInterface(rule, through);
    if (fits === false) continue;
    const [first, ...others] = rest.flatMap((each) => commonTraffic(each, rule.traffic) ?? []);
    if (!first) continue;
    if (rule.exclude) excluding.push(rule);
    else if (!rule.certain || fits === undefined) {
      doubtful.push(rule);
      continue;
    } else caught.push({ rule, packets: [first, ...others] });
    rest = withoutTraffic(rest, rule.traffic);
  }
  return { caught, excluding, doubtful, rest };
}

/**
 * Whether a rule translates to an address that a tunnel to the same network protects: NAT before IPsec, as it is meant.
 * Of the router's own address that is not said of 0.0.0.0/0, which has every address in it.
 */
export function isMeant(
  { translation, portsOnly }: NatRule,
  { remote, peer, outbound }: ProtectedTraffic,
  all: readonly ProtectedTraffic[],
): boolean {
  if (portsOnly) return true;
  const masquerade = translation?.value === 'masquerade';
  const text = masquerade && outbound !== undefined ? peer.localAddress?.value : translation?.value;
  const range = parseAddressRange(text ?? '');
  const towards = rangeOfPrefix(remote.value);
  if (!range || !towards) return false;
  return all.some((other) => {
    const [own, facing] = [parsePrefix(other.local.value), parsePrefix(other.remote.value)];
    return (
      own !== undefined &&
      facing !== undefined &&
      rangesMeet(facing, towards) &&
      rangeContains(own, range) &&
      (!masquerade || own.from !== 0n)
    );
  });
}
