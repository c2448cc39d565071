import type { Address } from './address.ts';
import type { Attempt, ChildSa, IkeSa, Opening } from './attempt.ts';
import { assume, type Check, type Checks, fail, firstStop, isDoubt } from './check.ts';
import type { ChildParties } from './child.ts';
import { initiatesChildless } from './childless.ts';
import type { ChildConfig, Connection, Daemon } from './connection.ts';
import { createChildSa } from './create-child-sa.ts';
import { leavesPort500, obstructions, unanswered } from './hearing.ts';
import { ikeAuth } from './ike-auth.ts';
import { ikeSaInit } from './ike-sa-init.ts';
import { authenticatePhase1, negotiatePhase1, phase1Exchange } from './ikev1.ts';
import type { Exchange, Failure, Role } from './outcome.ts';
import { findPath, type Path } from './path.ts';
import { quickMode } from './quick-mode.ts';

/** The IKE_SA that stands, with both its ends. */
export interface Standing {
  readonly version: 1 | 2;
  readonly connection: Connection;
  readonly child: ChildConfig;
  readonly responderConnection: Connection;
  readonly path: Extract<Path, { kind: 'reaches' }>;
}

/** The two ends of a negotiation, and the child that is asked for. */
export interface Parties {
  readonly initiator: Daemon;
  readonly connection: Connection;
  readonly child: ChildConfig;
  readonly responder: Daemon;
  /** The responder's connection that faces the initiator's, if it is loaded. */
  readonly facing: Connection | undefined;
  /** Why the initiator's connection is not loaded; it is then as if it were repaired. */
  readonly notLoaded?: Failure;
}

/**
 * What one run of a negotiation met, and what each exchange yields where the checks before it that did not pass are
 * taken to have passed. An exchange that nothing leads to is absent.
 */
export interface Run {
  readonly checks: readonly Check[];
  /** Absent where nothing is known of the responder. */
  readonly attempt?: Attempt;
  readonly opening?: Opening;
  readonly ikeSa?: IkeSa;
  readonly over?: Standing;
  readonly childSa?: ChildSa;
}

/**
 * Runs a negotiation, once. `flowStands`: as the renewal of an IKE_SA that stands, which has got over the address of its
 * peer and the firewalls.
 */
export function run(given: Parties, { flowStands = false } = {}): Run {
  const checks: Checks = [];
  if (given.notLoaded) fail(checks, 'initiator-loaded', given.notLoaded);
  const responder = repaired(given.responder);
  const parties = { ...given, responder };
  const { connection, child, facing } = parties;
  const unloaded = new Set<Role>([
    ...(given.notLoaded ? (['initiator'] as const) : []),
    ...(given.responder.connections.length === 0 && given.responder.rejected.length > 0
      ? (['responder'] as const)
      : []),
  ]);
  if (responder.withheld !== undefined) {
    assume(checks, 'reach', responder.withheld);
    return { checks };
  }
  const path = reach(parties, flowStands ? [] : checks);
  const attempt: Attempt = { ...parties, path, checks, unloaded };
  const version = connection.version === 1 ? 1 : 2;
  const obstructing = (receiver: Role, port: 500 | 4500) =>
    flowStands
      ? []
      : obstructions(attempt, receiver, port, port === 500 ? first(connection) : second(connection));
  checks.push(...obstructing('responder', 500));

  const beforeOpening = checks.length;
  const opening = version === 1 ? negotiatePhase1(attempt) : ikeSaInit(attempt);
  loseAnswer(checks, beforeOpening, obstructing('initiator', 500), 500, opening !== undefined);
  if (!opening) return { checks, attempt };

  const beforeProofs = checks.length;
  const answer = version === 1 ? authenticatePhase1(attempt, opening) : ikeAuth(attempt, opening);
  const answering = facing && opening.candidates.includes(facing) ? facing : opening.candidates[0];
  const place = placeOfPort4500(checks, beforeProofs);
  const ended = hideOwners(checks, parties);
  if (leavesPort500(connection, answering, path) && !(ended && checks.length <= place)) {
    checks.splice(place, 0, ...obstructing('responder', 4500));
    loseAnswer(checks, place, obstructing('initiator', 4500), 4500, answer !== undefined);
  }
  const opened = { checks, attempt, opening };
  if (ended || !answer) return opened;
  const { responderConnection, idr, ppk } = answer;
  const { proposal, invalidKePayload } = opening;
  const over: Standing = { version, connection, child, responderConnection, path };
  const stands = { ...opened, ikeSa: { proposal, invalidKePayload, responderConnection, idr, ppk }, over };
  if (connection.asksForVirtualAddress) {
    assume(checks, 'virtual-address', `connection "${connection.name}" asks for a virtual address`);
    return stands;
  }
  const { children } = responderConnection;
  if (children.length > 0 && [child, ...children].some(({ selectorsMasked }) => selectorsMasked)) {
    assume(checks, 'traffic-selectors', 'a traffic selector is masked');
  }
  const ends = partiesOf(over, child);
  const childSa =
    version === 1
      ? quickMode(ends, undefined, checks)
      : createChildSa(ends, { exchange: firstExchange(over) }, checks);
  return { ...stands, ...(childSa ? { childSa } : {}) };
}

/** An end with the connections that it would have loaded; itself where nothing keeps it from loading them. */
function repaired(daemon: Daemon): Daemon {
  const connections = daemon.rejected.flatMap(({ asRepaired }) => asRepaired ?? []);
  if (connections.length === 0) return daemon;
  const rejected = daemon.rejected.filter(({ asRepaired }) => !asRepaired);
  return { ...daemon, connections: [...daemon.connections, ...connections], rejected };
}

