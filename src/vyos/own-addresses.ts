import { type Address, parseAddress } from '../ike/address.ts';
import { oncePer } from '../source/once.ts';
import { isMasked } from './schema/index.ts';
import type { Site } from './site.ts';
import { child, has, tagNodes, wordsBelow } from './tree.ts';

/** The interfaces of a site that hold an address, by their names as the dump has them. */
export function holdersOf(site: Site, address: Address): readonly string[] {
  return holders(site).get(address) ?? [];
}

const holders = oncePer(({ interfaces }: Site): ReadonlyMap<Address, readonly string[]> => {
  const names = new Map<Address, string[]>();
  for (const { name, addresses } of interfaces) {
    for (const { value } of addresses) {
      const address = parseAddress(value.split('/')[0] ?? '');
      const known = (address && names.get(address)) ?? [];
      if (address && !known.includes(name)) names.set(address, [...known, name]);
    }
  }
  return names;
});

/** Whether VRRP or a cluster brings the address: `high-availability vrrp group X address`, `virtual-address` until 1.3. */
export function isVirtual({ tree }: Site, address: Address): boolean {
  if (has(tree, 'cluster')) return true;
  const groups = tagNodes(child(tree, 'high-availability', 'vrrp', 'group'));
  return groups.some((group) =>
    ['address', 'virtual-address', 'excluded-address'].some((name) =>
      wordsBelow(child(group, name)).some(({ value }) => parseAddress(value.split('/')[0] ?? '') === address),
    ),
  );
}

/** Interfaces with which a router reaches the outside. A dump of its VTIs or dummies alone does not tell the others. */
const outer = /^(?:eth|bond|br|peth|veth|wlan|wwan)\d/;

/** Whether the dump tells all addresses of the router: it holds interfaces, and none gets its address from elsewhere. */
export const tellsAllAddresses = oncePer(({ tree, interfaces }: Site): boolean => {
  const texts = interfaces.flatMap(({ addresses }) => addresses.map(({ value }) => value));
  if (!interfaces.some(({ name, addresses }) => outer.test(name) && addresses.length > 0)) return false;
  if (texts.length === 0 || texts.some((text) => isMasked(text) || !text.includes('/'))) return false;
  return !['pppoe', 'wwan', 'openvpn', 'sstpc', 'wireless'].some((type) => has(tree, 'interfaces', type));
});
