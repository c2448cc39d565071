import { childClock, ikeClock } from '../ike/clock.ts';
import type { Clock } from '../ike/timeline.ts';
import type { End } from '../pairing/link.ts';
import type { Setting } from '../vyos/setting.ts';

/** When an end rekeys the IKE_SA: `A rekeys the IKE_SA after 25921 to 28800 s`; the random part keeps the ends apart. */
export function ikeRekeyWindow({ connection }: End): string {
  return windowOf(connection && ikeClock(connection.lifetime));
}

/** When an end rekeys a CHILD_SA, in the same words. */
export function childRekeyWindow(end: End, child: string | undefined): string {
  return windowOf(childClockOf(end, child));
}

/** The timers of a CHILD_SA at one end; undefined where nothing is known of it. */
export function childClockOf({ connection }: End, child: string | undefined): Clock | undefined {
  const configured = connection?.children.find(({ name }) => name === child);
  return configured && childClock(configured.lifetime);
}

function windowOf(clock: Clock | undefined): string {
  if (!clock) return 'never, as it is not loaded';
  if (!clock.soft) return 'never';
  const { from, to } = clock.soft;
  return from < to ? `after ${from} to ${to} s` : `after ${to} s`;
}

/** `3600 s`; `not set: default 3600 s`. */
export function describeLifetime({ value, origin }: Setting<unknown>): string {
  return `${origin.kind === 'set' ? '' : 'not set: default '}${value} s`;
}
