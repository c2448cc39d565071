import { type AddressRange, everyAddress, parseAddressRange, type Range } from '../ike/range.ts';
import { protocolNumber } from '../ike/traffic-selector.ts';
import type { Located, Span } from '../source/index.ts';
import { oncePer } from '../source/once.ts';
import { type GroupKind, membersOf } from './firewall/groups.ts';
import { portRange } from './ports.ts';
import { placeOfNode } from './setting.ts';
import type { Site } from './site.ts';
import { anyPort, anyProtocol, anyTraffic, type RangeSet, type Traffic, union, without } from './traffic.ts';
import { type ConfigNode, child, has, pathOf, tagNodes, wordsBelow } from './tree.ts';

/** What a rule asks of the interface. `unknown`: of a group that the dump does not hold. */
type InterfaceCondition =
  | { readonly kind: 'any' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'names'; readonly names: readonly string[]; readonly negated: boolean };

/** A rule of `nat source` or `nat destination`; of IPv6, of `nat66`. */
export interface NatRule {
  readonly number: number;
  readonly at: Span;
  readonly path: readonly string[];
  readonly exclude: boolean;
  readonly disabled: boolean;
  readonly node: ConfigNode;
  readonly interface: InterfaceCondition;
  /** The words of the interface as they are written, below the rule's path: `outbound-interface name eth0`. */
  readonly interfaceWords: readonly string[];
  /** The packets that it is for; where `certain` is false, it is perhaps not for all of them. */
  readonly traffic: Traffic;
  readonly certain: boolean;
  /** Whether a side is named by its addresses, or not at all, and not by a group or by what it is not. */
  readonly addressed: Readonly<Record<'source' | 'destination', boolean>>;
  /** Undefined where none is set: a rule that excludes, changes ports only or shares the load. */
  readonly translation: Located<string> | undefined;
  /** Sets ports and leaves addresses as they are. */
  readonly portsOnly: boolean;
}

/**
 * The rules in force of one direction, in the order of their numbers: the kernel takes the first that fits
 * (vyos-1x nftables-nat.j2, python/vyos/nat.py).
 */
export function natRules(site: Site, direction: Direction, family: 4 | 6): readonly NatRule[] {
  return rulesOf[direction][family](site).inForce;
}

/** Those in force and those that are disabled. */
export function allNatRules(site: Site, direction: Direction, family: 4 | 6): readonly NatRule[] {
  return rulesOf[direction][family](site).all;
}

type Direction = 'source' | 'destination';

const rulesOf = {
  source: { 4: rulesIn('source', 4), 6: rulesIn('source', 6) },
  destination: { 4: rulesIn('destination', 4), 6: rulesIn('destination', 6) },
};

interface NatRules {
  readonly all: readonly NatRule[];
  readonly inForce: readonly NatRule[];
}

function rulesIn(direction: Direction, family: 4 | 6): (site: Site) => NatRules {
  return oncePer((site) => {
    const rules = tagNodes(child(site.tree, family === 4 ? 'nat' : 'nat66', direction, 'rule'));
    const all = rules.map((rule) => readRule(site, rule, direction, family));
    return { all, inForce: all.filter(({ disabled }) => !disabled) };
  });
}

function readRule(site: Site, rule: ConfigNode, direction: Direction, family: 4 | 6): NatRule {
  const through = interfaceOf(
    site,
    rule,
    direction === 'source' ? 'outbound-interface' : 'inbound-interface',
  );
  const protocol = protocols(word(rule, 'protocol')?.value);
  const source = endpoint(site, child(rule, 'source'), family);
  const destination = endpoint(site, child(rule, 'destination'), family);
  const [translation] = wordsBelow(child(rule, 'translation', 'address'));
  return {
    number: Number(rule.name),
    at: placeOfNode(rule),
    path: pathOf(rule),
    exclude: has(rule, 'exclude'),
    disabled: has(rule, 'disable'),
    node: rule,
    ...through,
    traffic: {
      source: source.addresses,
      destination: destination.addresses,
      protocol: protocol ?? anyProtocol,
      sourcePort: source.ports,
      destinationPort: destination.ports,
    },
    certain: protocol !== undefined && source.certain && destination.certain && !has(rule, 'packet-type'),
    addressed: { source: source.plain, destination: destination.plain },
    translation,
    portsOnly: !translation && has(rule, 'translation', 'port'),
  };
}

function word(from: ConfigNode | undefined, ...names: readonly string[]): Located<string> | undefined {
  return wordsBelow(child(from, ...names)).at(-1);
}

/**
 * `outbound-interface name eth0` or `group G`, in rolling releases before 1.4 `interface-name` and `interface-group`
 * (vyos-1x src/migration-scripts/nat/6-to-7), until 1.3 `outbound-interface eth0`.
 */
function interfaceOf(
  site: Site,
  rule: ConfigNode,
  leaf: string,
): Pick<NatRule, 'interface' | 'interfaceWords'> {
  const node = child(rule, leaf);
  for (const kind of ['name', 'interface-name', 'group', 'interface-group']) {
    const named = word(node, kind)?.value;
    if (named === undefined) continue;
    const interfaceWords = [leaf, kind, named];
    const [negated, name] = negation(named);
    if (!kind.endsWith('group')) return { interface: byName(name, negated), interfaceWords };
    const names = wordsOfGroup(site, 'interface-group', name, 4);
    return {
      interface: names ? { kind: 'names', names, negated } : { kind: 'unknown' },
      interfaceWords,
    };
  }
  const bare = wordsBelow(node).at(-1)?.value;
  if (bare === undefined) return { interface: { kind: 'any' }, interfaceWords: [] };
  const [negated, name] = negation(bare);
  return { interface: byName(name, negated), interfaceWords: [leaf, bare] };
}

