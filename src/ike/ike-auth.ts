/**
 * IKE_AUTH of IKEv2 (RFC 7296 section 1.2), up to the authenticated IKE_SA. Source of the order of checks and of the log
 * lines: strongSwan 5.9 sa/ikev2/tasks/ike_auth.c, child_create.c and authenticators/psk_authenticator.c.
 */
import {
  type Attempt,
  assumeKnown,
  lookUpPeer,
  type Opening,
  secretMasked,
  whyIdentitiesAreUnknown,
} from './attempt.ts';
import { type Answer, assume, type Check, fail, firstStop, isWaived, pass } from './check.ts';
import { childlessRefusal } from './childless.ts';
import type { Connection } from './connection.ts';
import { anyIdentity, hasWildcards, type Identity, matchIdentity } from './identity.ts';
import type { Failure, Log, Reason } from './outcome.ts';
import { initiatorPpk, judgePpk } from './ppk.ts';
import { answeredIdentity, presentedIdentity } from './presented-identity.ts';
import { selectProposal } from './proposal.ts';
import { compareSecrets, type Secret } from './secret.ts';
import { bestKeyFor, keysFor, type SharedKey } from './shared-key.ts';

/** Whether no connection of the responder takes a signature: whoever the initiator is, its certificate is refused. */
function provesInVain({ connection, responder }: Attempt): boolean {
  const { connections } = responder;
  return (
    connection.local.method === 'pubkey' &&
    connections.length > 0 &&
    connections.every(({ remote }) => remote.method === 'psk')
  );
}

function authenticationFailed(reason: Reason, log: Log, detail?: Failure['detail']): Failure {
  return {
    phase: 'ike',
    exchange: 'IKE_AUTH',
    notify: 'AUTHENTICATION_FAILED',
    reason,
    detectedBy: 'responder',
    log: {
      initiator: ['received AUTHENTICATION_FAILED notify error', ...log.initiator],
      responder: log.responder,
    },
    ...(detail ? { detail } : {}),
  };
}

/** All that charon writes of an initiator's refusal after the responder's proof. */
const authenticationFailedArrives = 'parsed INFORMATIONAL request 2 [ N(AUTH_FAILED) ]';

type Verification =
  | { readonly kind: 'verified' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'no-key'; readonly log: string }
  | { readonly kind: 'mismatch'; readonly log: string };

/** An end tries every key it has for the two identities on the other's proof (psk_authenticator.c, process). */
function verify(
  keys: Parameters<typeof keysFor>[0],
  local: Identity,
  remote: Identity,
  used: Secret,
): Verification {
  const tried = keysFor(keys, local, remote);
  if (tried.length === 0) {
    return { kind: 'no-key', log: `no shared key found for '${local.text}' - '${remote.text}'` };
  }
  const verdicts = tried.map(({ secret }) => compareSecrets(secret, used));
  if (verdicts.includes('equal')) return { kind: 'verified' };
  if (verdicts.includes('unknown')) return { kind: 'unknown' };
  return { kind: 'mismatch', log: macMismatched(tried.length, local, remote) };
}

function macMismatched(tried: number, local: Identity, remote: Identity): string {
  const keys = `${tried} shared key${tried === 1 ? '' : 's'}`;
  return `tried ${keys} for '${local.text}' - '${remote.text}', but MAC mismatched`;
}

/** The identities in the initiator's IKE_AUTH request; it names none of the responder where it has but a pattern. */
export function requestIdentities({ connection, path }: Attempt): {
  readonly idi: Identity;
  readonly idr: Identity | undefined;
} {
  const { identity } = connection.remote;
  return {
    idi: presentedIdentity(connection, path.initiator.local),
    idr: hasWildcards(identity) ? undefined : identity,
  };
}

