import type { Arrival, Obstacle } from './connection.ts';
import type { Proposal } from './proposal.ts';

/**
 * What becomes of a negotiation, as data. The words are those of RFC 7296 and of strongSwan; a reader of the JSON
 * report finds them there unchanged.
 */

/** Which of the two daemons: `a` and `b` are the sites in the order they were named. */
export type Side = 'a' | 'b';

/** The parts that two daemons play in an exchange (RFC 7296 section 1.2). */
export type Role = 'initiator' | 'responder';

/**
 * The exchanges in which a negotiation may fail, of IKEv2 (RFC 7296 section 1) and of IKEv1 (RFC 2409 section 5), in the
 * order in which a tunnel comes to them.
 */
export const exchanges = [
  'IKE_SA_INIT',
  'MAIN_MODE',
  'AGGRESSIVE_MODE',
  'IKE_AUTH',
  'QUICK_MODE',
  'CREATE_CHILD_SA',
] as const;

/** One of them. */
export type Exchange = (typeof exchanges)[number];

/** Error notify messages that end a negotiation (RFC 7296 section 3.10.1, RFC 2408 section 3.14.1). */
export type Notify =
  | 'NO_PROPOSAL_CHOSEN'
  | 'INVALID_KE_PAYLOAD'
  | 'AUTHENTICATION_FAILED'
  | 'TS_UNACCEPTABLE'
  | 'INVALID_ID_INFORMATION'
  | 'INVALID_KEY_INFORMATION'
  | 'PAYLOAD_MALFORMED'
  | 'INVALID_SYNTAX';

/** Why a negotiation failed; `report.md` lists what each means. */
export type Reason =
  | 'no-ike-config'
  | 'no-ike-proposal'
  | 'no-peer-config'
  | 'auth-method'
  | 'psk-mismatch'
  | 'no-psk'
  /** In the published schema of the report; no dump leads to it yet. */
  | 'no-private-key'
  | 'id-mismatch'
  | 'no-ppk'
  | 'ppk-mismatch'
  | 'childless'
  | 'mode-mismatch'
  | 'not-loaded'
  | 'aggressive-psk-refused'
  | 'no-child-proposal'
  | 'no-matching-ts'
  | 'cannot-initiate'
  | 'no-response'
  | 'own-route';

/** Two lists of proposals without a common one. */
export interface ProposalMismatch {
  readonly initiator: readonly Proposal[];
  readonly responder: readonly Proposal[];
}

/** What the daemons looked at when a negotiation failed: names of the responder's configuration, and what differed. */
export interface FailureDetail {
  readonly responderConnection?: string;
  readonly responderChild?: string;
  readonly proposals?: ProposalMismatch;
  /** The identity that was presented and those that would have been accepted, as charon prints them. */
  readonly identity?: { readonly presented: string; readonly accepted: readonly string[] };
  /** The identities for which a side looked for a pre-shared secret, its own and the peer's. */
  readonly secretFor?: { readonly own: string; readonly peer: string };
  /** The failing identity is judged after a proof, which is right or taken for right. */
  readonly afterProof?: true;
  /** The connection of this end is not loaded; what else fails is as if it were. */
  readonly unloaded?: Role;
  /** What one end does not hear, the first message to a port or the answer to it, and what drops it there. */
  readonly dropped?: { readonly by: Role; readonly arrival: Arrival; readonly obstacle: Obstacle };
  /** What swallows the packets of the tunnel once it is up, at the end that sends them. */
  readonly swallowed?: Obstacle;
  /** Proposed by the initiator, in its view; and what the responder's children allow, in the same view. */
  readonly selectors?: {
    readonly local: readonly string[];
    readonly remote: readonly string[];
  };
}

/** The lines that charon writes at its default log level, in the order in which they come. */
export interface Log {
  readonly initiator: readonly string[];
  readonly responder: readonly string[];
}

