import { createHash } from 'node:crypto';
import { type Link, loneEnd, type Network } from '../pairing/link.ts';
import type { PairedSource } from '../pairing/pair.ts';
import { calledName } from '../pairing/site-name.ts';
import { oncePer } from '../source/once.ts';
import { readCommand } from '../vyos/command.ts';
import { commandsOf } from '../vyos/damaged-commands.ts';
import { releaseSentence } from '../vyos/release.ts';
import { lookup } from '../vyos/schema/index.ts';
import { type Guard, guardOf } from '../vyos/secret-places.ts';
import type { Site } from '../vyos/site.ts';
import { allSpelledIn } from '../vyos/spelling.ts';
import { has } from '../vyos/tree.ts';
import { discreetly } from './discreetly.ts';
import { type Finding, type Fix, isLighter, type Problem, type Severity, severities } from './finding.ts';
import { recounted } from './narrow.ts';
import { inOrderOfRecord } from './record-order.ts';
import type { Report, ReportLink, ReportRule, ReportSite, Tool } from './report.ts';
import type { Rule } from './rule.ts';
import { noSettings, type Settings } from './settings.ts';
import { commentIndex, part, type Suppressing, suppressionOf, unusedRules } from './suppress.ts';
import { type SuppressionComment, suppressionComments, withoutOwnWords } from './suppression-comment.ts';

export interface Found {
  readonly rule: Rule;
  readonly problem: Problem;
  readonly link: number | null;
  /** The one that fails earlier and hides it. */
  readonly behind?: Found | undefined;
}

/**
 * Runs the rules over the sites and their links, puts what they find in the order in which it is shown, and leaves out
 * what the user does not want to see.
 */
export function lint(
  network: Network,
  rules: readonly Rule[],
  tool: Tool,
  settings: Settings = noSettings,
): Report {
  const comments = network.sites.map(({ site }) => suppressionComments(site.dump));
  const known = rules.map(({ id }) => id);
  const guard = guardOf(network.sites.map(({ site }) => site.dump));
  const sites = network.sites.map(({ site }, index) =>
    describeSite(site, comments[index] ?? [], known, guard),
  );
  const links = network.links.map(describeLink);
  const found = findAll(network, rules);
  const all = findingsOf(found, network, settings, guard);
  const among: Suppressing = {
    comments: comments.map(commentIndex),
    sites,
    links,
    down: expectedDown(network),
    ofExpectations: new Set(
      rules.filter((rule) => rule.scope === 'network' && rule.ofExpectations).map(({ id }) => id),
    ),
    settings,
    guard,
  };
  const isOff = ({ ruleId }: Finding) => settings.severities[ruleId] === 'off';
  const ofRules = part(all, (finding) => (isOff(finding) ? 'off' : suppressionOf(finding, among)));
  const ofComments = part(
    findingsOf(findInComments(rules, comments, all), network, settings, guard),
    (finding) => (isOff(finding) ? 'off' : suppressionOf(finding, { ...among, comments: [] })),
  );
  const report = recounted({
    tool,
    rules: rules.map((rule) => describeRule(rule, tool, settings)),
    sites,
    links,
    unpaired: network.unpaired.map(({ candidates, why, ...end }) => ({
      ...peerOf(end),
      why,
      candidates: candidates.map(peerOf),
    })),
    findings: [...ofRules.shown, ...ofComments.shown],
    suppressed: [...ofRules.suppressed, ...ofComments.suppressed],
  });
  return discreetly(report, guard);
}

function describeSite(
  site: Site,
  comments: readonly SuppressionComment[],
  known: readonly string[],
  guard: Guard,
): ReportSite {
  return {
    name: site.name,
    called: calledName(site.name),
    file: site.file,
    notation: site.dump.notation,
    vyos: site.release,
    ...(site.releaseReason.kind === 'default' ? {} : { vyosReason: releaseSentence(site) }),
    commands: commandsOf(site.dump).length,
    vpn: has(site.tree, 'vpn', 'ipsec'),
    ipsec: site.peers.length > 0,
    secrets: withoutOwnWords(guard.placesIn(site.dump), comments, known),
  };
}

function describeLink({ a, b, grounds, negotiations }: Link): ReportLink {
  return {
    a: { ...peerOf(a), name: a.name },
    b: { ...peerOf(b), name: b.name },
    pairing: grounds,
    negotiations,
  };
}

function peerOf({ site, source }: PairedSource) {
  return { site, peer: source.peer.name };
}

/**
 * What is wrong with a site in the order of the places, then each link in the order of the exchanges, and at last what
 * is weak or worth knowing of a site: the tunnel that is down comes before the advice.
 */