/** IKE_AUTH up to the authenticated IKE_SA; the first CHILD_SA is `createChildSa`'s. Undefined where nothing can follow. */
export function ikeAuth(attempt: Attempt, init: Opening): Answer | undefined {
  const { initiator, connection, responder, path, facing, checks } = attempt;
  const ownPpk = initiatorPpk(attempt);
  if (ownPpk.kind === 'refused') {
    fail(checks, 'initiator-ppk', { ...cannotProve, reason: ownPpk.reason, log: byInitiator(ownPpk.log) });
  } else pass(checks, 'initiator-ppk');
  const unknown = whyIdentitiesAreUnknown(attempt);
  if (unknown !== undefined) {
    if (provesInVain(attempt)) {
      const log = { initiator: [], responder: [] };
      fail(checks, 'auth-method', authenticationFailed('auth-method', log));
    }
    return assumeKnown(attempt, unknown);
  }
  const { idi, idr: sentIdr } = requestIdentities(attempt);
  const ownKey = bestKeyFor(initiator.sharedKeys, idi, sentIdr ?? anyIdentity);
  if (ownKey) pass(checks, 'initiator-secret');
  else {
    const peer = (sentIdr ?? anyIdentity).text;
    fail(checks, 'initiator-secret', {
      ...cannotProve,
      reason: 'no-psk',
      log: byInitiator(`no shared key found for '${idi.text}' - '${peer}'`),
      detail: { secretFor: { own: idi.text, peer } },
    });
  }

  const [answering] = init.candidates;
  const refusal = answering && childlessRefusal(connection, answering);
  if (refusal?.by === 'initiator') {
    fail(checks, 'initiator-childless', {
      ...cannotProve,
      reason: 'childless',
      log: byInitiator(refusal.log),
    });
  } else pass(checks, 'initiator-childless');

  const lookup = lookUpPeer(attempt, 2, {
    local: sentIdr ?? anyIdentity,
    remote: idi,
  });
  if (lookup.kind === 'unknown') return assumeKnown(attempt, lookup.why);
  const acceptable = (candidate: Connection) =>
    isWaived(checks, 'ike-proposal') || selectProposal(candidate.proposals, [init.proposal]) !== undefined;
  const found = lookup.kind === 'found' ? lookup.connections.filter(acceptable) : [];
  const guessed = found.length === 0;
  if (guessed) {
    const { local, remote } = path.responder;
    const looked = `${local}[${(sentIdr ?? anyIdentity).text}]...${remote}[${idi.text}]`;
    fail(
      checks,
      'peer-config',
      authenticationFailed(
        'no-peer-config',
        {
          initiator: [],
          responder: [`looking for peer configs matching ${looked}`, 'no matching peer config found'],
        },
        identityDetail(idi, sentIdr, responder.connections, facing),
      ),
    );
  } else pass(checks, 'peer-config');
  const candidates = guessed ? (facing ? [facing] : init.candidates.slice(0, 1)) : found;
  const [assumedPeer] = candidates;
  if (!assumedPeer) return undefined;

  // Where the identities are taken to fit, each end is who it says it is, and the other expects that.
  const addressed = guessed ? (assumedPeer.local.identity ?? sentIdr) : sentIdr;
  const judged = (presented: Identity) => {
    const trial = { ...attempt, checks: [...checks] };
    const state = { idi, presented, addressed, ownKey, candidates, assumedPeer, guessed };
    return { answer: judgeInitiator(trial, state), checks: trial.checks.slice(checks.length) };
  };
  const wanted = assumedPeer.remote.identity;
  const asSent = judged(idi);
  // The initiator may as well become who it is expected to be: nothing is held against a key that would fit then.
  const asWanted =
    guessed && !hasWildcards(wanted) && failsBySecret(asSent.checks) ? judged(wanted) : undefined;
  const { answer, checks: further } = asWanted && !failsBySecret(asWanted.checks) ? asWanted : asSent;
  checks.push(...further);
  return answer;
}

/** Of a failure for which the initiator sends nothing. */
const cannotProve = { phase: 'ike', exchange: 'IKE_AUTH', notify: null, detectedBy: 'initiator' } as const;

function byInitiator(line: string): Log {
  return { initiator: [line], responder: [] };
}

function failsBySecret(checks: readonly Check[]): boolean {
  return firstStop(checks, ({ name }) => name === 'authentication')?.verdict.kind === 'failed';
}

