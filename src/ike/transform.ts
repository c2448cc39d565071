/**
 * The transforms that an IKE or ESP proposal is made of (RFC 7296 section 3.3.2), in strongSwan's names, and the
 * keywords by which a configuration names them (strongSwan 5.9: proposal_keywords_static.txt, crypters/crypter.c,
 * signers/signer.c, prfs/prf.c, key_exchange.c).
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

/** One algorithm. `keySize` is in bits, 0 where the algorithm has only one. */
export interface Transform {
  readonly type: TransformType;
  readonly algorithm: string;
  readonly keySize: number;
}

function encryption(algorithm: string, keySize = 0): Transform {
  return { type: 'ENCRYPTION_ALGORITHM', algorithm, keySize };
}
function integrity(algorithm: string): Transform {
  return { type: 'INTEGRITY_ALGORITHM', algorithm, keySize: 0 };
}
function prf(algorithm: string): Transform {
  return { type: 'PSEUDO_RANDOM_FUNCTION', algorithm, keySize: 0 };
}
function keyExchange(algorithm: string): Transform {
  return { type: 'KEY_EXCHANGE_METHOD', algorithm, keySize: 0 };
}

/** `aes128ctr` and its siblings: one keyword for each key size. */
function sized(name: string, sizes: readonly number[], suffixes: Readonly<Record<string, string>>) {
  return sizes.flatMap((size) =>
    Object.entries(suffixes).map(
      ([suffix, algorithm]) => [`${name}${size}${suffix}`, encryption(algorithm, size)] as const,
    ),
  );
}

const keyLengths = [128, 192, 256];

const keywords: ReadonlyMap<string, Transform> = new Map<string, Transform>([
  ['null', encryption('NULL')],
  ['des', encryption('DES_CBC')],
  ['3des', encryption('3DES_CBC')],
  ['chacha20poly1305', encryption('CHACHA20_POLY1305')],
  ['cast128', encryption('CAST_CBC', 128)],
  ...sized('aes', keyLengths, {
    '': 'AES_CBC',
    ctr: 'AES_CTR',
    ccm64: 'AES_CCM_8',
    ccm96: 'AES_CCM_12',
    ccm128: 'AES_CCM_16',
    gcm64: 'AES_GCM_8',
    gcm96: 'AES_GCM_12',
    gcm128: 'AES_GCM_16',
    gmac: 'NULL_AES_GMAC',
  }),
  ...sized('blowfish', keyLengths, { '': 'BLOWFISH_CBC' }),
  ...sized('camellia', keyLengths, {
    '': 'CAMELLIA_CBC',
    ctr: 'CAMELLIA_CTR',
    ccm64: 'CAMELLIA_CCM_8',
    ccm96: 'CAMELLIA_CCM_12',
    ccm128: 'CAMELLIA_CCM_16',
  }),
  ...sized('serpent', keyLengths, { '': 'SERPENT_CBC' }),
  ...sized('twofish', keyLengths, { '': 'TWOFISH_CBC' }),
  ['md5', integrity('HMAC_MD5_96')],
  ['md5_128', integrity('HMAC_MD5_128')],
  ['sha1', integrity('HMAC_SHA1_96')],
  ['sha1_160', integrity('HMAC_SHA1_160')],
  ['sha256', integrity('HMAC_SHA2_256_128')],
  ['sha256_96', integrity('HMAC_SHA2_256_96')],
  ['sha384', integrity('HMAC_SHA2_384_192')],
  ['sha512', integrity('HMAC_SHA2_512_256')],
  ['aesxcbc', integrity('AES_XCBC_96')],
  ['aescmac', integrity('AES_CMAC_96')],
  ['prfmd5', prf('PRF_HMAC_MD5')],
  ['prfsha1', prf('PRF_HMAC_SHA1')],
  ['prfaesxcbc', prf('PRF_AES128_XCBC')],
  ['prfaescmac', prf('PRF_AES128_CMAC')],
  ['prfsha256', prf('PRF_HMAC_SHA2_256')],
  ['prfsha384', prf('PRF_HMAC_SHA2_384')],
  ['prfsha512', prf('PRF_HMAC_SHA2_512')],
  ['modp768', keyExchange('MODP_768')],
  ['modp1024', keyExchange('MODP_1024')],
  ['modp1536', keyExchange('MODP_1536')],
  ['modp2048', keyExchange('MODP_2048')],
  ['modp3072', keyExchange('MODP_3072')],
  ['modp4096', keyExchange('MODP_4096')],
  ['modp6144', keyExchange('MODP_6144')],
  ['modp8192', keyExchange('MODP_8192')],
  ['ecp192', keyExchange('ECP_192')],
  ['ecp224', keyExchange('ECP_224')],
  ['ecp256', keyExchange('ECP_256')],
  ['ecp384', keyExchange('ECP_384')],
  ['ecp521', keyExchange('ECP_521')],
  ['modp1024s160', keyExchange('MODP_1024_160')],
  ['modp2048s224', keyExchange('MODP_2048_224')],
  ['modp2048s256', keyExchange('MODP_2048_256')],
  ['ecp224bp', keyExchange('ECP_224_BP')],
  ['ecp256bp', keyExchange('ECP_256_BP')],
  ['ecp384bp', keyExchange('ECP_384_BP')],
  ['ecp512bp', keyExchange('ECP_512_BP')],
  ['curve25519', keyExchange('CURVE_25519')],
  ['curve448', keyExchange('CURVE_448')],
]);

