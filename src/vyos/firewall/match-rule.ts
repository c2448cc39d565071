/**
 * Whether a rule is about a packet. Source: vyos-1x python/vyos/firewall.py (parse_rule); vyatta-cfg-firewall
 * lib/Vyatta/IpTables/Rule.pm and AddressFilter.pm for 1.2 and 1.3, which mean the same in other words.
 */
import { addressBits, familyOf } from '../../ike/address.ts';
import { isMasked } from '../schema/index.ts';
import { placeOfNode, type Setting, settingAt } from '../setting.ts';
import { type ConfigNode, type ConfigTree, has, pathOf, values } from '../tree.ts';
import { type GroupKind, membersOf } from './groups.ts';
import { type Doubt, every, type Match, no, not, some, yes, yesIf } from './match.ts';
import { addressRange, coversFamily, portRange, within } from './numbers.ts';
import type { Received } from './packet.ts';
import type { FirewallRule } from './rulesets.ts';

/** What does not narrow a rule down. */
export const noCriteria: ReadonlySet<string> = new Set([
  ...['action', 'add-address-to-group', 'description', 'disable', 'jump-target', 'log', 'log-level'],
  ...['log-options', 'offload-target', 'queue', 'queue-options', 'set', 'synproxy'],
]);

/** What a packet of IKE or ESP never is. */
const ofOthers: ReadonlySet<string> = new Set(['conntrack-helper', 'gre', 'icmp', 'icmpv6', 'p2p', 'tcp']);

type Criterion = (node: ConfigNode, packet: Received, tree: ConfigTree) => Match;

const criteria: Readonly<Record<string, Criterion>> = {
  destination: (node, packet, tree) =>
    matchEndpoint(node, packet, tree, packet.destination, packet.destinationPort),
  fragment: (node, { protocol }) => {
    // Only ESP is large enough, and charon cuts its own messages up by itself (RFC 7383).
    if (protocol === 'esp') return maybe(node, 'it depends on whether the packet is a fragment');
    return yesIf(!has(node, 'match-frag'));
  },
  'inbound-interface': matchInbound,
  ipsec: (node) => {
    if (has(node, 'match-ipsec') || has(node, 'match-ipsec-in')) return no;
    if (has(node, 'match-ipsec-out') || has(node, 'match-none-out')) {
      return maybe(node, 'it depends on how packets leave');
    }
    return yes;
  },
  // A packet to the router itself leaves by no interface.
  'outbound-interface': (node) => {
    const named = interfaceNamed(node);
    return named?.negated ? maybe(node, 'it depends on the interface that packets leave by') : yesIf(!named);
  },
  protocol: (node, packet) => {
    const value = settingAt(node.parent, 'protocol');
    return value ? matchProtocol(value, packet) : yes;
  },
  source: (node, packet, tree) => matchEndpoint(node, packet, tree, packet.source, packet.sourcePort),
  state: matchState,
};

export function matchRule(rule: FirewallRule, packet: Received, tree: ConfigTree): Match {
  const matches: Match[] = [];
  for (const [name, node] of rule.node.children) {
    if (noCriteria.has(name)) continue;
    if (ofOthers.has(name)) return no;
    const criterion = Object.hasOwn(criteria, name) ? criteria[name] : undefined;
    const match = criterion?.(node, packet, tree) ?? maybe(node, `it depends on ${name}`);
    if (match.kind === 'no') return no;
    matches.push(match);
  }
  return every(matches);
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

/** `state established enable` of 1.3, `state 'established'` of 1.4. */
export function matchState(node: ConfigNode, { state }: Pick<Received, 'state'>): Match {
  const listed = [
    ...values(node)
      .filter(({ extra }) => extra[0]?.text !== 'disable')
      .map(({ value }) => value),
    ...[...node.children.values()]
      .filter((each) => values(each).every(({ value }) => value !== 'disable') && !has(each, 'disable'))
      .map(({ name }) => name),
  ];
  return listed.length === 0 ? yes : yesIf(listed.includes(state));
}

function matchEndpoint(
  node: ConfigNode,
  packet: Received,
  tree: ConfigTree,
  address: Received['source'],
  port: number | undefined,
): Match {
  const matches: Match[] = [];
  for (const [name, each] of node.children) {
    const value = settingAt(node, name);
    if (name === 'address' && value && !has(node, 'address-mask')) {
      matches.push(
        unlessMasked(value, 'address', (text) => matchAddress([{ ...value, value: text }], address, packet)),
      );
    } else if (name === 'port' && value) matches.push(matchPorts(value, port, packet));
    else if (name === 'group') matches.push(...matchGroups(each, packet, tree, address, port));
    else if (name === 'mac-address') matches.push(maybe(each, 'it depends on the address of the last hop'));
    else if (name === 'fqdn') matches.push(maybe(each, 'the address of a name is found by DNS'));
    else matches.push(maybe(each, `it depends on ${name}`));
  }
  return every(matches);
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
      const range = addressRange(each.value);
      if (!range) return doubtful(each, `${each.value} cannot be read as an address`);
      if (range.family !== family) return no;
      if (address === undefined) {
        return coversFamily(range) ? yes : doubtful(each, 'the address of the peer is not in the dump');
      }
      return yesIf(familyOf(address) === range.family && within(range, addressBits(address)));
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
  if (port !== undefined) return yesIf(within(range, BigInt(port)));
  if (range.from <= 1n && range.to >= 65535n) return yes;
  return doubtful(value, 'a NAT may change the port of the peer');
}

function matchGroups(
  node: ConfigNode,
  packet: Received,
  tree: ConfigTree,
  address: Received['source'],
  port: number | undefined,
): readonly Match[] {
  return [...node.children].map(([written, each]) => {
    const name = settingAt(node, written);
    if (!name) return yes;
    // Groups with the family in their name are those of bridges, and of a few rolling releases.
    const kind = written.replace(/^ipv[46]-/, '');
    if (kind === 'address-group' || kind === 'network-group') {
      return inGroup(name, kind, packet, tree, (members) => matchAddress(members, address, packet));
    }
    if (kind === 'port-group') {
      if (packet.protocol !== 'udp') return no;
      return inGroup(name, kind, packet, tree, (members) => some(members.map((one) => matchPort(one, port))));
    }
    return maybe(each, `the members of ${written} ${name.value} are not in the dump`);
  });
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
