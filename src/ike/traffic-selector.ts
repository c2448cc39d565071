import { type Address, addressBits, familyOf } from './address.ts';
import {
  type AddressRange,
  commonRange,
  formatAddressRange,
  hostRange,
  parsePrefix,
  rangeHas,
  sameRange,
} from './range.ts';

/** Addresses, a protocol (0 is any) and ports (RFC 7296 section 3.13.1). Both ends of each range are included. */
export interface TrafficSelector extends AddressRange {
  readonly protocol: number;
  readonly fromPort: number;
  readonly toPort: number;
}

/** A selector as it is configured: `dynamic` becomes the address of the IKE_SA's end once that is known. */
export type ConfiguredSelector =
  | ({ readonly kind: 'fixed' } & TrafficSelector)
  | {
      readonly kind: 'dynamic';
      readonly protocol: number;
      readonly fromPort: number;
      readonly toPort: number;
    };

/** Names of the IP protocols that charon prints by name (getprotobynumber on Debian). */
const protocolNames: ReadonlyMap<number, string> = new Map(
  Object.entries({
    ...{ 1: 'icmp', 2: 'igmp', 3: 'ggp', 4: 'ipencap', 5: 'st', 6: 'tcp', 8: 'egp', 9: 'igp' },
    ...{ 12: 'pup', 17: 'udp', 20: 'hmp', 22: 'xns-idp', 27: 'rdp', 29: 'iso-tp4', 33: 'dccp' },
    ...{ 36: 'xtp', 37: 'ddp', 38: 'idpr-cmtp', 41: 'ipv6', 43: 'ipv6-route', 44: 'ipv6-frag' },
    ...{ 45: 'idrp', 46: 'rsvp', 47: 'gre', 50: 'esp', 51: 'ah', 57: 'skip', 58: 'ipv6-icmp' },
    ...{ 59: 'ipv6-nonxt', 60: 'ipv6-opts', 73: 'rspf', 81: 'vmtp', 88: 'eigrp', 89: 'ospf' },
    ...{ 93: 'ax.25', 94: 'ipip', 97: 'etherip', 98: 'encap', 103: 'pim', 108: 'ipcomp', 112: 'vrrp' },
    ...{ 115: 'l2tp', 124: 'isis', 132: 'sctp', 133: 'fc', 135: 'mobility-header', 136: 'udplite' },
    ...{ 137: 'mpls-in-ip', 138: 'manet', 139: 'hip', 140: 'shim6', 141: 'wesp', 142: 'rohc' },
    ...{ 143: 'ethernet' },
  }).map(([number, name]) => [Number(number), name]),
);

/** The number of a protocol given by name or number, as `getprotobyname` finds it; undefined where unknown. */
export function protocolNumber(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= 255 ? Number(text) : undefined;
  const name = text.toLowerCase();
  if (name === 'any' || name === 'ip' || name === 'hopopt') return 0;
  for (const [number, known] of protocolNames) if (known === name) return number;
  return undefined;
}

/** All ports of any protocol, to and from one prefix or address. Undefined where `text` is neither. */
export function selectorFromPrefix(
  text: string,
  protocol = 0,
  port?: number,
): ConfiguredSelector | undefined {
  const range = parsePrefix(text);
  return range && { kind: 'fixed', ...range, ...portRange(protocol, port ?? 0, port ?? 65535) };
}

export function dynamicSelector(protocol = 0, port?: number): ConfiguredSelector {
  return { kind: 'dynamic', ...portRange(protocol, port ?? 0, port ?? 65535) };
}

/**
 * Of ICMP and ICMPv6 a port is the type in its high and the code in its low byte (RFC 7296 section 3.13.1): charon takes
 * a number below 256 for a type, in a selector that is configured and in one that it works out (traffic_selector.c,
 * traffic_selector_create).
 */
function portRange(protocol: number, fromPort: number, toPort: number) {
  const asType = (port: number) => (isIcmp(protocol) && port < 256 ? port << 8 : port);
  return { protocol, fromPort: asType(fromPort), toPort: asType(toPort) };
}

function isIcmp(protocol: number): boolean {
  return protocol === 1 || protocol === 58;
}

function selectorOfHost(
  host: Address,
  selector: Omit<TrafficSelector, 'family' | 'from' | 'to'>,
): TrafficSelector {
  const { protocol, fromPort, toPort } = selector;
  return { ...hostRange(host), protocol, fromPort, toPort };
}

/**
 * The selectors with which an end enters a negotiation: `dynamic` ones take the host's address, and in transport
 * mode so do those that the initiator proposes (child_cfg.c, get_traffic_selectors).
 */
