import { type Address, parseAddress } from '../../ike/address.ts';
import { type Setting, settingAt, settingsAt } from '../setting.ts';
import { type ConfigNode, type ConfigTree, child, tagNodes, wordsBelow } from '../tree.ts';

/** What the firewall knows of an interface. */
export interface Port {
  readonly name: string;
  readonly addresses: readonly string[];
  /** It takes part in no VRF, in which packets come in by the VRF's own interface, and carries packets of others. */
  readonly receives: boolean;
  /** The rulesets for what comes to the router itself, by family, before 1.4. */
  readonly bound: { readonly 4: Setting<string> | undefined; readonly 6: Setting<string> | undefined };
}

/** The interfaces of a dump, VLANs included (`eth0.100`), with the rulesets of `interfaces … firewall local`. */
export function portsOf(tree: ConfigTree): readonly Port[] {
  const types = [...(child(tree, 'interfaces')?.children.values() ?? [])];
  return types.flatMap((type) => tagNodes(type).flatMap((node) => portsBelow(type.name, node.name, node)));
}

const stillInterfaces: ReadonlySet<string> = new Set(['dummy', 'loopback']);

function portsBelow(type: string, name: string, node: ConfigNode): readonly Port[] {
  const vlans = ['vif', 'vif-s', 'vif-c'].flatMap((kind) =>
    tagNodes(child(node, kind)).flatMap((vlan) => portsBelow(type, `${name}.${vlan.name}`, vlan)),
  );
  const port: Port = {
    name,
    addresses: settingsAt(node, 'address').map(({ value }) => value.split('/')[0] ?? ''),
    receives: !stillInterfaces.has(type) && settingAt(node, 'vrf') === undefined,
    bound: boundTo(child(node, 'firewall')),
  };
  return [port, ...vlans];
}

export function boundTo(node: ConfigNode | undefined): Port['bound'] {
  return { 4: settingAt(node, 'local', 'name'), 6: settingAt(node, 'local', 'ipv6-name') };
}

/**
 * The interfaces that a packet to an address of the router may come in by: the one with the address; else those that
 * IPsec is bound to; undefined where the dump tells neither.
 */
export function arrivalsAt(
  tree: ConfigTree,
  ports: readonly Port[],
  address: Address | undefined,
): readonly string[] | undefined {
  const holder =
    address && ports.find(({ addresses }) => addresses.some((own) => parseAddress(own) === address));
  if (holder?.receives) return [holder.name];
  const bound = [
    ...wordsBelow(child(tree, 'vpn', 'ipsec', 'interface')),
    ...wordsBelow(child(tree, 'vpn', 'ipsec', 'ipsec-interfaces', 'interface')),
  ].map(({ value }) => value);
  const receiving = bound.filter((name) => ports.every((port) => port.name !== name || port.receives));
  return bound.length > 0 && receiving.length === bound.length ? bound : undefined;
}
