import { addressFromBits, familyOf, parseAddress } from '../../ike/address.ts';
import { parsePrefix } from '../../ike/range.ts';
import { nearest, nearestFirst } from './nearest.ts';
import type { SchemaNode, ValueRule } from './node.ts';

/** `expected` completes the sentence "expected …". */
export type Acceptance =
  | { readonly ok: true }
  | { readonly ok: false; readonly expected: string; readonly didYouMean?: string };

/** Whether VyOS takes a text as the value of that leaf, or as a name below that tag node. */
export function acceptsValue(node: SchemaNode, value: string): Acceptance {
  const rules = node.values;
  if (rules === undefined || rules.some((rule) => holds(rule, value))) return { ok: true };
  const didYouMean = node.secret === true ? undefined : meantValue(rules, value);
  const expected = expectedText(rules, node.secret === true ? '' : value);
  return didYouMean === undefined ? { ok: false, expected } : { ok: false, expected, didYouMean };
}

/** What a leaf takes, as a phrase: `a number from 30 to 86400`, `an IPv4 or IPv6 address, a host name or any`. */
export function expectedValue(node: SchemaNode): string {
  return expectedText(node.values ?? [{ kind: 'text' }], '');
}

/** vyos-1x src/validators/ip-protocol, without its `!` for "not". */
const PROTOCOLS: readonly string[] = [
  ...['all', 'ip', 'hopopt', 'icmp', 'igmp', 'ggp', 'ipencap', 'st', 'tcp', 'egp', 'igp', 'pup', 'udp'],
  ...['tcp_udp', 'hmp', 'xns-idp', 'rdp', 'iso-tp4', 'dccp', 'xtp', 'ddp', 'idpr-cmtp', 'ipv6'],
  ...['ipv6-route', 'ipv6-frag', 'idrp', 'rsvp', 'gre', 'esp', 'ah', 'skip', 'ipv6-icmp', 'icmpv6'],
  ...['ipv6-nonxt', 'ipv6-opts', 'rspf', 'vmtp', 'eigrp', 'ospf', 'ax.25', 'ipip', 'etherip', 'encap'],
  ...['99', 'pim', 'ipcomp', 'vrrp', 'l2tp', 'isis', 'sctp', 'fc', 'mobility-header', 'udplite'],
  ...['mpls-in-ip', 'manet', 'hip', 'shim6', 'wesp', 'rohc'],
];

function holds(rule: ValueRule, value: string): boolean {
  switch (rule.kind) {
    case 'enum':
      return rule.of.includes(value);
    case 'range':
      return isNumberIn(value, rule.from, rule.to);
    case 'ipv4':
      return isAddressOf(4, value);
    case 'ipv6':
      return isAddressOf(6, value);
    case 'ipv4-prefix':
    case 'ipv6-prefix': {
      const prefix = prefixOf(rule.kind, value);
      return prefix !== undefined && (!rule.network || prefix.clean);
    }
    case 'fqdn':
      // VyOS itself takes `203.0.113.256` for a host name; no host can have a top-level name of digits.
      return /^[A-Za-z0-9][-.A-Za-z0-9]*$/.test(value) && !/(?:^|\.)\d+\.?$/.test(value);
    case 'pattern':
      return rule.pattern.test(value);
    case 'text':
      return rule.longest === undefined || value.length <= rule.longest;
    case 'protocol':
      return isNumberIn(value, 0, 255) || PROTOCOLS.includes(value);
    case 'port':
      return isNumberIn(value, 1, 65_535);
  }
}

function isNumberIn(value: string, from: number, to: number): boolean {
  return /^\d{1,18}$/.test(value) && Number(value) >= from && Number(value) <= to;
}

/** What VyOS takes for an address: no IPv6 with an IPv4 address in it. */
function isAddressOf(family: 4 | 6, value: string): boolean {
  const address = parseAddress(value);
  return address !== undefined && familyOf(address) === family && (family === 4 || !value.includes('.'));
}

interface Prefix {
  /** The prefix with the bits behind its length cleared. */
  readonly network: string;
  /** Whether they were clear already. */
  readonly clean: boolean;
}