export function resolveSelectors(
  configured: readonly ConfiguredSelector[],
  host: Address,
  options: { readonly forceHost?: boolean } = {},
): readonly TrafficSelector[] {
  return configured.flatMap((selector) => {
    if (selector.kind === 'dynamic') return [selectorOfHost(host, selector)];
    const { kind: _, ...fixed } = selector;
    if (!options.forceHost) return [fixed];
    return includes(fixed, host) ? [selectorOfHost(host, fixed)] : [];
  });
}

function includes(selector: TrafficSelector, host: Address): boolean {
  return selector.family === familyOf(host) && rangeHas(selector, addressBits(host));
}

/** What two selectors have in common; undefined where that is nothing (traffic_selector.c, get_subset). */
export function intersect(one: TrafficSelector, other: TrafficSelector): TrafficSelector | undefined {
  if (one.family !== other.family) return undefined;
  if (one.protocol !== other.protocol && one.protocol !== 0 && other.protocol !== 0) return undefined;
  const range = commonRange(one, other);
  const fromPort = Math.max(one.fromPort, other.fromPort);
  const toPort = Math.min(one.toPort, other.toPort);
  if (!range || fromPort > toPort) return undefined;
  const protocol = Math.max(one.protocol, other.protocol);
  return { family: one.family, ...range, ...portRange(protocol, fromPort, toPort) };
}

export function sameSelector(one: TrafficSelector, other: TrafficSelector): boolean {
  return (
    sameRange(one, other) &&
    one.protocol === other.protocol &&
    one.fromPort === other.fromPort &&
    one.toPort === other.toPort
  );
}

/** The order in which charon lists the selectors of a CHILD_SA (traffic_selector.c, traffic_selector_cmp). */
export function compareSelectors(one: TrafficSelector, other: TrafficSelector): number {
  const sign = (difference: bigint) => (difference < 0n ? -1 : difference > 0n ? 1 : 0);
  return (
    one.family - other.family ||
    sign(one.from - other.from) ||
    sign(other.to - one.to) ||
    one.protocol - other.protocol ||
    one.fromPort - other.fromPort ||
    other.toPort - one.toPort
  );
}

/** Whether all of `inner` is within `outer`. */
export function isContainedIn(inner: TrafficSelector, outer: TrafficSelector): boolean {
  const common = intersect(inner, outer);
  return common !== undefined && sameSelector(common, inner);
}

/** A list without the selectors that another of the list contains; of equal ones the first stays (child_cfg.c). */
export function withoutRedundant(selectors: readonly TrafficSelector[]): readonly TrafficSelector[] {
  return selectors.filter(
    (selector, index) =>
      !selectors.some(
        (other, otherIndex) =>
          otherIndex !== index &&
          isContainedIn(selector, other) &&
          (otherIndex < index || !sameSelector(selector, other)),
      ),
  );
}

/** Narrowing (RFC 7296 section 2.9): all that `configured` and `supplied` have in common, in the order of the former. */
export function narrow(
  configured: readonly TrafficSelector[],
  supplied: readonly TrafficSelector[],
): readonly TrafficSelector[] {
  return withoutRedundant(
    configured.flatMap((own) =>
      supplied.flatMap((other) => {
        const common = intersect(own, other);
        return common ? [common] : [];
      }),
    ),
  );
}

/** strongSwan's notation: `10.1.0.0/24`, `10.1.0.0/24[tcp/443]`, `10.1.0.5..10.1.0.9`; ports always as numbers. */
export function formatSelector(selector: TrafficSelector): string {
  const address = formatAddressRange(selector, '..');
  const anyPort = selector.fromPort === 0 && selector.toPort === 65535;
  if (selector.protocol === 0 && anyPort) return address;
  const protocol =
    selector.protocol === 0 ? '0' : (protocolNames.get(selector.protocol) ?? `${selector.protocol}`);
  if (anyPort) return `${address}[${protocol}]`;
  const ports =
    selector.fromPort === selector.toPort
      ? formatPort(selector.protocol, selector.fromPort)
      : `${formatPort(selector.protocol, selector.fromPort)}-${formatPort(selector.protocol, selector.toPort)}`;
  return `${address}[${protocol}/${ports}]`;
}

/** Of ICMP and ICMPv6 the type and the code: `8`, `3(1)`. */
function formatPort(protocol: number, port: number): string {
  if (!isIcmp(protocol)) return `${port}`;
  const [type, code] = [port >> 8, port & 255];
  return code === 0 ? `${type}` : `${type}(${code})`;
}

/** As charon logs a list: separated by blanks. */
export function formatSelectors(selectors: readonly TrafficSelector[]): string {
  return selectors.map(formatSelector).join(' ');
}
