import { type Setting, settingsAt } from '../setting.ts';
import { type ConfigNode, type ConfigTree, child } from '../tree.ts';

/** The groups that a rule may name, each with the leaf that holds its members. */
const memberOf: Readonly<Record<string, string>> = {
  'address-group': 'address',
  'interface-group': 'interface',
  'ipv6-address-group': 'address',
  'ipv6-network-group': 'network',
  'network-group': 'network',
  'port-group': 'port',
};

export type GroupKind = 'address-group' | 'interface-group' | 'network-group' | 'port-group';

function groupTag(kind: string, family: 4 | 6): string {
  const hasFamily = kind === 'address-group' || kind === 'network-group';
  return family === 6 && hasFamily ? `ipv6-${kind}` : kind;
}

/** The group itself; undefined where it is not in the dump. */
export function groupNode(
  tree: ConfigTree,
  kind: string,
  name: string,
  family: 4 | 6,
): ConfigNode | undefined {
  return child(tree, 'firewall', 'group', groupTag(kind, family), name);
}

/**
 * The members of a group and of the groups that it includes; undefined where one of them is not in the dump. In IPv6
 * the name is that of an `ipv6-address-group` (python/vyos/firewall.py).
 */
export function membersOf(
  tree: ConfigTree,
  kind: GroupKind,
  name: string,
  family: 4 | 6,
): readonly Setting<string>[] | undefined {
  const tag = groupTag(kind, family);
  const members: Setting<string>[] = [];
  const seen = new Set<string>();
  const pending = [name];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const group: ConfigNode | undefined = child(tree, 'firewall', 'group', tag, next);
    if (!group) return undefined;
    for (const member of settingsAt(group, memberOf[tag] ?? '')) members.push(member);
    for (const { value } of settingsAt(group, 'include')) pending.push(value);
  }
  return members;
}