/** What an initiator fails by before it sends anything to port 4500; in main mode the keys are looked for before that. */
function placeOfPort4500(checks: readonly Check[], from: number): number {
  const isBefore = ({ name, verdict }: Check) =>
    name.startsWith('initiator-') ||
    (verdict.kind === 'failed' &&
      verdict.failure.exchange === 'MAIN_MODE' &&
      verdict.failure.reason === 'no-psk');
  return Math.max(from, checks.findLastIndex((check, at) => at >= from && isBefore(check)) + 1);
}

/**
 * What the responder refuses it has refused, and the initiator does not hear of it where its answers are lost; whatever
 * else would have come does not. `goesOn`: something can follow.
 */
function loseAnswer(
  checks: Checks,
  from: number,
  obstacles: readonly Check[],
  port: 500 | 4500,
  goesOn: boolean,
): void {
  const [lost] = obstacles;
  if (!lost) return;
  for (let at = from; at <= checks.length; at += 1) {
    const check = checks[at];
    if (check?.verdict.kind === 'passed') continue;
    if (check?.verdict.kind !== 'failed' || check.verdict.failure.detectedBy !== 'responder') {
      const isEnd = check === undefined && !goesOn;
      if (!isEnd) checks.splice(at, 0, ...obstacles);
      return;
    }
    if (lost.verdict.kind !== 'failed') continue;
    const { failure } = check.verdict;
    const log = { initiator: lost.verdict.failure.log.initiator, responder: failure.log.responder };
    checks[at] = { ...check, verdict: { ...check.verdict, failure: { ...failure, log }, lost: port } };
  }
}

const aboutKeys: ReadonlySet<Failure['reason']> = new Set(['no-psk', 'psk-mismatch']);

/** Where the owners of keys are masked, that none fits says nothing. The run ends there. */
function hideOwners(checks: Checks, { initiator, responder }: Parties): boolean {
  const masked = [initiator, responder].some(({ sharedKeys }) =>
    sharedKeys.some(({ owners }) => owners.some(({ kind }) => kind === 'masked')),
  );
  if (!masked) return false;
  const place = checks.findIndex(
    ({ verdict }) => verdict.kind === 'failed' && aboutKeys.has(verdict.failure.reason),
  );
  const found = checks[place];
  if (!found) return false;
  checks.splice(place);
  assume(checks, found.name, 'the ids of a pre-shared key are masked');
  return true;
}

/** The exchange that makes the first CHILD_SA of an IKE_SA in IKEv2. */
export function firstExchange({
  connection,
  responderConnection,
}: Pick<Standing, 'connection' | 'responderConnection'>): 'IKE_AUTH' | 'CREATE_CHILD_SA' {
  return initiatesChildless(connection, responderConnection) ? 'CREATE_CHILD_SA' : 'IKE_AUTH';
}

/** Who asks for a child of the initiator's connection, and who answers. */
export function partiesOf({ path, responderConnection }: Standing, child: ChildConfig): ChildParties {
  return { child, initiator: path.initiator, responderConnection, responder: path.responder };
}

function first(connection: Connection): Exchange {
  return connection.version === 1 ? phase1Exchange(connection) : 'IKE_SA_INIT';
}

function second(connection: Connection): Exchange {
  return connection.version === 1 ? phase1Exchange(connection) : 'IKE_AUTH';
}

/** The way; where there is none, the one that there would be if the initiator called where the responder's connection answers. */
function reach(parties: Parties, checks: Checks): Path & { readonly kind: 'reaches' } {
  const { initiator, connection, responder } = parties;
  const path = findPath(initiator, connection, responder);
  if (path.kind === 'reaches') return path;
  const assumed = assumedPath(parties);
  if (path.kind === 'unknown') {
    assume(checks, 'reach', path.why);
    return { ...assumed, assumed: assumed.assumed ?? 'seen' };
  }
  const common = { phase: 'ike', notify: null } as const;
  fail(
    checks,
    'reach',
    path.kind === 'no-destination'
      ? {
          ...common,
          exchange: null,
          reason: 'cannot-initiate',
          detectedBy: 'initiator',
          log: { initiator: [`unable to resolve ${path.configured}, initiate aborted`], responder: [] },
        }
      : {
          ...common,
          exchange: first(connection),
          reason: 'no-response',
          detectedBy: null,
          log: { initiator: unanswered(initiator.retransmission), responder: [] },
        },
  );
  return assumed;
}

function assumedPath({ connection, responder, facing }: Parties): Path & { readonly kind: 'reaches' } {
  const addressOf = (hosts: Connection['localHosts']) =>
    hosts.flatMap((host) => (host.kind === 'address' ? [host.address] : []))[0];
  const answering =
    (facing && addressOf(facing.localHosts)) ?? responder.addresses[0] ?? addressOf(connection.remoteHosts);
  const calling = addressOf(connection.localHosts) ?? (facing && addressOf(facing.remoteHosts));
  const remote = answering ?? unseenAddress;
  const local = calling ?? unseenAddress;
  return {
    kind: 'reaches',
    initiator: { local, remote },
    responder: { local: remote, remote: (facing && addressOf(facing.remoteHosts)) ?? local },
    ...(answering && calling ? {} : { assumed: 'unseen' }),
  };
}

/** Stands for an address that no dump holds. Nothing is compared with it. */
const unseenAddress = '0.0.0.0' as Address;

/** The first check that fails, or of which the configurations do not tell how it comes out. */
export function stopOf({ checks }: Run): Check | undefined {
  return firstStop(checks, (check) => !isDoubt(check));
}
