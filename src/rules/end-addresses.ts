import type { End } from '../pairing/link.ts';
import { settingNamed } from '../vyos/conf-origin.ts';
import type { Setting } from '../vyos/setting.ts';

/** The local-address of an end; undefined where it has none, and where a router is given it. */
export function localAddressOf({ section }: Pick<End, 'section'>): Setting<unknown> | undefined {
  const [leaf] = section?.local_addrs ?? [];
  return leaf && settingNamed(leaf, 'local-address');
}

/** The remote-address of an end, each of several. */
export function remoteAddressesOf({ section }: Pick<End, 'section'>): readonly Setting<unknown>[] {
  return section?.remote_addrs.flatMap((leaf) => settingNamed(leaf, 'remote-address') ?? []) ?? [];
}
