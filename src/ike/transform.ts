/**
 * The transforms that an IKE or ESP proposal is made of (RFC 7296 section 3.3.2), in strongSwan's names, and all that
 * is known of them: one table, which everything else reads.
 */

/** In the order in which strongSwan prints and compares them (proposal.c, type_for_sort). */
export const transformTypes = [
  'ENCRYPTION_ALGORITHM',
  'INTEGRITY_ALGORITHM',
  'PSEUDO_RANDOM_FUNCTION',
  'KEY_EXCHANGE_METHOD',
  'EXTENDED_SEQUENCE_NUMBERS',
] as const;

export type TransformType = (typeof transformTypes)[number];

interface Common {
  /**
   * A configuration's keywords, each with the key size that it stands for: in bits, 0 where there is only one
   * (strongSwan 5.9: proposal_keywords_static.txt).
   */
  readonly keywords: Readonly<Record<string, number>>;
  /**
   * A rank among the algorithms of one type; 0 must not be used. Of a Diffie-Hellman group its bits of security (NIST
   * SP 800-57 part 1 table 2), but 0 for those that RFC 8247 section 2.4 advises against.
   */
  readonly strength: number;
  /** What the RFCs say against it. */
  readonly advice?: string;
  /** Without a number of IANA's: strongSwan gives it one of 1024 and above (crypter.h, signer.h). */
  readonly privateUse?: true;
}

/** A cipher. Where its `strength` is undefined, it is that of the key. */
export interface Cipher extends Omit<Common, 'strength'> {
  readonly type: 'ENCRYPTION_ALGORITHM';
  readonly strength: number | undefined;
  /** Combined mode: it carries its own integrity (RFC 5282; crypter.c, encryption_algorithm_is_aead). */
  readonly aead: boolean;
  /** Bytes around and inside an ESP packet. The ICV is that of a combined mode, else 0. */
  readonly iv: number;
  readonly block: number;
  readonly icv: number;
  /** The phases of IKEv1 that have a number for it (RFC 2409 appendix A, RFC 2407 section 4.4.4). */
  readonly ikev1: readonly (1 | 2)[];
}

export interface Integrity extends Common {
  readonly type: 'INTEGRITY_ALGORITHM';
  readonly icv: number;
  /** What strongSwan assumes where an IKE proposal names no PRF (proposal.c, integ_prf_map); the truncated SHA-256 has none. */
  readonly prf?: string;
  /** Whether phase 1 of IKEv1 has a number for it. */
  readonly phase1: boolean;
  /**
   * Phase 2 of IKEv1 has an attribute for it; and where the cipher has no number strongSwan writes the AH number of the
   * integrity algorithm instead, which the reader takes for this cipher (proposal_substructure.c).
   */
  readonly readAsCipher?: string;
}

interface Other extends Common {
  readonly type: 'PSEUDO_RANDOM_FUNCTION' | 'KEY_EXCHANGE_METHOD' | 'EXTENDED_SEQUENCE_NUMBERS';
}

type Algorithm = Cipher | Integrity | Other;

type CipherFacts = Partial<Omit<Cipher, 'type' | 'keywords'>>;

/** A block cipher in CBC mode: an IV and a block of 16 bytes (RFC 3602), unless told otherwise. */
function cipher(keywords: Cipher['keywords'], facts: CipherFacts = {}): Cipher {
  const cbc = { strength: undefined, aead: false, iv: 16, block: 16, icv: 0, ikev1: [1, 2] } as const;
  return { type: 'ENCRYPTION_ALGORITHM', keywords, ...cbc, ...facts };
}

/** A counter mode has an IV of 8 (RFC 3686), and ESP ends on a boundary of four bytes (RFC 4303 section 2.4). */
function counter(keywords: Cipher['keywords'], facts: CipherFacts = {}): Cipher {
  return cipher(keywords, { iv: 8, block: 4, ikev1: [], ...facts });
}

/** Combined modes: RFC 4106, 4309, 4543, 7634. */
function aead(keywords: Cipher['keywords'], icv: number, facts: CipherFacts = {}): Cipher {
  return counter(keywords, { aead: true, icv, ...facts });
}

