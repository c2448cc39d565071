import { parseAddressRange, type Range } from '../ike/range.ts';
import type { Site } from './site.ts';
import { child, wordsBelow } from './tree.ts';

/**
 * The members of a group of `firewall group`, those of the groups that it includes among them; undefined where the
 * group, or one that it includes, is not in the dump. `leaf`: what its members are called.
 */
export function groupMembers(
  site: Site,
  kind: string,
  leaf: string,
  name: string,
  seen: readonly string[] = [],
): readonly string[] | undefined {
  const group = child(site.tree, 'firewall', 'group', kind, name);
  if (!group) return undefined;
  if (seen.includes(name)) return [];
  const members = wordsBelow(child(group, leaf)).map(({ value }) => value);
  for (const { value } of wordsBelow(child(group, 'include'))) {
    const more = groupMembers(site, kind, leaf, value, [...seen, name]);
    if (!more) return undefined;
    for (const member of more) members.push(member);
  }
  return members;
}

/** The addresses of an address or network group; undefined where they cannot all be told. */
export function groupAddresses(
  site: Site,
  kind: 'address-group' | 'network-group',
  name: string,
  family: 4 | 6,
): readonly Range[] | undefined {
  const tag = family === 4 ? kind : `ipv6-${kind}`;
  const members = groupMembers(site, tag, kind === 'address-group' ? 'address' : 'network', name);
  const ranges = members?.flatMap((member) => {
    const range = parseAddressRange(member);
    return range?.family === family ? [range] : [];
  });
  return ranges?.length === members?.length ? ranges : undefined;
}
