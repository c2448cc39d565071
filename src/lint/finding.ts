import type { Exchange, Notify, Side } from '../ike/outcome.ts';
import type { Span } from '../source/index.ts';

/**
 * error: traffic or tunnel is lost. warning: works, and is fragile or weak. info: worth knowing. What each format calls
 * them is in src/report/severity-levels.ts.
 */
export type Severity = 'error' | 'warning' | 'info';

/** From the heaviest to the lightest. */
export const severities: readonly Severity[] = ['error', 'warning', 'info'];

export function isLighter(one: Severity, other: Severity): boolean {
  return severities.indexOf(one) > severities.indexOf(other);
}

/**
 * A place in a dump that a finding speaks of. The first location of a finding is its primary one.
 * `value` is what stands (or is in force) there, as VyOS spells it; null for a secret and for what has no value.
 * `origin`: the value was set on that line, is VyOS's default (`at` is then the node it belongs to), or was
 * derived from another setting (`at` is then that setting).
 */
export interface Location {
  /** Index of the site in the order they were named. */
  readonly site: number;
  readonly at: Span;
  readonly path: readonly string[];
  readonly value: string | null;
  readonly origin: 'set' | 'default' | 'derived';
  /** A fragment that reads beside the underlined text: `group 14, MODP_2048`, `not set: default 2`. */
  readonly label: string;
}

/**
 * Commands for one site that fix the finding. Several fixes are alternatives: one of them is enough. The commands of one
 * belong together: a rule of a firewall or of NAT without one of its criteria is for other packets.
 */
export interface Fix {
  readonly site: number;
  readonly commands: readonly string[];
  /**
   * The commands of the dump that VyOS refuses and whose place these take, one for each. Absent: nothing of the dump is
   * to go, and the commands have the last word.
   */
  readonly replaces?: readonly Span[];
  /** The places in `commands` of those whose value stands beside the others of its node, and takes the place of none. */
  readonly beside?: readonly number[];
  /** They are not enough: a person has to add what is not theirs to show, and until then VyOS commits nothing. */
  readonly partial?: true;
}

/** An error notify message as it goes over the wire (RFC 7296 section 3.10.1, RFC 2408 section 3.14.1). */
export interface IkeError {
  readonly notify: Notify;
  /** Its number: 14 for NO_PROPOSAL_CHOSEN. */
  readonly code: number;
}

/** One negotiation of a link: a child of the initiator's. */
export interface Bite {
  readonly initiator: Side;
  readonly child: string;
  /**
   * How many failures of this negotiation come before the one that is explained: 0 for the first of its record, and for
   * what fails once the tunnel is up the number of all that come before that. Absent where nothing of the record is
   * explained: such a bite comes last, hides nothing and is never hidden.
   */
  readonly after?: number;
}

/** What a rule says. The engine adds the rest. */
export interface Problem {
  /** Fact first, both values, no full stop. */
  readonly message: string;
  /**
   * The same in the few words that a line of a list has room for, made of the message's own values: `PFS: group 19, none`.
   * Of one site they are read beside the rule's id, and told once for all findings that have the same: `sha1`. Default:
   * the message.
   */
  readonly short?: string;
  /** What the operator will see, in one or two sentences. */
  readonly consequence: string;
  readonly ikeError?: IkeError | null;
  readonly exchange?: Exchange | null;
  /** The negotiations in which it bites. Default: none (a finding about one site). */
  readonly bites?: readonly Bite[];
  /** What each site's charon will log in the first of `bites`. */
  readonly log?: { readonly a: readonly string[]; readonly b: readonly string[] };
  /** At least one; the first is primary. */
  readonly locations: readonly [Location, ...Location[]];
  readonly fix?: readonly Fix[];
  /** All of `fix` is needed, and not one of it: the same is wrong on both sides. */
  readonly fixAll?: true;
  /** Of a site: for this no connection of it is loaded, and what its links find is hidden behind it. */
  readonly unloads?: true;
  /** Only where it differs from the rule's own. */
  readonly severity?: Severity;
}

/** Something that is wrong, or worth knowing: with one link, or with one site by itself. */
export interface Finding {
  /** The id of its rule, in `Report.rules`. */
  readonly ruleId: string;
  readonly severity: Severity;
  /** Fact first, both values, no full stop. */
  readonly message: string;
  /** The same in a few words; absent where the message is short enough. */
  readonly short?: string;
  /** What the operator will see, in one or two sentences. */
  readonly consequence: string;
  /** Null where no error goes over the wire. */
  readonly ikeError: IkeError | null;
  /** In which it comes out; null where nothing is exchanged. */
  readonly exchange: Exchange | null;
  /** The sides whose calls it spoils; `log` is that of a call of the first. */
  readonly initiators: readonly Side[];
  readonly log: { readonly a: readonly string[]; readonly b: readonly string[] };
  readonly locations: readonly [Location, ...Location[]];
  readonly fix: readonly Fix[];
  /** All of `fix` is needed; else one is enough. */
  readonly fixAll?: true;
  /** Of a site: for this no connection of it is loaded, and every call of its links is spoilt. */
  readonly unloads?: true;
  /**
   * Index into the report's findings of one that fails earlier, where each negotiation in which this one bites has
   * another failure before it: of several the one that comes next before this one.
   */
  readonly hiddenBehind: number | null;
  /** Index of the link; null for a finding about one site alone. */
  readonly link: number | null;
  /** Stable when lines move; never made from a secret. */
  readonly fingerprint: string;
}
