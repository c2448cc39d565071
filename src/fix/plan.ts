import type { Finding, Severity } from '../lint/finding.ts';
import type { LinkEnds } from '../lint/report.ts';
import type { SourceFile, Span } from '../source/index.ts';
import type { Release } from '../vyos/schema/node.ts';

/** What is to be mended, and how. */
export interface FixOptions {
  /** Indexes of the sites that may be changed. Default: all. */
  readonly sites?: readonly number[] | undefined;
  /** The least severity that is mended. Default: error. */
  readonly failOn?: Exclude<Severity, 'info'> | undefined;
  /** `strongest`: first weaken nothing, then change little. `fewest`: the other way round. Default: strongest. */
  readonly prefer?: Preference | undefined;
}

/** What counts first among plans that leave as little: that nothing is weakened, or that little is changed. */
export type Preference = 'strongest' | 'fewest';

/** Why a command stands in a plan: the finding for which it was chosen. */
export interface Mended extends Pick<Finding, 'ruleId' | 'severity' | 'message'> {
  /** The ends A and B of which the message speaks; null where it is about no link. */
  readonly link: LinkEnds | null;
}

/** One command of a plan. */
export interface Step {
  readonly verb: 'set' | 'delete';
  /** Every word after the verb, the value last, without quotes. */
  readonly words: readonly string[];
  /** As the report prints it. */
  readonly command: string;
  readonly mends: Mended;
  /** What it makes weaker, or what traffic it takes out of a tunnel, as a sentence; null where nothing. */
  readonly weakens: string | null;
  /** Commands of the dump that VyOS refuses, in whose place it stands. */
  readonly replaces: readonly Span[];
}

/** What is to be typed on one router. */
export interface SitePlan {
  readonly name: string;
  /** What texts call it: its name; of two sites that have one name, or none, `A` and `B`. */
  readonly called: string;
  readonly file: SourceFile;
  readonly notation: 'set' | 'config-boot';
  readonly release: Release;
  /** In the order in which they are typed. */
  readonly steps: readonly Step[];
  /** What else uses what is changed, as names: `peer SITE-C`. */
  readonly alsoChanges: readonly string[];
}

/**
 * A finding that the plan does not mend. `no-command`: a person must do it. `other-site`: a command would, on a site
 * that may not be changed. `not-clean`: a command would, and break something else, or leave what decides unknown.
 */
export interface Left extends Mended {
  readonly why: 'no-command' | 'other-site' | 'not-clean';
  /** Indexes of the sites that it points at, or on which the commands would be given. */
  readonly sites: readonly number[];
  /** What to do, in the rule's own words. */
  readonly todo: string;
  /** The commands that the finding offers, where they belong to what is to be done. */
  readonly commands: readonly { readonly site: number; readonly commands: readonly string[] }[];
  readonly fingerprint: string;
}

/** A link of which the dumps do not show whether it comes up once all is mended: neither a pass nor a fault. */
export interface NotJudged {
  /** What is missing, as a sentence without a full stop. */
  readonly why: string;
  /** The peers that face each other; `site` is an index. */
  readonly a: { readonly site: number; readonly peer: string };
  readonly b: { readonly site: number; readonly peer: string };
  /** Where the dumps do not show it; none where it is in no dump, or where the rule `not-judged` is off. */
  readonly places: readonly { readonly site: number; readonly at: Span; readonly path: readonly string[] }[];
}

/** The fewest commands that make a network clean, and what they leave to do. */
export interface Plan {
  readonly sites: readonly SitePlan[];
  readonly left: readonly Left[];
  readonly notJudged: readonly NotJudged[];
  /** Warnings after it that were not to be mended: 0 where `failOn` is `warning`, for then they are in `left`. */
  readonly warnings: number;
  /** How many findings of the wanted severity there were, and how many the plan mends. */
  readonly found: number;
  readonly mended: number;
  /** False where the search was cut short: the plan mends, and there may be a shorter one. */
  readonly exhaustive: boolean;
}
