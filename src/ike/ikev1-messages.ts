/**
 * The messages of IKEv1's exchanges, from what each exchange came to. Source: strongSwan 5.9 encoding/message.c,
 * sa/ikev1/tasks/main_mode.c, aggressive_mode.c, quick_mode.c, informational.c, isakmp_delete.c. Left out are what depends
 * on more than the two connections: vendor ids, and NAT-OA in transport mode behind a NAT.
 */
import type { Attempt, ChildSa, IkeSa, Opening } from './attempt.ts';
import type { Result } from './check.ts';
import type { ChildParties } from './child.ts';
import type { Connection } from './connection.ts';
import { hasWildcards } from './identity.ts';
import { firstGroup } from './ike-sa-init.ts';
import { throughPhase1Payload, throughPhase2Payload } from './ikev1-proposal.ts';
import { type Message, type Payload, sentInVain, unansweredMessage } from './message.ts';
import type { Failure, Role } from './outcome.ts';
import {
  errorNotify,
  identity,
  keyExchange,
  plain,
  refused,
  request,
  response,
  sa,
  selectors,
  statusNotify,
} from './payload.ts';
import { presentedIdentity } from './presented-identity.ts';
import { type QuickModeSelectors, quickModeOffer } from './quick-mode.ts';

const main = { exchange: 'ID_PROT', id: 0 } as const;

/** The first message of phase 1. In main mode it names nobody. */
export function firstMessage(connection: Connection, attempt: Attempt | undefined): Message {
  const offer = sa(connection.proposals.map(throughPhase1Payload));
  if (!connection.aggressive) return request(main, 'initiator', [offer]);
  const idii = attempt
    ? identity('ID', presentedIdentity(connection, attempt.path.initiator.local))
    : connection.local.identity
      ? identity('ID', connection.local.identity)
      : plain('ID');
  const group = firstGroup(connection.proposals);
  return request({ exchange: 'AGGRESSIVE', id: 0 }, 'initiator', [
    offer,
    ...keyExchange(group),
    plain('No'),
    idii,
  ]);
}

/** A refusal. Once both ends have keys it is encrypted, and begins with a hash (RFC 2409 section 5.7). */
function informational(from: Role, payloads: readonly Payload[], encrypted: boolean): Message {
  return request({ exchange: 'INFORMATIONAL_V1', id: null }, from, [
    ...(encrypted ? [plain('HASH')] : []),
    ...payloads,
  ]);
}

function notifyOf({ notify }: Failure): readonly Payload[] {
  return notify ? [errorNotify(notify)] : [];
}

/** The first two messages of phase 1. */
export function openingMessages(attempt: Attempt, opening: Result<Opening>): readonly Message[] {
  const { connection } = attempt;
  const first = firstMessage(connection, attempt);
  if (opening.kind === 'unknown') return [first];
  if (opening.kind === 'passed') {
    return connection.aggressive ? [first] : [first, response(main, 'responder', [sa([opening.proposal])])];
  }
  const { failure } = opening;
  if (failure.detectedBy === 'responder') {
    return [refused(first), informational('responder', notifyOf(failure), false)];
  }
  // The responder chose what the initiator does not find among its own.
  return [
    first,
    refused(response(main, 'responder', [sa(opening.chosen ? [opening.chosen] : [])])),
    informational('initiator', notifyOf(failure), false),
  ];
}

/** The rest of main mode: the keys, then the identities. */
export function mainModeMessages(
  attempt: Attempt,
  opening: Opening,
  ikeSa: Result<IkeSa>,
): readonly Message[] {
  if (ikeSa.kind === 'unknown') return [];
  const { connection, path } = attempt;
  const group = firstGroup([opening.proposal]);
  const keys = [...keyExchange(group), plain('No'), plain('NAT-D'), plain('NAT-D')];
  const third = request(main, 'initiator', keys);
  const fourth = response(main, 'responder', keys);
  const initialContact = hasWildcards(connection.remote.identity)
    ? []
    : [statusNotify('INITIAL_CONTACT_IKEV1')];
  const fifth = request(main, 'initiator', [
    identity('ID', presentedIdentity(connection, path.initiator.local)),
    plain('HASH'),
    ...initialContact,
  ]);
  if (ikeSa.kind === 'passed') {
    const sixth = response(main, 'responder', [identity('ID', ikeSa.idr), plain('HASH')]);
    return [third, fourth, fifth, sixth];
  }
  const { failure, answer } = ikeSa;
  if (failure.detail?.dropped)
    return [third, fourth, unansweredMessage(fifth, attempt.initiator.retransmission)];
  if (answer) {
    const sixth = response(main, 'responder', [identity('ID', answer.idr), plain('HASH')]);
    return [third, fourth, fifth, refused(sixth), informational('initiator', [plain('D')], true)];
  }
  if (failure.reason === 'no-psk') {
    const says = informational(failure.detectedBy ?? 'responder', notifyOf(failure), false);
    return failure.detectedBy === 'initiator' ? [third, refused(fourth), says] : [refused(third), says];
  }
  if (failure.reason === 'psk-mismatch') {
    const unreadable = {
      fate: 'unreadable',
      ...sentInVain(attempt.initiator.retransmission),
    } as const;
    return [
      third,
      fourth,
      { ...refused(fifth), ...unreadable },
      { ...informational('responder', [errorNotify('PAYLOAD_MALFORMED')], true), ...unreadable },
    ];
  }
  return [third, fourth, refused(fifth), informational('responder', notifyOf(failure), true)];
}

/** Quick mode, for a child or for its rekey. */
export function quickModeMessages(
  parties: ChildParties,
  rekeyed: QuickModeSelectors | undefined,
  result: Result<ChildSa>,
): readonly Message[] {
  const quick = { exchange: 'QUICK_MODE', id: null } as const;
  const offer = quickModeOffer(parties, rekeyed);
  const group = firstGroup(parties.child.proposals);
  const first = request(quick, 'initiator', [
    plain('HASH'),
    sa(offer.proposals),
    plain('No'),
    ...keyExchange(group),
    ...selectors(['ID', 'ID'], offer.selectors, [parties.child]),
  ]);
  if (result.kind === 'unknown') return [first];
  if (result.kind === 'failed') {
    const { failure } = result;
    if (failure.detectedBy === 'responder') {
      return [refused(first), informational('responder', notifyOf(failure), true)];
    }
    const second = response(quick, 'responder', [
      plain('HASH'),
      sa(result.chosen ? [result.chosen] : []),
      plain('No'),
      ...keyExchange(group),
      ...selectors(['ID', 'ID'], offer.selectors, [parties.child]),
    ]);
    return [first, refused(second), informational('initiator', notifyOf(failure), true)];
  }
  const chosen = throughPhase2Payload(result.proposal) ?? result.proposal;
  return [
    first,
    response(quick, 'responder', [
      plain('HASH'),
      sa([chosen]),
      plain('No'),
      ...keyExchange(firstGroup([chosen])),
      ...selectors(['ID', 'ID'], result.answered, [parties.child, result.responderChild]),
    ]),
    request(quick, 'initiator', [plain('HASH')]),
  ];
}
