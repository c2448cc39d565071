import type { Finding, Severity } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import { type Link, mayCall, type Network } from '../pairing/link.ts';
import type { Site } from '../vyos/site.ts';
import { type Assumptions, assumed, noAssumptions } from './assumption.ts';
import { type Choices, keyOf } from './state.ts';
import { partsOf, weakenings } from './weakening.ts';

/** What comes of choices. */
export interface Outcome {
  readonly choices: Choices;
  readonly network: Network;
  readonly report: Report;
  /** The findings that are to be mended. */
  readonly faults: readonly Finding[];
}

/** Pairs sites, negotiates, and judges what comes of it. */
export type Lint = (sites: readonly Site[]) => { readonly network: Network; readonly report: Report };

/** Judges choices, and remembers those it has judged last. */
export type Judge = (choices: Choices) => Outcome;

/**
 * So many outcomes are remembered: those of one link's search, and of the next time it is searched. Each holds all that
 * was negotiated, and of a hub with many spokes the memory has no room for all that are ever looked at.
 */
const mostRemembered = 400;

export function judgeOf(
  sites: readonly Site[],
  lint: Lint,
  failOn: Exclude<Severity, 'info'>,
  assumptions: Assumptions = noAssumptions,
): Judge {
  const known = new Map<string, Outcome>();
  return (choices) => {
    const key = keyOf(choices);
    const before = known.get(key);
    if (before) {
      // The one that was asked for last is the last to go.
      known.delete(key);
      known.set(key, before);
      return { ...before, choices };
    }
    const { network, report } = lint(assumed(sites, choices, assumptions));
    const faults = report.findings.filter(({ severity }) => isWanted(severity, failOn));
    const outcome = { choices, network, report, faults };
    known.set(key, outcome);
    const [oldest] = known.keys();
    if (known.size > mostRemembered && oldest !== undefined) known.delete(oldest);
    return outcome;
  };
}

function isWanted(severity: Severity, failOn: Exclude<Severity, 'info'>): boolean {
  return severity === 'error' || severity === failOn;
}

/** A link by the peers that it joins, whatever its place in the list. */
function nameOf({ a, b }: Link): string {
  const ends = [a, b].map(({ site, source }) => JSON.stringify([site, source.peer.name]));
  return ends.toSorted().join();
}

/** Negotiations of which the dumps do not tell what becomes of them. */
function unknownsOf({ network }: Outcome): number {
  return network.links
    .flatMap(({ negotiations }) => negotiations)
    .filter(({ result }) => result.outcome === 'unknown').length;
}

/** What an outcome is measured by, the first that differs decides; less is better. */
export interface Measure {
  /** Links without an error that have one, or more warnings, or are gone; errors about a site that were not there; ends that call no more. */
  readonly damage: number;
  /** What is left although a command might mend it. */
  readonly open: number;
  /** What is left to mend, and what was judged before and can be no more. */
  readonly left: number;
  readonly newWarnings: number;
  readonly weakenings: number;
  readonly commands: number;
  /** Commands that change what a site says of itself: its own name, address or networks, which it knows best. */
  readonly own: number;
  /** Connections, children and secrets that are no longer what they were. */
  readonly disturbed: () => number;
  readonly sites: number;
}

const ofItself = / (?:local prefix|local port|local-id|local-address)\b/;

