import type { Site } from './site.ts';
import { has } from './tree.ts';

/**
 * Whether a dump is surely all of a configuration: saved, with its footer, or with `system`, without which VyOS has none
 * (a login at least). Of other dumps, what they do not hold may be there all the same: many people paste a part.
 */
export function isWhole({ tree, dump }: Pick<Site, 'tree' | 'dump'>): boolean {
  return dump.footer !== undefined || has(tree, 'system');
}

/**
 * Why nothing is known of the connections of a site: its peers are there, and not one of the groups that they need.
 * VyOS commits no such thing, so that the rest was left out when the dump was made. Undefined where there are groups.
 */
export function whatIsLeftOut(site: Site): string | undefined {
  if (isWhole(site) || site.peers.length === 0) return undefined;
  if (site.ikeGroups.size > 0 || site.espGroups.size > 0) return undefined;
  return `the dump of "${site.name}" holds no ike-group and no esp-group`;
}