function findAll(network: Network, rules: readonly Rule[]): readonly Found[] {
  const ofNetwork = rules.flatMap((rule): readonly Found[] =>
    rule.scope === 'network'
      ? [...rule.check(network)].map(({ link, ...problem }) => ({ rule, problem, link }))
      : [],
  );
  const ofSites = network.sites.flatMap((loaded, site) =>
    rules.flatMap((rule): readonly Found[] =>
      rule.scope === 'site'
        ? [...rule.check(loaded, site)].map((problem) => ({ rule, problem, link: null }))
        : [],
    ),
  );
  const ofUnpaired = network.unpaired.flatMap(({ site, source }) => {
    const loaded = network.sites[site];
    // Nothing is negotiated for a peer without a child, such as one whose tunnels are all disabled.
    if (!loaded || source.children.length === 0) return [];
    const end = loneEnd(loaded, source, site);
    return rules.flatMap((rule): readonly Found[] =>
      rule.scope === 'link' && rule.checkAlone
        ? [...rule.checkAlone(end)].map((problem) => ({ rule, problem, link: null }))
        : [],
    );
  });
  const alone = [...ofSites, ...ofUnpaired, ...ofNetwork.filter(({ link }) => link === null)].toSorted(
    bySiteAndPlace,
  );
  const isError = (item: Found) => severityOf(item) === 'error';
  const found = alone.filter(isError);
  for (const [index, link] of network.links.entries()) {
    const ofLink = foundOfLinks(network)(rules)[index] ?? [];
    const all = [...ofLink, ...ofNetwork.filter((each) => each.link === index)];
    const ofRecord = new Map<Found, Found>();
    for (const { item, behind } of inOrderOfRecord(all.toSorted(byWeight), link)) {
      const linked: Found = {
        ...item,
        behind: (behind && ofRecord.get(behind)) ?? refusalBefore(item.problem, link, found),
      };
      ofRecord.set(item, linked);
      found.push(linked);
    }
  }
  return [...found, ...alone.filter((item) => !isError(item))];
}

/** What the rules find of each link: once for all that is told of a network. */
export const foundOfLinks = oncePer((network: Network) =>
  oncePer((rules: readonly Rule[]) =>
    network.links.map((link, index) =>
      rules.flatMap((rule): readonly Found[] =>
        rule.scope === 'link'
          ? [...rule.check(link, network)].map((problem) => ({ rule, problem, link: index }))
          : [],
      ),
    ),
  ),
);

/**
 * What keeps an end of the link from being loaded, and so comes before a finding in each negotiation in which it bites: of
 * the initiator, else of the responder. `found`: what is said of the sites, and before.
 */
function refusalBefore(
  { bites = [] }: Problem,
  { a, b, negotiations }: Link,
  found: readonly Found[],
): Found | undefined {
  const sites = bites.map(({ initiator, child, after }) => {
    const met = negotiations.find((each) => each.initiator === initiator && each.child === child);
    const record = met ? [...(met.result.outcome === 'failed' ? [met.result] : []), ...met.hidden] : [];
    const role = record.slice(0, after ?? 0).find(({ detail }) => detail?.unloaded)?.detail?.unloaded;
    if (!role) return undefined;
    return ((role === 'initiator') === (initiator === 'a') ? a : b).site;
  });
  const [site] = sites;
  if (site === undefined || sites.includes(undefined)) return undefined;
  return found.find(({ problem }) => problem.unloads && problem.locations[0].site === site);
}

/** What is wrong with the suppression comments themselves. `all`: every finding that they could be about. */
function findInComments(
  rules: readonly Rule[],
  comments: readonly (readonly SuppressionComment[])[],
  all: readonly Finding[],
): readonly Found[] {
  const known = rules.map(({ id }) => id);
  return comments.flatMap((ofSite, site) => {
    const unused = unusedRules(ofSite, site, all);
    const judged = ofSite.map((comment, index) => ({ comment, unused: unused[index] ?? new Set<string>() }));
    return rules.flatMap((rule): readonly Found[] =>
      rule.scope === 'suppression'
        ? [...rule.check(judged, site, known)].map((problem) => ({ rule, problem, link: null }))
        : [],
    );
  });
}

/** The links that the user expects to be down, and why. */
function expectedDown({ links }: Network): ReadonlyMap<number, string | null> {
  return new Map(
    links.flatMap(({ expectation }, index) =>
      expectation?.state === 'down' ? [[index, expectation.reason] as const] : [],
    ),
  );
}

