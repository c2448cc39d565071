/** What a group of the firewall is used for. */
import { oncePer } from '../../source/once.ts';
import { settingAt } from '../setting.ts';
import type { Site } from '../site.ts';
import { type ConfigNode, child, pathOf, values } from '../tree.ts';
import { membersOf } from './groups.ts';

/** Every leaf of a dump that names a group, by the kind and the name of the group. */
const usesOf = oncePer(({ tree }: Site): ReadonlyMap<string, readonly ConfigNode[]> => {
  const uses = new Map<string, ConfigNode[]>();
  const pending = [...tree.children.values()];
  for (let node = pending.pop(); node; node = pending.pop()) {
    pending.push(...node.children.values());
    const kind = node.name === 'include' ? node.parent?.parent?.name : node.name;
    if (kind === undefined || !/^(?:ipv[46]-)?(?:address|network)-group$/.test(kind)) continue;
    for (const { value } of values(node)) {
      const key = keyOf(kind, value.replace(/^!/, ''));
      uses.set(key, [...(uses.get(key) ?? []), node]);
    }
  }
  return uses;
});

function keyOf(kind: string, name: string): string {
  return `${kind.replace(/^ipv[46]-/, '')} ${name}`;
}

/**
 * Whether nothing but IKE and ESP to the router comes of it that a group gets one more address: each rule that names the
 * group accepts UDP 500, UDP 4500 or ESP from it, and nothing else. `path`: that of the group.
 */
export function admitsIpsecAlone(site: Site, path: readonly string[]): boolean {
  const [kind = '', name = ''] = path.slice(-2);
  const uses = usesOf(site).get(keyOf(kind, name)) ?? [];
  return uses.length > 0 && uses.every((leaf) => acceptsIpsecFrom(site, leaf));
}

const notToTheRouter: ReadonlySet<string> = new Set(['forward', 'output', 'prerouting']);

function acceptsIpsecFrom(site: Site, leaf: ConfigNode): boolean {
  const side = leaf.parent?.parent;
  const rule = side?.parent;
  if (side?.name !== 'source' || rule?.parent?.name !== 'rule') return false;
  const path = pathOf(rule);
  if (path[0] !== 'firewall' || path.some((word, at) => at < 3 && notToTheRouter.has(word))) return false;
  if (settingAt(rule, 'action')?.value !== 'accept') return false;
  if (values(leaf).some(({ value }) => value.startsWith('!'))) return false;
  const protocol = settingAt(rule, 'protocol')?.value;
  if (protocol === 'esp' || protocol === '50') return true;
  return (protocol === 'udp' || protocol === '17') && hasIkePortsAlone(site, child(rule, 'destination'));
}

const ikePorts: ReadonlySet<string> = new Set(['500', '4500', 'isakmp', 'ipsec-nat-t']);

function hasIkePortsAlone({ tree }: Site, destination: ConfigNode | undefined): boolean {
  const group = settingAt(destination, 'group', 'port-group')?.value;
  const members = group === undefined ? undefined : membersOf(tree, 'port-group', group, 4);
  const named = settingAt(destination, 'port')?.value.split(',') ?? members?.map(({ value }) => value) ?? [];
  return named.length > 0 && named.every((port) => ikePorts.has(port.trim()));
}