/** The initiator's proof, judged by the responder; then the other half. */
function judgeInitiator(
  attempt: Attempt,
  state: {
    /** As the initiator sends it, and as it is taken to. */
    readonly idi: Identity;
    readonly presented: Identity;
    /** The responder's identity, if the initiator names one. */
    readonly addressed: Identity | undefined;
    readonly ownKey: SharedKey | undefined;
    readonly candidates: readonly Connection[];
    readonly assumedPeer: Connection;
    /** No connection of the responder fits, and the identities are taken to fit that of `assumedPeer`. */
    readonly guessed: boolean;
  },
): Answer {
  const { initiator, responder, path, checks } = attempt;
  const { idi, presented, addressed, ownKey, candidates, assumedPeer, guessed } = state;
  const key = bestKeyFor(initiator.sharedKeys, presented, addressed ?? anyIdentity) ?? ownKey;
  const ppk = judgePpk(attempt, assumedPeer);
  if (ppk.kind === 'refused' && ppk.by === 'responder') {
    fail(checks, 'ppk', authenticationFailed(ppk.reason, { initiator: [], responder: ppk.log }));
  }
  if (key) {
    const own = addressed ?? anyIdentity;
    const idr = answeredIdentity(assumedPeer, path.responder.local);
    const verification = verify(responder.sharedKeys, own, presented, key.secret);
    if (verification.kind === 'unknown') assume(checks, 'authentication', secretMasked);
    else if (verification.kind !== 'verified') {
      fail(
        checks,
        'authentication',
        authenticationFailed(
          verification.kind === 'no-key' ? 'no-psk' : 'psk-mismatch',
          { initiator: [], responder: [verification.log] },
          { secretFor: { own: own.text, peer: presented.text } },
        ),
        { keys: { initiator: key, responder: bestKeyFor(responder.sharedKeys, idr, presented) } },
      );
    }
  }
  if (ppk.kind === 'unknown') assume(checks, 'ppk', 'a post-quantum preshared key is masked');
  if (ppk.kind === 'wrong-proof') {
    const count = keysFor(responder.sharedKeys, addressed ?? anyIdentity, presented).length;
    const mismatched = macMismatched(count, addressed ?? anyIdentity, presented);
    const log = { initiator: [], responder: [...ppk.log, mismatched] };
    fail(checks, 'ppk', authenticationFailed(ppk.reason, log));
  }
  if (ppk.kind === 'agreed') pass(checks, 'ppk');

  const complying = candidates.find(
    (candidate) =>
      candidate.remote.method === 'psk' && (guessed || matchIdentity(idi, candidate.remote.identity) > 0),
  );
  const method = candidates.some((candidate) => candidate.remote.method !== 'psk');
  if (complying) pass(checks, 'auth-method');
  else {
    fail(
      checks,
      method ? 'auth-method' : 'responder-identity',
      authenticationFailed(
        method ? 'auth-method' : 'no-peer-config',
        {
          initiator: [],
          responder: [
            method
              ? 'constraint requires public key authentication, but pre-shared key was used'
              : `constraint check failed: identity '${assumedPeer.remote.identity.text}' required `,
            `selected peer config '${assumedPeer.name}' unacceptable: non-matching authentication done`,
            'no alternative config found',
          ],
        },
        { afterProof: true },
      ),
    );
  }
  const responderConnection = complying ?? assumedPeer;
  return responderAuthenticates(attempt, responderConnection, {
    idi: presented,
    addressed,
    idr: addressed ?? answeredIdentity(responderConnection, path.responder.local),
    assumeIdentity: guessed,
    skipSecrets: key === undefined || isWaived(checks, 'authentication'),
    ppk: ppk.kind === 'unknown' || (ppk.kind === 'agreed' && ppk.mixed),
  });
}

