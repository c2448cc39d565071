/** A CHILD_SA in IKEv1: quick mode (RFC 2409 section 5.5). Source: strongSwan 5.9 sa/ikev1/tasks/quick_mode.c. */
import type { ChildSa } from './attempt.ts';
import { type Checks, fail, isWaived, pass } from './check.ts';
import {
  acceptedSelectors,
  allowedByChildren,
  answeringChild,
  type ChildParties,
  counterpart,
  proposedSelectors,
  throughNat,
  translations,
  withoutDuplicates,
} from './child.ts';
import type { ChildOffer } from './create-child-sa.ts';
import { throughPhase2Payload } from './ikev1-proposal.ts';
import type { Failure } from './outcome.ts';
import { formatProposals, selectProposal } from './proposal.ts';
import { formatSelectors, narrow, type TrafficSelector } from './traffic-selector.ts';

/** The selectors of a quick mode: one on each side. A rekey takes those of the CHILD_SA that it replaces. */
export interface QuickModeSelectors {
  readonly local: TrafficSelector;
  readonly remote: TrafficSelector;
}

/** What the initiator puts into its SA and ID payloads, as the other side reads it (quick_mode.c, build_i). */
export function quickModeOffer(
  { child, initiator }: ChildParties,
  rekeyed: QuickModeSelectors | undefined,
): ChildOffer {
  const proposed = proposedSelectors(child, initiator);
  const local = rekeyed?.local ?? proposed.local[0];
  const remote = rekeyed?.remote ?? proposed.remote[0];
  return {
    proposals: withoutDuplicates(child.proposals).flatMap((proposal) => throughPhase2Payload(proposal) ?? []),
    selectors: { local: local ? [local] : [], remote: remote ? [remote] : [] },
  };
}

/**
 * Quick mode over an IKE_SA that stands: only the first pair of selectors is sent (RFC 2409 section 5.5). Undefined where
 * the responder has no child at all.
 */
export function quickMode(
  parties: ChildParties,
  rekeyed: QuickModeSelectors | undefined,
  checks: Checks,
): ChildSa | undefined {
  const { child, responderConnection } = parties;
  const { proposals: offered, selectors } = quickModeOffer(parties, rekeyed);
  const nat = translations(parties);
  const sent = { local: selectors.remote, remote: selectors.local };
  const received =
    child.mode === 'transport'
      ? {
          local: throughNat(sent.local, nat.toResponder.local),
          remote: throughNat(sent.remote, nat.toResponder.remote),
        }
      : sent;
  const found = answeringChild(responderConnection, child, received, parties.responder);
  const responderChild = found ?? counterpart(responderConnection, child);
  const accepted = responderChild && acceptedSelectors(responderChild, parties.responder);
  const answered = {
    local: narrow(accepted?.local ?? [], received.local).slice(0, 1),
    remote: narrow(accepted?.remote ?? [], received.remote).slice(0, 1),
  };
  const refused =
    found === undefined ||
    answered.local.length === 0 ||
    answered.remote.length === 0 ||
    found.mode !== child.mode;
  const isAssumed = isWaived(checks, 'traffic-selectors');
  if (!refused && !isAssumed) pass(checks, 'traffic-selectors');
  if (refused && !isAssumed) {
    fail(checks, 'traffic-selectors', {
      phase: 'child',
      exchange: 'QUICK_MODE',
      notify: 'INVALID_ID_INFORMATION',
      reason: 'no-matching-ts',
      detectedBy: 'responder',
      log: {
        initiator: ['received INVALID_ID_INFORMATION error notify'],
        responder: [
          `no matching CHILD_SA config found for ${formatSelectors(received.remote)} === ${formatSelectors(received.local)}`,
        ],
      },
      detail: {
        responderConnection: responderConnection.name,
        ...(found ? { responderChild: found.name } : {}),
        selectors: allowedByChildren(responderConnection, parties.responder),
      },
    });
  }
  if (!responderChild) return undefined;

  const selected = selectProposal(responderChild.proposals, offered);
  const answer = selected && throughPhase2Payload(selected);
  const confirmed = answer && selectProposal(child.proposals, [answer]);
  if (confirmed) pass(checks, 'child-proposal');
  else {
    const sends = 'no matching proposal found, sending NO_PROPOSAL_CHOSEN';
    const receives = 'received NO_PROPOSAL_CHOSEN error notify';
    const refusal: Failure = {
      phase: 'child',
      exchange: 'QUICK_MODE',
      notify: 'NO_PROPOSAL_CHOSEN',
      reason: 'no-child-proposal',
      detectedBy: selected ? 'initiator' : 'responder',
      log: selected
        ? { initiator: [sends], responder: [receives] }
        : {
            initiator: [receives],
            responder: [
              `received proposals: ${formatProposals(offered)}`,
              `configured proposals: ${formatProposals(responderChild.proposals)}`,
              sends,
            ],
          },
      detail: {
        responderConnection: responderConnection.name,
        responderChild: responderChild.name,
        proposals: { initiator: child.proposals, responder: responderChild.proposals },
      },
    };
    fail(checks, 'child-proposal', refusal, { chosen: answer });
  }
  const proposal = confirmed ?? child.proposals[0];
  if (!proposal) return undefined;
  const returned =
    child.mode === 'transport'
      ? {
          local: throughNat(answered.local, nat.toInitiator.local),
          remote: throughNat(answered.remote, nat.toInitiator.remote),
        }
      : answered;
  return {
    responderChild,
    proposal,
    local: narrow(sent.remote, returned.remote),
    remote: narrow(sent.local, returned.local),
    answered: { local: answered.remote, remote: answered.local },
    mode: child.mode,
  };
}
