/**
 * Whether a rule is about a packet. Source: vyos-1x python/vyos/firewall.py (parse_rule); vyatta-cfg-firewall
 * lib/Vyatta/IpTables/Rule.pm and AddressFilter.pm for 1.2 and 1.3, which mean the same in other words.
 */

import { hostRange, isEveryAddress, parseAddressRange, rangeContains, rangeHas } from '../../ike/range.ts';
import { portRange } from '../ports.ts';
import { isMasked } from '../schema/index.ts';
import { placeOfNode, type Setting, settingAt } from '../setting.ts';
import { type ConfigNode, type ConfigTree, has, pathOf, values } from '../tree.ts';
import { type GroupKind, membersOf } from './groups.ts';
import { type Doubt, every, type Match, no, not, some, yes, yesIf } from './match.ts';
import type { Received } from './packet.ts';
import type { FirewallRule } from './rulesets.ts';

/** What does not narrow a rule down. */
export const noCriteria: ReadonlySet<string> = new Set([
  ...['action', 'add-address-to-group', 'description', 'disable', 'jump-target', 'log', 'log-level'],
  ...['log-options', 'offload-target', 'queue', 'queue-options', 'set', 'synproxy'],
]);

/** What a packet of IKE or ESP never is. */
const ofOthers: ReadonlySet<string> = new Set(['conntrack-helper', 'gre', 'icmp', 'icmpv6', 'p2p', 'tcp']);

/** What a criterion is about. `other`: something that a packet of IKE or ESP never is. */
type Subject = 'address' | 'interface' | 'other' | 'port' | 'protocol' | 'state';

/** What one criterion of a rule makes of a packet. */
export interface Judgement {
  readonly subject: Subject;
  /** The node of the rule that it stands in: `source`, `protocol`. */
  readonly name: string;
  /** The leaf itself. */
  readonly leaf: ConfigNode;
  readonly match: Match;
}

/** What each criterion of a rule makes of a packet, one after the other. */
export function* judgeCriteria(
  { node: rule }: FirewallRule,
  packet: Received,
  tree: ConfigTree,
): Iterable<Judgement> {
  for (const [name, node] of rule.children) {
    if (noCriteria.has(name)) continue;
    const one = (subject: Subject, match: Match, leaf = node): Judgement => ({ subject, name, leaf, match });
    switch (name) {
      case 'destination':
        yield* matchEndpoint(name, node, packet, tree, packet.destination, packet.destinationPort);
        break;
      case 'source':
        yield* matchEndpoint(name, node, packet, tree, packet.source, packet.sourcePort);
        break;
      case 'fragment':
        yield one('other', matchFragment(node, packet));
        break;
      case 'inbound-interface':
        yield one('interface', matchInbound(node, packet, tree), interfaceLeaf(node));
        break;
      case 'ipsec':
        yield one('other', matchIpsec(node));
        break;
      case 'outbound-interface':
        yield one('other', matchOutbound(node));
        break;
      case 'protocol': {
        const value = settingAt(rule, name);
        yield one('protocol', value ? matchProtocol(value, packet) : yes);
        break;
      }
      case 'state':
        yield one('state', matchState(node, packet));
        break;
      default:
        yield one('other', ofOthers.has(name) ? no : maybe(node, `it depends on ${name}`));
    }
  }
}

/** Whether a rule is about a packet. */
export function matchRule(rule: FirewallRule, packet: Received, tree: ConfigTree): Match {
  if (rule.disabled) return no;
  const matches: Match[] = [];
  for (const { match } of judgeCriteria(rule, packet, tree)) {
    if (match.kind === 'no') return no;
    matches.push(match);
  }
  return every(matches);
}

function matchFragment(node: ConfigNode, { protocol }: Received): Match {
  // Only ESP is large enough, and charon cuts its own messages up by itself (RFC 7383).
  if (protocol === 'esp') return maybe(node, 'it depends on whether the packet is a fragment');
  return yesIf(!has(node, 'match-frag'));
}

function matchIpsec(node: ConfigNode): Match {
  if (has(node, 'match-ipsec') || has(node, 'match-ipsec-in')) return no;
  if (has(node, 'match-ipsec-out') || has(node, 'match-none-out')) {
    return maybe(node, 'it depends on how packets leave');
  }
  return yes;
}