/** `isOpen`: whether a command might mend a finding. `counts`: whether it is one of those that are to be mended. */
export function measure(
  start: Outcome,
  now: Outcome,
  isOpen: (finding: Finding) => boolean,
  counts: (finding: Finding, at: Outcome) => boolean = () => true,
): Measure {
  const faults = now.faults.filter((finding) => counts(finding, now));
  const before = new Set(start.report.findings.map(({ fingerprint }) => fingerprint));
  const added = now.report.findings.filter(
    ({ fingerprint, severity }) => severity !== 'info' && !before.has(fingerprint),
  );
  return {
    damage:
      damagedLinks(start, now) +
      silencedEnds(start, now) +
      added.filter(({ link, severity }) => link === null && severity === 'error').length,
    open: faults.filter(isOpen).length,
    left: faults.length + Math.max(0, unknownsOf(now) - unknownsOf(start)),
    newWarnings: added.filter(({ severity }) => severity === 'warning').length,
    weakenings: sum(now, start, (site, old) => weakenings(old, site).size),
    commands: countOf(now),
    own: now.choices.filter(({ command }) => ofItself.test(command)).length,
    // It costs more than all else, and seldom decides.
    disturbed: once(() =>
      sum(now, start, (site, old) => {
        const [parts, were] = [partsOf(site), partsOf(old)];
        return [...parts].filter(([name, text]) => were.get(name) !== text).length;
      }),
    ),
    sites: new Set(now.choices.map(({ site }) => site)).size,
  };
}

/** A rule of a firewall or of NAT counts as one command, however many it takes. */
function countOf({ choices }: Outcome): number {
  return new Set(
    choices.map(
      ({ site, command }) =>
        `${site} ${/^set (?:firewall|nat|nat66) .*? rule \S+/.exec(command)?.[0] ?? command}`,
    ),
  ).size;
}

function once(count: () => number): () => number {
  let counted: number | undefined;
  return () => {
    counted ??= count();
    return counted;
  };
}

type Loaded = Network['sites'][number];

function sum(now: Outcome, start: Outcome, of: (site: Loaded, before: Loaded) => number): number {
  return now.network.sites
    .map((site, index) => {
      const before = start.network.sites[index];
      return before && before.site !== site.site ? of(site, before) : 0;
    })
    .reduce((one, other) => one + other, 0);
}

/** Links that are gone, and links without an error that have one, or more warnings than before. */
function damagedLinks(start: Outcome, now: Outcome): number {
  const countsOf = ({ report: { findings } }: Outcome, link: number) => {
    const own = (severity: Severity) =>
      findings.filter((finding) => finding.link === link && finding.severity === severity).length;
    return { errors: own('error'), warnings: own('warning') };
  };
  const after = new Map(now.network.links.map((link, index) => [nameOf(link), countsOf(now, index)]));
  return start.network.links.filter((link, index) => {
    const counts = after.get(nameOf(link));
    if (counts === undefined) return true;
    const { errors, warnings } = countsOf(start, index);
    return errors === 0 && (counts.errors > 0 || counts.warnings > warnings);
  }).length;
}

/** Ends that might call and only answer now: a peer whose address is taken away fails at nothing any more, and mends nothing. */
function silencedEnds(start: Outcome, now: Outcome): number {
  const calling = new Set(callingEnds(now));
  return callingEnds(start).filter((end) => !calling.has(end)).length;
}

function callingEnds({ network: { links } }: Outcome): readonly string[] {
  return links.flatMap(({ a, b, negotiations }) =>
    [a, b].flatMap((end) =>
      negotiations.some(({ initiator, child }) => initiator === end.side && mayCall(end, child))
        ? [JSON.stringify([end.site, end.source.peer.name])]
        : [],
    ),
  );
}

const order: Readonly<Record<'strongest' | 'fewest', readonly (keyof Measure)[]>> = {
  strongest: ['damage', 'open', 'left', 'newWarnings', 'weakenings', 'commands', 'own', 'disturbed', 'sites'],
  fewest: ['damage', 'open', 'left', 'newWarnings', 'commands', 'weakenings', 'own', 'disturbed', 'sites'],
};

export type Preference = keyof typeof order;

function numberOf(quantity: Measure[keyof Measure]): number {
  return typeof quantity === 'number' ? quantity : quantity();
}

/** Less than zero where the first is better. */
export function compareMeasures(one: Measure, other: Measure, prefer: Preference): number {
  for (const quantity of order[prefer]) {
    const difference = numberOf(one[quantity]) - numberOf(other[quantity]);
    if (difference !== 0) return difference;
  }
  return 0;
}
