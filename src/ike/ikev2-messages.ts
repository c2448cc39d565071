/**
 * The messages of IKEv2's exchanges, from what each exchange came to. Source of the payloads and their order: strongSwan
 * 5.9 encoding/message.c, sa/ikev2/tasks/ike_init.c, ike_auth.c, child_create.c, child_rekey.c, ike_rekey.c. Left out are
 * what depends on more than the two connections: MOBIKE's notifies and exchanges, vendor ids, fragments, IPComp.
 */
import type { Attempt, ChildSa, IkeSa, Opening } from './attempt.ts';
import { type Answer, type Checks, firstStop, type Result, resultOf } from './check.ts';
import type { ChildParties } from './child.ts';
import { acceptsChildless, initiatesChildless } from './childless.ts';
import type { ChildConfig, Connection, Daemon } from './connection.ts';
import { type ChildExchange, childOffer, createChildSa } from './create-child-sa.ts';
import { requestIdentities } from './ike-auth.ts';
import { firstGroup, groupFirst } from './ike-sa-init.ts';
import { type Message, type Payload, unansweredMessage } from './message.ts';
import type { Failure } from './outcome.ts';
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
import { acceptsPpk, initiatorPpk, offersPpk } from './ppk.ts';
import { type Proposal, selectProposal } from './proposal.ts';
import { sameTransform, type Transform } from './transform.ts';

const init = { exchange: 'IKE_SA_INIT', id: 0 } as const;
const abilities = (): readonly Payload[] => [
  statusNotify('NAT_DETECTION_SOURCE_IP'),
  statusNotify('NAT_DETECTION_DESTINATION_IP'),
  statusNotify('IKEV2_FRAGMENTATION_SUPPORTED'),
  statusNotify('SIGNATURE_HASH_ALGORITHMS'),
];

function initRequest(connection: Connection, group: Transform | undefined): Message {
  return request(init, 'initiator', [
    sa(groupFirst(connection.proposals, group)),
    ...keyExchange(group),
    plain('No'),
    ...abilities(),
    statusNotify('REDIRECT_SUPPORTED'),
    ...(offersPpk(connection) ? [statusNotify('USE_PPK')] : []),
  ]);
}

/** The one message of an initiator whose call reaches nobody. */
export function firstRequest(connection: Connection): Message {
  return initRequest(connection, firstGroup(connection.proposals));
}

/** IKE_SA_INIT, with the second round trip where the responder wants another group. */
export function ikeSaInitMessages(
  connection: Connection,
  responder: Daemon,
  opening: Result<Opening>,
): readonly Message[] {
  const first = firstRequest(connection);
  if (opening.kind === 'unknown') return [first];
  if (opening.kind === 'failed') return [refused(first), response(init, 'responder', errorOf(opening))];
  const { groups, invalidKePayload, proposal, candidates } = opening;
  const [answering] = candidates;
  const invalid = errorNotify('INVALID_KE_PAYLOAD', groups.chosen);
  return [
    first,
    ...(invalidKePayload
      ? [response(init, 'responder', [invalid]), initRequest(connection, groups.chosen)]
      : []),
    response(init, 'responder', [
      sa([proposal]),
      ...keyExchange(firstGroup([proposal])),
      plain('No'),
      ...abilities(),
      ...(acceptsPpk(offersPpk(connection), responder) ? [statusNotify('USE_PPK')] : []),
      ...(answering && acceptsChildless(answering) ? [statusNotify('CHILDLESS_IKEV2_SUPPORTED')] : []),
      statusNotify('MULTIPLE_AUTH_SUPPORTED'),
    ]),
  ];
}

function errorOf({ failure: { notify } }: { readonly failure: Failure }): readonly Payload[] {
  return notify ? [errorNotify(notify)] : [];
}

/**
 * IKE_AUTH, and what an initiator says that refuses the responder. `childSa` is what the first CHILD_SA came to;
 * undefined where it did not come to one, or comes by an exchange of its own.
 */