/** A packet to the router itself leaves by no interface. */
function matchOutbound(node: ConfigNode): Match {
  const named = interfaceNamed(node);
  return named?.negated ? maybe(node, 'it depends on the interface that packets leave by') : yesIf(!named);
}

export function maybe(node: ConfigNode, why: string): Match {
  return { kind: 'maybe', doubt: { at: placeOfNode(node), path: pathOf(node), why } };
}

function doubtful({ origin, path }: Setting<string>, why: string): Match {
  const doubt: Doubt = { at: origin.at, path, why };
  return { kind: 'maybe', doubt };
}

interface Named {
  readonly text: string;
  readonly negated: boolean;
}

function negatable(text: string): Named {
  return text.startsWith('!') ? { text: text.slice(1), negated: true } : { text, negated: false };
}

/** `negated` where the text begins with an exclamation mark; `test` is asked of what follows it. */
function unlessMasked(value: Setting<string>, what: string, test: (text: string) => Match): Match {
  const { text, negated } = negatable(value.value);
  if (isMasked(text)) return doubtful(value, `its ${what} is masked`);
  const match = test(text);
  return negated ? not(match) : match;
}

const protocolNumbers = { udp: 17, esp: 50 } as const;

function matchProtocol(value: Setting<string>, { protocol }: Received): Match {
  return unlessMasked(value, 'protocol', (text) => {
    const name = text.toLowerCase();
    if (name === 'all') return yes;
    if (name === 'ip' || name === '0') return doubtful(value, 'protocol 0 means different things by release');
    if (/^\d+$/.test(name)) return yesIf(Number(name) === protocolNumbers[protocol]);
    return yesIf(name === protocol || (name === 'tcp_udp' && protocol === 'udp'));
  });
}

/** The states that a rule names: `state established enable` of 1.3, `state 'established'` of 1.4. */
export function statesOf(node: ConfigNode): readonly string[] {
  return [
    ...values(node)
      .filter(({ extra }) => extra[0]?.text !== 'disable')
      .map(({ value }) => value),
    ...[...node.children.values()]
      .filter((each) => values(each).every(({ value }) => value !== 'disable') && !has(each, 'disable'))
      .map(({ name }) => name),
  ];
}

export function matchState(node: ConfigNode, { state }: Pick<Received, 'state'>): Match {
  const listed = statesOf(node);
  return listed.length === 0 ? yes : yesIf(listed.includes(state));
}

function* matchEndpoint(
  side: 'destination' | 'source',
  node: ConfigNode,
  packet: Received,
  tree: ConfigTree,
  address: Received['source'],
  port: number | undefined,
): Iterable<Judgement> {
  for (const [name, each] of node.children) {
    const value = settingAt(node, name);
    const one = (subject: Subject, match: Match): Judgement => ({ subject, name: side, leaf: each, match });
    if (name === 'address' && value && !has(node, 'address-mask')) {
      yield one(
        'address',
        unlessMasked(value, 'address', (text) => matchAddress([{ ...value, value: text }], address, packet)),
      );
    } else if (name === 'port' && value) yield one('port', matchPorts(value, port, packet));
    else if (name === 'group') yield* matchGroups(side, each, packet, tree, address, port);
    else if (name === 'mac-address')
      yield one('other', maybe(each, 'it depends on the address of the last hop'));
    else if (name === 'fqdn') yield one('address', maybe(each, 'the address of a name is found by DNS'));
    else yield one('other', maybe(each, `it depends on ${name}`));
  }
}

/** Whether the address is in one of the ranges. */
function matchAddress(
  ranges: readonly Setting<string>[],
  address: Received['source'],
  { family }: Received,
): Match {
  return some(
    ranges.map((each) => {
      if (isMasked(each.value)) return doubtful(each, 'an address is masked');
      const range = parseAddressRange(each.value);
      if (!range) return doubtful(each, `${each.value} cannot be read as an address`);
      if (range.family !== family) return no;
      if (address === undefined) {
        return isEveryAddress(range) ? yes : doubtful(each, 'the address of the peer is not in the dump');
      }
      return yesIf(rangeContains(range, hostRange(address)));
    }),
  );
}

