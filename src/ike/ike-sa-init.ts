/**
 * IKE_SA_INIT of IKEv2 (RFC 7296 section 1.2) between two charons. Source of the order of checks and of the log lines:
 * strongSwan 5.9 sa/ikev2/tasks/ike_init.c.
 */
import { type Attempt, failed, type Opening, type Result } from './attempt.ts';
import { proposalMismatch } from './child.ts';
import { lookUpByAddress } from './lookup.ts';
import { formatProposals, ofType, type Proposal, selectProposal } from './proposal.ts';
import { sameTransform, type Transform } from './transform.ts';

/** IKE_SA_INIT: the responder's configuration by address, then the proposal. */
export function ikeSaInit(attempt: Attempt): Result<Opening> {
  const { connection, responder, path, facing, taken } = attempt;
  const lookup = lookUpByAddress(responder.connections, path.responder, 2);
  if (lookup.kind === 'unknown' && !(taken.has('ike-config') && facing)) {
    return { ...lookup, hurdle: 'ike-config' };
  }
  const connections =
    lookup.kind === 'found' ? lookup.connections : taken.has('ike-config') && facing ? [facing] : undefined;
  if (!connections) {
    return failed('ike-config', {
      phase: 'ike',
      exchange: 'IKE_SA_INIT',
      notify: 'NO_PROPOSAL_CHOSEN',
      reason: 'no-ike-config',
      detectedBy: 'responder',
      log: {
        initiator: ['received NO_PROPOSAL_CHOSEN notify error'],
        responder: [
          `no IKE config found for ${path.responder.local}...${path.responder.remote}, sending NO_PROPOSAL_CHOSEN`,
        ],
      },
    });
  }
  const sent = firstGroup(connection.proposals);
  const offered = groupFirst(connection.proposals, sent);
  const selectFrom = (supplied: readonly Proposal[]): Proposal | undefined => {
    for (const candidate of connections) {
      const found = selectProposal(candidate.proposals, supplied);
      if (found) return found;
    }
    return undefined;
  };
  const selected = selectFrom(offered);
  const [first] = connections;
  if (!selected) {
    const [assumed] = offered;
    if (taken.has('ike-proposal') && assumed && first) {
      return {
        kind: 'passed',
        proposal: assumed,
        invalidKePayload: false,
        groups: { sent, chosen: sent },
        candidates: connections,
      };
    }
    const own = (facing && connections.includes(facing) ? facing : first)?.proposals ?? [];
    return failed('ike-proposal', {
      phase: 'ike',
      exchange: 'IKE_SA_INIT',
      notify: 'NO_PROPOSAL_CHOSEN',
      reason: 'no-ike-proposal',
      detectedBy: 'responder',
      log: {
        initiator: ['received NO_PROPOSAL_CHOSEN notify error'],
        responder: [
          `received proposals: ${formatProposals(offered)}`,
          `configured proposals: ${formatProposals(own)}`,
          'received proposals unacceptable',
        ],
      },
      detail: { proposals: proposalMismatch(offered, own) },
    });
  }
  const chosen = ofType(selected, 'KEY_EXCHANGE_METHOD')[0];
  const invalidKePayload = !(sent && chosen && sameTransform(sent, chosen));
  return {
    kind: 'passed',
    // The initiator offers again with the group it was asked for, and the responder selects anew.
    proposal: (invalidKePayload && selectFrom(groupFirst(connection.proposals, chosen))) || selected,
    invalidKePayload,
    groups: { sent, chosen },
    candidates: connections,
  };
}

/** The group of the KE payload with which an initiator begins. */
export function firstGroup(proposals: readonly Proposal[]): Transform | undefined {
  return proposals.flatMap((proposal) => ofType(proposal, 'KEY_EXCHANGE_METHOD'))[0];
}

/**
 * An initiator puts the proposals with the group of its KE payload before the others, and the group before the other
 * groups of each (ike_init.c, build_payloads; proposal.c, promote_transform).
 */
export function groupFirst(
  proposals: readonly Proposal[],
  group: Transform | undefined,
): readonly Proposal[] {
  if (!group) return proposals;
  const isGroup = (transform: Transform) => sameTransform(transform, group);
  const has = ({ transforms }: Proposal) => transforms.some(isGroup);
  const promoted = proposals.filter(has).map((proposal) => ({
    ...proposal,
    transforms: [group, ...proposal.transforms.filter((transform) => !isGroup(transform))],
  }));
  return [...promoted, ...proposals.filter((proposal) => !has(proposal))];
}