export function ikeAuthMessages(
  attempt: Attempt,
  opening: Opening,
  ikeSa: Result<IkeSa>,
  childSa: Result<ChildSa> | undefined,
): readonly Message[] {
  if (ikeSa.kind === 'unknown') return [];
  const [answering] = opening.candidates;
  const childless = answering !== undefined && initiatesChildless(attempt.connection, answering);
  const asked = authRequest(attempt, childless);
  if (ikeSa.kind === 'passed') {
    if (childless) {
      return [asked, response({ exchange: 'IKE_AUTH', id: 1 }, 'responder', proofOf(ikeSa))];
    }
    const answer = authResponse(attempt.child, ikeSa, childSa);
    if (!answer) return [asked];
    return [childSa?.kind === 'failed' ? refused(asked) : asked, answer];
  }
  const { failure, answer } = ikeSa;
  if (failure.detail?.dropped) return [unansweredMessage(asked, attempt.initiator.retransmission)];
  if (!answer) {
    // An initiator without a key cannot prove who it is, and sends nothing.
    if (failure.detectedBy === 'initiator') return [];
    return [refused(asked), response({ exchange: 'IKE_AUTH', id: 1 }, 'responder', errorOf(ikeSa))];
  }
  const { child, path } = attempt;
  const { responderConnection } = answer;
  const parties = { child, initiator: path.initiator, responderConnection, responder: path.responder };
  const inAuth = { exchange: 'IKE_AUTH', id: 1 } as const;
  if (failure.detectedBy === 'responder') {
    // It has proved itself, and has what comes with the proof refused (child_create.c, handle_childless).
    return [refused(asked), response(inAuth, 'responder', [...proofOf(answer), ...errorOf(ikeSa)])];
  }
  const said = childless
    ? response(inAuth, 'responder', proofOf(answer))
    : authResponse(child, answer, firstChild(parties));
  if (!said) return [asked];
  if (failure.detectedBy === null) {
    // The first two rounds of many: the initiator asks for the proof that was announced, and gets the same again.
    const second = { exchange: 'IKE_AUTH', id: 2 } as const;
    return [asked, said, request(second, 'initiator', []), { ...said, ...second }];
  }
  const informational = { exchange: 'INFORMATIONAL', id: 2 } as const;
  return [
    asked,
    refused(said),
    request(informational, 'initiator', errorOf(ikeSa)),
    { ...response(informational, 'responder', []), fate: 'ignored' },
  ];
}

/** The CHILD_SA that comes with a proof that the initiator refuses. */
function firstChild(parties: ChildParties): Result<ChildSa> | undefined {
  const checks: Checks = [];
  const childSa = createChildSa(parties, { exchange: 'IKE_AUTH' }, checks);
  return resultOf(firstStop(checks), childSa);
}

function authRequest(attempt: Attempt, childless: boolean): Message {
  const { child, connection, path } = attempt;
  const { idi, idr } = requestIdentities(attempt);
  const offer = childOffer({ child, initiator: path.initiator }, 'IKE_AUTH');
  const ppk = initiatorPpk(attempt).kind === 'key';
  const first = connection.unique === 'never' ? [] : [statusNotify('INITIAL_CONTACT')];
  return request({ exchange: 'IKE_AUTH', id: 1 }, 'initiator', [
    identity('IDi', idi),
    ...(idr ? [...first, identity('IDr', idr)] : []),
    plain('AUTH'),
    ...(childless
      ? []
      : [
          ...transport(child.mode),
          sa(offer.proposals),
          ...selectors(['TSi', 'TSr'], offer.selectors, [child]),
        ]),
    statusNotify('MULTIPLE_AUTH_SUPPORTED'),
    statusNotify('EAP_ONLY_AUTHENTICATION'),
    statusNotify('IKEV2_MESSAGE_ID_SYNC_SUPPORTED'),
    ...(ppk && !connection.ppk.required ? [statusNotify('NO_PPK_AUTH')] : []),
    ...(ppk ? [statusNotify('PPK_IDENTITY')] : []),
  ]);
}

/** The responder's identity and proof, that it took the PPK, and that it would prove more. */
function proofOf({
  idr,
  ppk,
  announcesAnother,
}: Pick<Answer, 'idr' | 'ppk'> & Partial<Answer>): readonly Payload[] {
  return [
    identity('IDr', idr),
    plain('AUTH'),
    ...(ppk ? [statusNotify('PPK_IDENTITY')] : []),
    ...(announcesAnother ? [statusNotify('ANOTHER_AUTH_FOLLOWS')] : []),
  ];
}

function authResponse(
  child: ChildConfig,
  told: Pick<Answer, 'idr' | 'ppk'> & Partial<Answer>,
  childSa: Result<ChildSa> | undefined,
): Message | undefined {
  const answer = (payloads: readonly Payload[]) =>
    response({ exchange: 'IKE_AUTH', id: 1 }, 'responder', payloads);
  if (told.announcesAnother) return answer(proofOf(told));
  if (!childSa || childSa.kind === 'unknown') return undefined;
  if (childSa.kind === 'failed') return answer([...proofOf(told), ...errorOf(childSa)]);
  return answer([
    identity('IDr', told.idr),
    plain('AUTH'),
    ...transport(childSa.mode),
    sa([childSa.proposal]),
    ...narrowed(child, childSa),
    ...(told.ppk ? [statusNotify('PPK_IDENTITY')] : []),
  ]);
}

