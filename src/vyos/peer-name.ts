import { defaultOrigin, multiple } from './leaves.ts';
import { writesIpsecConf } from './release.ts';
import { acceptsValue, lookup, type Release } from './schema/index.ts';
import { placeOfNode, type Setting } from './setting.ts';
import { type ConfigNode, has, pathOf } from './tree.ts';

/**
 * What the name of a peer says. In 1.2 and 1.3 it is the address that is called, or `@` and an identity, or `any`
 * (vyatta-cfg-vpn scripts/vpn-config.pl). A later release takes no dots and colons in it; a peer that still has such a
 * name and no remote-address is meant as VyOS's migration reads it (vyos-1x src/migration-scripts/ipsec/9-to-10).
 */
type Meaning = 'address' | 'identity' | 'anybody' | 'a name';

function meaningOf(node: ConfigNode, release: Release): Meaning {
  const { name } = node;
  if (writesIpsecConf(release)) {
    // A dump of mixed releases: the address stands in a node of its own.
    if (has(node, 'remote-address')) return 'a name';
    if (name.startsWith('@')) return 'identity';
    return name === 'any' || name === '0.0.0.0' ? 'anybody' : 'address';
  }
  const schema = lookup(pathOf(node).slice(0, -1), release);
  const taken = schema === undefined || acceptsValue(schema, name).ok;
  if (taken || has(node, 'remote-address')) return 'a name';
  return name === '0.0.0.0' ? 'anybody' : 'address';
}

export function remoteAddressesOf(node: ConfigNode, release: Release): readonly Setting<string>[] {
  const meaning = meaningOf(node, release);
  if (meaning === 'a name') return multiple(node, 'remote-address');
  const value = meaning === 'address' ? node.name : 'any';
  return [
    {
      value,
      text: value,
      origin: { kind: 'derived', at: placeOfNode(node), how: `the name of the peer: ${value}` },
      path: [...pathOf(node), 'remote-address'],
    },
  ];
}

/** The identity that is expected where no remote-id is set. */
export function defaultRemoteId(node: ConfigNode, release: Release): Setting<string> {
  const path = [...pathOf(node), 'authentication', 'remote-id'];
  const at = placeOfNode(node);
  const meaning = meaningOf(node, release);
  if (meaning === 'a name' || meaning === 'anybody') {
    return { value: '%any', text: '%any', origin: defaultOrigin(at, release), path };
  }
  const how = `remote-id not set: the name of the peer, ${node.name}`;
  return { value: node.name, text: node.name, origin: { kind: 'derived', at, how }, path };
}
