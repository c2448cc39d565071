/**
 * IKE_AUTH of IKEv2 (RFC 7296 section 1.2), up to the authenticated IKE_SA. Source of the order of checks and of the log
 * lines: strongSwan 5.9 sa/ikev2/tasks/ike_auth.c, child_create.c and authenticators/psk_authenticator.c.
 */
import {
  type Answer,
  type Attempt,
  failed,
  identitiesUnseen,
  lookUpPeer,
  type Opening,
  ppkMasked,
  type Result,
  secretMasked,
  takenAsKnown,
} from './attempt.ts';
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

/** IKE_AUTH up to the authenticated IKE_SA; the first CHILD_SA is `createChildSa`'s. */
export function ikeAuth(attempt: Attempt, init: Opening): Result<Answer> {
  const { initiator, connection, responder, path, facing, taken } = attempt;
  const known = takenAsKnown(attempt);
  if (known) return { kind: 'passed', ...known };
  const ownPpk = initiatorPpk(attempt);
  if (ownPpk.kind === 'refused' && !taken.has('initiator-ppk')) {
    return failed('initiator-ppk', {
      phase: 'ike',
      exchange: 'IKE_AUTH',
      notify: null,
      reason: ownPpk.reason,
      detectedBy: 'initiator',
      log: { initiator: [ownPpk.log], responder: [] },
    });
  }
  const unseen = identitiesUnseen(attempt);
  if (unseen && provesInVain(attempt) && !taken.has('auth-method')) {
    return failed('auth-method', authenticationFailed('auth-method', { initiator: [], responder: [] }));
  }
  if (unseen) return unseen;
  const { idi, idr: sentIdr } = requestIdentities(attempt);

  const ownKey = bestKeyFor(initiator.sharedKeys, idi, sentIdr ?? anyIdentity);
  if (!ownKey && !taken.has('initiator-secret')) {
    return failed('initiator-secret', {
      phase: 'ike',
      exchange: 'IKE_AUTH',
      notify: null,
      reason: 'no-psk',
      detectedBy: 'initiator',
      log: {
        initiator: [`no shared key found for '${idi.text}' - '${(sentIdr ?? anyIdentity).text}'`],
        responder: [],
      },
      detail: { secretFor: { own: idi.text, peer: (sentIdr ?? anyIdentity).text } },
    });
  }

  const [answering] = init.candidates;
  const refusal = answering && childlessRefusal(connection, answering);
  if (refusal?.by === 'initiator' && !taken.has('initiator-childless')) {
    return failed('initiator-childless', {
      phase: 'ike',
      exchange: 'IKE_AUTH',
      notify: null,
      reason: 'childless',
      detectedBy: 'initiator',
      log: { initiator: [refusal.log], responder: [] },
    });
  }

  const lookup = lookUpPeer(attempt, 2, {
    local: sentIdr ?? anyIdentity,
    remote: idi,
  });
  if (lookup.kind === 'unknown') return { ...lookup, hurdle: 'unseen-identities' };
  const acceptable = (candidate: Connection) =>
    taken.has('ike-proposal') || selectProposal(candidate.proposals, [init.proposal]) !== undefined;
  const found = lookup.kind === 'found' ? lookup.connections.filter(acceptable) : [];
  const guessed = found.length === 0;
  if (guessed && !taken.has('peer-config')) {
    return failed(
      'peer-config',
      authenticationFailed(
        'no-peer-config',
        {
          initiator: [],
          responder: [
            `looking for peer configs matching ${path.responder.local}[${(sentIdr ?? anyIdentity).text}]...${path.responder.remote}[${idi.text}]`,
            'no matching peer config found',
          ],
        },
        identityDetail(idi, sentIdr, responder.connections, facing),
      ),
    );
  }
  const candidates = guessed ? (facing ? [facing] : init.candidates.slice(0, 1)) : found;
  const [assumedPeer] = candidates;
  if (!assumedPeer) return { kind: 'unknown', why: 'no connection of the responder faces the initiator' };

  // Where the identities are taken to fit, each end is who it says it is, and the other expects that.
  const addressed = guessed ? (assumedPeer.local.identity ?? sentIdr) : sentIdr;
  const judged = (presented: Identity) =>
    judgeInitiator(attempt, { idi, presented, addressed, ownKey, candidates, assumedPeer, guessed });
  const result = judged(idi);
  const wanted = assumedPeer.remote.identity;
  if (!guessed || hasWildcards(wanted) || !isAboutSecrets(result)) return result;
  // The initiator may as well become who it is expected to be: nothing is held against a key that would fit then.
  const otherwise = judged(wanted);
  return isAboutSecrets(otherwise) ? result : otherwise;
}

