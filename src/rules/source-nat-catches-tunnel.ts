import { everyAddress, parseAddressRange, rangeContains } from '../ike/range.ts';
import type { Fix, Location, Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { rangeOfPrefix } from '../vyos/addresses.ts';
import { type Command, setCommand } from '../vyos/command.ts';
import { allNatRules, isForInterface, type NatRule, natRules, packets } from '../vyos/nat.ts';
import { type NearExclude, nearExclude } from '../vyos/nat-near-miss.ts';
import { isAtLeast } from '../vyos/schema/index.ts';
import type { Site } from '../vyos/site.ts';
import { isMeant, natCourse, type ProtectedTraffic, protectedTraffic } from '../vyos/source-nat.ts';
import { commonTraffic, describeAddresses, type RangeSet, type Traffic, without } from '../vyos/traffic.ts';
import { child } from '../vyos/tree.ts';
import { boundVtis, routesThrough } from '../vyos/vti.ts';
import { locate, locateNode } from './location.ts';
import { mendOf } from './mend.ts';
import { isNonEmpty } from './occurrence.ts';
import { freeNumbers } from './rule-numbers.ts';
import { strongswan, vyos, vyosManual } from './sources.ts';
import { limitsOf } from './tunnels.ts';

/** A pair of prefixes that a rule catches. */
interface Caught {
  readonly pair: ProtectedTraffic;
  readonly rule: NatRule;
  readonly packets: readonly [Traffic, ...Traffic[]];
  /** Rules that exclude a part of the pair before it. */
  readonly partly: readonly NatRule[];
  /** The packets leave by the interface of the rule for certain. */
  readonly certain: boolean;
}

function* check(loaded: LoadedSite, site: number): Iterable<Problem> {
  const all = protectedTraffic(loaded);
  for (const family of [4, 6] as const) {
    const rules = natRules(loaded.site, 'source', family);
    const caught = all.filter((pair) => pair.family === family).flatMap((pair) => caughtBy(rules, pair, all));
    for (const rule of rules) {
      const own = caught
        .filter((each) => each.rule === rule)
        .toSorted((one, other) => Number(isLost(other)) - Number(isLost(one)));
      if (isNonEmpty(own)) yield problemOf(loaded.site, site, rule, rules, own, all);
    }
    yield* intoVtis(loaded, site, family);
  }
}

/**
 * A VTI is an interface of its own, and a rule that names another one does not see what goes into it. One that names
 * none does. It is taken for an oversight where no rule before it excludes anything of what is routed there.
 */
function* intoVtis(loaded: LoadedSite, site: number, family: 4 | 6): Iterable<Problem> {
  const rules = natRules(loaded.site, 'source', family);
  const everywhere = everyAddress(family);
  const seen = new Set<NatRule>();
  for (const { bind } of boundVtis(loaded)) {
    for (const route of routesThrough(loaded.site, bind.value)) {
      const { network } = route;
      if (!everywhere || network.family !== family || network.from === 0n) continue;
      const { caught, excluding } = natCourse(rules, packets(family, everywhere, network), bind.value);
      const [first] = caught;
      if (!first || excluding.length > 0 || first.rule.portsOnly || seen.has(first.rule)) continue;
      const { rule } = first;
      const named = rule.interface.kind === 'names' && !rule.interface.negated;
      if (named) continue;
      seen.add(rule);
      const [{ source, destination }] = first.packets;
      const what = `${describeAddresses(source, family)} to ${describeAddresses(destination, family)}`;
      yield {
        message: `Source NAT rule ${rule.number} changes what is routed into ${bind.value} too: ${what}`,
        consequence:
          'The rule names no interface. The other side sees the address of the router in place of those of the hosts.',
        severity: 'warning',
        locations: [
          locateNode(site, rule, 'for every interface'),
          locateNode(site, route, `leads into ${bind.value}`),
          locate(site, bind),
        ],
        fix: excludedFromVti(loaded.site, site, rule, bind.value),
      };
    }
  }
}

/** A rule that excludes what leaves by a VTI: with an interface in the rule itself, it would leave others out as well. */
function excludedFromVti(of: Site, site: number, rule: NatRule, vti: string): readonly Fix[] {
  const [table, [number]] = freeBefore(of, rule, 1);
  if (number === undefined) return [];
  const path = [...table, `${number}`];
  return mendOf(site, [setCommand([...path, 'exclude']), through(path, vti, of)]);
}

function caughtBy(
  rules: readonly NatRule[],
  pair: ProtectedTraffic,
  all: readonly ProtectedTraffic[],
): readonly Caught[] {
  const through = (name: string | undefined, certain: boolean) => {
    const { caught, excluding } = natCourse(rules, pair.traffic, name);
    return caught
      .filter(({ rule }) => !isMeant(rule, pair, all))
      .map(({ rule, packets }): Caught => {
        const partly = excluding.filter(({ number }) => number < rule.number);
        return { pair, rule, packets, partly, certain };
      });
  };
  const known = through(pair.outbound, true);
  if (pair.outbound !== undefined || known.length > 0) return known;
  // The dump does not tell the interface: that of the rule is the likely one.
  const names = rules.flatMap(({ interface: condition, exclude }) =>
    condition.kind === 'names' && !condition.negated && !exclude ? condition.names : [],
  );
  return [...new Set(names)].flatMap((name) => through(name, false));
}

function problemOf(
  of: Site,
  site: number,
  rule: NatRule,
  rules: readonly NatRule[],
  caught: readonly [Caught, ...Caught[]],
  all: readonly ProtectedTraffic[],
): Problem {
  const [first] = caught;
  const { pair, packets, partly, certain } = first;
  const more = caught.length > 1 ? ` and ${caught.length - 1} more` : '';
  const what = `${describePackets(packets[0], pair)}${more}`;
  const excluded = partly.map(({ number }) => number).join(' and ');
  const stays = translatesInto(rule, pair);
  const late = rules.filter(
    ({ exclude, number, traffic, ...other }) =>
      exclude &&
      number > rule.number &&
      isForInterface({ exclude, number, traffic, ...other }, pair.outbound) !== false &&
      packets.some((each) => commonTraffic(each, traffic) !== undefined),
  );
  const { family, traffic, outbound } = pair;
  const near = nearExclude(
    allNatRules(of, 'source', family),
    rule,
    { family, traffic, through: outbound },
    all.filter((other) => other !== pair && other.family === family).map((other) => other.traffic),
  );
  const meant = near ? `; rule ${near.rule.number} excludes, but ${near.why}` : '';
  return {
    message:
      partly.length > 0
        ? `Source NAT rule ${rule.number} changes what exclude rule ${excluded} leaves of a tunnel: ${what}`
        : `Source NAT rule ${rule.number} changes the traffic of a tunnel: ${what}${meant}`,
    consequence: stays
      ? 'NAT comes before IPsec. The packets go into the tunnel with the address of the router, and the other side cannot tell who sent them.'
      : `NAT comes before IPsec${certain ? '' : `, if ${interfaceName(rule)} leads to the peer`}. The packets no longer fit the prefixes of the tunnel: the tunnel is up, and they leave beside it unprotected.`,
    severity: isLost(first) ? 'error' : 'warning',
    locations: [
      locateNode(site, rule, `the first rule that fits ${partly.length > 0 ? 'the rest' : 'it'}`),
      ...partly.map((each) => locateNode(site, each, 'excludes only a part')),
      ...(near && partly.length === 0 ? [locateNearExclude(site, near)] : []),
      ...late.map((each) => locateNode(site, each, 'excludes it too late')),
      ...placesOf(site, caught),
    ],
    fix: [...widened(site, caught), ...excludedBefore(of, site, rule, caught)],
  };
}

/** The criterion that keeps a rule from excluding what it was meant to. */
export function locateNearExclude(site: number, { at, path, value }: NearExclude): Location {
  return { site, at, path, value, origin: 'set', label: 'would exclude it but for this' };
}

/** The packets certainly go another way than into the tunnel. A finding tells of these first. */
function isLost({ rule, pair, certain }: Caught): boolean {
  return certain && !translatesInto(rule, pair);
}

function interfaceName({ interfaceWords }: NatRule): string {
  return interfaceWords.at(-1) ?? 'its interface';
}

/** `10.1.0.0/24 to 10.2.0.0/24` */
export function describePackets({ source, destination }: Traffic, { family }: ProtectedTraffic): string {
  return `${describeAddresses(source, family)} to ${describeAddresses(destination, family)}`;
}

function translatesInto({ translation }: NatRule, { peer, local }: ProtectedTraffic): boolean {
  const text = translation?.value === 'masquerade' ? peer.localAddress?.value : translation?.value;
  const range = parseAddressRange(text ?? '');
  const own = rangeOfPrefix(local.value);
  return range !== undefined && own !== undefined && rangeContains(own, range);
}

function placesOf(site: number, caught: readonly Caught[]): readonly Location[] {
  const settings = new Set(caught.flatMap(({ pair: { local, remote } }) => [local, remote]));
  return [...settings].map((setting) => locate(site, setting));
}

/** Where one rule excludes a part of all that is caught, it can exclude all of it. */
function widened(site: number, caught: readonly [Caught, ...Caught[]]) {
  const [{ pair, partly }, ...others] = caught;
  const [rule, ...more] = partly;
  if (!rule || more.length > 0 || others.length > 0) return [];
  return widen(site, rule, pair);
}

/** The commands that make a rule exclude all of a pair of prefixes, where it excludes nothing else. */
export function widen(site: number, rule: NatRule, { traffic, family }: ProtectedTraffic) {
  if (!rule.certain) return [];
  const leaf = family === 4 ? 'address' : 'prefix';
  const isWithin = (inner: RangeSet, outer: RangeSet) => without(inner, outer).length === 0;
  const lacking = (side: keyof Traffic) => !isWithin(traffic[side], rule.traffic[side]);
  if ((['protocol', 'sourcePort', 'destinationPort'] as const).some(lacking)) return [];
  const narrow = (['source', 'destination'] as const).filter(lacking);
  // What it excludes besides the pair it would exclude more of: of what goes to other networks, or is another protocol.
  const sides = Object.keys(traffic) as (keyof Traffic)[];
  if (!sides.every((side) => isWithin(rule.traffic[side], traffic[side]))) return [];
  if (!narrow.every((side) => rule.addressed[side])) return [];
  return mendOf(
    site,
    narrow.map((side) => setCommand([...rule.path, side, leaf], describeAddresses(traffic[side], family))),
  );
}

/** A rule for each pair that excludes it, with numbers that are free before the rule that catches them. */
function excludedBefore(of: Site, site: number, rule: NatRule, caught: readonly [Caught, ...Caught[]]) {
  const [table, numbers] = freeBefore(of, rule, caught.length);
  if (numbers.length === 0) return [];
  return mendOf(
    site,
    caught.flatMap(({ pair }, index) => exclusion(of, [...table, `${numbers[index]}`], pair, rule)),
  );
}

/** The path of the table of a NAT rule, and numbers that are free before the rule: so many, or none. */
export function freeBefore(
  { tree }: Site,
  { path, number }: NatRule,
  count: number,
): readonly [table: readonly string[], numbers: readonly number[]] {
  const table = path.slice(0, -1);
  const taken = new Set([...(child(tree, ...table)?.children.keys() ?? [])].map(Number));
  return [table, freeNumbers(taken, number, count)];
}

/** The outbound-interface of a rule in the words of a release. VyOS 1.2 and 1.3 commit no source NAT rule without one. */
function through(path: readonly string[], name: string, { release }: Site): Command {
  const words = isAtLeast(release, '1.4') ? ['outbound-interface', 'name'] : ['outbound-interface'];
  return setCommand([...path, ...words], name);
}

function exclusion(
  of: Site,
  path: readonly string[],
  pair: ProtectedTraffic,
  rule: NatRule,
): readonly Command[] {
  const { traffic, family, tunnel, outbound } = pair;
  const leaf = family === 4 ? 'address' : 'prefix';
  const value = rule.interfaceWords.at(-1);
  const limits = limitsOf(tunnel, 'outgoing');
  if (!limits) return [undefined];
  const known = value === undefined && !isAtLeast(of.release, '1.4') ? outbound : undefined;
  return [
    setCommand([...path, 'destination', leaf], describeAddresses(traffic.destination, family)),
    setCommand([...path, 'exclude']),
    ...(value === undefined ? [] : [setCommand([...path, ...rule.interfaceWords.slice(0, -1)], value)]),
    ...(known === undefined ? [] : [through(path, known, of)]),
    ...limits.map(([words, wanted]) => setCommand([...path, ...words], wanted)),
    setCommand([...path, 'source', leaf], describeAddresses(traffic.source, family)),
  ];
}

const router = [
  "set interfaces ethernet eth0 address '203.0.113.1/24'",
  "set interfaces ethernet eth1 address '10.1.0.1/24'",
  'set protocols static route 0.0.0.0/0 next-hop 203.0.113.254',
  "set nat source rule 100 outbound-interface name 'eth0'",
  "set nat source rule 100 source address '10.1.0.0/24'",
  "set nat source rule 100 translation address 'masquerade'",
].join('\n');

export const sourceNatCatchesTunnel: SiteRule = {
  id: 'source-nat-catches-tunnel',
  scope: 'site',
  summary: 'A source NAT rule changes packets before IPsec can take them for the tunnel.',
  severity: 'error',
  notify: null,
  why:
    'A router translates the source of a packet first and looks for an IPsec policy afterwards. A masquerade rule on the ' +
    'outbound interface takes the packets of a tunnel too, unless a rule with a lower number excludes all of them. The ' +
    'tunnel is up then, and counts no bytes out. ' +
    'Nothing is said where the rule translates to an address that the tunnel protects: that is NAT before IPsec, as it is ' +
    'meant. What leaves by a VTI leaves by the VTI, and a rule on another interface does not see it.',
  mend: 'Exclude the traffic of the tunnel, from its local to its remote prefix, by a rule with a lower number.',
  sources: [
    vyosManual,
    vyos('data/templates/firewall/nftables-nat.j2'),
    vyos('python/vyos/nat.py'),
    strongswan('src/libcharon/plugins/kernel_netlink/kernel_netlink_ipsec.c'),
  ],
  bad: { a: router },
  good: {
    a: [
      router,
      "set nat source rule 10 destination address '10.2.0.0/24'",
      'set nat source rule 10 exclude',
      "set nat source rule 10 outbound-interface name 'eth0'",
      "set nat source rule 10 source address '10.1.0.0/24'",
    ].join('\n'),
  },
  check,
};
