import type { Finding, Fix } from '../lint/finding.ts';
import {
  compareMeasures,
  type Judge,
  type Measure,
  measure,
  type Outcome,
  type Preference,
} from './outcome.ts';
import { type Choices, keyOf, withFix, withoutIdle } from './state.ts';

/** What a search may do. */
export interface Terms {
  readonly judge: Judge;
  /** Whether a site may be changed. */
  readonly mayChange: (site: number) => boolean;
  readonly prefer: Preference;
  /** Sites by a name that does not depend on their order, so that exchanged sites get the exchanged plan. */
  readonly nameOf: (site: number) => string;
  /** The place of a rule in the list of rules. */
  readonly rankOf: (ruleId: string) => number;
  /** How many outcomes may be looked at for one link. */
  readonly most: number;
  /** The findings that a search is to mend are all that it counts, and not what it mends of others besides. */
  readonly narrow?: boolean;
}

export interface Found {
  readonly outcome: Outcome;
  /** False where the bound ended the search. */
  readonly exhaustive: boolean;
}

interface Growth {
  readonly concerns: (finding: Finding, at: Outcome) => boolean;
  readonly terms: Terms;
  readonly candidate: (outcome: Outcome, tried: ReadonlySet<string>) => Candidate;
  /** All findings at a time, and not only the first that has an alternative. */
  readonly wide: boolean;
}

interface Candidate {
  readonly outcome: Outcome;
  readonly measure: Measure;
  /** Findings that were dealt with, by an alternative or because none is any good. */
  readonly tried: ReadonlySet<string>;
}

/**
 * The best outcome that can be reached from `start` by the alternatives of the findings for which `concerns` holds, of
 * the first such finding at a time. Fewest commands first; where more outcomes were looked at than the terms allow, it
 * goes on from the best with the best alternative each time.
 */
export function search(
  start: Outcome,
  concerns: (finding: Finding, at: Outcome) => boolean,
  terms: Terms,
): Found {
  const counts = terms.narrow ? concerns : undefined;
  const candidate = (outcome: Outcome, tried: ReadonlySet<string>): Candidate => ({
    outcome,
    measure: measureIn(start, outcome, terms, counts),
    tried,
  });
  const growth: Growth = { concerns, terms, candidate, wide: false };
  const root = candidate(start, new Set());
  const deep = explore(root, root, growth, Number.POSITIVE_INFINITY);
  const first = deep.exhaustive ? deep.best : greedy(deep.best, growth);
  // What mends one finding may mend another: with fewer commands than that, all are tried in every order.
  const fewer = first.measure.commands - 1;
  const { best } = explore(root, first, { ...growth, wide: true }, fewer);
  return { outcome: pruned(start, best.outcome, terms, counts), exhaustive: deep.exhaustive };
}

/** The best of `known` and of what grows from `root` with at most `mostCommands`, fewest commands first. */
function explore(
  root: Candidate,
  known: Candidate,
  growth: Growth,
  mostCommands: number,
): { readonly best: Candidate; readonly exhaustive: boolean } {
  const better = (one: Candidate, other: Candidate) => compareCandidates(one, other, growth.terms);
  let best = known;
  let open: readonly Candidate[] = [root];
  const seen = new Set([keyOf(root.outcome.choices)]);
  for (let looked = 0; open.length > 0; ) {
    if (looked >= growth.terms.most) return { best, exhaustive: false };
    const [next = root, ...others] = open.toSorted(
      (one, other) => one.measure.commands - other.measure.commands || better(one, other),
    );
    // One more: what mends two at once is only seen when one of them is left out again.
    if (isDone(best) && next.measure.commands > best.measure.commands + 1) break;
    if (next.measure.commands >= mostCommands) break;
    const grown = grow(next, growth).filter(({ outcome, measure: { commands } }) => {
      const key = keyOf(outcome.choices);
      return commands <= mostCommands && !seen.has(key) && seen.add(key);
    });
    looked += grown.length;
    for (const one of grown) if (better(one, best) < 0) best = one;
    open = [...others, ...grown];
  }
  return { best, exhaustive: true };
}

/** What a command cannot mend is left however it comes to light; what one can is what a plan is judged by first. */
export function measureIn(start: Outcome, now: Outcome, terms: Terms, counts?: Growth['concerns']): Measure {
  return measure(start, now, (finding) => alternativesOf(finding, terms).length > 0, counts);
}

