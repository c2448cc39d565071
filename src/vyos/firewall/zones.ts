import { placeOfNode, type Setting, settingAt, settingsAt } from '../setting.ts';
import { type ConfigNode, type ConfigTree, child, has, pathOf, tagNodes } from '../tree.ts';
import { isInterface } from './match-rule.ts';

/** The zone that is the router itself, and what may come to it from the others. */
export interface LocalZone {
  readonly name: string;
  readonly defaultAction: Setting<string>;
  readonly defaultFirewall: ByFamily;
  readonly from: readonly {
    readonly interfaces: readonly string[];
    readonly firewall: ByFamily;
  }[];
}

type ByFamily = { readonly 4: Setting<string> | undefined; readonly 6: Setting<string> | undefined };

/** Of `zone-policy` (1.2, 1.3) or `firewall` (data/templates/firewall/nftables-zone.j2); undefined where there is none. */
export function localZoneOf(tree: ConfigTree): LocalZone | undefined {
  const zones = [
    ...tagNodes(child(tree, 'firewall', 'zone')),
    ...tagNodes(child(tree, 'zone-policy', 'zone')),
  ];
  const local = zones.find((zone) => has(zone, 'local-zone'));
  if (!local) return undefined;
  return {
    name: local.name,
    defaultAction: settingAt(local, 'default-action') ?? {
      value: 'drop',
      text: 'drop',
      origin: { kind: 'default', at: placeOfNode(local) },
      path: [...pathOf(local), 'default-action'],
    },
    defaultFirewall: byFamily(child(local, 'default-firewall')),
    from: tagNodes(child(local, 'from')).map((from) => ({
      interfaces: interfacesOf(zones.find(({ name }) => name === from.name)),
      firewall: byFamily(child(from, 'firewall')),
    })),
  };
}

function interfacesOf(zone: ConfigNode | undefined): readonly string[] {
  return [...settingsAt(zone, 'interface'), ...settingsAt(zone, 'member', 'interface')].map(
    ({ value }) => value,
  );
}

function byFamily(node: ConfigNode | undefined): ByFamily {
  return { 4: settingAt(node, 'name'), 6: settingAt(node, 'ipv6-name') };
}

/** Whether an interface is one of a zone's. */
export function isOf(interfaces: readonly string[], name: string): boolean {
  return interfaces.some((pattern) => isInterface(pattern, name));
}
