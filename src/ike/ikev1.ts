/**
 * IKEv1 (RFC 2409) between two charons: main or aggressive mode, then quick mode.
 * Source of the order of checks and of the log lines: strongSwan 5.9 sa/ikev1/tasks/main_mode.c, aggressive_mode.c,
 * quick_mode.c and sa/ikev1/phase1.c.
 */
import {
  type Attempt,
  assumeKnown,
  ikeConfigs,
  lookUpPeer,
  type Opening,
  secretMasked,
  whyIdentitiesAreUnknown,
} from './attempt.ts';
import { type Answer, assume, type CheckName, fail, pass, type Shown } from './check.ts';
import type { Connection, Daemon } from './connection.ts';
import { addressIdentity, type Identity, matchIdentity } from './identity.ts';
import { throughPhase1Payload } from './ikev1-proposal.ts';
import type { Endpoints } from './lookup.ts';
import type { Exchange, Failure, Reason } from './outcome.ts';
import { presentedIdentity } from './presented-identity.ts';
import { formatProposals, selectProposal } from './proposal.ts';
import { givingUp } from './retransmission.ts';
import { compareSecrets } from './secret.ts';
import { bestKeyFor, type SharedKey } from './shared-key.ts';

/** The name of phase 1's exchange. */
export function phase1Exchange({ aggressive }: Connection): 'AGGRESSIVE_MODE' | 'MAIN_MODE' {
  return aggressive ? 'AGGRESSIVE_MODE' : 'MAIN_MODE';
}

/** What follows the proposal in phase 1: the keys, then the identities. Undefined where nothing can follow. */
export function authenticatePhase1(attempt: Attempt, negotiated: Opening): Answer | undefined {
  const exchange = phase1Exchange(attempt.connection);
  const unknown = whyIdentitiesAreUnknown(attempt);
  if (unknown !== undefined) return assumeKnown(attempt, unknown);
  const lookup = lookUpPeer(attempt, 1, { local: undefined, remote: undefined });
  if (lookup.kind === 'unknown') return assumeKnown(attempt, lookup.why);
  agreeOnKey(attempt, exchange, lookup.kind === 'found' ? lookup.connections : []);
  return authenticate(attempt, exchange, negotiated);
}

function refusal(exchange: Exchange, reason: Reason, notify: Failure['notify']): Omit<Failure, 'log'> {
  return { phase: 'ike', exchange, notify, reason, detectedBy: 'responder' };
}

/** The responder's configuration by address, and the proposal: the first two messages. Undefined where nothing can follow. */
export function negotiatePhase1(attempt: Attempt): Opening | undefined {
  const { connection, path, checks } = attempt;
  const exchange = phase1Exchange(connection);
  const { local, remote } = path.responder;
  const connections = ikeConfigs(attempt, 1, {
    ...refusal(exchange, 'no-ike-config', 'NO_PROPOSAL_CHOSEN'),
    log: {
      initiator: ['received NO_PROPOSAL_CHOSEN error notify'],
      responder: [`no IKE config found for ${local}...${remote}, sending NO_PROPOSAL_CHOSEN`],
    },
  });
  if (!connections) return undefined;
  const [selectedConnection] = connections;
  const offered = connection.proposals.map(throughPhase1Payload);
  const own = selectedConnection.proposals;
  const selected = selectProposal(own, offered);
  const detail = {
    responderConnection: selectedConnection.name,
    proposals: { initiator: connection.proposals, responder: own },
  };
  if (!selected) {
    fail(checks, 'ike-proposal', {
      ...refusal(exchange, 'no-ike-proposal', 'NO_PROPOSAL_CHOSEN'),
      log: {
        initiator: ['received NO_PROPOSAL_CHOSEN error notify'],
        responder: [
          `received proposals: ${formatProposals(offered)}`,
          `configured proposals: ${formatProposals(own)}`,
          'no proposal found',
        ],
      },
      detail,
    });
  }
  if (connection.aggressive && connection.local.method === 'psk') {
    fail(checks, 'aggressive', {
      ...refusal(exchange, 'aggressive-psk-refused', 'AUTHENTICATION_FAILED'),
      log: {
        initiator: ['received AUTHENTICATION_FAILED error notify'],
        responder: ['Aggressive Mode PSK disabled for security reasons'],
      },
    });
  }
  const confirmed = selected && selectProposal(connection.proposals, [throughPhase1Payload(selected)]);
  if (confirmed) pass(checks, 'ike-proposal');
  else if (selected) {
    const failure: Failure = {
      ...refusal(exchange, 'no-ike-proposal', 'NO_PROPOSAL_CHOSEN'),
      detectedBy: 'initiator',
      log: {
        initiator: ['no proposal found'],
        responder: ['received NO_PROPOSAL_CHOSEN error notify'],
      },
      detail,
    };
    fail(checks, 'ike-proposal', failure, { chosen: throughPhase1Payload(selected) });
  }
  const proposal = confirmed ?? selected ?? connection.proposals[0];
  const groups = { sent: undefined, chosen: undefined };
  return proposal && { proposal, invalidKePayload: false, groups, candidates: connections };
}