function prefixOf(kind: 'ipv4-prefix' | 'ipv6-prefix', value: string): Prefix | undefined {
  const [head = '', length = ''] = value.split('/');
  const family = kind === 'ipv4-prefix' ? 4 : 6;
  const range = parsePrefix(value);
  if (!range || !/^(?:0|[1-9]\d{0,2})$/.test(length) || !isAddressOf(family, head)) return undefined;
  const first = addressFromBits(family, range.from);
  return { network: `${first}/${length}`, clean: first === parseAddress(head) };
}

function meantValue(rules: readonly ValueRule[], value: string): string | undefined {
  for (const rule of rules) {
    if (rule.kind === 'ipv4-prefix' || rule.kind === 'ipv6-prefix') {
      const prefix = prefixOf(rule.kind, value);
      if (prefix !== undefined) return prefix.network;
      const ipv4 = rule.kind === 'ipv4-prefix';
      // A host without its length; a network could be of any.
      if (holds({ kind: ipv4 ? 'ipv4' : 'ipv6' }, value) && !/(?:\.0|::)$/.test(value)) {
        return `${value}/${ipv4 ? 32 : 128}`;
      }
    }
    if (rule.kind === 'ipv4' || rule.kind === 'ipv6') {
      const [address = ''] = value.split('/');
      if (address !== value && holds(rule, address)) return address;
    }
    if (rule.kind === 'enum') {
      const meant = nearest(value, rule.of, rule.aliases);
      if (meant !== undefined) return meant;
    }
    if (rule.kind === 'protocol') return nearest(value, PROTOCOLS);
  }
  return undefined;
}

/** Lists longer than this are cut. */
const LONGEST_LIST = 8;
const SHOWN_OF_LONG = 5;

function expectedText(rules: readonly ValueRule[], value: string): string {
  const kinds = new Set(rules.map((rule) => rule.kind));
  const phrases: string[] = [];
  for (const rule of rules) {
    const phrase = phraseOf(rule, value, kinds);
    if (phrase !== undefined) phrases.push(phrase);
  }
  return listed(phrases, 'or');
}

function phraseOf(rule: ValueRule, value: string, kinds: ReadonlySet<string>): string | undefined {
  switch (rule.kind) {
    case 'enum':
      return enumPhrase(rule.of, value);
    case 'range':
      return `a number from ${rule.from} to ${rule.to}`;
    case 'ipv4':
      return kinds.has('ipv6') ? 'an IPv4 or IPv6 address' : 'an IPv4 address';
    case 'ipv6':
      return kinds.has('ipv4') ? undefined : 'an IPv6 address';
    case 'ipv4-prefix':
      return `an ${kinds.has('ipv6-prefix') ? 'IPv4 or IPv6' : 'IPv4'} prefix such as 192.0.2.0/24${rule.network ? ', without host bits' : ''}`;
    case 'ipv6-prefix':
      return kinds.has('ipv4-prefix')
        ? undefined
        : `an IPv6 prefix${rule.network ? ' without host bits' : ''}`;
    case 'fqdn':
      return 'a host name';
    case 'pattern':
      return rule.expected;
    case 'text':
      return rule.longest === undefined ? 'a text' : `a text of at most ${rule.longest} characters`;
    case 'protocol':
      return 'an IP protocol by name or number';
    case 'port':
      return 'a port from 1 to 65535';
  }
}

function enumPhrase(of: readonly string[], value: string): string {
  if (of.length === 1) return of[0] ?? '';
  if (of.length <= LONGEST_LIST) return `one of ${listed(of, 'or')}`;
  const shown = value === '' ? of : nearestFirst(value, of);
  return `one of ${shown.slice(0, SHOWN_OF_LONG).join(', ')} and ${of.length - SHOWN_OF_LONG} more`;
}

function listed(phrases: readonly string[], conjunction: string): string {
  if (phrases.length <= 1) return phrases.join('');
  return `${phrases.slice(0, -1).join(', ')} ${conjunction} ${phrases.at(-1) ?? ''}`;
}
