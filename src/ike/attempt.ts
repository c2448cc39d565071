import type { Selectors } from './child.ts';
import type { ChildConfig, Connection, Daemon, Mode, Obstacle, ObstacleKind } from './connection.ts';
import { anyIdentity, type Identity } from './identity.ts';
import { type Lookup, lookUpByIdentity } from './lookup.ts';
import type { Failure, Role } from './outcome.ts';
import type { Path } from './path.ts';
import type { Proposal } from './proposal.ts';
import type { TrafficSelector } from './traffic-selector.ts';
import type { Transform } from './transform.ts';

/** The messages that an end has to hear: the first to each port, and the answer to it. */
type Heard = `${'request' | 'response'}-${500 | 4500}`;

/**
 * The hurdles of a negotiation, in the order in which it meets them. To learn what a failure hides, the negotiation
 * is run again as if the hurdle had been taken.
 */
export type Hurdle =
  | 'reach'
  | Heard
  /** One of the obstacles on the way of such a message. */
  | `${Heard} ${ObstacleKind}`
  | 'ike-config'
  | 'ike-proposal'
  | 'aggressive'
  | 'initiator-ppk'
  | 'initiator-secret'
  | 'initiator-childless'
  | 'unseen-identities'
  | 'peer-config'
  | 'mode'
  | 'auth-method'
  | 'ppk'
  | 'authentication'
  | 'responder-identity'
  | 'responder-childless'
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
  /** As the responder narrowed them, in the initiator's view and before the initiator reads them. */
  readonly answered: Selectors;
  /** Both ends have agreed on it. */
  readonly mode: Mode;
}

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

/** With a hurdle where the negotiation can be followed beyond, as if it had been taken. */
export interface Undecided {
  readonly kind: 'unknown';
  readonly why: string;
  readonly hurdle?: Hurdle;
  /** What may stand in the way, and at which end. */
  readonly doubt?: { readonly at: Role; readonly obstacle: Extract<Obstacle, { readonly kind: 'unknown' }> };
}

export type Result<Success> =
  | {
      readonly kind: 'failed';
      readonly hurdle: Hurdle;
      readonly failure: Failure;
      readonly answer?: Answer;
      /** IKEv1: what the responder has chosen, where the initiator refuses it. */
      readonly chosen?: Proposal | undefined;
    }
  | Undecided
  | ({ readonly kind: 'passed' } & Success);

/** An IKE_SA that stands. */
export interface IkeSa {
  readonly proposal: Proposal;
  readonly invalidKePayload: boolean;
  readonly responderConnection: Connection;
  readonly idr: Identity;
  /** A post-quantum preshared key is part of its keys (RFC 8784). */
  readonly ppk: boolean;
}

/** The first two messages: IKE_SA_INIT, or the SA payloads of phase 1. */
export interface Opening {
  readonly proposal: Proposal;
  readonly invalidKePayload: boolean;
  /** IKEv2: the group of the first KE payload, and the one that the responder chose. */
  readonly groups: { readonly sent: Transform | undefined; readonly chosen: Transform | undefined };
  readonly candidates: readonly Connection[];
}

export function failed(
  hurdle: Hurdle,
  failure: Failure,
  answer?: Answer,
): Result<never> & { readonly kind: 'failed' } {
  return { kind: 'failed', hurdle, failure, ...(answer ? { answer } : {}) };
}

/**
 * Who the ends are, and how they prove it, is not in the dumps: of an end in them it is masked, a matter of certificates,
 * or an address that no dump holds. Undefined where the dumps tell.
 */
export function identitiesUnseen({
  connection,
  path,
}: Attempt): (Result<never> & { readonly kind: 'unknown' }) | undefined {
  const unseen = (why: string) => ({ kind: 'unknown', why, hurdle: 'unseen-identities' }) as const;
  if (connection.local.identity?.kind === 'masked' || connection.remote.identity.kind === 'masked') {
    return unseen(`an identity of connection "${connection.name}" is masked`);
  }
  if (path.assumed === 'unseen') return unseen('the addresses of the ends are not in the dump');
  if (connection.local.method === 'pubkey') {
    return unseen(
      `the certificate or key that "${connection.name}" authenticates with cannot be judged from the dump`,
    );
  }
  return undefined;
}

/** What comes of it where the ends are taken to know one another: the connection that faces the initiator's answers. */
export function takenAsKnown({ facing, taken }: Attempt): Answer | undefined {
  if (!facing || !taken.has('unseen-identities')) return undefined;
  return {
    responderConnection: facing,
    idr: facing.local.identity ?? anyIdentity,
    announcesAnother: false,
    ppk: false,
  };
}

export const ppkMasked = {
  kind: 'unknown',
  why: 'a post-quantum preshared key is masked',
  hurdle: 'ppk',
} as const satisfies Result<never>;

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
