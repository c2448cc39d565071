import type { Finding, Fix } from '../lint/finding.ts';
import {
  compareMeasures,
  type Judge,
  type Measure,
  measure,
  type Outcome,
  type Preference,
} from './outcome.ts';
import { type Choices, keyOf, withFix } from './state.ts';

/** What a search may do. */
export interface Terms {
  readonly judge: Judge;
  /** Whether a site may be changed. */
  readonly mayChange: (site: number) => boolean;
  readonly prefer: Preference;
  /** Sites by a name that does not depend on their order, so that exchanged sites get the exchanged plan. */
  readonly nameOf: (site: number) => string;
  /** How many outcomes may be looked at for one link. */
  readonly most: number;
}

export interface Found {
  readonly outcome: Outcome;
  /** False where the bound ended the search. */
  readonly exhaustive: boolean;
}

interface Candidate {
  readonly outcome: Outcome;
  readonly measure: Measure;
  /** Findings that were dealt with, by an alternative or because none is any good. */
  readonly tried: ReadonlySet<string>;
}

/**
 * The best outcome that can be reached from `start` by the alternatives of the findings for which `concerns` holds,
 * of the first such finding at a time. Fewest commands first; where more outcomes were looked at than the terms
 * allow, it goes on from the best with the best alternative each time.
 */
export function search(
  start: Outcome,
  concerns: (finding: Finding, at: Outcome) => boolean,
  terms: Terms,
): Found {
  const candidate = (outcome: Outcome, tried: ReadonlySet<string>): Candidate => ({
    outcome,
    measure: measureIn(start, outcome, terms),
    tried,
  });
  const better = (one: Candidate, other: Candidate) => compareCandidates(one, other, terms);
  let best = candidate(start, new Set());
  let open: Candidate[] = [best];
  const seen = new Set([keyOf(start.choices)]);
  let looked = 0;
  let exhaustive = true;
  while (open.length > 0) {
    const [next, ...others] = open.toSorted(
      (one, other) => one.measure.commands - other.measure.commands || better(one, other),
    );
    if (!next) break;
    open = others;
    if (isClean(best) && next.measure.commands > best.measure.commands + 1) break;
    const grown = grow(next, concerns, terms, candidate).filter(({ outcome }) => {
      const key = keyOf(outcome.choices);
      return !seen.has(key) && seen.add(key);
    });
    looked += grown.length;
    for (const one of grown) if (better(one, best) < 0) best = one;
    open.push(...grown);
    if (looked >= terms.most) {
      exhaustive = open.length === 0;
      break;
    }
  }
  if (!exhaustive) best = greedy(best, concerns, terms, candidate);
  return { outcome: pruned(start, best.outcome, terms), exhaustive };
}

/** What a command cannot mend is left however it comes to light; what one can is what a plan is judged by first. */
function measureIn(start: Outcome, now: Outcome, terms: Terms): Measure {
  return measure(start, now, (finding) => alternativesOf(finding, terms).length > 0);
}

function isClean({ measure: { damage, left, newWarnings, weakenings } }: Candidate): boolean {
  return damage + left + newWarnings + weakenings === 0;
}

/** What the alternatives of the first finding lead to for which any does no damage. */
function grow(
  from: Candidate,
  concerns: (finding: Finding, at: Outcome) => boolean,
  terms: Terms,
  candidate: (outcome: Outcome, tried: ReadonlySet<string>) => Candidate,
): readonly Candidate[] {
  const tried = new Set(from.tried);
  for (const finding of from.outcome.faults) {
    // The same finding with other alternatives, after part of it was mended, is another one.
    const key = JSON.stringify([
      finding.fingerprint,
      finding.fix.map(({ site, commands }) => [site, commands]),
    ]);
    if (tried.has(key) || !concerns(finding, from.outcome)) continue;
    tried.add(key);
    const grown = alternativesOf(finding, terms)
      .flatMap((fixes) => {
        const choices = withFix(from.outcome.choices, finding, fixes);
        return choices ? [choices] : [];
      })
      .map((choices) => candidate(terms.judge(choices), new Set(tried)))
      .filter(({ measure: { damage } }) => damage === 0);
    if (grown.length > 0) return grown;
  }
  return [];
}

/** Each way to mend a finding that changes only what may be changed. */
export function alternativesOf(
  { fix, fixAll }: Finding,
  { mayChange }: Pick<Terms, 'mayChange'>,
): readonly (readonly Fix[])[] {
  const complete = fix.filter(({ partial }) => !partial);
  const ways = fixAll ? [complete] : complete.map((one) => [one]);
  return ways.filter((way) => way.length > 0 && way.every(({ site }) => mayChange(site)));
}

function greedy(
  from: Candidate,
  concerns: (finding: Finding, at: Outcome) => boolean,
  terms: Terms,
  candidate: (outcome: Outcome, tried: ReadonlySet<string>) => Candidate,
): Candidate {
  let best = from;
  for (let now: Candidate | undefined = from; now; ) {
    const [next] = grow(now, concerns, terms, candidate).toSorted((one, other) =>
      compareCandidates(one, other, terms),
    );
    if (next && compareCandidates(next, best, terms) < 0) best = next;
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

/** Leaves out what is not needed: first all that was chosen for one finding, then single commands. */
export function pruned(start: Outcome, from: Outcome, terms: Terms): Outcome {
  let now = from;
  const isNoWorse = (outcome: Outcome) =>
    compareMeasures(measureIn(start, outcome, terms), measureIn(start, now, terms), terms.prefer) < 0;
  const keep = start.choices.length;
  const origins = [...new Set(from.choices.slice(keep).map(({ origin }) => origin))];
  for (const origin of origins) {
    const outcome = terms.judge(
      now.choices.filter((choice, index) => index < keep || choice.origin !== origin),
    );
    if (isNoWorse(outcome)) now = outcome;
  }
  for (const choice of from.choices.slice(keep)) {
    const outcome = terms.judge(now.choices.filter((other) => other !== choice));
    if (outcome.choices.length < now.choices.length && isNoWorse(outcome)) now = outcome;
  }
  return now;
}
