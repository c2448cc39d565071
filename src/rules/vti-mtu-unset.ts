import { familyOf, isPrivate, parseAddress } from '../ike/address.ts';
import { type EspOverhead, espOverhead, innerMtu, segmentSize } from '../ike/esp-overhead.ts';
import { defaultProposals, parseProposal } from '../ike/proposal.ts';
import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { espProposals } from '../strongswan/proposals.ts';
import { setCommand } from '../vyos/command.ts';
import { interfaceToPeer } from '../vyos/outbound.ts';
import type { Peer, Site } from '../vyos/site.ts';
import { child, has, wordsBelow } from '../vyos/tree.ts';
import { type BoundVti, boundVtis } from '../vyos/vti.ts';
import { locate, locateNode } from './location.ts';
import { mendOf } from './mend.ts';
import { onRouteBasedPair } from './route-based-pair.ts';
import { rfc, vyos } from './sources.ts';

function* check(loaded: LoadedSite, index: number): Iterable<Problem> {
  const { site } = loaded;
  for (const bound of boundVtis(loaded)) {
    const { interface: vti, node, bind } = bound;
    if (!vti || !node || isClamped(site, bound)) continue;
    const most = tightest(site, bound);
    if (!most) continue;
    const { outer, overhead } = most;
    const mtu = innerMtu(outer, overhead);
    const mss = segmentSize(mtu, 4);
    const path = ['interfaces', 'vti', vti.name];
    yield {
      message: `The VTI ${vti.name} has the usual MTU of 1500, and the tunnel takes packets of ${mtu}`,
      short: `MTU of 1500, and packets of ${mtu} fit`,
      consequence: `Longer packets are sent in fragments, or lost where a path drops those or the ICMP that asks for shorter ones: small requests work and long transfers hang. TCP has room for segments of ${mss}.`,
      locations: [
        locateNode(index, { at: vti.at, path }, arithmetic(outer, overhead, mtu)),
        locate(index, bind, 'bound here'),
      ],
      fix: [
        ...mendOf(index, [setCommand([...path, 'mtu'], `${mtu}`)]),
        ...mendOf(index, [setCommand([...path, 'ip', 'adjust-mss'], `${mss}`)]),
      ],
    };
  }
}

/** An MTU or an MSS is set: on the VTI, until 1.3 in the firewall's options, or by a policy. */
function isClamped({ tree }: Site, { node, bind }: BoundVti): boolean {
  return (
    has(node, 'mtu') ||
    has(node, 'ip', 'adjust-mss') ||
    has(tree, 'firewall', 'options', 'interface', bind.value, 'adjust-mss') ||
    has(tree, 'policy', 'route')
  );
}

/** Of the proposals of a VTI the one that leaves the least, and the MTU of what leads to the peer. */
function tightest(site: Site, { peer, source }: BoundVti) {
  const name = interfaceToPeer(site, peer);
  const outer = mtuOf(site, name);
  const [child] = source.children;
  if (!child || outer === undefined) return undefined;
  return espProposals(child.espGroup, child.pfsGroup)
    .flatMap(({ value, implied }) => {
      if (implied) return defaultProposals.ESP;
      const parsed = parseProposal('ESP', value);
      return parsed.ok ? [parsed.proposal] : [];
    })
    .map((proposal) => ({ outer, overhead: espOverhead(proposal, encapsulation(peer)) }))
    .toSorted((one, other) => innerMtu(outer, one.overhead) - innerMtu(outer, other.overhead))[0];
}

/** Ethernet's 1500, and 1492 of PPPoE, where nothing else is set. */
function mtuOf({ tree }: Site, name: string | undefined): number | undefined {
  const usual = name?.startsWith('pppoe') ? 1492 : 1500;
  if (name === undefined) return usual;
  const [device = '', vlan] = name.split('.');
  const types = [...(child(tree, 'interfaces')?.children.values() ?? [])];
  const node = types.flatMap((type) => child(type, device) ?? [])[0];
  const set = wordsBelow(child(vlan === undefined ? node : child(node, 'vif', vlan), 'mtu'))[0]?.value;
  if (set === undefined) return usual;
  return /^\d+$/.test(set) ? Number(set) : undefined;
}

/** UDP stands around ESP behind a NAT (RFC 3948), which a private address of its own facing a public one tells of. */
function encapsulation({ localAddress, remoteAddresses, udpEncapsulation }: Peer) {
  const local = parseAddress(localAddress?.value ?? '');
  const remote = parseAddress(remoteAddresses[0]?.value ?? '');
  const behindNat = local !== undefined && remote !== undefined && isPrivate(local) && !isPrivate(remote);
  const outer = remote ?? local;
  return { family: outer ? familyOf(outer) : (4 as const), udp: udpEncapsulation.value || behindNat };
}

function arithmetic(outer: number, overhead: EspOverhead, mtu: number): string {
  const { outerHeader, udpHeader, espHeader, iv, block, icv } = overhead;
  const parts = [
    `${outer}`,
    `${outerHeader} ${outerHeader === 20 ? 'IPv4' : 'IPv6'}`,
    ...(udpHeader > 0 ? [`${udpHeader} UDP`] : []),
    `${espHeader} ESP`,
    `${iv} IV`,
    `${icv} ICV`,
  ];
  return `${parts.join(' - ')}, in blocks of ${block}, less 2: ${mtu}`;
}

export const vtiMtuUnset: SiteRule = {
  id: 'vti-mtu-unset',
  scope: 'site',
  summary: 'A VTI has neither an MTU nor an MSS that fits the tunnel.',
  severity: 'info',
  notify: null,
  why:
    'ESP takes room in each packet: the outer header (20 for IPv4, 40 for IPv6), 8 of UDP behind a NAT, 8 of ESP, the IV ' +
    '(16 for AES-CBC, 8 for AES-GCM), the ICV (16 for SHA-256 and for GCM with 128 bits, 12 for SHA-1), padding to a ' +
    'whole block (16 for AES-CBC, 4 for GCM) and 2 bytes of trailer. AES-256 with SHA-256 over IPv4: 1500 - 20 - 8 - 16 - ' +
    '16 leaves 1440, 90 blocks of 16, less 2: 1438. VyOS gives a VTI 1500.',
  mend: 'Set the MTU of the VTI on both sides, or clamp the MSS of TCP, which leaves other protocols as they are.',
  sources: [rfc(4303, '2'), rfc(3948, '2.1'), vyos('interface-definitions/interfaces_vti.xml.in')],
  bad: onRouteBasedPair({ a: 'delete interfaces vti vti0 mtu' }),
  good: onRouteBasedPair({
    a: "delete interfaces vti vti0 mtu\nset interfaces vti vti0 ip adjust-mss '1398'",
  }),
  check,
};
