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
import { noExtendedSequenceNumbers, type Transform, transforms } from './transform.ts';

/** Phase 1 ciphers with an IKEv1 number. */
const ikeCiphers: ReadonlySet<string> = new Set([
  'DES_CBC',
  'BLOWFISH_CBC',
  '3DES_CBC',
  'CAST_CBC',
  'AES_CBC',
  'CAMELLIA_CBC',
  'SERPENT_CBC',
  'TWOFISH_CBC',
]);

/** Phase 1 hashes: the integrity algorithm that is written, and the PRF that the reader adds to it. */
const ikeHashes: ReadonlyMap<string, string> = new Map([
  ['HMAC_MD5_96', 'PRF_HMAC_MD5'],
  ['HMAC_SHA1_96', 'PRF_HMAC_SHA1'],
  ['HMAC_SHA2_256_128', 'PRF_HMAC_SHA2_256'],
  ['HMAC_SHA2_384_192', 'PRF_HMAC_SHA2_384'],
  ['HMAC_SHA2_512_256', 'PRF_HMAC_SHA2_512'],
]);

/** Phase 2 ciphers with an ESP transform identifier. */
const espCiphers: ReadonlySet<string> = new Set([
  'DES_CBC',
  '3DES_CBC',
  'CAST_CBC',
  'BLOWFISH_CBC',
  'NULL',
  'AES_CBC',
  'AES_CTR',
  'AES_CCM_8',
  'AES_CCM_12',
  'AES_CCM_16',
  'AES_GCM_8',
  'AES_GCM_12',
  'AES_GCM_16',
  'CAMELLIA_CBC',
  'NULL_AES_GMAC',
  'SERPENT_CBC',
  'TWOFISH_CBC',
]);

/** Phase 2 authentication attributes. CMAC and the long truncations have none. */
const espAuthentication: ReadonlySet<string> = new Set([
  'HMAC_MD5_96',
  'HMAC_SHA1_96',
  'HMAC_SHA2_256_128',
  'HMAC_SHA2_384_192',
  'HMAC_SHA2_512_256',
  'AES_XCBC_96',
]);

/**
 * strongSwan gives an ESP transform whose cipher has no number the AH number of its integrity algorithm, which the
 * reader takes for an ESP cipher: 2 DES, 3 3DES, 5 IDEA, 7 BLOWFISH, 9 DES_IV32; the others have no meaning for it.
 */
const espCipherReadFromAhNumber: ReadonlyMap<string, string> = new Map([
  ['HMAC_MD5_96', 'DES_CBC'],
  ['HMAC_SHA1_96', '3DES_CBC'],
  ['HMAC_SHA2_256_128', 'IDEA_CBC'],
  ['HMAC_SHA2_384_192', 'CAST_CBC'],
  ['HMAC_SHA2_512_256', 'BLOWFISH_CBC'],
  ['AES_XCBC_96', 'DES_IV32'],
]);

/** The phase 1 proposal that the other side reads. */
export function throughPhase1Payload(proposal: Proposal): Proposal {
  const cipher = ofType(proposal, 'ENCRYPTION_ALGORITHM').find(({ algorithm }) => ikeCiphers.has(algorithm));
  const hash = ofType(proposal, 'INTEGRITY_ALGORITHM').find(({ algorithm }) => ikeHashes.has(algorithm));
  const read: Transform[] = [];
  if (cipher) read.push(cipher);
  if (hash) read.push(hash, transforms.prf(ikeHashes.get(hash.algorithm) ?? ''));
  read.push(...ofType(proposal, 'KEY_EXCHANGE_METHOD').slice(0, 1));
  return { protocol: 'IKE', transforms: read };
}

/** The phase 2 proposal that the other side reads; undefined where nothing of it can be written. */
export function throughPhase2Payload(proposal: Proposal): Proposal | undefined {
  const cipher = ofType(proposal, 'ENCRYPTION_ALGORITHM')[0];
  const authentication = ofType(proposal, 'INTEGRITY_ALGORITHM')[0];
  const read: Transform[] = [];
  if (cipher && espCiphers.has(cipher.algorithm)) read.push(cipher);
  else if (authentication) {
    const mistaken = espCipherReadFromAhNumber.get(authentication.algorithm);
    if (mistaken === undefined) return undefined;
    read.push(transforms.encryption(mistaken));
  } else return undefined;
  if (authentication && espAuthentication.has(authentication.algorithm)) read.push(authentication);
  read.push(...ofType(proposal, 'KEY_EXCHANGE_METHOD').slice(0, 1), noExtendedSequenceNumbers);
  return { protocol: 'ESP', transforms: read };
}