function keys(name: string, suffix = ''): Readonly<Record<string, number>> {
  return Object.fromEntries([128, 192, 256].map((size) => [`${name}${size}${suffix}`, size]));
}

function integrity(
  keyword: string,
  strength: number,
  icv: number,
  facts: Partial<Integrity> = {},
): Integrity {
  return { type: 'INTEGRITY_ALGORITHM', keywords: { [keyword]: 0 }, strength, icv, phase1: false, ...facts };
}

function prf(keyword: string, strength: number, facts: Partial<Other> = {}): Other {
  return { type: 'PSEUDO_RANDOM_FUNCTION', keywords: { [keyword]: 0 }, strength, ...facts };
}

function group(keyword: string, strength: number, advice?: string): Other {
  const facts = { type: 'KEY_EXCHANGE_METHOD', keywords: { [keyword]: 0 }, strength } as const;
  return advice === undefined ? facts : { ...facts, advice: `${advice} in RFC 8247` };
}

/** Blocks of 64 bits (RFC 2451). */
const smallBlock = { strength: 1, iv: 8, block: 8 } as const;
const md5 = { advice: 'MUST NOT in RFC 8247 and RFC 8221' } as const;
const sha1 = { advice: 'MUST- in RFC 8247 and RFC 8221: on its way out' } as const;

