import { positionAt } from '../source/index.ts';
import type { Guard } from '../vyos/secret-places.ts';
import type { Finding } from './finding.ts';
import type { Report, SuppressedFinding, Suppression } from './report.ts';
import type { Ignore, Settings } from './settings.ts';
import type { SuppressionComment } from './suppression-comment.ts';

/** What is known of the sites and links while findings are held against what the user does not want to see. */
export interface Suppressing {
  readonly comments: readonly (readonly SuppressionComment[])[];
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

/** The comments that say something about a finding: about its rule, at one of its places. */
export function isAbout(comment: SuppressionComment, site: number, finding: Finding): boolean {
  if (!comment.rules.some(({ value }) => value === finding.ruleId)) return false;
  const places = finding.locations.filter((location) => location.site === site);
  if (comment.kind === 'file') return places.length > 0;
  return (
    comment.kind === 'next-line' &&
    places.some(({ at }) => positionAt(at.file, at.start).line === comment.line)
  );
}

function commentFor(finding: Finding, { comments }: Suppressing): SuppressionComment | undefined {
  return comments
    .flatMap((ofSite, site) => ofSite.filter((comment) => isAbout(comment, site, finding)))
    .at(0);
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
 * Parts the findings into those that are shown and those that are not, and keeps what hides behind what. A finding that
 * hides behind one that is not shown is shown as one that hides behind nothing.
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
  const shown = judged.flatMap(({ finding, suppression: by }) => {
    if (by !== undefined) return [];
    const { hiddenBehind } = finding;
    return [{ ...finding, hiddenBehind: hiddenBehind === null ? null : (places.get(hiddenBehind) ?? null) }];
  });
  const suppressed = judged.flatMap(({ finding, suppression: by }) =>
    by === undefined || by === 'off'
      ? []
      : [{ finding: { ...finding, hiddenBehind: null }, suppression: by }],
  );
  return { shown, suppressed };
}
