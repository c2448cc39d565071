/**
 * IKE_SA_INIT of IKEv2 (RFC 7296 section 1.2) between two charons. Source of the order of checks and of the log lines:
 * strongSwan 5.9 sa/ikev2/tasks/ike_init.c.
 */
import { type Attempt, ikeConfigs, type Opening } from './attempt.ts';
import { fail, pass } from './check.ts';
import { formatProposals, ofType, type Proposal, selectProposal } from './proposal.ts';
import { sameTransform, type Transform } from './transform.ts';

/** IKE_SA_INIT: the responder's configuration by address, then the proposal. Undefined where nothing can follow. */
export function ikeSaInit(attempt: Attempt): Opening | undefined {
  const { connection, path, facing, checks } = attempt;
  const { local, remote } = path.responder;
  const connections = ikeConfigs(attempt, 2, {
    ...refusal,
    reason: 'no-ike-config',
    log: {
      initiator: ['received NO_PROPOSAL_CHOSEN notify error'],
      responder: [`no IKE config found for ${local}...${remote}, sending NO_PROPOSAL_CHOSEN`],
    },
  });
  if (!connections) return undefined;
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
  if (!selected) {
    const own = (facing && connections.includes(facing) ? facing : connections[0]).proposals;
    fail(checks, 'ike-proposal', {
      ...refusal,
      reason: 'no-ike-proposal',
      log: {
        initiator: ['received NO_PROPOSAL_CHOSEN notify error'],
        responder: [
          `received proposals: ${formatProposals(offered)}`,
          `configured proposals: ${formatProposals(own)}`,
          'received proposals unacceptable',
        ],
      },
      detail: { proposals: { initiator: offered, responder: own } },
    });
    const [assumed] = offered;
    return (
      assumed && {
        proposal: assumed,
        invalidKePayload: false,
        groups: { sent, chosen: sent },
        candidates: connections,
      }
    );
  }
  pass(checks, 'ike-proposal');
  const chosen = ofType(selected, 'KEY_EXCHANGE_METHOD')[0];
  const invalidKePayload = !(sent && chosen && sameTransform(sent, chosen));
  return {
    // The initiator offers again with the group it was asked for, and the responder selects anew.
    proposal: (invalidKePayload && selectFrom(groupFirst(connection.proposals, chosen))) || selected,
    invalidKePayload,
    groups: { sent, chosen },
    candidates: connections,
  };
}

const refusal = {
  phase: 'ike',
  exchange: 'IKE_SA_INIT',
  notify: 'NO_PROPOSAL_CHOSEN',
  detectedBy: 'responder',
} as const;

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
