import type { Finding } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import type { Rule } from '../lint/rule.ts';
import { calledName, endNames } from '../pairing/site-name.ts';
import { readCommand } from '../vyos/command.ts';
import type { Site } from '../vyos/site.ts';
import { type Assumptions, both, noAssumptions, waysToAssume } from './assumption.ts';
import { compareMeasures, judgeOf, type Lint, type Outcome } from './outcome.ts';
import type { FixOptions, Left, NotJudged, Plan, SitePlan, Step } from './plan.ts';
import { alternativesOf, compareTexts, type Found, measureIn, pruned, search, type Terms } from './search.ts';
import { type Choices, mendedOf } from './state.ts';
import { keyOfPath, usersOf, weakenings } from './weakening.ts';

export type { FixOptions, Left, NotJudged, Plan, Preference, SitePlan, Step } from './plan.ts';

/** So many outcomes are looked at for one link before the search goes on with the best alternative alone. */
const mostOutcomes = 150;
/** After a search that was cut short something may be left that another one finds. */
const mostRounds = 4;

/**
 * The fewest commands that mend the findings of a network: each candidate is typed in, and all is negotiated and
 * judged again. Links are mended one after the other; what mends one and spoils another is not chosen.
 */
export function planFix(
  sites: readonly Site[],
  { rules, lint }: { readonly rules: readonly Rule[]; readonly lint: Lint },
  options: FixOptions = {},
): Plan {
  const { failOn = 'error', prefer = 'strongest', sites: allowed } = options;
  const judge = judgeOf(sites, lint, failOn);
  const start = judge([]);
  const names = sites.map(({ name, file }) => JSON.stringify([name, file.name]));
  const terms: Omit<Terms, 'judge'> = {
    prefer,
    mayChange: (site) => allowed?.includes(site) ?? true,
    nameOf: (site) => names[site] ?? '',
    rankOf: (ruleId) => rules.findIndex(({ id }) => id === ruleId),
    most: mostOutcomes,
  };
  const { choices, exhaustive } = mend((assumptions) => ({
    ...terms,
    judge: judgeOf(sites, lint, failOn, assumptions),
  }));
  return planOf(start, judge(choices), exhaustive, rules, terms);
}

/** Mends, and where only a person can go on takes it that the person has, and mends what lies behind. */
function mend(termsWith: (assumptions: Assumptions) => Terms): {
  readonly choices: Choices;
  readonly exhaustive: boolean;
} {
  let assumptions = noAssumptions;
  let terms = termsWith(assumptions);
  let choices: Choices = [];
  let exhaustive = true;
  for (let round = 0; round < mostRounds; round += 1) {
    // What a person does first may make another mend the better one: what was chosen without it is chosen anew.
    assumptions = assumeMore(terms.judge(choices), assumptions, termsWith);
    terms = termsWith(assumptions);
    const found = mendAll(terms.judge([]), terms);
    exhaustive = found.exhaustive;
    choices = found.outcome.choices;
    if (assumeMore(found.outcome, assumptions, termsWith) === assumptions) break;
  }
  if (choices.length === 0) return { choices, exhaustive };
  const sorted = choices.toSorted((one, other) => one.site - other.site);
  return { choices: pruned(terms.judge([]), terms.judge(sorted), terms).choices, exhaustive };
}

/** The assumptions with those for each finding that is left to a person, of several ways the one that leaves least. */
function assumeMore(
  outcome: Outcome,
  before: Assumptions,
  termsWith: (assumptions: Assumptions) => Terms,
): Assumptions {
  const sites = outcome.network.sites.map(({ site }) => site);
  return outcome.faults.reduce((assumptions, finding) => {
    const ways = waysToAssume(finding, sites, outcome.report).map((way) => {
      const all = both(assumptions, way);
      const { faults } = termsWith(all).judge(outcome.choices);
      const isMended = !faults.some(({ fingerprint }) => fingerprint === finding.fingerprint);
      return { all, isMended, left: faults.length };
    });
    const [best] = ways.filter(({ isMended }) => isMended).toSorted((one, other) => one.left - other.left);
    return best ? best.all : assumptions;
  }, before);
}

/**
 * Mends link after link: once with an eye on all that a command mends, once on the link alone. One command on a hub
 * mends many links, and may weaken what commands on its spokes would not.
 */
function mendAll(start: Outcome, terms: Terms): Found {
  const wide = mendEach(start, terms);
  if (placesOf(start).length < 2) return wide;
  const narrow = mendEach(start, { ...terms, narrow: true });
  const [one, other] = [wide, narrow].map(({ outcome }) => measureIn(start, outcome, terms));
  return one && other && compareMeasures(other, one, terms.prefer) < 0 ? narrow : wide;
}

function mendEach(start: Outcome, terms: Terms): Found {
  let outcome = start;
  let exhaustive = true;
  for (let round = 0; round < mostRounds; round += 1) {
    const before = outcome.choices.length;
    for (const name of placesOf(outcome)) {
      const found = search(outcome, (finding, at) => placeOf(finding, at) === name, terms);
      outcome = found.outcome;
      exhaustive &&= found.exhaustive;
    }
    if (outcome.choices.length === before) break;
  }
  return { outcome, exhaustive };
}

