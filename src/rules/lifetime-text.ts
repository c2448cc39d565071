import type { Lifetime } from '../ike/connection.ts';
import type { Setting } from '../vyos/setting.ts';

/** When the rekey starts: `25921 to 28800 s`; the random part keeps the two ends apart. */
export function rekeyWindow({ rekey, jitter }: Lifetime): string {
  if (rekey === 0) return 'never';
  return jitter > 0 ? `after ${rekey - jitter} to ${rekey} s` : `after ${rekey} s`;
}

/** `3600 s`; `not set: default 3600 s`. */
export function describeLifetime({ value, origin }: Setting<number>): string {
  return `${origin.kind === 'set' ? '' : 'not set: default '}${value} s`;
}