function isAboutSecrets(result: Result<Answer>): boolean {
  return result.kind === 'failed' && result.hurdle === 'authentication';
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
): Result<Answer> {
  const { initiator, responder, path, taken } = attempt;
  const { idi, presented, addressed, ownKey, candidates, assumedPeer, guessed } = state;
  const key = bestKeyFor(initiator.sharedKeys, presented, addressed ?? anyIdentity) ?? ownKey;
  const skipSecrets = taken.has('authentication') || !key;
  const ppk = judgePpk(attempt, assumedPeer);
  if (ppk.kind === 'refused' && ppk.by === 'responder' && !taken.has('ppk')) {
    return failed('ppk', authenticationFailed(ppk.reason, { initiator: [], responder: ppk.log }));
  }
  if (!skipSecrets) {
    const verification = verify(responder.sharedKeys, addressed ?? anyIdentity, presented, key.secret);
    if (verification.kind === 'unknown') return secretMasked;
    if (verification.kind !== 'verified') {
      return failed(
        'authentication',
        authenticationFailed(
          verification.kind === 'no-key' ? 'no-psk' : 'psk-mismatch',
          { initiator: [], responder: [verification.log] },
          { secretFor: { own: (addressed ?? anyIdentity).text, peer: presented.text } },
        ),
      );
    }
  }
  if (ppk.kind === 'unknown' && !taken.has('ppk')) return ppkMasked;
  if (ppk.kind === 'wrong-proof' && !taken.has('ppk')) {
    const count = keysFor(responder.sharedKeys, addressed ?? anyIdentity, presented).length;
    const mismatched = macMismatched(count, addressed ?? anyIdentity, presented);
    return failed(
      'ppk',
      authenticationFailed(ppk.reason, { initiator: [], responder: [...ppk.log, mismatched] }),
    );
  }

  const complying = candidates.find(
    (candidate) =>
      candidate.remote.method === 'psk' && (guessed || matchIdentity(idi, candidate.remote.identity) > 0),
  );
  const method = candidates.some((candidate) => candidate.remote.method !== 'psk');
  const hurdle = method ? 'auth-method' : 'responder-identity';
  if (!complying && !taken.has(hurdle)) {
    return failed(
      hurdle,
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
    skipSecrets,
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
): Result<Answer> {
  const { initiator, connection, responder, taken } = attempt;
  const { idi, idr, addressed } = state;
  const own = responderConnection.local.identity;
  const assumed = state.assumeIdentity || taken.has('responder-identity');
  // A responder with wildcards in its own identity that is not asked for one answers with its address, finds that this
  // is not what it was to prove, and announces one more proof (ike_auth.c, do_another_auth).
  const announcesAnother = !assumed && own !== undefined && matchIdentity(idr, own) === 0;
  const answer: Answer = { responderConnection, idr, announcesAnother, ppk: state.ppk };
  if (!assumed && addressed && own && matchIdentity(addressed, own) === 0) {
    // A look-up takes an identity that is wider than the configured one; the proof does not (ike_auth.c, build_r).
    return failed(
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
  if (!state.skipSecrets) {
    const key = bestKeyFor(responder.sharedKeys, idr, idi);
    if (!key) {
      return failed(
        'authentication',
        authenticationFailed(
          'no-psk',
          { initiator: [], responder: [`no shared key found for '${idr.text}' - '${idi.text}'`] },
          { secretFor: { own: idr.text, peer: idi.text } },
        ),
      );
    }
    const verification = verify(initiator.sharedKeys, idi, idr, key.secret);
    if (verification.kind === 'unknown') return secretMasked;
    if (verification.kind !== 'verified') {
      return failed(
        'authentication',
        {
          phase: 'ike',
          exchange: 'IKE_AUTH',
          notify: 'AUTHENTICATION_FAILED',
          reason: verification.kind === 'no-key' ? 'no-psk' : 'psk-mismatch',
          detectedBy: 'initiator',
          log: { initiator: [verification.log], responder: [authenticationFailedArrives] },
          detail: { secretFor: { own: idi.text, peer: idr.text } },
        },
        answer,
      );
    }
  }
  const required = connection.remote.identity;
  if (!assumed && matchIdentity(idr, required) === 0) {
    return failed(
      'responder-identity',
      {
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
      },
      answer,
    );
  }
  if (announcesAnother) {
    // And so for ever.
    return failed(
      'responder-identity',
      {
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
      },
      answer,
    );
  }
  const refusal = childlessRefusal(connection, responderConnection);
  if (refusal?.by === 'responder' && !taken.has('responder-childless')) {
    return failed(
      'responder-childless',
      {
        phase: 'ike',
        exchange: 'IKE_AUTH',
        notify: 'INVALID_SYNTAX',
        reason: 'childless',
        detectedBy: 'responder',
        log: { initiator: ['received INVALID_SYNTAX notify error'], responder: [refusal.log] },
        detail: { responderConnection: responderConnection.name },
      },
      answer,
    );
  }
  return { kind: 'passed', ...answer };
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
