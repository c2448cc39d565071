/** IKE messages as charon logs them: `generating IKE_SA_INIT request 0 [ SA KE No … ]`, with what is in the payloads. */
import type { Failure, Role, Side } from './outcome.ts';
import { givesUpAfter, type Retransmission } from './retransmission.ts';

/** charon's names of the exchanges (RFC 7296 section 3.1, RFC 2408 section 3.1). */
export type WireExchange =
  | 'IKE_SA_INIT'
  | 'IKE_AUTH'
  | 'CREATE_CHILD_SA'
  | 'INFORMATIONAL'
  | 'ID_PROT'
  | 'AGGRESSIVE'
  | 'QUICK_MODE'
  | 'INFORMATIONAL_V1';

/** `name` is charon's abbreviation. Proposals, groups and selectors are in strongSwan's notation. */
export type Payload = { readonly name: string } & (
  | { readonly kind: 'plain' }
  | { readonly kind: 'proposals'; readonly proposals: readonly string[] }
  | { readonly kind: 'key-exchange'; readonly group: string }
  /** The identity may come from a hostile configuration. */
  | { readonly kind: 'identity'; readonly identity: string }
  /** Null where a configuration does not show them. */
  | { readonly kind: 'selectors'; readonly selectors: readonly string[] | null }
  | {
      readonly kind: 'notify';
      readonly notify: string;
      /** A status that refuses nothing. */
      readonly status: boolean;
      /** INVALID_KE_PAYLOAD names the group that is wanted. */
      readonly group?: string;
    }
);

/** One message of a sequence; the roles are those of the sequence. */
export interface Message {
  readonly exchange: WireExchange;
  readonly type: 'request' | 'response';
  /** Null: a random one, as quick mode and the INFORMATIONAL exchange of IKEv1 have. */
  readonly id: number | null;
  readonly from: Role;
  readonly payloads: readonly Payload[];
  /** Its receiver refuses it, and that is where the exchange stops. */
  readonly refused: boolean;
  /**
   * `unreadable`: it arrives, and cannot be decrypted. `unanswered`: nobody is there. `ignored`: its receiver has given
   * the IKE_SA up by then.
   */
  readonly fate: 'read' | 'unreadable' | 'unanswered' | 'ignored';
  /** How often it is sent. */
  readonly sent: number;
  /** Seconds until its sender gives up, where nobody answers it. */
  readonly givenUpAfter?: number;
}

/** How a sequence of messages ends. */
export type LadderEnd =
  | { readonly kind: 'established' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The configurations do not hold what would decide how it goes on. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** charon does not ask for a child whose like stands already (child_create.c, check_for_duplicate). */
  | { readonly kind: 'not-asked-for' };

/** One sequence of messages. `initiator` is who starts it; the roles in the messages are those of this sequence. */
export interface Ladder {
  readonly initiator: Side;
  readonly messages: readonly Message[];
  readonly end: LadderEnd;
}

/** How often a message is sent that nobody answers, and for how long. */
export function sentInVain(how: Retransmission): Pick<Message, 'sent' | 'givenUpAfter'> {
  return { sent: how.tries + 1, givenUpAfter: givesUpAfter(how) };
}

/** As charon logs it, without the word before it: `IKE_AUTH response 1 [ IDr AUTH N(NO_PROP) ]`. */
export function formatMessage({ exchange, type, id, payloads }: Message): string {
  const names = payloads.map(({ name }) => `${name} `).join('');
  return `${exchange} ${type}${id === null ? '' : ` ${id}`} [ ${names}]`;
}
