import { isPrivateUse, transformOf } from '../ike/transform.ts';
import type { Setting } from '../vyos/setting.ts';

/** Whether two settings agree on an algorithm that strongSwan does not negotiate. */
export function agreeInVain(a: Setting<unknown> | undefined, b: Setting<unknown> | undefined): boolean {
  const transform = a?.value === undefined ? undefined : transformOf(String(a.value));
  return transform !== undefined && a?.value === b?.value && isPrivateUse(transform);
}