/** The responder's half of IKE_AUTH: its identity and its proof, judged by the initiator. */
function responderAuthenticates(
  attempt: Attempt,
  responderConnection: Connection,
  state: {
    readonly idi: Identity;
    /** The responder's identity, if the initiator named one. */
    readonly addressed: Identity | undefined;
    readonly idr: Identity;
    readonly assumeIdentity: boolean;
    readonly skipSecrets: boolean;
    readonly ppk: boolean;
  },
): Answer {
  const { connection, checks } = attempt;
  const { idi, idr, addressed } = state;
  const own = responderConnection.local.identity;
  const isAssumed = () => state.assumeIdentity || isWaived(checks, 'responder-identity');
  // A responder with wildcards in its own identity that is not asked for one answers with its address, finds that this
  // is not what it was to prove, and announces one more proof (ike_auth.c, do_another_auth).
  const announces = own !== undefined && matchIdentity(idr, own) === 0;
  const answer = (): Answer => ({
    responderConnection,
    idr,
    announcesAnother: announces && !isAssumed(),
    ppk: state.ppk,
  });
  if (!isAssumed() && addressed && own && matchIdentity(addressed, own) === 0) {
    // A look-up takes an identity that is wider than the configured one; the proof does not (ike_auth.c, build_r).
    fail(
      checks,
      'responder-identity',
      authenticationFailed(
        'no-peer-config',
        { initiator: [], responder: [`received IDr ${addressed.text}, but require ${own.text}`] },
        {
          responderConnection: responderConnection.name,
          identity: { presented: addressed.text, accepted: [own.text] },
          afterProof: true,
        },
      ),
    );
  }
  if (!state.skipSecrets) proveResponder(attempt, idi, answer());
  const required = connection.remote.identity;
  if (!isAssumed() && matchIdentity(idr, required) === 0) {
    const failure: Failure = {
      phase: 'ike',
      exchange: 'IKE_AUTH',
      notify: 'AUTHENTICATION_FAILED',
      reason: 'id-mismatch',
      detectedBy: 'initiator',
      log: {
        initiator: [
          `constraint check failed: identity '${required.text}' required `,
          `selected peer config '${connection.name}' unacceptable: constraint checking failed`,
          'no alternative config found',
        ],
        responder: [authenticationFailedArrives],
      },
      detail: {
        responderConnection: responderConnection.name,
        identity: { presented: idr.text, accepted: [required.text] },
        afterProof: true,
      },
    };
    fail(checks, 'responder-identity', failure, { answer: answer() });
  }
  if (announces && !isAssumed()) {
    // And so for ever.
    const failure: Failure = {
      phase: 'ike',
      exchange: 'IKE_AUTH',
      notify: null,
      reason: 'id-mismatch',
      detectedBy: null,
      log: {
        initiator: Array.from({ length: 2 }, () => 'received ANOTHER_AUTH_FOLLOWS notify'),
        responder: ['no IDr configured, fall back on IP address'],
      },
      detail: {
        responderConnection: responderConnection.name,
        identity: { presented: idr.text, accepted: [own.text] },
        afterProof: true,
      },
    };
    fail(checks, 'responder-identity', failure, { answer: answer() });
  }
  if (!isAssumed()) pass(checks, 'responder-identity');
  const refusal = childlessRefusal(connection, responderConnection);
  if (refusal?.by === 'responder') {
    const failure: Failure = {
      phase: 'ike',
      exchange: 'IKE_AUTH',
      notify: 'INVALID_SYNTAX',
      reason: 'childless',
      detectedBy: 'responder',
      log: { initiator: ['received INVALID_SYNTAX notify error'], responder: [refusal.log] },
      detail: { responderConnection: responderConnection.name },
    };
    fail(checks, 'responder-childless', failure, { answer: answer() });
  } else pass(checks, 'responder-childless');
  return answer();
}

/** The responder's proof, and what the initiator finds of it. */
function proveResponder({ initiator, responder, checks }: Attempt, idi: Identity, answer: Answer): void {
  const { idr } = answer;
  const key = bestKeyFor(responder.sharedKeys, idr, idi);
  if (!key) {
    const log = { initiator: [], responder: [`no shared key found for '${idr.text}' - '${idi.text}'`] };
    const detail = { secretFor: { own: idr.text, peer: idi.text } };
    fail(checks, 'authentication', authenticationFailed('no-psk', log, detail));
    return;
  }
  const verification = verify(initiator.sharedKeys, idi, idr, key.secret);
  if (verification.kind === 'unknown') assume(checks, 'authentication', secretMasked);
  else if (verification.kind === 'verified') pass(checks, 'authentication');
  else {
    const failure: Failure = {
      phase: 'ike',
      exchange: 'IKE_AUTH',
      notify: 'AUTHENTICATION_FAILED',
      reason: verification.kind === 'no-key' ? 'no-psk' : 'psk-mismatch',
      detectedBy: 'initiator',
      log: { initiator: [verification.log], responder: [authenticationFailedArrives] },
      detail: { secretFor: { own: idi.text, peer: idr.text } },
    };
    const keys = { initiator: bestKeyFor(initiator.sharedKeys, idi, idr), responder: key };
    fail(checks, 'authentication', failure, { answer, keys });
  }
}

function identityDetail(
  idi: Identity,
  idr: Identity | undefined,
  connections: readonly Connection[],
  facing: Connection | undefined,
): Failure['detail'] {
  const considered = facing ? [facing] : connections;
  return {
    ...(facing ? { responderConnection: facing.name } : {}),
    identity: {
      presented: idr ? `${idi.text} to ${idr.text}` : idi.text,
      accepted: considered.map(({ remote }) => remote.identity.text),
    },
  };
}