function transport(mode: ChildSa['mode']): readonly Payload[] {
  return mode === 'transport' ? [statusNotify('USE_TRANSPORT_MODE')] : [];
}

function narrowed(child: ChildConfig, { answered, responderChild }: ChildSa): readonly Payload[] {
  return selectors(['TSi', 'TSr'], answered, [child, responderChild]);
}

/** CREATE_CHILD_SA for a child, or for its rekey; `firstId` is the message id of the first request. */
export function createChildSaMessages(
  parties: ChildParties,
  result: Result<ChildSa>,
  { rekey, firstId }: { readonly rekey: boolean; readonly firstId: number },
): readonly Message[] {
  const exchange: ChildExchange['exchange'] = 'CREATE_CHILD_SA';
  const { proposals, selectors: proposed } = childOffer(parties, exchange);
  const ask = (id: number, group: Transform | undefined) =>
    request({ exchange, id }, 'initiator', [
      ...(rekey ? [statusNotify('REKEY_SA')] : []),
      ...transport(parties.child.mode),
      sa(groupFirst(proposals, group)),
      plain('No'),
      ...keyExchange(group),
      ...selectors(['TSi', 'TSr'], proposed, [parties.child]),
    ]);
  const group = firstGroup(proposals);
  if (result.kind === 'unknown') return [ask(firstId, group)];
  if (result.kind === 'failed') {
    return [refused(ask(firstId, group)), response({ exchange, id: firstId }, 'responder', errorOf(result))];
  }
  const chosen = firstGroup([result.proposal]);
  const { retry, id } = secondTry(exchange, firstId, group, chosen);
  return [
    ask(firstId, group),
    ...retry,
    ...(retry.length > 0 ? [ask(id, chosen)] : []),
    response({ exchange, id }, 'responder', [
      ...transport(result.mode),
      sa([result.proposal]),
      plain('No'),
      ...keyExchange(chosen),
      ...narrowed(parties.child, result),
    ]),
    ...(rekey ? deletion(id + 1, [plain('D')]) : []),
  ];
}

/** The responder's INVALID_KE_PAYLOAD where it wants another group, and the message id of what follows. */
function secondTry(
  exchange: 'CREATE_CHILD_SA',
  id: number,
  sent: Transform | undefined,
  chosen: Transform | undefined,
): { readonly retry: readonly Message[]; readonly id: number } {
  if (!sent || !chosen || sameTransform(sent, chosen)) return { retry: [], id };
  const invalid = errorNotify('INVALID_KE_PAYLOAD', chosen);
  return { retry: [response({ exchange, id }, 'responder', [invalid])], id: id + 1 };
}

function deletion(id: number, answer: readonly Payload[]): readonly Message[] {
  const informational = { exchange: 'INFORMATIONAL', id } as const;
  return [request(informational, 'initiator', [plain('D')]), response(informational, 'responder', answer)];
}

/**
 * The IKE_SA's own rekey: the choice of a proposal anew, with the group of the IKE_SA that is replaced (ike_init.c,
 * `prefer_previous_dh_group`).
 */
export function ikeRekeyMessages(
  starter: Connection,
  other: Connection,
  current: Proposal,
  firstId: number,
): readonly Message[] {
  const exchange = 'CREATE_CHILD_SA';
  const payloads = (proposals: readonly Proposal[], group: Transform | undefined) => [
    sa(proposals),
    plain('No'),
    ...keyExchange(group),
  ];
  const group = firstGroup([current]);
  const ask = (id: number, wanted: Transform | undefined) =>
    request({ exchange, id }, 'initiator', payloads(groupFirst(starter.proposals, wanted), wanted));
  const select = (wanted: Transform | undefined) =>
    selectProposal(other.proposals, groupFirst(starter.proposals, wanted)) ?? current;
  const { retry, id } = secondTry(exchange, firstId, group, firstGroup([select(group)]));
  const chosen = retry.length > 0 ? firstGroup([select(group)]) : group;
  return [
    ask(firstId, group),
    ...retry,
    ...(retry.length > 0 ? [ask(id, chosen)] : []),
    response({ exchange, id }, 'responder', payloads([select(chosen)], chosen)),
    ...deletion(id + 1, []),
  ];
}