function byName(name: string, negated: boolean): InterfaceCondition {
  return name === 'any' ? { kind: 'any' } : { kind: 'names', names: [name], negated };
}

function negation(text: string): readonly [negated: boolean, text: string] {
  return text.startsWith('!') ? [true, text.slice(1)] : [false, text];
}

/** Whether a rule is for packets of an interface; undefined where that cannot be told. */
export function isForInterface(rule: NatRule, name: string | undefined): boolean | undefined {
  const condition = rule.interface;
  if (condition.kind === 'any') return true;
  if (condition.kind === 'unknown' || name === undefined) return undefined;
  return condition.names.some((pattern) => fits(pattern, name)) !== condition.negated;
}

/** `eth*`, and until 1.3 `eth+`, stand for every name that begins so. */
function fits(pattern: string, name: string): boolean {
  return /[*+]$/.test(pattern) ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

/** What a rule of NAT or of the firewall says of one side of a packet. */
export interface Endpoint {
  readonly addresses: RangeSet;
  readonly ports: RangeSet;
  readonly certain: boolean;
  readonly plain: boolean;
}

/** Reads `source` or `destination` of a rule. Where `certain` is false, the ranges are not the whole of it. */
export function endpoint(site: Site, node: ConfigNode | undefined, family: 4 | 6): Endpoint {
  const all = [everyAddress(family)];
  const addresses: RangeSet[] = [];
  const ports: RangeSet[] = [];
  let certain = !['fqdn', 'geoip'].some((kind) => has(node, kind));
  const add = (
    to: RangeSet[],
    whole: RangeSet,
    text: string,
    read: (name: string) => Range[] | undefined,
  ) => {
    const [negated, name] = negation(text);
    const ranges = read(name);
    if (!ranges) certain = false;
    else to.push(negated ? without(whole, union(ranges)) : union(ranges));
  };
  for (const leaf of ['address', 'prefix']) {
    const text = word(node, leaf)?.value;
    if (text === undefined) continue;
    add(addresses, all, text, (name) => addressRanges([name], family));
  }
  const port = word(node, 'port')?.value;
  if (port !== undefined) add(ports, anyPort, port, portRanges);
  const group = child(node, 'group');
  for (const kind of ['address-group', 'network-group'] as const) {
    const text = word(group, kind)?.value;
    if (text !== undefined) {
      add(addresses, all, text, (name) => addressRanges(wordsOfGroup(site, kind, name, family), family));
    }
  }
  const portGroup = word(group, 'port-group')?.value;
  if (portGroup !== undefined) {
    add(ports, anyPort, portGroup, (name) =>
      portRanges((wordsOfGroup(site, 'port-group', name, family) ?? []).join(',')),
    );
  }
  if (['domain-group', 'mac-group', 'dynamic-address-group'].some((kind) => has(group, kind)))
    certain = false;
  const written = ['address', 'prefix'].flatMap((leaf) => word(node, leaf)?.value ?? []);
  return {
    addresses: addresses.at(-1) ?? all,
    ports: ports.at(-1) ?? anyPort,
    certain,
    plain: !group && written.every((value) => !value.startsWith('!')),
  };
}

function wordsOfGroup(
  { tree }: Site,
  kind: GroupKind,
  name: string,
  family: 4 | 6,
): readonly string[] | undefined {
  return membersOf(tree, kind, name, family)?.map(({ value }) => value);
}

/** The ranges of texts; undefined where there are none, or one is no address of the family. */
function addressRanges(texts: readonly string[] | undefined, family: 4 | 6): Range[] | undefined {
  const ranges = texts?.map(parseAddressRange);
  return ranges?.every((range): range is AddressRange => range?.family === family) ? ranges : undefined;
}

/** `500`, `80,443`, `1024-65535`; undefined where one is a name. */
function portRanges(text: string): Range[] | undefined {
  const ranges = text.split(',').map((part) => portRange(part.trim()));
  return ranges.every((range) => typeof range === 'object') ? ranges : undefined;
}

/** `tcp`, `!udp`, `tcp_udp`, `all`; undefined where unknown. */
export function protocols(text: string | undefined): RangeSet | undefined {
  if (text === undefined) return anyProtocol;
  const [negated, name] = negation(text);
  if (name === 'all') return anyProtocol;
  const ranges: Range[] = [];
  for (const number of name === 'tcp_udp' ? [6, 17] : [protocolNumber(name)]) {
    if (number === undefined) return undefined;
    if (number === 0) return anyProtocol;
    ranges.push({ from: BigInt(number), to: BigInt(number) });
  }
  return negated ? without(anyProtocol, union(ranges)) : union(ranges);
}

/** Packets of a tunnel or to a router, as a NAT rule sees them. */
export function packets(
  family: 4 | 6,
  source: Range,
  destination: Range,
  more: Partial<Pick<Traffic, 'protocol' | 'sourcePort' | 'destinationPort'>> = {},
): Traffic {
  return { ...anyTraffic(family), source: [source], destination: [destination], ...more };
}
