import type { SchemaChildren, SchemaNode } from './node.ts';
import { endpoint, flag, logForms, many, text } from './rules.ts';

/**
 * `firewall` of every release, as deep as it takes to tell names from values (vyos-1x interface-definitions/firewall.xml.in
 * with include/firewall; vyatta-cfg-firewall templates for 1.2 and 1.3). Nothing here is ever checked: src/vyos/firewall
 * reads it.
 */

const interfaceMatch: SchemaNode = {
  kind: 'node',
  // The two longer names are those of rolling 1.4 before migration firewall 11-to-12.
  children: { group: text, 'interface-group': text, 'interface-name': text, name: text },
};

const rule: SchemaNode = {
  kind: 'tag',
  children: {
    action: text,
    'connection-mark': many,
    description: text,
    destination: endpoint,
    disable: flag,
    dscp: many,
    fragment: { kind: 'node', children: { 'match-frag': flag, 'match-non-frag': flag } },
    'inbound-interface': interfaceMatch,
    ipsec: {
      kind: 'node',
      children: {
        'match-ipsec': flag,
        'match-ipsec-in': flag,
        'match-ipsec-out': flag,
        'match-none': flag,
        'match-none-in': flag,
        'match-none-out': flag,
      },
    },
    'jump-target': text,
    log: logForms,
    'outbound-interface': interfaceMatch,
    protocol: text,
    source: endpoint,
    state: [
      {
        kind: 'node',
        until: '1.3',
        children: { established: text, invalid: text, new: text, related: text },
      },
      { kind: 'leaf', since: '1.4', multi: true },
    ],
  },
};

const ruleset: SchemaChildren = {
  'default-action': text,
  'default-jump-target': text,
  'default-log': flag,
  description: text,
  'enable-default-log': flag,
  rule,
};
const rulesetByName: SchemaNode = { kind: 'tag', children: ruleset };
const hook: SchemaNode = {
  kind: 'node',
  children: { filter: { kind: 'node', children: ruleset }, raw: { kind: 'node', children: ruleset } },
};
const family: SchemaNode = {
  kind: 'node',
  since: '1.4',
  children: { forward: hook, input: hook, name: rulesetByName, output: hook, prerouting: hook },
};

function groupOf(member: string): SchemaNode {
  return { kind: 'tag', children: { [member]: many, description: text, include: many } };
}

const byFamily: SchemaNode = { kind: 'node', children: { 'ipv6-name': text, name: text } };

/** A zone, of `zone-policy` (1.2, 1.3) or of `firewall`. */
export const zone: SchemaNode = {
  kind: 'tag',
  children: {
    'default-action': text,
    'default-firewall': byFamily,
    description: text,
    from: { kind: 'tag', children: { firewall: byFamily } },
    interface: many,
    'local-zone': flag,
    member: { kind: 'node', children: { interface: many, vrf: many } },
  },
};

const policyAction: SchemaNode = { kind: 'node', children: { action: text, log: logForms } };
const statePolicy: SchemaNode = {
  kind: 'node',
  children: { established: policyAction, invalid: policyAction, related: policyAction },
};

export const firewall: SchemaNode = {
  kind: 'node',
  children: {
    'global-options': { kind: 'node', since: '1.4', children: { 'state-policy': statePolicy } },
    group: {
      kind: 'node',
      children: {
        'address-group': groupOf('address'),
        'domain-group': groupOf('address'),
        'interface-group': groupOf('interface'),
        'ipv6-address-group': groupOf('address'),
        'ipv6-network-group': groupOf('network'),
        'mac-group': groupOf('mac-address'),
        'network-group': groupOf('network'),
        'port-group': groupOf('port'),
      },
    },
    interface: {
      kind: 'tag',
      children: Object.fromEntries(['in', 'out', 'local'].map((direction) => [direction, byFamily])),
    },
    ipv4: family,
    ipv6: family,
    'ipv6-name': rulesetByName,
    name: rulesetByName,
    options: {
      kind: 'node',
      children: {
        interface: { kind: 'tag', children: { 'adjust-mss': text, 'adjust-mss6': text, disable: flag } },
      },
    },
    'state-policy': statePolicy,
    zone,
  },
};
