import type { Negotiation } from '../ike/outcome.ts';
import type { SourceFile, Span } from '../source/index.ts';
import type { Finding } from './finding.ts';

export type {
  ChildOutcome,
  Established,
  Failed,
  Failure,
  Negotiation,
  Reason,
  Side,
} from '../ike/outcome.ts';

export interface ReportSite {
  readonly name: string;
  readonly file: SourceFile;
  readonly notation: 'set' | 'config-boot';
  /** How many commands were read. */
  readonly commands: number;
  /** Whether there is a site-to-site peer. */
  readonly ipsec: boolean;
  /** The release whose defaults and spelling hold: `1.4`. */
  readonly vyos: string;
  /** Where `file` holds a secret's characters, without quotes. No format shows them or tells their length. */
  readonly secrets: readonly Span[];
}

/** A peer of one site that faces a peer of the other. `a` is the peer of the site that was named first. */
export interface ReportLink {
  readonly a: { readonly site: number; readonly peer: string };
  readonly b: { readonly site: number; readonly peer: string };
  readonly negotiations: readonly Negotiation[];
}

/** A peer that faces nobody in the dumps that were given, and why it was not paired. */
export interface UnpairedPeer {
  readonly site: number;
  readonly peer: string;
  readonly why: string;
}

/** All that a run found. Every format is made from this and from nothing else. */
export interface Report {
  readonly tool: { readonly name: string; readonly version: string };
  readonly sites: readonly ReportSite[];
  readonly links: readonly ReportLink[];
  readonly unpaired: readonly UnpairedPeer[];
  readonly findings: readonly Finding[];
  readonly summary: {
    readonly errors: number;
    readonly warnings: number;
    readonly infos: number;
    readonly links: number;
    readonly unpairedPeers: number;
    readonly suppressed: number;
  };
}
