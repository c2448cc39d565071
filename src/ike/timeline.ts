/**
 * When the timers of an SA fire, and what comes of it. Seconds since the SA stands; each rekey starts the clocks anew.
 * Source: strongSwan 5.9 sa/ike_sa.c (set_state), config/peer_cfg.c (get_rekey_time), config/child_cfg.c (get_lifetime),
 * sa/ikev2/tasks/child_rekey.c, child_delete.c. A lifetime is not negotiated: in IKEv1 it is told to the other side,
 * which logs the difference and keeps its own (quick_mode.c, apply_lifetimes; main_mode.c).
 */
import type { Notify, Side } from './outcome.ts';

/** Both ends included: some time in between, by chance. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One side's timers. Null: that timer never fires. */
export interface Clock {
  /** When it starts a rekey. */
  readonly soft: Span | null;
  /** When it gives the SA up. */
  readonly hard: Span | null;
}

/** What becomes of a rekey that a side starts. */
export type RekeyFate =
  | { readonly kind: 'established' }
  | { readonly kind: 'failed'; readonly notify: Notify | null }
  | { readonly kind: 'unknown' };

/** What comes of the timers, and of the rekeys that they start. */
export type TimelineEnd =
  /** A rekey works before anything expires; `by` is who may come first among those whose rekey works. */
  | { readonly kind: 'renewed'; readonly by: readonly Side[]; readonly when: Span }
  /** The rekey of `failing` does not work and comes first, or may; that of `by` works before anything expires. */
  | { readonly kind: 'saved'; readonly failing: Side; readonly by: Side; readonly when: Span }
  /** No rekey works before the SA expires on a side of `by`: traffic stops. */
  | { readonly kind: 'stops'; readonly by: readonly Side[]; readonly when: Span }
  /** Chance decides whether the rekey of `saver` comes before the SA expires on a side of `by`. */
  | { readonly kind: 'may-stop'; readonly saver: Side; readonly by: readonly Side[]; readonly when: Span }
  /** No timer is set on either side. */
  | { readonly kind: 'for-ever' }
  /** The configurations do not tell how a rekey goes. */
  | { readonly kind: 'unknown' };

/** The timers of an SA on both sides, and what comes of them. */
export interface Timeline {
  readonly sa: 'IKE_SA' | 'CHILD_SA';
  readonly clocks: Readonly<Record<Side, Clock>>;
  readonly fates: Readonly<Record<Side, RekeyFate>>;
  /** Whose rekey comes first. */
  readonly first: Side | 'either' | 'neither';
  readonly end: TimelineEnd;
}

const sides = ['a', 'b'] as const;

export function timeline(sa: Timeline['sa'], clocks: Timeline['clocks'], fates: Timeline['fates']): Timeline {
  return { sa, clocks, fates, first: firstOf(clocks), end: endOf(clocks, fates) };
}

function firstOf({ a, b }: Timeline['clocks']): Timeline['first'] {
  if (!a.soft && !b.soft) return 'neither';
  if (!a.soft || !b.soft) return a.soft ? 'a' : 'b';
  if (a.soft.to < b.soft.from) return 'a';
  return b.soft.to < a.soft.from ? 'b' : 'either';
}

/** The first of several that fire at some time in their spans. */
function earliest(spans: readonly Span[]): Span | undefined {
  if (spans.length === 0) return undefined;
  return {
    from: Math.min(...spans.map(({ from }) => from)),
    to: Math.min(...spans.map(({ to }) => to)),
  };
}

function endOf(clocks: Timeline['clocks'], fates: Timeline['fates']): TimelineEnd {
  const softs = sides.flatMap((side) => (clocks[side].soft ? [{ side, ...clocks[side].soft }] : []));
  const hards = sides.flatMap((side) => (clocks[side].hard ? [{ side, ...clocks[side].hard }] : []));
  if (softs.some(({ side }) => fates[side].kind === 'unknown')) return { kind: 'unknown' };
  const working = softs.filter(({ side }) => fates[side].kind === 'established');
  const when = earliest(working);
  const end = earliest(hards);
  const firstOfAll = (spans: typeof softs, first: Span) =>
    spans.filter(({ from }) => from <= first.to).map(({ side }) => side);
  if (!when) {
    return end ? { kind: 'stops', by: firstOfAll(hards, end), when: end } : { kind: 'for-ever' };
  }
  const by = firstOfAll(working, when);
  if (end && when.to >= end.from) {
    const expired = firstOfAll(hards, end);
    const [saver] = by;
    if (saver === undefined || when.from >= end.to) return { kind: 'stops', by: expired, when: end };
    return { kind: 'may-stop', saver, by: expired, when: end };
  }
  const failing = softs.find(({ side, from }) => fates[side].kind === 'failed' && from <= when.to)?.side;
  const [saver] = by;
  if (failing && saver) return { kind: 'saved', failing, by: saver, when };
  return { kind: 'renewed', by, when };
}
