import type { Span } from '../../source/index.ts';
import type { Setting } from '../setting.ts';
import type { Doubt } from './match.ts';
import type { FirewallRule, Ruleset } from './rulesets.ts';

/** What decides on a packet. */
export interface Decider {
  /** The action in force: `drop`, `reject`, `accept`. */
  readonly action: Setting<string>;
  readonly at: Span;
  /** As a sentence names it: `rule 20 of WAN-LOCAL`, `the default-action of WAN-LOCAL`. */
  readonly what: string;
  /** The list that it belongs to; undefined for a state-policy or a zone. */
  readonly ruleset: Ruleset | undefined;
  /** Undefined for what comes after all rules, or before them. */
  readonly rule: FirewallRule | undefined;
}

/** All that may drop a packet, in short: the first of them, and whether the others are of its ruleset. */
interface Drops {
  readonly first: Decider;
  readonly oneRuleset: boolean;
}

/**
 * What may become of a packet that comes to a list of rules, with every rule that may or may not match taken both ways.
 * A certain outcome has one of the four alone.
 */
export interface Outcome {
  readonly accept: Decider | undefined;
  readonly drop: Drops | undefined;
  /** What the dump does not hold, and what would decide. */
  readonly unknown: Doubt | undefined;
  /** It may come out at the end, undecided. */
  readonly passes: boolean;
  /** The first that was taken both ways. */
  readonly doubt: Doubt | undefined;
}

export const untouched: Outcome = {
  accept: undefined,
  drop: undefined,
  unknown: undefined,
  passes: true,
  doubt: undefined,
};

export function decided(by: Decider): Outcome {
  const drops = by.action.value !== 'accept';
  return {
    ...untouched,
    accept: drops ? undefined : by,
    drop: drops ? { first: by, oneRuleset: by.ruleset !== undefined } : undefined,
    passes: false,
  };
}

export function undecidable(doubt: Doubt): Outcome {
  return { ...untouched, unknown: doubt, passes: false };
}

/** One or the other. */
export function either(one: Outcome, other: Outcome): Outcome {
  return {
    accept: one.accept ?? other.accept,
    drop: joinDrops(one.drop, other.drop),
    unknown: one.unknown ?? other.unknown,
    passes: one.passes || other.passes,
    doubt: one.doubt ?? other.doubt,
  };
}

/** First the one, and the other for what comes out of it undecided. */
export function then(one: Outcome, other: Outcome): Outcome {
  return one.passes ? { ...either({ ...one, passes: false }, other) } : one;
}

/** A whole hook after another: what the first accepts comes to the second. */
export function nextHook(one: Outcome, other: Outcome): Outcome {
  if (one.accept === undefined && !one.passes) return one;
  const { accept: _, ...rest } = one;
  const both = either({ ...rest, accept: undefined, passes: false }, other);
  return other.passes && one.accept !== undefined ? { ...both, accept: both.accept ?? one.accept } : both;
}

function joinDrops(one: Drops | undefined, other: Drops | undefined): Drops | undefined {
  if (!one || !other) return one ?? other;
  const same = one.first.ruleset === other.first.ruleset;
  return { first: one.first, oneRuleset: same && one.oneRuleset && other.oneRuleset };
}
