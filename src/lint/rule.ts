import type { Notify } from '../ike/outcome.ts';
import type { Link } from '../pairing/link.ts';
import type { LoadedSite } from '../vyos/connections.ts';
import type { Problem, Severity } from './finding.ts';

export interface RuleSource {
  readonly title: string;
  readonly url: string;
}

/** Commands that are appended to the two dumps of the shared example pair, one a line. */
export interface ExamplePatch {
  readonly a?: string;
  readonly b?: string;
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
  readonly check: (link: Link) => Iterable<Problem>;
}

/** A rule that reads one site. */
export interface SiteRule extends RuleBase {
  readonly scope: 'site';
  readonly check: (loaded: LoadedSite, site: number) => Iterable<Problem>;
}

/** A plain value: it sees no reporter, no file and no setting of severities. */
export type Rule = LinkRule | SiteRule;
