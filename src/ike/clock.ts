/** The timers that strongSwan sets for a lifetime (config/peer_cfg.c, config/child_cfg.c, sa/ike_sa.c). */
import type { Lifetime } from './connection.ts';
import type { Clock } from './timeline.ts';

/** The hard timer of an IKE_SA runs from when the soft one was to fire; without a soft one there is none. */
export function ikeClock({ rekey, hard, jitter }: Lifetime): Clock {
  if (rekey === 0) return { soft: null, hard: null };
  const over = hard - rekey;
  // random() % jitter
  const soft = { from: rekey - Math.max(0, jitter - 1), to: rekey };
  return { soft, hard: { from: soft.from + over, to: soft.to + over } };
}

export function childClock({ rekey, hard, jitter }: Lifetime): Clock {
  return {
    soft: rekey === 0 ? null : { from: rekey - jitter, to: rekey },
    hard: hard === 0 ? null : { from: hard, to: hard },
  };
}
