/** A CHILD_SA in IKEv2 (RFC 7296): with IKE_AUTH, or by CREATE_CHILD_SA. Source: strongSwan 5.9 child_create.c. */
import type { ChildSa } from './attempt.ts';
import { type Checks, fail, isWaived, pass } from './check.ts';
import {
  acceptedSelectors,
  allowedByChildren,
  answeringChild,
  type ChildParties,
  counterpart,
  proposedSelectors,
  type Selectors,
  throughNat,
  translations,
  withoutDuplicates,
} from './child.ts';
import type { ChildConfig } from './connection.ts';
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

/**
 * A CHILD_SA over an authenticated IKE_SA (child_create.c, build_r and select_and_install). Undefined where the responder
 * has no child at all.
 */
export function createChildSa(
  parties: ChildParties,
  how: ChildExchange,
  checks: Checks,
): ChildSa | undefined {
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
  const found = how.responderChild ?? answeringChild(responderConnection, child, received, parties.responder);
  const tsUnacceptable = (responder: readonly string[]) =>
    fail(checks, 'traffic-selectors', {
      phase: 'child',
      exchange: how.exchange,
      notify: 'TS_UNACCEPTABLE',
      reason: 'no-matching-ts',
      detectedBy: 'responder',
      log: { initiator: ['received TS_UNACCEPTABLE notify, no CHILD_SA built', keptIkeSa], responder },
      detail: {
        responderConnection: responderConnection.name,
        selectors: allowedByChildren(responderConnection, parties.responder),
      },
    });
  const responderChild = found ?? counterpart(responderConnection, child);
  if (!found && !isWaived(checks, 'traffic-selectors')) {
    const [own, other] = [formatSelectors(received.local), formatSelectors(received.remote)];
    tsUnacceptable([`traffic selectors ${own} === ${other} unacceptable`, keptIkeSa]);
  }
  if (!responderChild) return undefined;

  const own = withoutDiffieHellman
    ? responderChild.proposals.map(withoutKeyExchange)
    : responderChild.proposals;
  const selected = selectProposal(responderChild.proposals, offered, options);
  if (selected) pass(checks, 'child-proposal');
  else {
    fail(checks, 'child-proposal', {
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
        proposals: { initiator: offered, responder: own },
      },
    });
  }
  const proposal = selected ?? offered[0];
  if (!proposal) return undefined;

  const accepted = acceptedSelectors(responderChild, parties.responder);
  const answered = {
    local: narrow(accepted.local, received.local),
    remote: narrow(accepted.remote, received.remote),
  };
  if (!isWaived(checks, 'traffic-selectors')) {
    if (answered.local.length > 0 && answered.remote.length > 0) pass(checks, 'traffic-selectors');
    else tsUnacceptable(['no acceptable traffic selectors found', keptIkeSa]);
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
    responderChild,
    proposal,
    local: narrow(ours.local, returned.remote),
    remote: narrow(ours.remote, returned.local),
    answered: { local: answered.remote, remote: answered.local },
    mode: both ? 'transport' : 'tunnel',
  };
}
