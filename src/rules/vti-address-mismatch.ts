import { parseAddress } from '../ike/address.ts';
import { type AddressRange, hostRange, parsePrefix, rangeContains } from '../ike/range.ts';
import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import type { End, Link } from '../pairing/link.ts';
import type { Setting } from '../vyos/setting.ts';
import { locate } from './location.ts';
import { onRouteBasedPair } from './route-based-pair.ts';
import { vyosManual } from './sources.ts';

interface VtiAddress {
  readonly setting: Setting<string>;
  readonly host: AddressRange;
  readonly network: AddressRange;
}

function* check(link: Link): Iterable<Problem> {
  const [a, b] = [addressesOf(link.a), addressesOf(link.b)];
  for (const family of [4, 6] as const) {
    const ofFamily = ({ host }: VtiAddress) => host.family === family;
    const [own, other] = [a.filter(ofFamily), b.filter(ofFamily)];
    const [first, facing] = [own[0], other[0]];
    if (!first || !facing) continue;
    const pairs = own.flatMap((x) => other.map((y) => [x, y] as const));
    const equal = pairs.find(([x, y]) => x.host.from === y.host.from);
    const meet = pairs.some(([x, y]) => x.host.from !== y.host.from && reaches(x, y) && reaches(y, x));
    if (meet) continue;
    if (equal) {
      const [x, y] = equal;
      yield {
        message: `Both ends of the VTI have the address ${x.setting.value.split('/')[0]}`,
        consequence:
          'Each router takes what is sent to the other end for its own. Pings, next hops and routing protocols over the VTI fail.',
        locations: [locate(link.a.site, x.setting), locate(link.b.site, y.setting)],
      };
    } else if (
      !isRouted(link.a, other) &&
      !isRouted(link.b, own) &&
      !areUnnumbered(link, [...own, ...other])
    ) {
      yield {
        message: `The addresses of the VTI are not in one subnet: ${first.setting.value} at ${link.a.name}, ${facing.setting.value} at ${link.b.name}`,
        consequence:
          'Neither router has a route to the other end of the VTI. Next hops behind it and routing protocols over it fail; only routes that name the interface work.',
        locations: [locate(link.a.site, first.setting), locate(link.b.site, facing.setting)],
      };
    }
  }
}

function addressesOf({ vti, unloaded }: End): readonly VtiAddress[] {
  if (unloaded?.kind === 'disabled') return [];
  return (vti?.addresses ?? []).flatMap((setting) => {
    const network = parsePrefix(setting.value);
    const address = parseAddress(setting.value.split('/')[0] ?? '');
    if (!network || !address) return [];
    return [{ setting, network, host: hostRange(address) }];
  });
}

function reaches({ network }: VtiAddress, { host }: VtiAddress): boolean {
  return rangeContains(network, host);
}

/** Whether the ends have host addresses, of no subnet, and routes that name the interface: a way to do without one. */
function areUnnumbered(link: Link, addresses: readonly VtiAddress[]): boolean {
  return (
    addresses.every(({ network }) => network.from === network.to) &&
    [link.a, link.b].every(({ vti }) => vti && vti.routes().length > 0)
  );
}

/** Whether a static route leads through the VTI of an end to an address of the facing one. */
function isRouted({ vti }: End, facing: readonly VtiAddress[]): boolean {
  const routes = vti?.routes() ?? [];
  return facing.some(({ host }) => routes.some(({ network }) => rangeContains(network, host)));
}

export const vtiAddressMismatch: LinkRule = {
  id: 'vti-address-mismatch',
  scope: 'link',
  summary: 'The two ends of a VTI have the same address, or addresses of different subnets.',
  severity: 'warning',
  notify: null,
  why:
    'IPsec does not look at the addresses of a VTI, and so the tunnel comes up. Routing does: the other end is found because ' +
    'it is in the subnet of the own address, or by a route of its own.',
  mend: 'Give both ends addresses of one subnet that differ, such as 10.255.0.1/30 and 10.255.0.2/30.',
  sources: [vyosManual],
  bad: onRouteBasedPair({
    a: "delete interfaces vti vti0 address\nset interfaces vti vti0 address '10.254.0.1/30'",
  }),
  good: onRouteBasedPair({
    a: "delete interfaces vti vti0 address\nset interfaces vti vti0 address '10.255.0.3/29'",
    b: "delete interfaces vti vti0 address\nset interfaces vti vti0 address '10.255.0.4/29'",
  }),
  check,
};
