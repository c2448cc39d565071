import { type Address, addressBits, familyOf, parseAddress } from '../ike/address.ts';
import type { Fix, Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { isAnyAddress } from '../vyos/addresses.ts';
import { setCommand } from '../vyos/command.ts';
import { allNatRules, isForInterface, type NatRule, natRules, packets } from '../vyos/nat.ts';
import { nearExclude } from '../vyos/nat-near-miss.ts';
import { interfaceToPeer } from '../vyos/outbound.ts';
import type { Peer, Site } from '../vyos/site.ts';
import { natCourse } from '../vyos/source-nat.ts';
import { anyAddress, type Traffic } from '../vyos/traffic.ts';
import { locate, locateNode } from './location.ts';
import { mendOf } from './mend.ts';
import { freeBefore, locateNearExclude } from './source-nat-catches-tunnel.ts';
import { rfc, vyos } from './sources.ts';

const ikePorts = [500, 4500] as const;

/** A packet of IKE that a rule takes away. */
interface Hit {
  readonly peer: Peer;
  readonly local: Address;
  readonly port: (typeof ikePorts)[number];
  /** Where the peer calls from; undefined where that is not known. */
  readonly from: Address | undefined;
  readonly rule: NatRule;
}

function* check({ site, sources }: LoadedSite, index: number): Iterable<Problem> {
  const hits = sources.flatMap(({ peer }) => hitsOf(site, peer));
  for (const rule of new Set(hits.map((hit) => hit.rule))) {
    const [first, ...others] = hits.filter((hit) => hit.rule === rule);
    if (!first || isOwn(site, rule)) continue;
    const all = [first, ...others];
    const ports = [...new Set(all.map(({ port }) => port))];
    const { translation } = rule;
    const { localAddress } = first.peer;
    const family = familyOf(first.local);
    const near = nearExclude(allNatRules(site, 'destination', family), rule, {
      family,
      traffic: callTo(first.local, first.from, first.port),
      through: interfaceToPeer(site, first.peer),
    });
    yield {
      message: `Destination NAT rule ${rule.number} sends UDP ${ports.join(' and ')} on to ${translation?.value ?? 'another host'}${near ? `; rule ${near.rule.number} excludes, but ${near.why}` : ''}`,
      consequence:
        'What the peer sends to start the tunnel never reaches this router. Only a call of its own, whose answers the kernel knows, can bring the tunnel up.',
      locations: [
        locateNode(index, rule, 'takes the packets of IKE'),
        ...(near ? [locateNearExclude(index, near)] : []),
        ...(translation
          ? [
              {
                ...locateNode(
                  index,
                  { at: translation.at, path: [...rule.path, 'translation', 'address'] },
                  'where they go',
                ),
                value: translation.value,
              },
            ]
          : []),
        ...(localAddress ? [locate(index, localAddress)] : []),
      ],
      fix: exclusions(site, index, rule, all),
    };
  }
}

function hitsOf(site: Site, peer: Peer): readonly Hit[] {
  const local = parseAddress(peer.localAddress?.value ?? '');
  if (peer.disabled || !local || isAnyAddress(local)) return [];
  const family = familyOf(local);
  const rules = natRules(site, 'destination', family);
  const through = interfaceToPeer(site, peer);
  const remotes = peer.remoteAddresses.map(({ value }) => {
    const remote = parseAddress(value);
    return remote && !isAnyAddress(remote) && familyOf(remote) === family ? remote : undefined;
  });
  const callers = remotes.length > 0 ? remotes : [undefined];
  return ikePorts.flatMap((port) =>
    callers.flatMap((from) =>
      natCourse(rules, callTo(local, from, port), through)
        .caught.filter(({ rule }) => isForInterface(rule, through) === true)
        .map(({ rule }) => ({ peer, local, port, from, rule })),
    ),
  );
}

function callTo(local: Address, from: Address | undefined, port: number): Traffic {
  const family = familyOf(local);
  const [anywhere = { from: 0n, to: 0n }] = anyAddress(family);
  const single = (value: bigint) => ({ from: value, to: value });
  return packets(
    family,
    from === undefined ? anywhere : single(addressBits(from)),
    single(addressBits(local)),
    {
      protocol: [single(17n)],
      sourcePort: [single(BigInt(port))],
      destinationPort: [single(BigInt(port))],
    },
  );
}

/** Translated to an address of the router itself: the packets still reach it. */
function isOwn(site: Site, { translation }: NatRule): boolean {
  const to = parseAddress(translation?.value ?? '');
  return (
    to !== undefined &&
    site.interfaces.some(({ addresses }) =>
      addresses.some(({ value }) => parseAddress(value.split('/')[0] ?? '') === to),
    )
  );
}

/** A rule for each peer that excludes its IKE, and nobody else's: others may be meant to reach the host behind. */
function exclusions(site: Site, index: number, rule: NatRule, hits: readonly Hit[]): readonly Fix[] {
  const ways = new Map(hits.map(({ local, from }) => [`${local} ${from}`, { local, from }]));
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
    "set interfaces ethernet eth0 address '203.0.113.1/24'",
    'set protocols static route 0.0.0.0/0 next-hop 203.0.113.254',
    `set nat destination rule 10 destination port '${port}'`,
    "set nat destination rule 10 inbound-interface name 'eth0'",
    "set nat destination rule 10 protocol 'udp'",
    "set nat destination rule 10 translation address '10.1.0.5'",
  ].join('\n');

export const destinationNatTakesIke: SiteRule = {
  id: 'destination-nat-takes-ike',
  scope: 'site',
  summary: 'A destination NAT rule sends the packets of IKE on to another host.',
  severity: 'warning',
  notify: null,
  why:
    'Destination NAT comes before a packet is handed to the router itself. A rule for UDP 500 or 4500, or one without ' +
    'ports, takes the calls of the peer away from the router. Answers to a call of its own pass, as the kernel knows the connection.',
  mend: 'Limit the rule to the ports that it is for, or exclude UDP 500 and 4500 by a rule with a lower number.',
  sources: [rfc(7296, '2.23'), vyos('data/templates/firewall/nftables-nat.j2')],
  bad: { a: forwarding(500) },
  good: { a: forwarding(1194) },
  check,
};
