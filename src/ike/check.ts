import type { Connection, Obstacle } from './connection.ts';
import type { Identity } from './identity.ts';
import type { Failure, Role } from './outcome.ts';
import type { Proposal } from './proposal.ts';
import type { SharedKey } from './shared-key.ts';

/** The exchanges that a check is part of: the way of the first packet, IKE_SA_INIT or its like, the proofs, the CHILD_SA. */
export type Stage = 'path' | 'opening' | 'authentication' | 'child';

/** What decides a negotiation, in the order in which it comes to it. */
const stages = {
  'initiator-loaded': 'path',
  reach: 'path',
  'request-500': 'path',
  'responder-loaded': 'opening',
  'ike-config': 'opening',
  'ike-proposal': 'opening',
  aggressive: 'opening',
  'response-500': 'opening',
  'initiator-ppk': 'authentication',
  'initiator-secret': 'authentication',
  'initiator-childless': 'authentication',
  'request-4500': 'authentication',
  'known-identities': 'authentication',
  'peer-config': 'authentication',
  mode: 'authentication',
  ppk: 'authentication',
  authentication: 'authentication',
  'auth-method': 'authentication',
  'responder-identity': 'authentication',
  'responder-childless': 'authentication',
  'response-4500': 'authentication',
  'virtual-address': 'child',
  'traffic-selectors': 'child',
  'child-proposal': 'child',
} as const satisfies Readonly<Record<string, Stage>>;

export type CheckName = keyof typeof stages;

/** What the responder has shown of itself when the initiator refuses it. */
export interface Answer {
  readonly responderConnection: Connection;
  /** The responder's identity as it presents it. */
  readonly idr: Identity;
  /** It announces one more proof (RFC 4739) and says nothing of a CHILD_SA yet. */
  readonly announcesAnother: boolean;
  /** A post-quantum preshared key is part of its proof (RFC 8784). */
  readonly ppk: boolean;
}

/** What goes with a failure for those who draw the messages. */
export interface Shown {
  readonly answer?: Answer;
  /** IKEv1: what the responder has chosen, where the initiator refuses it. */
  readonly chosen?: Proposal | undefined;
  /** The keys of which one does not fit the other, each that with which an end proves itself. */
  readonly keys?: Readonly<Record<Role, SharedKey | undefined>>;
  /** The refusal is sent and does not arrive: the port that it is sent to. */
  readonly lost?: 500 | 4500;
}

/** What comes of a check. */
export type Verdict =
  | { readonly kind: 'passed' }
  | ({ readonly kind: 'failed'; readonly failure: Failure } & Shown)
  /**
   * The configurations do not tell; `why` as a sentence without a full stop. `doubt`: what may stand in the way of a packet,
   * and at which end; what fails behind it fails whatever comes of it.
   */
  | { readonly kind: 'assumed'; readonly why: string; readonly doubt?: RoleDoubt };

interface RoleDoubt {
  readonly at: Role;
  readonly obstacle: Extract<Obstacle, { readonly kind: 'unknown' }>;
}

export interface Check {
  readonly name: CheckName;
  readonly verdict: Verdict;
}

/**
 * The checks of a run as it meets them. One that fails does not end the run: it goes on as if the check had passed, and
 * what it meets then is what shows up once the failure is fixed.
 */
export type Checks = Check[];

export function stageOf({ name }: Check): Stage {
  return stages[name];
}

export function pass(checks: Checks, name: CheckName): void {
  checks.push({ name, verdict: { kind: 'passed' } });
}

export function fail(checks: Checks, name: CheckName, failure: Failure, shown: Shown = {}): void {
  checks.push({ name, verdict: { kind: 'failed', failure, ...shown } });
}

export function assume(checks: Checks, name: CheckName, why: string): void {
  checks.push({ name, verdict: { kind: 'assumed', why } });
}

/** Whether a check has come out otherwise than passed: from there on it counts as passed. */
export function isWaived(checks: readonly Check[], name: CheckName): boolean {
  return checks.some((check) => check.name === name && check.verdict.kind !== 'passed');
}

/** Whether a check only says what may stand in the way of a packet. */
export function isDoubt({ verdict }: Check): boolean {
  return verdict.kind === 'assumed' && verdict.doubt !== undefined;
}

/** The first check that fails or is assumed, of all or of some. */
export function firstStop(
  checks: readonly Check[],
  among: (check: Check) => boolean = () => true,
): Check | undefined {
  return checks.find((check) => check.verdict.kind !== 'passed' && among(check));
}

/** What an exchange came to by itself: that it stopped, or what it yields. */
export type Result<Success> =
  | ({ readonly kind: 'failed'; readonly failure: Failure } & Shown)
  | { readonly kind: 'unknown'; readonly why: string }
  | ({ readonly kind: 'passed' } & Success);

/** An exchange as it ends at its first check that did not pass. */
export function resultOf<Success extends object>(
  stop: Check | undefined,
  success: Success | undefined,
): Result<Success> | undefined {
  if (stop?.verdict.kind === 'failed') return stop.verdict;
  if (stop?.verdict.kind === 'assumed') return { kind: 'unknown', why: stop.verdict.why };
  return success && { kind: 'passed', ...success };
}
