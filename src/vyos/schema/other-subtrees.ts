import { firewall, zone } from './firewall.ts';
import type { SchemaChildren, SchemaNode } from './node.ts';
import { endpoint, flag, logForms, many, secret, text } from './rules.ts';

/**
 * What the rules read outside of `vpn ipsec`, only as deep as to tell names from values: vyos-1x
 * interface-definitions (interfaces_*, protocols_static, nat, firewall; sagitta and equuleus).
 * What is not here is kept by the tree as it stands; nothing here is ever checked.
 */

const l3: SchemaChildren = {
  address: many,
  description: text,
  disable: flag,
  // Until the 1.4 migration firewall 10-to-11 a ruleset is bound to an interface here.
  firewall: {
    kind: 'node',
    children: Object.fromEntries(
      ['in', 'out', 'local'].map((direction) => [
        direction,
        { kind: 'node', children: { name: text, 'ipv6-name': text } },
      ]),
    ),
  },
  ip: { kind: 'node', children: { 'adjust-mss': text, 'source-validation': text } },
  ipv6: { kind: 'node', children: { 'adjust-mss': text } },
  mtu: text,
  vrf: text,
};

const vlan: SchemaNode = { kind: 'tag', children: l3 };

const interfaceChildren: SchemaChildren = {
  ...l3,
  encapsulation: text,
  'local-ip': text,
  'remote-ip': text,
  remote: text,
  'source-address': text,
  'source-interface': text,
  vif: vlan,
  'vif-s': { kind: 'tag', children: { ...l3, 'vif-c': vlan } },
};

const INTERFACE_TYPES = [
  ...['bonding', 'bridge', 'dummy', 'ethernet', 'geneve', 'input', 'l2tpv3', 'loopback', 'macsec'],
  ...['openvpn', 'pppoe', 'pseudo-ethernet', 'sstpc', 'tunnel', 'virtual-ethernet', 'vti', 'vxlan'],
  ...['wireguard', 'wireless', 'wwan'],
];

const interfaces: SchemaNode = {
  kind: 'node',
  children: Object.fromEntries(
    INTERFACE_TYPES.map((type): [string, SchemaNode] => [type, { kind: 'tag', children: interfaceChildren }]),
  ),
};

const hop: SchemaNode = {
  kind: 'tag',
  children: { disable: flag, distance: text, interface: text, 'next-hop-interface': text, vrf: text },
};
const dead: SchemaNode = { kind: 'node', children: { distance: text, tag: text } };

const route: SchemaNode = {
  kind: 'tag',
  children: {
    blackhole: dead,
    description: text,
    'dhcp-interface': text,
    interface: { kind: 'tag', children: { disable: flag, distance: text, vrf: text } },
    'next-hop': hop,
    reject: dead,
  },
};

const interfaceRoute: SchemaNode = {
  kind: 'tag',
  until: '1.3',
  children: { 'next-hop-interface': { kind: 'tag', children: { disable: flag, distance: text } } },
};

const routes: SchemaChildren = {
  'interface-route': interfaceRoute,
  'interface-route6': interfaceRoute,
  route,
  route6: route,
};

const protocols: SchemaNode = {
  kind: 'node',
  children: {
    static: { kind: 'node', children: { ...routes, table: { kind: 'tag', children: routes } } },
  },
};

const interfaceMatch: SchemaNode = { kind: 'node', since: '1.4', children: { group: text, name: text } };

const natRule: SchemaNode = {
  kind: 'tag',
  children: {
    description: text,
    destination: endpoint,
    disable: flag,
    exclude: flag,
    'inbound-interface': [{ kind: 'leaf', until: '1.3' }, interfaceMatch],
    log: logForms,
    'outbound-interface': [{ kind: 'leaf', until: '1.3' }, interfaceMatch],
    protocol: text,
    source: endpoint,
    translation: { kind: 'node', children: { address: text, port: text } },
  },
};

const nat: SchemaNode = {
  kind: 'node',
  children: {
    destination: { kind: 'node', children: { rule: natRule } },
    source: { kind: 'node', children: { rule: natRule } },
  },
};

const l2tp: SchemaNode = {
  kind: 'node',
  children: {
    'remote-access': {
      kind: 'node',
      children: {
        'ipsec-settings': {
          kind: 'node',
          children: {
            authentication: { kind: 'node', children: { mode: text, 'pre-shared-secret': secret } },
          },
        },
      },
    },
  },
};

export const otherSubtrees: SchemaChildren = {
  firewall,
  interfaces,
  nat,
  protocols,
  'zone-policy': { kind: 'node', until: '1.3', children: { zone } },
};
/** What stands beside `vpn ipsec`, for the secret that l2tp holds. */
export const besideIpsec: SchemaChildren = { l2tp };
