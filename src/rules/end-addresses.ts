import { isPrivate, parseAddress } from '../ike/address.ts';
import type { Leaf } from '../ike/swanctl-conf.ts';
import type { LoneEnd } from '../pairing/link.ts';
import { settingNamed } from '../vyos/conf-origin.ts';
import type { Setting } from '../vyos/setting.ts';

/** The local-address of an end; undefined where it has none, and where a router is given it. */
export function localAddressOf({ section }: Pick<LoneEnd, 'section'>): Setting<unknown> | undefined {
  const [leaf] = section?.local_addrs ?? [];
  return leaf && settingNamed(leaf, 'local-address');
}

/** The remote-address of an end, each of several. */
export function remoteAddressesOf({ section }: Pick<LoneEnd, 'section'>): readonly Setting<unknown>[] {
  return section?.remote_addrs.flatMap((leaf) => settingNamed(leaf, 'remote-address') ?? []) ?? [];
}

/** Whether a peer must be behind a NAT, as far as its own side tells: its address is private, and one that it calls is not. */
export function isBehindNat(end: Pick<LoneEnd, 'section'>): boolean {
  const [own, ...called] = [localAddressOf(end), ...remoteAddressesOf(end)].map(
    (setting) => setting && parseAddress(String(setting.value)),
  );
  return own !== undefined && isPrivate(own) && called.some((address) => address && !isPrivate(address));
}

/** What says that a peer takes any address for the other end, and so has none to initiate to; undefined where it has one. */
export function anyRemoteOf({ section }: Pick<LoneEnd, 'section'>): Leaf<string> | undefined {
  return section?.remote_addrs.find(({ value }) => value === '%any');
}
