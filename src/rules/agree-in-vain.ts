import { isPrivateUse, transformOf } from '../ike/transform.ts';
import type { Setting } from '../vyos/setting.ts';

/** Whether two settings agree on an algorithm that strongSwan does not negotiate. */
export function agreeInVain(
  a: Setting<string | undefined> | undefined,
  b: Setting<string | undefined> | undefined,
): boolean {
  const transform = a?.value === undefined ? undefined : transformOf(a.value);
  return transform !== undefined && a?.value === b?.value && isPrivateUse(transform);
}
