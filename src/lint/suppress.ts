import { positionAt } from '../source/index.ts';
import type { Guard } from '../vyos/secret-places.ts';
import type { Finding } from './finding.ts';
import type { Report, SuppressedFinding, Suppression } from './report.ts';
import type { Ignore, Settings } from './settings.ts';
import type { SuppressionComment } from './suppression-comment.ts';

/** What is known of the sites and links while findings are held against what the user does not want to see. */
export interface Suppressing {
  readonly comments: readonly CommentIndex[];
  readonly sites: Report['sites'];
  readonly links: Report['links'];
  /** Links that the user expects to be down, by their index, with the reason. */
  readonly down: ReadonlyMap<number, string | null>;
  /** The rules that hold the links against what is expected of them: being down hides nothing of theirs. */
  readonly ofExpectations: ReadonlySet<string>;
  readonly settings: Settings;
  /** A reason is shown without what must not be seen of the dumps. */
  readonly guard: Guard;
}

/** Why a finding is not to be shown; undefined for one that is. */
export function suppressionOf(finding: Finding, among: Suppressing): Suppression | undefined {
  const comment = commentFor(finding, among);
  if (comment) {
    const reason = comment.reason === null ? null : among.guard.discreetProse(comment.reason);
    return { by: 'comment', reason, at: comment.at };
  }
  const ignore = among.settings.ignores.find((each) => isIgnored(finding, each, among));
  if (ignore) return { by: 'configuration', reason: among.guard.discreetReason(ignore.reason), ignore };
  if (finding.link !== null && among.down.has(finding.link) && !among.ofExpectations.has(finding.ruleId)) {
    const reason = among.down.get(finding.link) ?? 'the link is expected to be down';
    return { by: 'configuration', reason: among.guard.discreetReason(reason) };
  }
  return among.settings.baseline.has(finding.fingerprint) ? { by: 'baseline', reason: null } : undefined;
}

/**
 * The suppression comments of a site by what they speak of, a rule in the file or on a line: for each the first that
 * does. Where many comments meet many findings, each is looked up and not compared with all.
 */
export type CommentIndex = ReadonlyMap<
  string,
  { readonly comment: SuppressionComment; readonly place: number }
>;

export function commentIndex(comments: readonly SuppressionComment[]): CommentIndex {
  const index = new Map<string, { readonly comment: SuppressionComment; readonly place: number }>();
  for (const [place, comment] of comments.entries()) {
    for (const { value } of comment.rules) {
      const subject = subjectOf(comment, value);
      if (subject !== undefined && !index.has(subject)) index.set(subject, { comment, place });
    }
  }
  return index;
}

/** What a comment suppresses of a rule, as a key; undefined for nothing. */
function subjectOf({ kind, line }: SuppressionComment, rule: string): string | undefined {
  if (kind === 'file') return inFile(rule);
  return kind === 'next-line' && line !== undefined ? onLine(rule, line) : undefined;
}

const inFile = (rule: string) => `file ${rule}`;
const onLine = (rule: string, line: number) => `${line} ${rule}`;

/** What a comment on a site may suppress a finding by, as the keys of an index. */
function subjectsIn(site: number, { ruleId, locations }: Finding): readonly string[] {
  const places = locations.filter((location) => location.site === site);
  if (places.length === 0) return [];
  const lines = places.map(({ at }) => onLine(ruleId, positionAt(at.file, at.start).line));
  return [inFile(ruleId), ...lines];
}

/** The rules of a comment of which none of the findings is there to be suppressed by it. */
export function unusedRules(
  comments: readonly SuppressionComment[],
  site: number,
  findings: readonly Finding[],
): readonly ReadonlySet<string>[] {
  if (comments.length === 0) return [];
  const used = new Set(findings.flatMap((finding) => subjectsIn(site, finding)));
  return comments.map((comment) => {
    const unused = comment.rules.filter(({ value }) => {
      const subject = subjectOf(comment, value);
      return subject === undefined || !used.has(subject);
    });
    return new Set(unused.map(({ value }) => value));
  });
}

/** The first comment, by the order of the sites and then of the text, that suppresses a finding. */
function commentFor(finding: Finding, { comments }: Suppressing): SuppressionComment | undefined {
  for (const [site, index] of comments.entries()) {
    if (index.size === 0) continue;
    const found = subjectsIn(site, finding).flatMap((subject) => index.get(subject) ?? []);
    const [first] = found.toSorted((one, other) => one.place - other.place);
    if (first) return first.comment;
  }
  return undefined;
}

/** An ignore is about a rule, and where it says so about one site or one peer of those that the finding is about. */
function isIgnored(finding: Finding, { rule, site, peer }: Ignore, { sites, links }: Suppressing): boolean {
  if (rule !== finding.ruleId) return false;
  const link = finding.link === null ? undefined : links[finding.link];
  const ends = link
    ? [link.a, link.b]
    : finding.locations.map((location) => ({ site: location.site, peer: peerIn(location.path) }));
  return ends.some(
    (end) =>
      (site === undefined || sites[end.site]?.name === site) && (peer === undefined || end.peer === peer),
  );
}

/** The peer in a configuration path: `vpn ipsec site-to-site peer NAME`. */
function peerIn(path: readonly string[]): string | undefined {
  return path[2] === 'site-to-site' && path[3] === 'peer' ? path[4] : undefined;
}

/**
 * Parts the findings into those that are shown and those that are not, and keeps what hides behind what: a finding that
 * hides behind one that is not shown hides behind what that one hides behind.
 */
export function part(
  findings: readonly Finding[],
  suppression: (finding: Finding) => Suppression | 'off' | undefined,
): { readonly shown: readonly Finding[]; readonly suppressed: readonly SuppressedFinding[] } {
  const judged = findings.map((finding) => ({ finding, suppression: suppression(finding) }));
  const places = new Map<number, number>();
  for (const [index, each] of judged.entries()) {
    if (each.suppression === undefined) places.set(index, places.size);
  }
  // What hides a finding stands before it.
  const shownBefore = (index: number): number | null => {
    const hiding = findings[index]?.hiddenBehind ?? index;
    return hiding < index ? (places.get(hiding) ?? shownBefore(hiding)) : null;
  };
  const shown = judged.flatMap(({ finding, suppression: by }, index) =>
    by === undefined ? [{ ...finding, hiddenBehind: shownBefore(index) }] : [],
  );
  const suppressed = judged.flatMap(({ finding, suppression: by }) =>
    by === undefined || by === 'off'
      ? []
      : [{ finding: { ...finding, hiddenBehind: null }, suppression: by }],
  );
  return { shown, suppressed };
}
