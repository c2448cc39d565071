import { createHash } from 'node:crypto';
import type { Network } from '../pairing/link.ts';
import { secretPlaces } from '../vyos/secret-places.ts';
import { type Bite, type Finding, type Problem, type Severity, stages } from './finding.ts';
import type { Report, ReportRule, Tool } from './report.ts';
import type { Rule } from './rule.ts';

interface Found {
  readonly rule: Rule;
  readonly problem: Problem;
  readonly link: number | null;
}

/** Runs the rules over the sites and their links, and puts what they find in the order in which it is shown. */
export function lint(network: Network, rules: readonly Rule[], tool: Tool): Report {
  const found = network.sites
    .flatMap((loaded, site) =>
      rules.flatMap((rule): readonly Found[] =>
        rule.scope === 'site'
          ? [...rule.check(loaded, site)].map((problem) => ({ rule, problem, link: null }))
          : [],
      ),
    )
    .toSorted(bySiteAndPlace);
  for (const [index, link] of network.links.entries()) {
    const ofLink = rules.flatMap((rule): readonly Found[] =>
      rule.scope === 'link' ? [...rule.check(link)].map((problem) => ({ rule, problem, link: index })) : [],
    );
    found.push(...ofLink.toSorted((one, other) => rank(one) - rank(other)));
  }
  const marks = fingerprints(found, network);
  const findings = found.map((item, index) => findingOf(item, found, marks[index] ?? ''));
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return {
    tool,
    rules: rules.map((rule) => describeRule(rule, tool)),
    sites: network.sites.map(({ site }) => ({
      name: site.name,
      file: site.file,
      notation: site.dump.notation,
      vyos: site.release,
      commands: site.dump.commands.length,
      ipsec: site.peers.length > 0,
      secrets: secretPlaces(site.dump),
    })),
    links: network.links.map(({ a, b, negotiations }) => ({
      a: { site: a.site, peer: a.source.peer.name },
      b: { site: b.site, peer: b.source.peer.name },
      negotiations,
    })),
    unpaired: network.unpaired.map(({ site, source, why }) => ({ site, peer: source.peer.name, why })),
    findings,
    suppressed: [],
    summary: {
      errors: count('error'),
      warnings: count('warning'),
      infos: count('info'),
      links: network.links.length,
      unpairedPeers: network.unpaired.length,
      suppressed: 0,
    },
  };
}

function describeRule({ id, summary, severity, why, mend, sources }: Rule, tool: Tool): ReportRule {
  return { id, summary, severity, why, mend, sources, page: pageOf(id, tool) };
}

/** Where the page of a rule stands for the version that speaks of it. */
export function pageOf(ruleId: string, { home, version }: Tool): string {
  return `${home}/blob/v${version}/docs/rules/${ruleId}.md`;
}

function bySiteAndPlace(one: Found, other: Found): number {
  const [first] = one.problem.locations;
  const [second] = other.problem.locations;
  return first.site - second.site || first.at.start - second.at.start;
}

function severityOf({ rule, problem }: Found): Severity {
  return problem.severity ?? rule.severity;
}

const severityRank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

function rank(item: Found): number {
  const { stage } = item.problem;
  const place = stage ? stages.indexOf(stage) : stages.length + severityRank[severityOf(item)];
  return place;
}

function findingOf(item: Found, all: readonly Found[], fingerprint: string): Finding {
  const { rule, problem, link } = item;
  const bites = problem.bites ?? [];
  const hiding = problem.stage ? all.findIndex((other) => hides(other, item)) : -1;
  return {
    ruleId: rule.id,
    severity: severityOf(item),
    message: problem.message,
    consequence: problem.consequence,
    ikeError: problem.ikeError ?? null,
    exchange: problem.exchange ?? null,
    initiators: [...new Set(bites.map(({ initiator }) => initiator))],
    log: problem.log ?? { a: [], b: [] },
    locations: problem.locations,
    fix: problem.fix ?? [],
    ...(problem.fixAll ? { fixAll: true } : {}),
    hiddenBehind: hiding < 0 ? null : hiding,
    link,
    fingerprint,
  };
}

/** Whether every negotiation in which `later` bites fails at an earlier stage because of `earlier`. */
function hides(earlier: Found, later: Found): boolean {
  const stage = earlier.problem.stage;
  const laterStage = later.problem.stage;
  const bites = later.problem.bites ?? [];
  if (!stage || !laterStage || earlier.link !== later.link || bites.length === 0) return false;
  if (severityOf(earlier) !== 'error' || stages.indexOf(stage) >= stages.indexOf(laterStage)) return false;
  const covers = (bite: Bite) =>
    (earlier.problem.bites ?? []).some(
      ({ initiator, child }) => initiator === bite.initiator && child === bite.child,
    );
  return bites.every(covers);
}

const groupTags: ReadonlySet<string> = new Set(['ike-group', 'esp-group']);

/**
 * Stays the same when lines move, values change, groups are renamed or the sides are exchanged: made from the rule, the
 * peers (or the site) and the configuration paths, never from a value. Findings that are alike in all of these are
 * counted.
 */
function fingerprints(found: readonly Found[], { links, sites }: Network): readonly string[] {
  const seen = new Map<string, number>();
  return found.map(({ rule, problem, link: index }) => {
    const link = index === null ? undefined : links[index];
    const paths = problem.locations.map(({ path }) =>
      path.map((name, place) => (groupTags.has(path[place - 1] ?? '') ? '*' : name)).join(' '),
    );
    const [{ site }] = problem.locations;
    const ends = link ? [link.a.source.peer.name, link.b.source.peer.name] : [sites[site]?.site.name ?? ''];
    const text = JSON.stringify([rule.id, ...ends.toSorted(), ...new Set(paths.toSorted())]);
    const count = seen.get(text) ?? 0;
    seen.set(text, count + 1);
    return createHash('sha256').update(`${text}${count}`).digest('hex').slice(0, 32);
  });
}
