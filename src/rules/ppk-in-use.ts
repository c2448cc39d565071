/** The post-quantum preshared keys of the two ends of a link, for the rules that speak of them. */
import { keyOfOwner, type SharedKey } from '../ike/shared-key.ts';
import type { Location } from '../lint/finding.ts';
import type { End } from '../pairing/link.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import { locate, locateLeaf, locatePeer } from './location.ts';

/** The id that an end's peer names; undefined where it names none. */
export function ppkIdOf({ section }: End): string | undefined {
  return section?.ppk_id?.value;
}

/** The PPK that an end has for the id that `naming` names. */
export function ppkFor({ daemon }: End, naming: End): SharedKey | undefined {
  const id = naming.connection?.ppk.id;
  return id && keyOfOwner(daemon.ppks, id);
}

/** The place of a PPK of an end. */
export function locatePpk({ site }: End, { section }: SharedKey, label: string): Location {
  return locate(site, settingOfOrigin(section.origin), label);
}

/** What an end's peer says of a PPK. */
export function locatePpkUse(end: End, label?: string): Location {
  const id = end.section?.ppk_id;
  return id ? locateLeaf(end.site, id, label) : locatePeer(end, label ?? 'names no PPK');
}