/** Nothing is left that a command might mend, at no cost: more commands make nothing better. */
function isDone({ measure: { damage, open, newWarnings, weakenings } }: Candidate): boolean {
  return damage + open + newWarnings + weakenings === 0;
}

/**
 * What the alternatives of findings lead to that do no damage: of all findings, or only of the first that has any. The
 * findings come in an order that exchanged sites do not change.
 */
function grow(from: Candidate, { concerns, terms, candidate, wide }: Growth): readonly Candidate[] {
  const faults = from.outcome.faults
    .filter((finding) => concerns(finding, from.outcome))
    .toSorted(
      (one, other) =>
        terms.rankOf(one.ruleId) - terms.rankOf(other.ruleId) ||
        compareTexts(one.fingerprint, other.fingerprint),
    );
  const all: Candidate[] = [];
  const passed = new Set(from.tried);
  for (const finding of faults) {
    const tried = wide ? new Set(from.tried) : passed;
    // The same finding with other alternatives, after part of it was mended, is another one.
    const key = JSON.stringify([
      finding.fingerprint,
      finding.fix.map(({ site, commands }) => [site, commands]),
    ]);
    if (tried.has(key)) continue;
    tried.add(key);
    const grown = alternativesOf(finding, terms)
      .flatMap((fixes) => {
        const choices = withFix(from.outcome.choices, finding, fixes, from.outcome.report);
        return choices ? [choices] : [];
      })
      .map((choices) => candidate(terms.judge(choices), new Set(tried)))
      .filter(({ measure: { damage } }) => damage === 0);
    all.push(...grown);
    if (!wide && grown.length > 0) break;
  }
  return all;
}

/** Each way to mend a finding that changes only what may be changed. */
export function alternativesOf(
  { fix, fixAll }: Finding,
  { mayChange }: Pick<Terms, 'mayChange'>,
): readonly (readonly Fix[])[] {
  const ways = fixAll ? [fix] : fix.map((one) => [one]);
  const isGiven = ({ site, partial }: Fix) => !partial && mayChange(site);
  return ways.filter((way) => way.length > 0 && way.every(isGiven));
}

/** From the best on, the best alternative of the first finding each time. */
function greedy(from: Candidate, growth: Growth): Candidate {
  const better = (one: Candidate, other: Candidate) => compareCandidates(one, other, growth.terms);
  let best = from;
  for (let now: Candidate | undefined = from; now; ) {
    const [next] = grow(now, { ...growth, wide: false }).toSorted(better);
    if (next && better(next, best) < 0) best = next;
    now = next;
  }
  return best;
}

/**
 * Of two that measure the same the one that comes first by its commands, whatever site they are for: so that the
 * outcome depends neither on the order of the sites nor on that of the alternatives.
 */
function compareCandidates(one: Candidate, other: Candidate, terms: Terms): number {
  const measured = compareMeasures(one.measure, other.measure, terms.prefer);
  if (measured !== 0) return measured;
  const [text, otherText] = [one, other].map(({ outcome }) => nameless(outcome.choices, terms));
  return compareTexts(text ?? '', otherText ?? '');
}

function nameless(choices: Choices, { nameOf }: Terms): string {
  const commands = choices.map(({ command }) => command).toSorted();
  const sites = choices.map(({ site, command }) => `${command} ${nameOf(site)}`).toSorted();
  return [...commands, ...sites].join('\n');
}

export function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/**
 * Leaves out what is not needed: all that was chosen for one finding, and single commands only where the configuration is
 * the same without them.
 */
export function pruned(start: Outcome, from: Outcome, terms: Terms, counts?: Growth['concerns']): Outcome {
  const measured = (outcome: Outcome) => measureIn(start, outcome, terms, counts);
  let now = from;
  const isNoWorse = (outcome: Outcome) => compareMeasures(measured(outcome), measured(now), terms.prefer) < 0;
  const keep = start.choices.length;
  const origins = [...new Set(from.choices.slice(keep).map(({ origin }) => origin))];
  for (const origin of origins) {
    const outcome = terms.judge(
      now.choices.filter((choice, index) => index < keep || choice.origin !== origin),
    );
    if (isNoWorse(outcome)) now = outcome;
  }
  const effective = withoutIdle(now.choices, keep, now.network.sites);
  return effective.length < now.choices.length ? terms.judge(effective) : now;
}