interface KeySearch {
  readonly key: SharedKey | undefined;
  readonly log: readonly string[];
}

function keyFor(daemon: Daemon, local: Identity, remote: Identity, endpoints: Endpoints): KeySearch {
  const key = bestKeyFor(daemon.sharedKeys, local, remote);
  if (key) return { key, log: [] };
  const { local: me, remote: other } = endpoints;
  return { key, log: [`no shared key found for '${local.text}'[${me}] - '${remote.text}'[${other}]`] };
}

/** Where no key is found for the identities, one for the addresses is looked for (phase1.c, lookup_shared_key). */
function orByAddress(daemon: Daemon, endpoints: Endpoints, search: KeySearch): KeySearch {
  if (search.key) return search;
  const { local, remote } = endpoints;
  const key = bestKeyFor(daemon.sharedKeys, addressIdentity(local), addressIdentity(remote));
  return { key, log: key ? search.log : [...search.log, `no shared key found for ${local} - ${remote}`] };
}

/**
 * Main mode derives its keys from the secret before any identity is known: the responder takes the first of its
 * connections for the addresses whose configured identities have a key.
 */
function agreeOnKey(attempt: Attempt, exchange: Exchange, connections: readonly Connection[]): void {
  const { initiator, connection, responder, path, checks } = attempt;
  const refuse = (failure: Failure, shown: Shown = {}) => fail(checks, 'authentication', failure, shown);
  let responderSearch: KeySearch = { key: undefined, log: [] };
  for (const candidate of connections) {
    if (!candidate.local.identity) continue;
    const search = keyFor(responder, candidate.local.identity, candidate.remote.identity, path.responder);
    responderSearch = { key: search.key, log: [...responderSearch.log, ...search.log] };
    if (search.key) break;
  }
  const responderKey = orByAddress(responder, path.responder, responderSearch);
  // The number of INVALID_KEY_INFORMATION is that of IKEv2's INVALID_KE_PAYLOAD, and charon prints that name.
  const received = 'received INVALID_KE_PAYLOAD error notify';
  if (!responderKey.key) {
    refuse({
      ...refusal(exchange, 'no-psk', 'INVALID_KEY_INFORMATION'),
      log: { initiator: [received], responder: responderKey.log },
    });
    return;
  }
  const initiatorKey = orByAddress(
    initiator,
    path.initiator,
    keyFor(
      initiator,
      presentedIdentity(connection, path.initiator.local),
      connection.remote.identity,
      path.initiator,
    ),
  );
  if (!initiatorKey.key) {
    refuse({
      ...refusal(exchange, 'no-psk', 'INVALID_KEY_INFORMATION'),
      detectedBy: 'initiator',
      log: {
        initiator: initiatorKey.log,
        responder: ['INFORMATIONAL_V1 request with message ID 0 processing failed'],
      },
      detail: {
        secretFor: {
          own: presentedIdentity(connection, path.initiator.local).text,
          peer: connection.remote.identity.text,
        },
      },
    });
    return;
  }
  const verdict = compareSecrets(initiatorKey.key.secret, responderKey.key.secret);
  if (verdict === 'unknown') {
    assume(checks, 'authentication', secretMasked);
    return;
  }
  if (verdict === 'equal') {
    pass(checks, 'authentication');
    return;
  }
  const log = {
    initiator: [
      'message parsing failed',
      givingUp(attempt.initiator.retransmission),
      'establishing IKE_SA failed, peer not responding',
    ],
    responder: [
      'invalid ID_V1 payload length, decryption failed?',
      'could not decrypt payloads',
      'message parsing failed',
      'ID_PROT request with message ID 0 processing failed',
    ],
  };
  const keys = { initiator: initiatorKey.key, responder: responderKey.key };
  refuse({ ...refusal(exchange, 'psk-mismatch', null), log }, { keys });
}

