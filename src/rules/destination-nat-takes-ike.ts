import { addressBits, familyOf, parseAddress } from '../ike/address.ts';
import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import { setCommand } from '../vyos/command.ts';
import type { LoadedSite } from '../vyos/connections.ts';
import { allNatRules, isForInterface, type NatRule, natRules, packets } from '../vyos/nat.ts';
import { nearExclude } from '../vyos/nat-near-miss.ts';
import { interfaceToPeer } from '../vyos/outbound.ts';
import type { Peer, Site } from '../vyos/site.ts';
import { natCourse } from '../vyos/source-nat.ts';
import { anyAddress, type Traffic } from '../vyos/traffic.ts';
import { child } from '../vyos/tree.ts';
import { locate, locateNode } from './location.ts';
import { mendOf } from './mend.ts';
import { locateNearExclude } from './source-nat-catches-tunnel.ts';
import { rfc, vyos } from './sources.ts';

const ikePorts = [500, 4500] as const;

function* check({ site, sources }: LoadedSite, index: number): Iterable<Problem> {
  const seen = new Set<NatRule>();
  for (const { peer } of sources) {
    const local = parseAddress(peer.localAddress?.value ?? '');
    if (peer.disabled || !local || !peer.localAddress) continue;
    const family = familyOf(local);
    const rules = natRules(site, 'destination', family);
    const through = interfaceToPeer(site, peer);
    const hits = ikePorts.flatMap((port) =>
      takenBy(rules, peer, family, addressBits(local), port, through).map((hit) => ({ ...hit, port })),
    );
    for (const rule of new Set(hits.map((hit) => hit.rule))) {
      if (seen.has(rule) || isForInterface(rule, through) !== true || isOwn(site, rule)) continue;
      seen.add(rule);
      const own = hits.filter((hit) => hit.rule === rule);
      const ports = [...new Set(own.map(({ port }) => port))];
      const near =
        own[0] &&
        nearExclude(allNatRules(site, 'destination', family), rule, {
          family,
          traffic: own[0].traffic,
          through,
        });
      yield {
        message: `Destination NAT rule ${rule.number} sends UDP ${ports.join(' and ')} on to ${rule.translation?.value ?? 'another host'}${near ? `; rule ${near.rule.number} excludes, but ${near.why}` : ''}`,
        consequence:
          'What the peer sends to start the tunnel never reaches this router. Only a call of its own, whose answers the kernel knows, can bring the tunnel up.',
        locations: [
          locateNode(index, rule, 'takes the packets of IKE'),
          ...(near ? [locateNearExclude(index, near)] : []),
          ...(rule.translation
            ? [
                {
                  ...locateNode(
                    index,
                    { at: rule.translation.at, path: [...rule.path, 'translation', 'address'] },
                    'where they go',
                  ),
                  value: rule.translation.value,
                },
              ]
            : []),
          locate(index, peer.localAddress),
        ],
        fix: exclusion(site, index, rule, local),
      };
    }
  }
}

function takenBy(
  rules: readonly NatRule[],
  peer: Peer,
  family: 4 | 6,
  local: bigint,
  port: number,
  through: string | undefined,
): readonly { readonly rule: NatRule; readonly traffic: Traffic }[] {
  const [anywhere = { from: 0n, to: 0n }] = anyAddress(family);
  const remotes = peer.remoteAddresses.map(({ value }) => parseAddress(value));
  const callers = remotes.map((remote) => {
    const bits = remote && familyOf(remote) === family ? addressBits(remote) : undefined;
    return bits === undefined ? anywhere : { from: bits, to: bits };
  });
  return (callers.length > 0 ? callers : [anywhere]).flatMap((caller) => {
    const to = { from: local, to: local };
    const traffic = packets(family, caller, to, {
      protocol: [{ from: 17n, to: 17n }],
      sourcePort: [{ from: BigInt(port), to: BigInt(port) }],
      destinationPort: [{ from: BigInt(port), to: BigInt(port) }],
    });
    return natCourse(rules, traffic, through).caught.map(({ rule }) => ({ rule, traffic }));
  });
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

function exclusion(site: Site, index: number, rule: NatRule, local: string) {
  const table = rule.path.slice(0, -1);
  const taken = child(site.tree, ...table)?.children;
  let number = rule.number - 1;
  while (number > 0 && taken?.has(`${number}`)) number -= 1;
  if (number <= 0) return [];
  const path = [...table, `${number}`];
  const value = rule.interfaceWords.at(-1);
  return mendOf(index, [
    setCommand([...path, 'destination', 'address'], local),
    setCommand([...path, 'destination', 'port'], ikePorts.join(',')),
    setCommand([...path, 'exclude']),
    ...(value === undefined ? [] : [setCommand([...path, ...rule.interfaceWords.slice(0, -1)], value)]),
    setCommand([...path, 'protocol'], 'udp'),
  ]);
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
