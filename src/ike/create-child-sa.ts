/** A CHILD_SA in IKEv2 (RFC 7296): with IKE_AUTH, or by CREATE_CHILD_SA. Source: strongSwan 5.9 child_create.c. */
import { type Attempt, type ChildSa, failed, type Result } from './attempt.ts';
import {
  acceptedSelectors,
  allowedByChildren,
  answeringChild,
  type ChildParties,
  proposalMismatch,
  proposedSelectors,
  type Selectors,
  throughNat,
  translations,
  withoutDuplicates,
} from './child.ts';
import type { ChildConfig } from './connection.ts';
import type { Log } from './outcome.ts';
import { formatProposals, type Proposal, selectProposal, withoutKeyExchange } from './proposal.ts';
import { formatSelectors, narrow } from './traffic-selector.ts';

/** How a CHILD_SA is made: with IKE_AUTH (no Diffie-Hellman), or by CREATE_CHILD_SA. */
export interface ChildExchange {
  readonly exchange: 'IKE_AUTH' | 'CREATE_CHILD_SA';
  /** In a rekey the responder keeps the child it has; otherwise it chooses one by the traffic selectors. */
  readonly responderChild?: ChildConfig;
}

const keptIkeSa = 'failed to establish CHILD_SA, keeping IKE_SA';

/** What the initiator puts into its SA, TSi and TSr payloads. */
export interface ChildOffer {
  readonly proposals: readonly Proposal[];
  readonly selectors: Selectors;
}

/** Source: child_create.c, build_i. */
export function childOffer(
  { child, initiator }: Pick<ChildParties, 'child' | 'initiator'>,
  exchange: ChildExchange['exchange'],
): ChildOffer {
  const proposals = exchange === 'IKE_AUTH' ? child.proposals.map(withoutKeyExchange) : child.proposals;
  return { proposals: withoutDuplicates(proposals), selectors: proposedSelectors(child, initiator) };
}

/** A CHILD_SA over an authenticated IKE_SA (child_create.c, build_r and select_and_install). */
export function createChildSa(
  parties: ChildParties,
  how: ChildExchange,
  taken: Attempt['taken'] = new Set(),
): Result<ChildSa> {
  const { child, responderConnection } = parties;
  const withoutDiffieHellman = how.exchange === 'IKE_AUTH';
  const options = { skipKeyExchange: withoutDiffieHellman };
  const { proposals: offered, selectors: proposed } = childOffer(parties, how.exchange);
  const nat = translations(parties);
  const transport = child.mode === 'transport';
  const received = transport
    ? {
        local: throughNat(proposed.remote, nat.toResponder.local),
        remote: throughNat(proposed.local, nat.toResponder.remote),
      }
    : { local: proposed.remote, remote: proposed.local };
  const assumed = taken.has('traffic-selectors');
  const responderChild =
    how.responderChild ?? answeringChild(responderConnection, child, received, parties.responder, assumed);
  const tsUnacceptable = (log: Log): Result<ChildSa> =>
    failed('traffic-selectors', {
      phase: 'child',
      exchange: how.exchange,
      notify: 'TS_UNACCEPTABLE',
      reason: 'no-matching-ts',
      detectedBy: 'responder',
      log,
      detail: {
        responderConnection: responderConnection.name,
        selectors: allowedByChildren(responderConnection, parties.responder),
      },
    });
  const initiatorLog = ['received TS_UNACCEPTABLE notify, no CHILD_SA built', keptIkeSa];
  if (!responderChild) {
    return tsUnacceptable({
      initiator: initiatorLog,
      responder: [
        `traffic selectors ${formatSelectors(received.local)} === ${formatSelectors(received.remote)} unacceptable`,
        keptIkeSa,
      ],
    });
  }

  const own = withoutDiffieHellman
    ? responderChild.proposals.map(withoutKeyExchange)
    : responderChild.proposals;
  const proposal =
    selectProposal(responderChild.proposals, offered, options) ??
    (taken.has('child-proposal') ? offered[0] : undefined);
  if (!proposal) {
    return failed('child-proposal', {
      phase: 'child',
      exchange: how.exchange,
      notify: 'NO_PROPOSAL_CHOSEN',
      reason: 'no-child-proposal',
      detectedBy: 'responder',
      log: {
        initiator: ['received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built', keptIkeSa],
        responder: [
          `received proposals: ${formatProposals(offered)}`,
          `configured proposals: ${formatProposals(responderChild.proposals)}`,
          'no acceptable proposal found',
          keptIkeSa,
        ],
      },
      detail: {
        responderConnection: responderConnection.name,
        responderChild: responderChild.name,
        proposals: proposalMismatch(offered, own, options),
      },
    });
  }

  const accepted = acceptedSelectors(responderChild, parties.responder);
  const answered = {
    local: narrow(accepted.local, received.local),
    remote: narrow(accepted.remote, received.remote),
  };
  if ((answered.local.length === 0 || answered.remote.length === 0) && !assumed) {
    return tsUnacceptable({
      initiator: initiatorLog,
      responder: ['no acceptable traffic selectors found', keptIkeSa],
    });
  }
  const ours = acceptedSelectors(child, parties.initiator);
  const both = transport && responderChild.mode === 'transport';
  const returned = both
    ? {
        local: throughNat(answered.local, nat.toInitiator.local),
        remote: throughNat(answered.remote, nat.toInitiator.remote),
      }
    : answered;
  return {
    kind: 'passed',
    responderChild,
    proposal,
    local: narrow(ours.local, returned.remote),
    remote: narrow(ours.remote, returned.local),
    answered: { local: answered.remote, remote: answered.local },
    mode: both ? 'transport' : 'tunnel',
  };
}
