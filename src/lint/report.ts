import type { Negotiation } from '../ike/outcome.ts';
import type { Grounds } from '../pairing/grounds.ts';
import type { SourceFile, Span } from '../source/index.ts';
import type { Finding, Severity } from './finding.ts';
import type { Ignore } from './settings.ts';

export type {
  ChildOutcome,
  Established,
  Failed,
  Failure,
  Negotiation,
  Reason,
  Side,
} from '../ike/outcome.ts';
export type { Grounds, Sign } from '../pairing/grounds.ts';

/** A router, as it was read from one dump. */
export interface ReportSite {
  /** What it is called: `Input.name`, or the name of the file without folder and extension. */
  readonly name: string;
  /** The name as texts have it: cut where it is very long. */
  readonly called: string;
  /** The dump itself, with its secrets: every place of the report is an offset in it. */
  readonly file: SourceFile;
  /** What `show configuration commands` prints, or the braces of `config.boot`. */
  readonly notation: 'set' | 'config-boot';
  /** How many commands were read. */
  readonly commands: number;
  /** Whether anything is set below `vpn ipsec`. */
  readonly vpn: boolean;
  /** Whether there is a site-to-site peer. */
  readonly ipsec: boolean;
  /** The release whose defaults and spelling hold: `1.4`. */
  readonly vyos: string;
  /** That release and how it is known, as a sentence without a full stop: `VyOS 1.3, because of line 12: …`. */
  readonly vyosReason?: string;
  /** Where `file` holds a secret's characters, without quotes. No format shows them or tells their length. */
  readonly secrets: readonly Span[];
}

/** One end of a link. */
export interface ReportEnd {
  /** The index of the site. */
  readonly site: number;
  /** The name of the peer in the site's configuration. */
  readonly peer: string;
  /** What every text about the link calls this end: its site by name, or `A` and `B` where the two have no names of their own. */
  readonly name: string;
}

/** Two peers that face each other. */
export interface LinkEnds {
  readonly a: ReportEnd;
  readonly b: ReportEnd;
}

/** A peer of one site that faces a peer of the other. `a` is the peer of the site that was named first. */
export interface ReportLink extends LinkEnds {
  /** Why the two are believed to face each other. */
  readonly pairing: Grounds;
  /** One for each child of each side as initiator: RFC 7296 and 2409 as strongSwan does them. */
  readonly negotiations: readonly Negotiation[];
}

/** A peer that faces nobody in the dumps that were given, and why it was not paired. */
export interface UnpairedPeer {
  /** Index of the site. */
  readonly site: number;
  readonly peer: string;
  readonly why: string;
  /** The peers that it may face and that fit equally well; empty where nobody does. */
  readonly candidates: readonly { readonly site: number; readonly peer: string }[];
}

/** What made the report. `home` is the address of the project, without a slash at its end. */
export interface Tool {
  readonly name: string;
  readonly version: string;
  readonly home: string;
}

/** Where a behaviour was read: a section of an RFC, a file of strongSwan's or VyOS's source, a manual. */
export interface RuleSource {
  readonly title: string;
  readonly url: string;
}

/** What there is to know of a rule that was run. */
export interface ReportRule {
  readonly id: string;
  /** One line, with a full stop. */
  readonly summary: string;
  /** The one that holds in this run, unless a finding has its own. */
  readonly severity: Severity;
  /** Why it matters, and what to do: plain paragraphs. */
  readonly why: string;
  readonly mend: string;
  readonly sources: readonly RuleSource[];
  /** The address of the rule's page. */
  readonly page: string;
}

/**
 * Why a finding is not shown: a comment in a dump (`at` is the comment), an entry of the configuration, or the
 * baseline. `reason` is what the user wrote; null where nothing was written.
 */
export interface Suppression {
  readonly by: 'comment' | 'configuration' | 'baseline';
  readonly reason: string | null;
  readonly at?: Span;
  /** The entry of the configuration. */
  readonly ignore?: Ignore;
}

/** A finding that is not shown, and why. */
export interface SuppressedFinding {
  readonly finding: Finding;
  readonly suppression: Suppression;
}

/** All that a run found. Every format is made from this and from nothing else. */
export interface Report {
  readonly tool: Tool;
  /** Every rule that was run, in the order in which the exchanges would trip over what it finds. */
  readonly rules: readonly ReportRule[];
  readonly sites: readonly ReportSite[];
  readonly links: readonly ReportLink[];
  readonly unpaired: readonly UnpairedPeer[];
  readonly findings: readonly Finding[];
  /** What was found and is not to be shown. */
  readonly suppressed: readonly SuppressedFinding[];
  readonly summary: {
    readonly errors: number;
    readonly warnings: number;
    readonly infos: number;
    readonly links: number;
    readonly unpairedPeers: number;
    readonly suppressed: number;
  };
}
