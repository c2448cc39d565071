import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { inTurn, type Link } from '../pairing/link.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { type Doubt, type Firewall, judgePacket, type Packet } from '../vyos/firewall/index.ts';
import type { PeerSource } from '../vyos/peer-source.ts';
import type { Peer } from '../vyos/site.ts';
import { nameOf, packetBetween, packetsFrom, peerPlace, type Sent } from './firewall-drop.ts';
import { vyos, vyosFirewallManual } from './sources.ts';

const kinds: readonly Sent[] = [500, 4500, 'esp'];

function* check(link: Link): Iterable<Problem> {
  const encapsulated = [link.a, link.b].some(({ nat, source }) => nat ?? source.peer.udpEncapsulation.value);
  for (const [end, facing] of inTurn(link)) {
    const { firewall } = end.loaded;
    if (!firewall) continue;
    const sent = kinds.filter((kind) => kind !== 'esp' || !encapsulated);
    const packets = sent.map((kind) => [kind, [packetBetween(facing, end, kind) ?? []].flat()] as const);
    yield* problemOf(end.site, firewall, end.source.peer, packets, facing.name);
  }
}

function* checkAlone({ firewall }: LoadedSite, { peer }: PeerSource, site: number): Iterable<Problem> {
  if (!firewall || peer.disabled) return;
  const packets = kinds.map((kind) => [kind, packetsFrom(peer, kind, 'new')] as const);
  const [address] = peer.remoteAddresses;
  yield* problemOf(site, firewall, peer, packets, address?.value ?? 'its peers');
}

function* problemOf(
  site: number,
  firewall: Firewall,
  peer: Peer,
  packets: readonly (readonly [Sent, readonly Packet[]])[],
  who: string,
): Iterable<Problem> {
  const undecided = packets.flatMap(([sent, list]): readonly (readonly [Sent, Doubt])[] => {
    const verdicts = list.map((packet) => judgePacket(firewall, packet));
    const unknown = verdicts.find(({ kind }) => kind === 'unknown');
    return unknown?.kind === 'unknown' ? [[sent, unknown.doubt]] : [];
  });
  const [first] = undecided;
  if (!first) return;
  const [, doubt] = first;
  const names = undecided.map(([sent]) => nameOf(sent)).join(' and ');
  yield {
    message: `Whether the firewall lets ${names} of ${who} in cannot be told: ${doubt.why}`,
    consequence: 'It is taken to be let in. This is neither a pass nor a fault.',
    locations: [
      { site, at: doubt.at, path: doubt.path, value: null, origin: 'set', label: 'not known from the dump' },
      peerPlace(site, peer, `sends ${names}`),
    ],
  };
}

export const firewallUndecided: LinkRule = {
  id: 'firewall-undecided',
  scope: 'link',
  summary: 'The dump does not hold what decides whether the firewall lets IKE in.',
  severity: 'info',
  notify: null,
  why:
    'A rule with a limit or a time, a group whose members DNS finds, a masked address or a ruleset that is not in the dump ' +
    'may let the packets of the peer in, or not.',
  mend: 'Look at the rule by hand, or accept UDP 500, UDP 4500 and ESP from the peer in a rule before it.',
  sources: [vyosFirewallManual, vyos('python/vyos/firewall.py')],
  bad: {
    b:
      "set firewall ipv4 input filter rule 10 action 'drop'\n" +
      "set firewall ipv4 input filter rule 10 recent count '4'\n" +
      "set firewall ipv4 input filter rule 10 recent time 'minute'",
  },
  good: {
    b:
      "set firewall ipv4 input filter rule 5 action 'accept'\n" +
      "set firewall ipv4 input filter rule 5 source address '203.0.113.1'\n" +
      "set firewall ipv4 input filter rule 10 action 'drop'\n" +
      "set firewall ipv4 input filter rule 10 recent count '4'\n" +
      "set firewall ipv4 input filter rule 10 recent time 'minute'",
  },
  check,
  checkAlone,
};
