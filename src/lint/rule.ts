import type { Notify } from '../ike/outcome.ts';
import type { Expectation } from '../pairing/knowledge.ts';
import type { Link, LoneEnd, Network } from '../pairing/link.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import type { Problem, Severity } from './finding.ts';
import type { RuleSource } from './report.ts';
import type { SuppressionComment } from './suppression-comment.ts';

export type { RuleSource } from './report.ts';

/** Commands that are appended to the two dumps of the shared example pair, one a line. */
export interface ExamplePatch {
  readonly a?: string;
  readonly b?: string;
  /** What the user expects of the links; the sites are named `a` and `b`. */
  readonly expectations?: readonly Expectation[];
}

interface RuleBase {
  /** Kebab case: a thing and what is wrong with it. It is the file's name, too. */
  readonly id: string;
  /** One line, with a full stop. */
  readonly summary: string;
  readonly severity: Severity;
  /** The notify that it explains; null where none comes of it. */
  readonly notify: Notify | null;
  /** For the rule's page: why it matters, and what to do. Plain paragraphs. */
  readonly why: string;
  readonly mend: string;
  readonly sources: readonly [RuleSource, ...RuleSource[]];
  readonly bad: ExamplePatch;
  readonly good: ExamplePatch;
}

/** A rule that reads a link with its negotiations. */
export interface LinkRule extends RuleBase {
  readonly scope: 'link';
  readonly check: (link: Link, network: Network) => Iterable<Problem>;
  /** What can be told of an end whose other end was not given. */
  readonly checkAlone?: (end: LoneEnd) => Iterable<Problem>;
}

/** A rule that reads one site. */
export interface SiteRule extends RuleBase {
  readonly scope: 'site';
  readonly check: (loaded: LoadedSite, site: number) => Iterable<Problem>;
}

/** `link`: index of the link that it is about; null where there is none. */
export interface NetworkProblem extends Problem {
  readonly link: number | null;
}

/** A rule that reads all of the sites and links at once. */
export interface NetworkRule extends RuleBase {
  readonly scope: 'network';
  /** It holds the links against what the user expects of them: a link that is expected to be down hides nothing of it. */
  readonly ofExpectations?: true;
  readonly check: (network: Network) => Iterable<NetworkProblem>;
}

/** A suppression comment, once it is known what it suppresses. */
export interface JudgedComment {
  readonly comment: SuppressionComment;
  /** Those of its rules for which it suppresses nothing. */
  readonly unused: ReadonlySet<string>;
}

/** A rule that reads the suppression comments of one site. What it finds cannot be suppressed by a comment. */
export interface SuppressionRule extends RuleBase {
  readonly scope: 'suppression';
  readonly check: (
    comments: readonly JudgedComment[],
    site: number,
    /** The ids of all rules. */
    known: readonly string[],
  ) => Iterable<Problem>;
}

/** A plain value: it sees no reporter, no file and no setting of severities. */
export type Rule = LinkRule | SiteRule | NetworkRule | SuppressionRule;