/** `500,4500`, `!22`: the ports without an exclamation mark must hold it, and those with one must not. */
function matchPorts(value: Setting<string>, port: number | undefined, { protocol }: Received): Match {
  if (protocol !== 'udp') return no;
  if (isMasked(value.value)) return doubtful(value, 'its port is masked');
  const listed = value.value.split(',').map((text) => negatable(text.trim()));
  const among = (negated: boolean) => {
    const parts = listed.filter((each) => each.negated === negated);
    return parts.length === 0
      ? undefined
      : some(parts.map(({ text }) => matchPort({ ...value, value: text }, port)));
  };
  const [named, excluded] = [among(false), among(true)];
  return every([...(named ? [named] : []), ...(excluded ? [not(excluded)] : [])]);
}

function matchPort(value: Setting<string>, port: number | undefined): Match {
  const range = portRange(value.value);
  if (range === undefined) return doubtful(value, `${value.value} cannot be read as a port`);
  if (range === 'other') return no;
  if (port !== undefined) return yesIf(rangeHas(range, BigInt(port)));
  if (range.from <= 1n && range.to >= 65535n) return yes;
  return doubtful(value, 'a NAT may change the port of the peer');
}

function* matchGroups(
  side: 'destination' | 'source',
  node: ConfigNode,
  packet: Received,
  tree: ConfigTree,
  address: Received['source'],
  port: number | undefined,
): Iterable<Judgement> {
  for (const [written, leaf] of node.children) {
    const name = settingAt(node, written);
    if (!name) continue;
    const kind = groupKind(written);
    if (kind === 'address-group' || kind === 'network-group') {
      const match = inGroup(name, kind, packet, tree, (members) => matchAddress(members, address, packet));
      yield { subject: 'address', name: side, leaf, match };
    } else if (kind === 'port-group') {
      const match =
        packet.protocol === 'udp'
          ? inGroup(name, kind, packet, tree, (members) => some(members.map((one) => matchPort(one, port))))
          : no;
      yield { subject: 'port', name: side, leaf, match };
    } else {
      const match = maybe(leaf, `the members of ${written} ${name.value} are not in the dump`);
      yield { subject: 'other', name: side, leaf, match };
    }
  }
}

/** Groups with the family in their name are those of bridges, and of a few rolling releases. */
export function groupKind(written: string): string {
  return written.replace(/^ipv[46]-/, '');
}

function inGroup(
  name: Setting<string>,
  kind: GroupKind,
  { family }: Received,
  tree: ConfigTree,
  test: (members: readonly Setting<string>[]) => Match,
): Match {
  return unlessMasked(name, 'group', (text) => {
    const members = membersOf(tree, kind, text, family);
    return members ? test(members) : doubtful(name, `${kind} ${text} is not in the dump`);
  });
}

function interfaceNamed(node: ConfigNode): (Named & { readonly setting: Setting<string> }) | undefined {
  const named = settingAt(node, 'name') ?? settingAt(node, 'interface-name');
  return named && { ...negatable(named.value), setting: named };
}

const interfaceLeaves = ['name', 'interface-name', 'group', 'interface-group'] as const;

/** The leaf that names an interface, or a group of them. */
function interfaceLeaf(node: ConfigNode): ConfigNode {
  return interfaceLeaves.map((leaf) => node.children.get(leaf)).find((leaf) => leaf !== undefined) ?? node;
}

function matchInbound(node: ConfigNode, packet: Received, tree: ConfigTree): Match {
  const name = settingAt(node, 'name') ?? settingAt(node, 'interface-name');
  if (name) {
    return unlessMasked(name, 'interface', (text) => matchInterface([{ ...name, value: text }], packet));
  }
  const group = settingAt(node, 'group') ?? settingAt(node, 'interface-group');
  if (!group) return yes;
  return inGroup(group, 'interface-group', packet, tree, (members) => matchInterface(members, packet));
}

function matchInterface(patterns: readonly Setting<string>[], packet: Received): Match {
  return some(
    patterns.map((each) => {
      if (packet.interface !== undefined) return yesIf(isInterface(each.value, packet.interface));
      return doubtful(each, 'the dump does not tell which interface the packet comes in by');
    }),
  );
}

/** `eth0`, `eth*`, and `eth+` of 1.3. */
export function isInterface(pattern: string, name: string): boolean {
  const open = /[*+]$/.test(pattern);
  return open ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