function findingsOf(
  found: readonly Found[],
  network: Network,
  settings: Settings,
  guard: Guard,
): readonly Finding[] {
  const marks = fingerprints(found, network, guard);
  const places = new Map(found.map((item, index) => [item, index]));
  return found.map((item, index) => ({
    ...findingOf(item, marks[index] ?? '', network),
    hiddenBehind: (item.behind && places.get(item.behind)) ?? null,
    severity: severityIn(item, settings),
  }));
}

function describeRule(
  { id, summary, severity, why, mend, sources }: Rule,
  tool: Tool,
  settings: Settings,
): ReportRule {
  const wanted = settings.severities[id];
  const inForce = wanted === undefined || wanted === 'off' ? severity : wanted;
  return { id, summary, severity: inForce, why, mend, sources, page: pageOf(id, tool) };
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

/** What the rule says, whatever the user wants: what hides what follows from what fails. */
function severityOf({ rule, problem }: Found): Severity {
  return problem.severity ?? rule.severity;
}

function severityIn(item: Found, settings: Settings): Severity {
  const own = severityOf(item);
  const wanted = settings.severities[item.rule.id];
  if (wanted === undefined || wanted === 'off') return own;
  return isLighter(own, item.rule.severity) && isLighter(own, wanted) ? own : wanted;
}

function byWeight(one: Found, other: Found): number {
  return severities.indexOf(severityOf(one)) - severities.indexOf(severityOf(other));
}

function findingOf(item: Found, fingerprint: string, { sites }: Network): Omit<Finding, 'hiddenBehind'> {
  const { rule, problem, link } = item;
  const bites = problem.bites ?? [];
  return {
    ruleId: rule.id,
    severity: severityOf(item),
    message: problem.message,
    ...(problem.short === undefined ? {} : { short: problem.short }),
    consequence: problem.consequence,
    ikeError: problem.ikeError ?? null,
    exchange: problem.exchange ?? null,
    initiators: [...new Set(bites.map(({ initiator }) => initiator))],
    log: problem.log ?? { a: [], b: [] },
    locations: problem.locations,
    fix: spelledFixes(problem, sites),
    ...(problem.fixAll ? { fixAll: true } : {}),
    ...(problem.unloads ? { unloads: true } : {}),
    link,
    fingerprint,
  };
}

/** Of a node that is not known a value may be one of several. */
function besideOthers(commands: readonly string[], { release }: Site): Pick<Fix, 'beside'> {
  const beside = commands.flatMap((command, index) => {
    const { verb, words } = readCommand(command);
    const node = lookup(words.slice(0, -1), release);
    return verb === 'set' && (node?.kind !== 'leaf' || node.multi) ? [index] : [];
  });
  return beside.length === 0 ? {} : { beside };
}

/** Rules write today's spelling; a mend that a site's release cannot say is none. */
function spelledFixes({ fix = [], fixAll }: Problem, sites: Network['sites']): readonly Fix[] {
  const spelled = fix.flatMap((one): readonly Fix[] => {
    const loaded = sites[one.site];
    const commands = loaded && allSpelledIn(one.commands, loaded.site);
    return commands ? [{ ...one, commands, ...besideOthers(commands, loaded.site) }] : [];
  });
  return fixAll && spelled.length < fix.length ? [] : spelled;
}

const groupTags: ReadonlySet<string> = new Set(['ike-group', 'esp-group']);

/**
 * Stays the same when lines move, values change, groups are renamed or the sides are exchanged: made from the rule, the
 * sites, the peers and the configuration paths, never from a value. Findings that are alike in all of these are
 * counted.
 */
function fingerprints(
  found: readonly Found[],
  { links, sites }: Network,
  { discreet }: Guard,
): readonly string[] {
  const seen = new Map<string, number>();
  return found.map(({ rule, problem, link: index }) => {
    const link = index === null ? undefined : links[index];
    const paths = problem.locations.map(({ path }) =>
      path.map((name, place) => (groupTags.has(path[place - 1] ?? '') ? '*' : name)).join(' '),
    );
    const [{ site }] = problem.locations;
    // Peers of one name stand on many routers: without the site two links would share their marks.
    const ends = link
      ? [link.a, link.b].map(({ loaded, source }) => JSON.stringify([loaded.site.name, source.peer.name]))
      : [sites[site]?.site.name ?? ''];
    const parts = [rule.id, ...ends.map(discreet).toSorted(), ...new Set(paths.map(discreet).toSorted())];
    const text = JSON.stringify(parts);
    const count = seen.get(text) ?? 0;
    seen.set(text, count + 1);
    return createHash('sha256').update(`${text}${count}`).digest('hex').slice(0, 32);
  });
}