/** Advice on ciphers: RFC 8247 section 2.1, RFC 8221 section 5, RFC 9395 section 4; on hashes: RFC 8247 sections 2.2 and 2.3, RFC 8221 section 6; on groups: RFC 8247 section 2.4. */
const algorithms: ReadonlyMap<string, Algorithm> = new Map<string, Algorithm>([
  ['NULL', cipher({ null: 0 }, { strength: 0, iv: 0, block: 4, ikev1: [2], advice: 'encrypts nothing' })],
  [
    'DES_CBC',
    cipher({ des: 0 }, { ...smallBlock, strength: 0, advice: 'MUST NOT in RFC 8247 and RFC 8221' }),
  ],
  ['3DES_CBC', cipher({ '3des': 0 }, { ...smallBlock, advice: 'SHOULD NOT in RFC 8221' })],
  ['BLOWFISH_CBC', cipher(keys('blowfish'), { ...smallBlock, advice: 'MUST NOT in RFC 8221' })],
  ['CAST_CBC', cipher({ cast128: 128 }, { ...smallBlock, advice: 'deprecated by RFC 9395' })],
  ['AES_CBC', cipher(keys('aes'))],
  ['AES_CTR', counter(keys('aes', 'ctr'), { ikev1: [2] })],
  ['AES_CCM_8', aead(keys('aes', 'ccm64'), 8, { ikev1: [2] })],
  ['AES_CCM_12', aead(keys('aes', 'ccm96'), 12, { ikev1: [2] })],
  ['AES_CCM_16', aead(keys('aes', 'ccm128'), 16, { ikev1: [2] })],
  ['AES_GCM_8', aead(keys('aes', 'gcm64'), 8, { ikev1: [2] })],
  ['AES_GCM_12', aead(keys('aes', 'gcm96'), 12, { ikev1: [2] })],
  ['AES_GCM_16', aead(keys('aes', 'gcm128'), 16, { ikev1: [2] })],
  ['NULL_AES_GMAC', aead(keys('aes', 'gmac'), 16, { strength: 0, ikev1: [2], advice: 'encrypts nothing' })],
  ['CHACHA20_POLY1305', aead({ chacha20poly1305: 0 }, 16, { strength: 257 })],
  ['CAMELLIA_CBC', cipher(keys('camellia'))],
  ['CAMELLIA_CTR', counter(keys('camellia', 'ctr'))],
  ['CAMELLIA_CCM_8', aead(keys('camellia', 'ccm64'), 8)],
  ['CAMELLIA_CCM_12', aead(keys('camellia', 'ccm96'), 12)],
  ['CAMELLIA_CCM_16', aead(keys('camellia', 'ccm128'), 16)],
  ['SERPENT_CBC', cipher(keys('serpent'), { privateUse: true })],
  ['TWOFISH_CBC', cipher(keys('twofish'), { privateUse: true })],
  // No configuration can name them: IKEv1 makes them of another number, see `readAsCipher`.
  ['IDEA_CBC', cipher({}, { ...smallBlock, ikev1: [] })],
  ['DES_IV32', cipher({}, { ...smallBlock, ikev1: [] })],
  [
    'HMAC_MD5_96',
    integrity('md5', 0, 12, { prf: 'PRF_HMAC_MD5', phase1: true, readAsCipher: 'DES_CBC', ...md5 }),
  ],
  ['HMAC_MD5_128', integrity('md5_128', 0, 16, { prf: 'PRF_HMAC_MD5', ...md5 })],
  [
    'HMAC_SHA1_96',
    integrity('sha1', 1, 12, { prf: 'PRF_HMAC_SHA1', phase1: true, readAsCipher: '3DES_CBC', ...sha1 }),
  ],
  ['HMAC_SHA1_160', integrity('sha1_160', 1, 20, { prf: 'PRF_HMAC_SHA1', ...sha1 })],
  [
    'HMAC_SHA2_256_128',
    integrity('sha256', 256, 16, { prf: 'PRF_HMAC_SHA2_256', phase1: true, readAsCipher: 'IDEA_CBC' }),
  ],
  ['HMAC_SHA2_256_96', integrity('sha256_96', 256, 12, { privateUse: true })],
  [
    'HMAC_SHA2_384_192',
    integrity('sha384', 384, 24, { prf: 'PRF_HMAC_SHA2_384', phase1: true, readAsCipher: 'CAST_CBC' }),
  ],
  [
    'HMAC_SHA2_512_256',
    integrity('sha512', 512, 32, { prf: 'PRF_HMAC_SHA2_512', phase1: true, readAsCipher: 'BLOWFISH_CBC' }),
  ],
  ['AES_XCBC_96', integrity('aesxcbc', 128, 12, { prf: 'PRF_AES128_XCBC', readAsCipher: 'DES_IV32' })],
  ['AES_CMAC_96', integrity('aescmac', 128, 12, { prf: 'PRF_AES128_CMAC' })],
  ['PRF_HMAC_MD5', prf('prfmd5', 0, md5)],
  ['PRF_HMAC_SHA1', prf('prfsha1', 1, sha1)],
  ['PRF_AES128_XCBC', prf('prfaesxcbc', 128)],
  ['PRF_AES128_CMAC', prf('prfaescmac', 128)],
  ['PRF_HMAC_SHA2_256', prf('prfsha256', 256)],
  ['PRF_HMAC_SHA2_384', prf('prfsha384', 384)],
  ['PRF_HMAC_SHA2_512', prf('prfsha512', 512)],
  ['MODP_768', group('modp768', 0, 'MUST NOT')],
  ['MODP_1024', group('modp1024', 0, 'SHOULD NOT')],
  ['MODP_1536', group('modp1536', 89, 'SHOULD NOT')],
  ['MODP_2048', group('modp2048', 112)],
  ['MODP_3072', group('modp3072', 128)],
  ['MODP_4096', group('modp4096', 152)],
  ['MODP_6144', group('modp6144', 176)],
  ['MODP_8192', group('modp8192', 200)],
  ['ECP_192', group('ecp192', 96)],
  ['ECP_224', group('ecp224', 112)],
  ['ECP_256', group('ecp256', 128)],
  ['ECP_384', group('ecp384', 192)],
  ['ECP_521', group('ecp521', 256)],
  ['MODP_1024_160', group('modp1024s160', 0, 'MUST NOT')],
  ['MODP_2048_224', group('modp2048s224', 0, 'SHOULD NOT')],
  ['MODP_2048_256', group('modp2048s256', 0, 'SHOULD NOT')],
  ['ECP_224_BP', group('ecp224bp', 112)],
  ['ECP_256_BP', group('ecp256bp', 128)],
  ['ECP_384_BP', group('ecp384bp', 192)],
  ['ECP_512_BP', group('ecp512bp', 256)],
  ['CURVE_25519', group('curve25519', 128)],
  ['CURVE_448', group('curve448', 224)],
  ['NO_EXT_SEQ', { type: 'EXTENDED_SEQUENCE_NUMBERS', keywords: {}, strength: 0 }],
]);

