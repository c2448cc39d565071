/** Makes messages and the payloads in them. */
import type { Selectors } from './child.ts';
import type { ChildConfig } from './connection.ts';
import type { Identity } from './identity.ts';
import type { Message, Payload } from './message.ts';
import { notifyTypes } from './notify.ts';
import type { Notify, Role } from './outcome.ts';
import { formatProposal, type Proposal } from './proposal.ts';
import { formatSelector, type TrafficSelector } from './traffic-selector.ts';
import { formatTransform, type Transform } from './transform.ts';

type Kind = Pick<Message, 'exchange' | 'id'>;

export function request(kind: Kind, from: Role, payloads: readonly Payload[]): Message {
  return { ...kind, type: 'request', from, payloads, refused: false, fate: 'read', sent: 1 };
}

export function response(kind: Kind, from: Role, payloads: readonly Payload[]): Message {
  return { ...kind, type: 'response', from, payloads, refused: false, fate: 'read', sent: 1 };
}

export function refused(message: Message): Message {
  return { ...message, refused: true };
}

export function plain(name: string): Payload {
  return { name, kind: 'plain' };
}

export function sa(proposals: readonly Proposal[]): Payload {
  return { name: 'SA', kind: 'proposals', proposals: proposals.map(formatProposal) };
}

/** Nothing where there is no group. */
export function keyExchange(group: Transform | undefined): readonly Payload[] {
  return group ? [{ name: 'KE', kind: 'key-exchange', group: formatTransform(group) }] : [];
}

export function identity(name: 'IDi' | 'IDr' | 'ID', value: Identity): Payload {
  return { name, kind: 'identity', identity: value.text };
}

/** Those of one side, and of the other. */
export function selectors(
  [one, two]: readonly ['TSi' | 'ID', 'TSr' | 'ID'],
  values: Selectors,
  ends: readonly ChildConfig[],
): readonly Payload[] {
  const masked = ends.some(({ selectorsMasked }) => selectorsMasked);
  const payload = (name: string, each: readonly TrafficSelector[]): Payload => ({
    name,
    kind: 'selectors',
    selectors: masked ? null : each.map(formatSelector),
  });
  return [payload(one, values.local), payload(two, values.remote)];
}

export function errorNotify(notify: Notify, group?: Transform): Payload {
  const named = { name: `N(${notifyTypes[notify].short})`, kind: 'notify', notify, status: false } as const;
  return group ? { ...named, group: formatTransform(group) } : named;
}

/** charon's abbreviations of the status notifies that it sends here (notify_payload.c). */
const statuses = {
  NAT_DETECTION_SOURCE_IP: 'NATD_S_IP',
  NAT_DETECTION_DESTINATION_IP: 'NATD_D_IP',
  IKEV2_FRAGMENTATION_SUPPORTED: 'FRAG_SUP',
  SIGNATURE_HASH_ALGORITHMS: 'HASH_ALG',
  REDIRECT_SUPPORTED: 'REDIR_SUP',
  CHILDLESS_IKEV2_SUPPORTED: 'CHDLESS_SUP',
  MULTIPLE_AUTH_SUPPORTED: 'MULT_AUTH',
  EAP_ONLY_AUTHENTICATION: 'EAP_ONLY',
  IKEV2_MESSAGE_ID_SYNC_SUPPORTED: 'MSG_ID_SYN_SUP',
  INITIAL_CONTACT: 'INIT_CONTACT',
  INITIAL_CONTACT_IKEV1: 'INITIAL_CONTACT',
  USE_TRANSPORT_MODE: 'USE_TRANSP',
  REKEY_SA: 'REKEY_SA',
  ANOTHER_AUTH_FOLLOWS: 'AUTH_FOLLOWS',
  USE_PPK: 'USE_PPK',
  PPK_IDENTITY: 'PPK_ID',
  NO_PPK_AUTH: 'NO_PPK',
} as const;

export function statusNotify(notify: keyof typeof statuses): Payload {
  return { name: `N(${statuses[notify]})`, kind: 'notify', notify, status: true };
}
