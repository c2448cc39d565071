import type { Notify } from './outcome.ts';

interface NotifyType {
  /** RFC 7296 section 3.10.1; RFC 2408 section 3.14.1 for those that only IKEv1 has. */
  readonly code: number;
  /** What charon's log calls it in the list of a message's payloads: `parsed IKE_SA_INIT response 0 [ N(NO_PROP) ]`. */
  readonly short: string;
}

/** Every error notify of the model. A number may mean one in IKEv2 and another in IKEv1. */
export const notifyTypes: Readonly<Record<Notify, NotifyType>> = {
  INVALID_SYNTAX: { code: 7, short: 'INVAL_SYN' },
  NO_PROPOSAL_CHOSEN: { code: 14, short: 'NO_PROP' },
  PAYLOAD_MALFORMED: { code: 16, short: 'PLD_MAL' },
  INVALID_KE_PAYLOAD: { code: 17, short: 'INVAL_KE' },
  INVALID_KEY_INFORMATION: { code: 17, short: 'INVAL_KE' },
  INVALID_ID_INFORMATION: { code: 18, short: 'INVAL_ID' },
  AUTHENTICATION_FAILED: { code: 24, short: 'AUTH_FAILED' },
  TS_UNACCEPTABLE: { code: 38, short: 'TS_UNACCEPT' },
};