/** One algorithm. `keySize` is in bits, 0 where the algorithm has only one. */
export interface Transform {
  readonly type: TransformType;
  readonly algorithm: string;
  readonly keySize: number;
}

function algorithmOf(name: string): Algorithm {
  const found = algorithms.get(name);
  if (!found) throw new Error(`no algorithm ${name}`);
  return found;
}

/** The transform of an algorithm's name; throws where the table has none of that name. */
export function transformNamed(algorithm: string, keySize = 0): Transform {
  return { type: algorithmOf(algorithm).type, algorithm, keySize };
}

const byKeyword: ReadonlyMap<string, Transform> = new Map(
  [...algorithms].flatMap(([algorithm, { keywords }]) =>
    Object.entries(keywords).map(([keyword, keySize]) => [keyword, transformNamed(algorithm, keySize)]),
  ),
);

/** The transform that a keyword of a configuration stands for; undefined where strongSwan knows none. */
export function transformOf(keyword: string): Transform | undefined {
  return byKeyword.get(keyword);
}

/** What is known of a cipher; undefined for a transform of another type. */
export function cipherOf(transform: Transform): Cipher | undefined {
  const algorithm = algorithmOf(transform.algorithm);
  return algorithm.type === 'ENCRYPTION_ALGORITHM' ? algorithm : undefined;
}

/** What is known of an integrity algorithm; undefined for a transform of another type. */
export function integrityOf(transform: Transform): Integrity | undefined {
  const algorithm = algorithmOf(transform.algorithm);
  return algorithm.type === 'INTEGRITY_ALGORITHM' ? algorithm : undefined;
}

/** The PRF that strongSwan assumes for an integrity algorithm where an IKE proposal names none. */
export function prfFor(transform: Transform): Transform | undefined {
  const name = integrityOf(transform)?.prf;
  return name === undefined ? undefined : transformNamed(name);
}

/** Whether it is a cipher that carries its own integrity. */
export function isAead(transform: Transform): boolean {
  return cipherOf(transform)?.aead ?? false;
}

/**
 * Whether charon passes it over in a selection though both ends have it: its number means nothing to a peer that has
 * not said it is strongSwan, and VyOS sends no vendor id (proposal.c, select_algo).
 */
export function isPrivateUse(transform: Transform): boolean {
  return algorithmOf(transform.algorithm).privateUse ?? false;
}

/** What the RFCs say against a transform, as `SHOULD NOT in RFC 8247`; undefined where they say nothing. */
export function adviceAgainst(transform: Transform): string | undefined {
  return algorithmOf(transform.algorithm).advice;
}

/**
 * A rough order of strength among the transforms of one type, for advice: of two ways to fix a mismatch the one that
 * weakens nothing comes first. Higher is stronger; 0 must not be used.
 */
export function strengthOf({ algorithm, keySize }: Transform): number {
  const known = algorithmOf(algorithm);
  if (known.strength !== undefined) return known.strength;
  // An AEAD cipher beats a classic one of the same key size.
  return keySize + (known.type === 'ENCRYPTION_ALGORITHM' && known.aead ? 1 : 0);
}

export function sameTransform(one: Transform, other: Transform): boolean {
  return one.type === other.type && one.algorithm === other.algorithm && one.keySize === other.keySize;
}

/** strongSwan's spelling: `AES_CBC_256`, `MODP_2048`. */
export function formatTransform(transform: Transform): string {
  return transform.keySize > 0 ? `${transform.algorithm}_${transform.keySize}` : transform.algorithm;
}

/** ESP without extended sequence numbers, which is all that a VyOS configuration can ask for. */
export const noExtendedSequenceNumbers = transformNamed('NO_EXT_SEQ');
