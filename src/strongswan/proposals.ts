import type { Leaf } from '../ike/swanctl-conf.ts';
import { leafOf } from '../vyos/conf-origin.ts';
import type { ChildSource } from '../vyos/peer-source.ts';
import type { Setting } from '../vyos/setting.ts';
import type { EspGroup, IkeGroup } from '../vyos/site.ts';

/** Strings of strongSwan for the numbers of VyOS (vyos-1x python/vyos/template.py, pfs_lut). */
const keyExchangeKeywords: Readonly<Record<string, string>> = {
  1: 'modp768',
  2: 'modp1024',
  5: 'modp1536',
  14: 'modp2048',
  15: 'modp3072',
  16: 'modp4096',
  17: 'modp6144',
  18: 'modp8192',
  19: 'ecp256',
  20: 'ecp384',
  21: 'ecp521',
  22: 'modp1024s160',
  23: 'modp2048s224',
  24: 'modp2048s256',
  25: 'ecp192',
  26: 'ecp224',
  27: 'ecp224bp',
  28: 'ecp256bp',
  29: 'ecp384bp',
  30: 'ecp512bp',
  31: 'curve25519',
  32: 'curve448',
};

/** strongSwan's keyword of a Diffie-Hellman group of VyOS; an unknown group keeps its own text. */
export function keyExchangeKeyword(dhGroup: string): string {
  return keyExchangeKeywords[dhGroup] ?? `dh-group${dhGroup}`;
}

/** The proposals of an IKE group in VyOS's order; the origin of each has its encryption, hash, prf and dh-group. */
export function ikeProposals({ proposals }: Pick<IkeGroup, 'proposals'>): readonly Leaf<string>[] {
  return proposals.map(({ encryption, hash, prf, dhGroup }) =>
    proposal([encryption, hash, ...(isSet(prf) ? [prf] : [])], dhGroup),
  );
}

/**
 * The proposals of an ESP group: each with the same Diffie-Hellman group. The origin of each has its encryption and hash,
 * and the `pfs` that the group is of.
 */
export function espProposals(
  { proposals }: Pick<EspGroup, 'proposals'>,
  pfs: ChildSource['pfsGroup'],
): readonly Leaf<string>[] {
  return proposals.map(({ encryption, hash }) => proposal([encryption, hash], pfs));
}

function isSet(setting: Setting<string | undefined>): setting is Setting<string> {
  return setting.value !== undefined && setting.value !== '';
}

function proposal(
  algorithms: readonly [Setting<string>, ...Setting<string>[]],
  group: Setting<string | undefined>,
): Leaf<string> {
  const keywords = algorithms.map(({ value }) => value);
  if (group.value !== undefined) keywords.push(keyExchangeKeyword(group.value));
  return leafOf(keywords.join('-'), ...algorithms, group);
}
