import type { Leaf } from '../ike/swanctl-conf.ts';
import { leafOf } from '../vyos/conf-origin.ts';
import type { Setting } from '../vyos/setting.ts';

/** A leaf that is there where its setting is. */
export function optionalLeaf<T>(setting: Setting<T> | undefined): Leaf<T> | undefined {
  return setting && leafOf(setting.value, setting);
}

type Optional<T> = { readonly [Key in keyof T]: T[Key] | undefined };

/** A section without the keys that are not written. */
export function written<T extends object>(keys: Optional<T>): T {
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined)) as T;
}
