/**
 * What is left of a proposal once it went through an IKEv1 SA payload (RFC 2409 appendix A, RFC 2407 section 4.4),
 * as strongSwan writes and reads it. IKEv1 sends one transform with one value of each kind; a phase 1 transform has
 * no PRF of its own (the hash stands for both) and no room for AEAD, CTR, XCBC or CMAC. What has no number is left
 * out, and what then arrives is another proposal than the one that was configured.
 *
 * Source: strongSwan 5.9 encoding/payloads/proposal_substructure.c: set_from_proposal_v1_ike, set_from_proposal_v1,
 * add_to_proposal_v1_ike, add_to_proposal_v1 and the maps above them.
 */
import { ofType, type Proposal } from './proposal.ts';
import {
  cipherOf,
  integrityOf,
  noExtendedSequenceNumbers,
  prfFor,
  type Transform,
  transformNamed,
} from './transform.ts';

/** The phase 1 proposal that the other side reads. The hash that is written is also the PRF that is read. */
export function throughPhase1Payload(proposal: Proposal): Proposal {
  const cipher = ofType(proposal, 'ENCRYPTION_ALGORITHM').find((each) => cipherOf(each)?.ikev1.includes(1));
  const hash = ofType(proposal, 'INTEGRITY_ALGORITHM').find((each) => integrityOf(each)?.phase1);
  const [group] = ofType(proposal, 'KEY_EXCHANGE_METHOD');
  const read = [cipher, hash, hash && prfFor(hash), group];
  return { protocol: 'IKE', transforms: read.filter((each) => each !== undefined) };
}

/** The phase 2 proposal that the other side reads; undefined where nothing of it can be written. */
export function throughPhase2Payload(proposal: Proposal): Proposal | undefined {
  const [cipher] = ofType(proposal, 'ENCRYPTION_ALGORITHM');
  const [authentication] = ofType(proposal, 'INTEGRITY_ALGORITHM');
  const mistaken = authentication && integrityOf(authentication)?.readAsCipher;
  const read: Transform[] = [];
  if (cipher && cipherOf(cipher)?.ikev1.includes(2)) read.push(cipher);
  else if (mistaken !== undefined) read.push(transformNamed(mistaken));
  else return undefined;
  if (authentication && mistaken !== undefined) read.push(authentication);
  read.push(...ofType(proposal, 'KEY_EXCHANGE_METHOD').slice(0, 1), noExtendedSequenceNumbers);
  return { protocol: 'ESP', transforms: read };
}