/** The identities: the responder chooses its connection by the initiator's, the initiator judges the responder's. */
function authenticate(attempt: Attempt, exchange: Exchange, negotiated: Opening): Answer | undefined {
  const { connection, path, facing, checks } = attempt;
  const idii = presentedIdentity(connection, path.initiator.local);
  const lookup = lookUpPeer(attempt, 1, {
    local: undefined,
    remote: idii,
  });
  if (lookup.kind === 'unknown') return assumeKnown(attempt, lookup.why);
  const matching = lookup.kind === 'found' ? lookup.connections : [];
  const usable = matching.filter(
    ({ remote, aggressive }) => remote.method === 'psk' && aggressive === connection.aggressive,
  );
  // The look-up takes an identity that is wider than the configured one; the proof does not (phase1.c, verify_auth).
  let chosen = usable.find(({ remote }) => matchIdentity(idii, remote.identity) > 0);
  if (!chosen) {
    const [name, reason] = usable.length > 0 ? tooWide : blame(matching, connection);
    const mode = connection.aggressive ? 'Aggressive' : 'Main';
    const configs = `${matching.length} matching config${matching.length === 1 ? '' : 's'}`;
    fail(checks, name, {
      ...refusal(exchange, reason, 'AUTHENTICATION_FAILED'),
      log: {
        initiator: ['received AUTHENTICATION_FAILED error notify'],
        responder: [
          ...usable.map(
            ({ remote }) => `constraint check failed: identity '${remote.identity.text}' required `,
          ),
          usable.length > 0
            ? 'no alternative config found'
            : matching.length > 0
              ? `found ${configs}, but none allows pre-shared key authentication using ${mode} Mode`
              : 'no peer config found',
        ],
      },
      detail: {
        ...(facing ? { responderConnection: facing.name } : {}),
        identity: {
          presented: idii.text,
          accepted: (facing ? [facing] : negotiated.candidates).map(({ remote }) => remote.identity.text),
        },
      },
    });
    chosen = usable[0] ?? matching[0] ?? facing ?? negotiated.candidates[0];
  }
  if (!chosen) return undefined;

  const idir = presentedIdentity(chosen, path.responder.local);
  const required = connection.remote.identity;
  const answer = { responderConnection: chosen, idr: idir, announcesAnother: false, ppk: false };
  if (matchIdentity(idir, required) > 0) pass(checks, 'responder-identity');
  else {
    const failure: Failure = {
      ...refusal(exchange, 'id-mismatch', null),
      detectedBy: 'initiator',
      log: { initiator: [`IDir '${idir.text}' does not match to '${required.text}'`], responder: [] },
      detail: {
        responderConnection: chosen.name,
        identity: { presented: idir.text, accepted: [required.text] },
      },
    };
    fail(checks, 'responder-identity', failure, { answer });
  }
  return answer;
}

const tooWide = ['peer-config', 'no-peer-config'] as const;

/** Why none of the connections that match the identity can be used. */
function blame(matching: readonly Connection[], connection: Connection): readonly [CheckName, Reason] {
  if (matching.length === 0) return ['peer-config', 'no-peer-config'];
  return matching.every(({ aggressive }) => aggressive !== connection.aggressive)
    ? ['mode', 'mode-mismatch']
    : ['auth-method', 'auth-method'];
}