/** Where findings belong that are mended together: a link, or all that is about single sites. */
function placeOf({ link }: Finding, { network }: Outcome): string {
  const joined = link === null ? undefined : network.links[link];
  if (!joined) return '';
  return [joined.a, joined.b]
    .map(({ loaded, source }) => JSON.stringify([source.peer.name, loaded.site.name, loaded.site.file.name]))
    .toSorted()
    .join();
}

/** Sites first, then the links by name: in the same order whichever site was named first. */
function placesOf(outcome: Outcome): readonly string[] {
  return [...new Set(outcome.faults.map((finding) => placeOf(finding, outcome)))].toSorted(compareTexts);
}

function planOf(
  start: Outcome,
  end: Outcome,
  exhaustive: boolean,
  rules: readonly Rule[],
  terms: Pick<Terms, 'mayChange'>,
): Plan {
  const all = start.network.sites.map(({ site }) => site.name);
  const [a = '', b = ''] = all;
  const names = all.length === 2 ? Object.values(endNames(a, b)) : all.map(calledName);
  const sites = start.network.sites.map((before, index): SitePlan => {
    const after = end.network.sites[index] ?? before;
    const weaker = weakenings(before, after);
    const steps = end.choices
      .filter(({ site }) => site === index)
      .map(({ command, mends, replaces }): Step => {
        const { verb, words } = readCommand(command);
        const path = [keyOfPath(words), keyOfPath(words.slice(0, -1))];
        // Prefixes are lost where one is deleted, whatever is set beside it.
        const isAdded = verb === 'set' && words.at(-2) === 'prefix';
        const [weakens = null] = isAdded ? [] : path.flatMap((key) => weaker.get(key) ?? []);
        return { verb, words, command, mends, weakens, replaces };
      });
    const { name, file, dump, release } = before.site;
    const { notation } = dump;
    const called = names[index] ?? name;
    return { name, called, file, notation, release, steps, alsoChanges: alsoChangedBy(start, index, steps) };
  });
  const left = end.faults.map((finding) => leftOf(finding, end.report, rules, terms));
  const gone = new Set(left.map(({ fingerprint }) => fingerprint));
  return {
    sites,
    left,
    notJudged: notJudgedIn(end),
    warnings: end.report.findings.filter(
      (finding) => finding.severity === 'warning' && !end.faults.includes(finding),
    ).length,
    found: start.faults.length,
    mended: start.faults.filter(({ fingerprint }) => !gone.has(fingerprint)).length,
    exhaustive,
  };
}

/** The links that may fail by what no dump shows, each reason once, with the places that the rule for it names. */
function notJudgedIn({ network, report }: Outcome): readonly NotJudged[] {
  return network.links.flatMap(({ a, b, negotiations }, index) => {
    const reasons = negotiations.flatMap(({ result }) => (result.outcome === 'unknown' ? [result.why] : []));
    const [inA, inB] = [a, b].map(({ site, source }) => ({ site, peer: source.peer.name }));
    if (!inA || !inB) return [];
    return [...new Set(reasons)].map((why) => {
      const finding = report.findings.find(
        ({ ruleId, link, message }) => ruleId === 'not-judged' && link === index && message.endsWith(why),
      );
      const places = (finding?.locations ?? []).map(({ site, at, path }) => ({ site, at, path }));
      return { why, a: inA, b: inB, places };
    });
  });
}

/** Peers that use a group which is changed, beyond those with a finding. */
function alsoChangedBy(start: Outcome, site: number, steps: readonly Step[]): readonly string[] {
  const own = start.network.sites[site]?.site;
  if (!own) return [];
  const concerned = new Set(
    start.network.links.flatMap((link, index) =>
      start.faults.some((finding) => finding.link === index)
        ? [link.a, link.b].flatMap((end) => (end.site === site ? [end.source.peer.name] : []))
        : [],
    ),
  );
  const names = steps.flatMap(({ words: [, , kind, group] }) =>
    (kind === 'ike-group' || kind === 'esp-group') && group !== undefined ? usersOf(own, kind, group) : [],
  );
  return [...new Set(names)].filter((name) => !concerned.has(name)).toSorted(compareTexts);
}

function leftOf(
  finding: Finding,
  report: Report,
  rules: readonly Rule[],
  terms: Pick<Terms, 'mayChange'>,
): Left {
  const { ruleId, locations, fix, fixAll, fingerprint } = finding;
  const anywhere = alternativesOf(finding, { mayChange: () => true });
  const here = alternativesOf(finding, terms);
  const why = anywhere.length === 0 ? 'no-command' : here.length === 0 ? 'other-site' : 'not-clean';
  const partial = fix.filter((one) => one.partial);
  const offered = why === 'no-command' ? partial.slice(0, 1) : fixAll ? fix : (here[0] ?? anywhere[0] ?? []);
  const sites = offered.length > 0 ? offered.map(({ site }) => site) : locations.map(({ site }) => site);
  return {
    ...mendedOf(finding, report),
    why,
    sites: [...new Set(sites)],
    todo: rules.find(({ id }) => id === ruleId)?.mend ?? '',
    commands: offered.map(({ site, commands }) => ({ site, commands })),
    fingerprint,
  };
}
