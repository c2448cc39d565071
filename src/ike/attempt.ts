import type { ChildConfig, Connection, Daemon } from './connection.ts';
import type { Identity } from './identity.ts';
import { type Lookup, lookUpByIdentity } from './lookup.ts';
import type { Failure } from './outcome.ts';
import type { Path } from './path.ts';
import type { Proposal } from './proposal.ts';
import type { TrafficSelector } from './traffic-selector.ts';

/**
 * The hurdles of a negotiation, in the order in which it meets them. To learn what a failure hides, the negotiation
 * is run again as if the hurdle had been taken.
 */
export type Hurdle =
  | 'reach'
  | 'ike-config'
  | 'ike-proposal'
  | 'aggressive'
  | 'initiator-secret'
  | 'peer-config'
  | 'mode'
  | 'auth-method'
  | 'authentication'
  | 'responder-identity'
  | 'traffic-selectors'
  | 'child-proposal';

export interface Attempt {
  readonly initiator: Daemon;
  readonly connection: Connection;
  readonly child: ChildConfig;
  readonly responder: Daemon;
  /** The responder's connection that faces the initiator's; taken where a look-up is assumed to succeed. */
  readonly facing: Connection | undefined;
  readonly path: Extract<Path, { kind: 'reaches' }>;
  readonly taken: ReadonlySet<Hurdle>;
}

export interface ChildSa {
  readonly responderChild: ChildConfig;
  readonly proposal: Proposal;
  /** The initiator's view. */
  readonly local: readonly TrafficSelector[];
  readonly remote: readonly TrafficSelector[];
}

export type Result<Success> =
  | { readonly kind: 'failed'; readonly hurdle: Hurdle; readonly failure: Failure }
  /** With a hurdle where the negotiation can be followed beyond, as if it had been taken. */
  | { readonly kind: 'unknown'; readonly why: string; readonly hurdle?: Hurdle }
  | ({ readonly kind: 'passed' } & Success);

/** An IKE_SA that stands. */
export interface IkeSa {
  readonly proposal: Proposal;
  readonly invalidKePayload: boolean;
  readonly responderConnection: Connection;
}

export function failed(hurdle: Hurdle, failure: Failure): Result<never> & { readonly kind: 'failed' } {
  return { kind: 'failed', hurdle, failure };
}

export const secretMasked = {
  kind: 'unknown',
  why: 'a pre-shared secret is masked',
  hurdle: 'authentication',
} as const satisfies Result<never>;

/** The responder's look-up by identity; where the look-up by address was assumed to succeed, of the facing connection alone. */
export function lookUpPeer(
  { responder, path, facing, taken }: Attempt,
  version: 1 | 2,
  identities: { readonly local: Identity | undefined; readonly remote: Identity | undefined },
): Lookup {
  const assumed = taken.has('ike-config') && facing;
  const connections = assumed ? [facing] : responder.connections;
  return lookUpByIdentity(connections, path.responder, version, identities, { anyAddress: Boolean(assumed) });
}
