import type { Answer, Checks } from './check.ts';
import { assume, fail, isWaived, pass } from './check.ts';
import type { Selectors } from './child.ts';
import type { ChildConfig, Connection, Daemon, Mode } from './connection.ts';
import { anyIdentity, type Identity } from './identity.ts';
import { type Lookup, lookUpByAddress, lookUpByIdentity } from './lookup.ts';
import type { Failure, Role } from './outcome.ts';
import type { Path } from './path.ts';
import type { Proposal } from './proposal.ts';
import type { TrafficSelector } from './traffic-selector.ts';
import type { Transform } from './transform.ts';

/** A negotiation that is under way: who initiates what, and the checks so far. */
export interface Attempt {
  readonly initiator: Daemon;
  readonly connection: Connection;
  readonly child: ChildConfig;
  readonly responder: Daemon;
  /** The responder's connection that faces the initiator's; taken where a look-up is assumed to succeed. */
  readonly facing: Connection | undefined;
  readonly path: Extract<Path, { kind: 'reaches' }>;
  readonly checks: Checks;
  /** The ends whose connections are not loaded, and are as if they were repaired. */
  readonly unloaded: ReadonlySet<Role>;
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

/**
 * The responder's connections for the addresses and the version, the best first; where none is found, the one that faces
 * the initiator's. `failure`: what comes of it where none is found.
 */
export function ikeConfigs(
  { responder, path, facing, checks, unloaded }: Attempt,
  version: 1 | 2,
  failure: Failure,
): readonly [Connection, ...Connection[]] | undefined {
  // It answers as if the peer were not configured.
  if (unloaded.has('responder')) {
    const detail = { ...failure.detail, unloaded: 'responder' } as const;
    fail(checks, 'responder-loaded', { ...failure, detail });
    if (responder.connections.length === 0) return facing && [facing];
  }
  const lookup = lookUpByAddress(responder.connections, path.responder, version);
  if (lookup.kind === 'found') {
    pass(checks, 'ike-config');
    return lookup.connections;
  }
  if (lookup.kind === 'unknown') assume(checks, 'ike-config', lookup.why);
  else fail(checks, 'ike-config', failure);
  return facing && [facing];
}

/**
 * Why who the ends are, and how they prove it, is not in the dumps: of an end in them it is masked, a matter of
 * certificates, or an address that no dump holds. Undefined where the dumps tell.
 */
export function whyIdentitiesAreUnknown({ connection, path }: Attempt): string | undefined {
  if (connection.local.identity?.kind === 'masked' || connection.remote.identity.kind === 'masked') {
    return `an identity of connection "${connection.name}" is masked`;
  }
  if (path.assumed === 'unseen') return 'the addresses of the ends are not in the dump';
  if (connection.local.method === 'pubkey') {
    return `the certificate or key that "${connection.name}" authenticates with cannot be judged from the dump`;
  }
  return undefined;
}

/** The ends are taken to know one another: the connection that faces the initiator's answers, if there is one. */
export function assumeKnown({ facing, checks }: Attempt, why: string): Answer | undefined {
  assume(checks, 'known-identities', why);
  return (
    facing && {
      responderConnection: facing,
      idr: facing.local.identity ?? anyIdentity,
      announcesAnother: false,
      ppk: false,
    }
  );
}

export const secretMasked = 'a pre-shared secret is masked';

/** The responder's look-up by identity; where the look-up by address was assumed to succeed, of the facing connection alone. */
export function lookUpPeer(
  { responder, path, facing, checks }: Attempt,
  version: 1 | 2,
  identities: { readonly local: Identity | undefined; readonly remote: Identity | undefined },
): Lookup {
  const assumed = isWaived(checks, 'ike-config') && facing;
  const connections = assumed ? [facing] : responder.connections;
  return lookUpByIdentity(connections, path.responder, version, identities, { anyAddress: Boolean(assumed) });
}
