/**
 * What becomes of one packet in a router: an account of its own, beside that of src/vyos, of the rules that
 * tests/arbitrary/guarded.ts draws and that fixes add. A criterion that it does not know is an error.
 */
import type { Site } from '../../src/vyos/site.ts';
import { type ConfigNode, type ConfigTree, child, has, tagNodes, wordsBelow } from '../../src/vyos/tree.ts';

/** A packet of IPv4. */
export interface Packet {
  /** To the router itself, or through it. */
  readonly hook: 'input' | 'forward';
  readonly source: string;
  readonly destination: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'esp' | 'gre';
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly state: 'new' | 'established';
  readonly inbound: string;
  readonly outbound: string;
  /** An IPsec policy has decrypted it. */
  readonly decrypted: boolean;
}

/** What the firewall makes of it, and which translations it is given. */
export interface Fate {
  readonly filter: string;
  readonly source: string;
  readonly destination: string;
}

export function fateOf({ tree }: Site, packet: Packet): Fate {
  return {
    filter: filtered(tree, packet),
    source: packet.hook === 'forward' ? translated(tree, packet, 'source') : 'none',
    destination: packet.decrypted ? 'none' : translated(tree, packet, 'destination'),
  };
}

function word(node: ConfigNode | undefined, ...names: readonly string[]): string | undefined {
  return wordsBelow(child(node, ...names)).at(-1)?.value;
}

function filtered(tree: ConfigTree, packet: Packet): string {
  const family = child(tree, 'firewall', 'ipv4');
  const chain = child(family, packet.hook, 'filter');
  return chain ? (walk(tree, chain, packet) ?? word(chain, 'default-action') ?? 'accept') : 'accept';
}

/** The action of the first rule that fits; undefined where none does. */
function walk(tree: ConfigTree, chain: ConfigNode, packet: Packet): string | undefined {
  for (const rule of byNumber(child(chain, 'rule'))) {
    if (!fits(tree, rule, packet)) continue;
    const action = word(rule, 'action') ?? '';
    if (action !== 'jump') return action;
    const target = child(tree, 'firewall', 'ipv4', 'name', word(rule, 'jump-target') ?? '');
    const verdict = target && (walk(tree, target, packet) ?? word(target, 'default-action') ?? 'drop');
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

function translated(tree: ConfigTree, packet: Packet, direction: 'source' | 'destination'): string {
  const rule = byNumber(child(tree, 'nat', direction, 'rule')).find((each) => fits(tree, each, packet));
  if (!rule || has(rule, 'exclude')) return 'none';
  return word(rule, 'translation', 'address') ?? 'none';
}

function byNumber(tag: ConfigNode | undefined): readonly ConfigNode[] {
  return tagNodes(tag)
    .filter((rule) => !has(rule, 'disable'))
    .toSorted((one, other) => Number(one.name) - Number(other.name));
}

const noCriteria = new Set(['action', 'jump-target', 'exclude', 'translation', 'disable', 'description']);

function fits(tree: ConfigTree, rule: ConfigNode, packet: Packet): boolean {
  return [...rule.children.values()].every((node) => {
    if (noCriteria.has(node.name)) return true;
    switch (node.name) {
      case 'protocol':
        return word(rule, 'protocol') === packet.protocol || word(rule, 'protocol') === 'all';
      case 'state':
        return wordsBelow(node).some(({ value }) => value === packet.state);
      case 'source':
        return isEnd(tree, node, packet.source, packet.sourcePort, packet);
      case 'destination':
        return isEnd(tree, node, packet.destination, packet.destinationPort, packet);
      case 'inbound-interface':
        return isNamed(word(node, 'name') ?? word(rule, node.name) ?? '', packet.inbound);
      case 'outbound-interface':
        return isNamed(word(node, 'name') ?? word(rule, node.name) ?? '', packet.outbound);
      case 'ipsec':
        return (has(node, 'match-ipsec') || has(node, 'match-ipsec-in')) === packet.decrypted;
      default:
        throw new Error(`criterion ${node.name}`);
    }
  });
}

function isEnd(tree: ConfigTree, node: ConfigNode, address: string, port: number, { protocol }: Packet) {
  return [...node.children.values()].every(({ name }) => {
    const text = word(node, name) ?? '';
    if (name === 'address') return isNamed(text, address, isIn);
    if (name === 'port') {
      return (
        (protocol === 'tcp' || protocol === 'udp') && text.split(',').some((each) => Number(each) === port)
      );
    }
    if (name !== 'group') throw new Error(`criterion ${name}`);
    const group = word(child(node, 'group'), 'network-group') ?? '';
    const networks = wordsBelow(child(tree, 'firewall', 'group', 'network-group', group, 'network'));
    return networks.some(({ value }) => isIn(value, address));
  });
}

function isNamed(
  text: string,
  value: string,
  is: (text: string, value: string) => boolean = (one, other) => one === other,
): boolean {
  return text.startsWith('!') ? !is(text.slice(1), value) : is(text, value);
}

function bits(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Whether an address is in a prefix; an address is a prefix of its own. */
export function isIn(prefix: string, address: string): boolean {
  const [network = '', length = '32'] = prefix.split('/');
  const size = 2 ** (32 - Number(length));
  return Math.floor(bits(network) / size) === Math.floor(bits(address) / size);
}
