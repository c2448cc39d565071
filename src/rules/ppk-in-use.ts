/** The post-quantum preshared keys of the two ends of a link, for the rules that speak of them. */
import { keyOfOwner } from '../ike/shared-key.ts';
import type { Location } from '../lint/finding.ts';
import type { End } from '../pairing/link.ts';
import type { Ppk } from '../vyos/site.ts';
import { locate, locateNode } from './location.ts';

/** The id that an end's peer names; undefined where it names none. */
export function ppkIdOf({ source }: End): string | undefined {
  return source.peer.authentication.ppk?.id?.value;
}

/** The PPK that an end has for the id that `naming` names. */
export function ppkFor({ loaded }: End, naming: End): Ppk | undefined {
  const id = naming.connection?.ppk.id;
  const key = id && keyOfOwner(loaded.daemon.ppks, id);
  return key && loaded.site.ppks.find(({ name }) => name === key.name);
}

/** What an end's peer says of a PPK. */
export function locatePpkUse({ site, source }: End, label?: string): Location {
  const { ppk } = source.peer.authentication;
  if (ppk?.id) return locate(site, ppk.id, label);
  return locateNode(site, ppk ?? source.peer, label ?? 'names no PPK');
}