/** Where a negotiation ends without what it was for, and what can be seen of that. */
export interface Failure {
  /** `ike`: no IKE_SA comes about. `child`: the IKE_SA stands, the CHILD_SA does not. */
  readonly phase: 'ike' | 'child';
  /** Null where nothing is sent. */
  readonly exchange: Exchange | null;
  /** The error notify on the wire; null where the failing side sends none. */
  readonly notify: Notify | null;
  readonly reason: Reason;
  /** Null where nobody notices: no daemon answers. */
  readonly detectedBy: Role | null;
  readonly log: Log;
  readonly detail?: FailureDetail;
}

/** A CHILD_SA that is made over an IKE_SA that stands: a rekey, or a later child of the same peer. */
export type ChildOutcome =
  | { readonly outcome: 'established'; readonly espProposal: string }
  | { readonly outcome: 'failed'; readonly notify: Notify | null }
  | { readonly outcome: 'unknown' };

/** A tunnel that comes up, and how its rekeys go. */
export interface Established {
  readonly outcome: 'established';
  /** strongSwan's spelling, e.g. `AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048`. */
  readonly ikeProposal: string;
  readonly espProposal: string;
  /** The initiator's view, after narrowing, in strongSwan's notation. */
  readonly trafficSelectors: { readonly local: readonly string[]; readonly remote: readonly string[] };
  /** One extra round trip was needed for the Diffie-Hellman group. */
  readonly invalidKePayload: boolean;
  /** Whether a post-quantum preshared key is part of the keys (RFC 8784); absent where neither end names one. */
  readonly ppk?: boolean;
  /** The CHILD_SA's rekey, started by either side. */
  readonly rekey: { readonly a: ChildOutcome; readonly b: ChildOutcome };
  /** The connection and the child that the responder chose. */
  readonly responder?: { readonly connection: string; readonly child: string };
}

/** A negotiation that fails at once. */
export interface Failed extends Failure {
  readonly outcome: 'failed';
}

/** The configs do not hold what would decide it: a private key, a masked value. */
export interface Unknown {
  readonly outcome: 'unknown';
  /** What is missing, as a sentence without a full stop. */
  readonly why: string;
}

/** What fails once a tunnel is up: a rekey, the same child when another one made the IKE_SA, or all of it. */
export type LaterFailure =
  | {
      readonly kind: 'rekey';
      readonly by: Side;
      /** The child that the responder of the negotiation has in the CHILD_SA, whoever starts the rekey. */
      readonly responderChild: string;
      readonly failure: Failure;
    }
  | { readonly kind: 'later-child'; readonly failure: Failure }
  /** The tunnel is lost as soon as it is up, by what `by` does to its packets. */
  | { readonly kind: 'lost'; readonly by: Side; readonly failure: Failure };

/** What one end does, or may do, to a packet, and the configuration does not tell. */
export interface Doubt {
  readonly side: Side;
  readonly obstacle: Extract<Obstacle, { readonly kind: 'unknown' }>;
}

/** One child of one side as initiator. */
export interface Negotiation {
  readonly initiator: Side;
  /** `tunnel-<id>` or `vti`, of the initiator's connection. */
  readonly child: string;
  /** The version that the initiator uses. */
  readonly ikeVersion: 1 | 2;
  readonly result: Established | Failed | Unknown;
  /** The same child when an earlier child of its connection already made the IKE_SA; absent for the first child. */
  readonly onExistingIkeSa?: ChildOutcome;
  /** What fails once the tunnel is up: in a rekey, or when this child is a later one of its connection. */
  readonly afterwards: readonly LaterFailure[];
  /**
   * What would fail next if `result`'s failure were mended, then the next, in the order of the exchanges.
   * Empty where nothing more would fail.
   */
  readonly hidden: readonly Failure[];
  /** What may stand in the way of its packets, in their order, and is taken not to; absent where nothing does. */
  readonly doubts?: readonly Doubt[];
}
