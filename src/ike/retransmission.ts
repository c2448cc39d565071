/** When charon sends a request again, and when it gives up (strongswan.conf `retransmit_*`, sa/task_manager.c). */
export interface Retransmission {
  /** How often it sends a request once more. */
  readonly tries: number;
  /** Seconds until the first of them. */
  readonly timeout: number;
  /** What the time is multiplied with for each one after that. */
  readonly base: number;
}

/** charon's own. */
export const defaultRetransmission: Retransmission = { tries: 5, timeout: 4, base: 1.8 };

/** Seconds from the first sending until charon gives up. */
export function givesUpAfter({ tries, timeout, base }: Retransmission): number {
  let seconds = 0;
  // A configuration may be absurd: beyond some tries the time is the same for all purposes.
  for (let each = 0; each <= Math.min(tries, 1000); each += 1) seconds += timeout * base ** each;
  return Math.round(seconds);
}

/** What it logs then. */
export function givingUp({ tries }: Retransmission): string {
  return `giving up after ${tries} retransmits`;
}
