import type { SchemaNode, ValueRule } from './node.ts';

/** The value rules and nodes that several places of the schema share. */

export function oneOf(...of: readonly string[]): readonly ValueRule[] {
  return [{ kind: 'enum', of }];
}

export function between(from: number, to: number): readonly ValueRule[] {
  return [{ kind: 'range', from, to }];
}

export const onOff = oneOf('enable', 'disable');
export const yesNo = oneOf('yes', 'no');
export const anyText: readonly ValueRule[] = [{ kind: 'text' }];
export const address: readonly ValueRule[] = [{ kind: 'ipv4' }, { kind: 'ipv6' }];
export const ipv4Only: readonly ValueRule[] = [{ kind: 'ipv4' }];
export const addressOrAny: readonly ValueRule[] = [...address, { kind: 'enum', of: ['any'] }];
export const hostOrAny: readonly ValueRule[] = [...address, { kind: 'fqdn' }, { kind: 'enum', of: ['any'] }];

/**
 * The scripts and templates know `any` as a prefix (vyatta-cfg-vpn vpn-config.pl, vyos-1x peer.j2) although the
 * command line does not offer it: a configuration that was loaded from a file may hold it.
 */
const anyPrefix: ValueRule = { kind: 'enum', of: ['any'] };

/**
 * 1.4 and later refuse a prefix with bits set behind its length: the validators ipv4-prefix and ipv6-prefix of
 * vyos-1x call ipaddrcheck --is-ipv4-net and --is-ipv6-net, which compare the address with its network.
 * 1.2 and 1.3 (type ipv4net, ipv6net; vyatta-cfg lib/Vyatta/TypeChecker.pm) take it as it is.
 */
export const network: readonly ValueRule[] = [
  { kind: 'ipv4-prefix', network: true },
  { kind: 'ipv6-prefix', network: true },
  anyPrefix,
];
export const prefix13: readonly ValueRule[] = [
  { kind: 'ipv4-prefix', network: false },
  { kind: 'ipv6-prefix', network: false },
  anyPrefix,
];
export const port: readonly ValueRule[] = [{ kind: 'port' }];
/** 1.2 and 1.3 also take a name of /etc/services, and `all`. */
export const port13: readonly ValueRule[] = [
  { kind: 'port' },
  { kind: 'pattern', pattern: /^[A-Za-z][A-Za-z0-9.+_-]*$/, expected: 'the name of a service' },
];
export const protocol: readonly ValueRule[] = [{ kind: 'protocol' }];

/** vyos-1x include/constraint/interface-name.xml.i, loosely: VyOS also takes whatever interface exists on the router. */
export const interfaceName: readonly ValueRule[] = [
  {
    kind: 'pattern',
    pattern: /^(?:lo|[a-z][a-z0-9-]*\d+(?:v\d+)?(?:\.\d+)*|(?:br|pod)-[\w-]+)$/,
    expected: 'the name of an interface, such as eth0',
  },
];

/** A node name of 1.4 for profiles and remote-access connections: vyos-1x vpn_ipsec.xml.in. */
export const connectionName: readonly ValueRule[] = [
  {
    kind: 'pattern',
    pattern: /^[a-zA-Z][0-9a-zA-Z_-]+$/,
    expected: 'a name of letters, digits, - and _, a letter first',
  },
];

/** 1.2 and 1.3: vyatta-cfg-vpn esp-group and ike-group. 1.4 and later take any name. */
export const groupName13: readonly ValueRule[] = [
  {
    kind: 'pattern',
    pattern: /^[-_a-zA-Z0-9.]+$/,
    expected: 'a name of letters, digits, dots, - and _',
  },
];

/** vyos-1x vpn_ipsec.xml.in; vpn_ipsec.py repeats it at commit. */
export const peerName: readonly ValueRule[] = [
  {
    kind: 'pattern',
    pattern: /^[-_a-zA-Z0-9|@]+$/,
    expected: 'a name of letters, digits, - and _, without dots and colons',
  },
];

export const wholeNumber: readonly ValueRule[] = [
  { kind: 'pattern', pattern: /^\d+$/, expected: 'a whole number' },
];
export const decimalNumber: readonly ValueRule[] = [
  { kind: 'pattern', pattern: /^\d+(?:\.\d+)?$/, expected: 'a number' },
];

export const flag: SchemaNode = { kind: 'valueless' };
export const flag14: SchemaNode = { kind: 'valueless', since: '1.4' };
export const text: SchemaNode = { kind: 'leaf' };
export const secret: SchemaNode = { kind: 'leaf', secret: true };
export const description: SchemaNode = { kind: 'leaf', values: [{ kind: 'text', longest: 255 }] };

export const many: SchemaNode = { kind: 'leaf', multi: true };

const groupMatch: SchemaNode = {
  kind: 'node',
  children: {
    'address-group': text,
    'domain-group': text,
    'dynamic-address-group': text,
    'ipv6-address-group': text,
    'ipv6-network-group': text,
    'mac-group': text,
    'network-group': text,
    'port-group': text,
  },
};

/** What a rule of a firewall or of NAT says of the one end or the other (vyos-1x include/firewall, include/nat-rule.xml.i). */
export const endpoint: SchemaNode = {
  kind: 'node',
  children: {
    address: text,
    'address-mask': text,
    fqdn: text,
    group: groupMatch,
    'mac-address': text,
    port: text,
  },
};

/** `log enable` until 1.3, and `log` alone since. */
export const logForms: readonly SchemaNode[] = [
  { kind: 'leaf', until: '1.3' },
  { kind: 'valueless', since: '1.4' },
];
