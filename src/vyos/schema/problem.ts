import type { Span } from '../../source/index.ts';
import type { Release } from './node.ts';

interface Base {
  /** The offending word or words. */
  readonly at: Span;
  /** The node it is about, by names; of an unknown node, the one above it. Never holds a value. */
  readonly path: readonly string[];
}

/**
 * What VyOS would refuse while the commands are typed in. A text that may be a secret is null.
 * `takenBy`: the releases that take it as it stands. `instead`: what the release judged by writes, as words behind
 * `set`, with `<name>` for what the user must choose; null where it is left out.
 */
export type SchemaProblem = Base &
  (
    | {
        readonly kind: 'unknown-node';
        readonly name: string | null;
        readonly didYouMean?: string;
        /** Where a node of that name does stand: `vpn ipsec ike-group IKE proposal <number> dh-group`. */
        readonly belongsAt: readonly string[];
      }
    | {
        readonly kind: 'wrong-release';
        readonly subject: 'node' | 'value';
        readonly value: string | null;
        readonly takenBy: readonly Release[];
        readonly instead?: string | null;
      }
    | {
        readonly kind: 'invalid-value';
        readonly subject: 'value' | 'name';
        readonly value: string | null;
        readonly expected: string;
        readonly didYouMean?: string;
        readonly takenBy: readonly Release[];
      }
    | { readonly kind: 'missing-value'; readonly expected: string }
    | { readonly kind: 'unexpected-value'; readonly value: string | null }
    | { readonly kind: 'extra-words'; readonly expected: string; readonly didYouMean?: string }
  );

/** A value or name that was hidden before the dump was handed over: nothing can be judged that rests on it. */
export interface MaskedText {
  readonly path: readonly string[];
  readonly at: Span;
}

export interface SchemaCheck {
  readonly problems: readonly SchemaProblem[];
  readonly masked: readonly MaskedText[];
}

/** What a check has found so far. */
export interface Collected extends SchemaCheck {
  readonly problems: SchemaProblem[];
  readonly masked: MaskedText[];
}