/** The transform that a keyword of a configuration stands for; undefined where strongSwan knows none. */
export function transformOf(keyword: string): Transform | undefined {
  return keywords.get(keyword);
}

/**
 * The PRF that strongSwan assumes for an integrity algorithm where an IKE proposal names none
 * (proposal.c, integ_prf_map). The truncated SHA-256 and the GMACs have none.
 */
const prfByIntegrity: ReadonlyMap<string, string> = new Map([
  ['HMAC_MD5_96', 'PRF_HMAC_MD5'],
  ['HMAC_MD5_128', 'PRF_HMAC_MD5'],
  ['HMAC_SHA1_96', 'PRF_HMAC_SHA1'],
  ['HMAC_SHA1_160', 'PRF_HMAC_SHA1'],
  ['HMAC_SHA2_256_128', 'PRF_HMAC_SHA2_256'],
  ['HMAC_SHA2_384_192', 'PRF_HMAC_SHA2_384'],
  ['HMAC_SHA2_512_256', 'PRF_HMAC_SHA2_512'],
  ['AES_XCBC_96', 'PRF_AES128_XCBC'],
  ['AES_CMAC_96', 'PRF_AES128_CMAC'],
]);

export function prfFor(integrityTransform: Transform): Transform | undefined {
  const algorithm = prfByIntegrity.get(integrityTransform.algorithm);
  return algorithm === undefined ? undefined : prf(algorithm);
}

/** Combined-mode ciphers, which carry their own integrity (RFC 5282; crypter.c, encryption_algorithm_is_aead). */
export function isAead(transform: Transform): boolean {
  return (
    transform.type === 'ENCRYPTION_ALGORITHM' &&
    /_(?:GCM|CCM)_|^CHACHA20_POLY1305$|^NULL_AES_GMAC$/.test(transform.algorithm)
  );
}

/** Algorithms without a number of IANA's, to which strongSwan gives one of 1024 and above. */
const privateUse: ReadonlySet<string> = new Set(['SERPENT_CBC', 'TWOFISH_CBC', 'HMAC_SHA2_256_96']);

/**
 * Whether charon passes it over in a selection though both ends have it: its number means nothing to a peer that has
 * not said it is strongSwan, and VyOS sends no vendor id (proposal.c, select_algo; crypter.h, signer.h).
 */
export function isPrivateUse(transform: Transform): boolean {
  return privateUse.has(transform.algorithm);
}

export function sameTransform(one: Transform, other: Transform): boolean {
  return one.type === other.type && one.algorithm === other.algorithm && one.keySize === other.keySize;
}

/** strongSwan's spelling: `AES_CBC_256`, `MODP_2048`. */
export function formatTransform(transform: Transform): string {
  return transform.keySize > 0 ? `${transform.algorithm}_${transform.keySize}` : transform.algorithm;
}

/** ESP without extended sequence numbers, which is all that a VyOS configuration can ask for. */
export const noExtendedSequenceNumbers: Transform = {
  type: 'EXTENDED_SEQUENCE_NUMBERS',
  algorithm: 'NO_EXT_SEQ',
  keySize: 0,
};

export const transforms = { encryption, integrity, prf, keyExchange };
