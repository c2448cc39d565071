import type { Span } from '../../source/index.ts';

/** What a rule depends on that the dump does not tell. */
export interface Doubt {
  readonly at: Span;
  readonly path: readonly string[];
  /** A fragment without a full stop: `the members of domain group X are found by DNS`. */
  readonly why: string;
}

/** Whether a packet is one that a rule, or a part of it, is about. */
export type Match =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no' }
  | { readonly kind: 'maybe'; readonly doubt: Doubt };

export const yes: Match = { kind: 'yes' };
export const no: Match = { kind: 'no' };

export function yesIf(holds: boolean): Match {
  return holds ? yes : no;
}

export function not(match: Match): Match {
  return match.kind === 'maybe' ? match : yesIf(match.kind === 'no');
}

/** All of them: one that does not match is enough, however much is in doubt. */
export function every(matches: readonly Match[]): Match {
  return matches.find(({ kind }) => kind === 'no') ?? matches.find(({ kind }) => kind === 'maybe') ?? yes;
}

/** One of them. */
export function some(matches: readonly Match[]): Match {
  return matches.find(({ kind }) => kind === 'yes') ?? matches.find(({ kind }) => kind === 'maybe') ?? no;
}
