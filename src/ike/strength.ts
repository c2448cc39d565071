import type { Transform } from './transform.ts';

/**
 * A rough order of strength among the transforms of one type, for advice: of two ways to mend a mismatch the one that
 * weakens nothing comes first. Sources: RFC 8247 sections 2.1 to 2.4 and RFC 8221 section 5 for what is to be avoided,
 * NIST SP 800-57 part 1 table 2 for the bits of Diffie-Hellman groups. Higher is stronger; 0 must not be used.
 */
export function strengthOf({ type, algorithm, keySize }: Transform): number {
  switch (type) {
    case 'KEY_EXCHANGE_METHOD':
      return keyExchangeBits[algorithm] ?? 0;
    case 'ENCRYPTION_ALGORITHM':
      return cipherStrength(algorithm, keySize);
    case 'INTEGRITY_ALGORITHM':
    case 'PSEUDO_RANDOM_FUNCTION':
      return hashStrength(algorithm);
    case 'EXTENDED_SEQUENCE_NUMBERS':
      return 0;
  }
}

/** Bits of security. The groups of RFC 5114 (22 to 24) are of doubtful origin and count as weak (RFC 8247 section 2.4). */
const keyExchangeBits: Readonly<Record<string, number>> = {
  MODP_1536: 89,
  ECP_192: 96,
  MODP_2048: 112,
  ECP_224: 112,
  ECP_224_BP: 112,
  MODP_3072: 128,
  ECP_256: 128,
  ECP_256_BP: 128,
  CURVE_25519: 128,
  MODP_4096: 152,
  MODP_6144: 176,
  ECP_384: 192,
  ECP_384_BP: 192,
  MODP_8192: 200,
  CURVE_448: 224,
  ECP_521: 256,
  ECP_512_BP: 256,
};

function cipherStrength(algorithm: string, keySize: number): number {
  if (/^(?:NULL|DES_CBC|NULL_AES_GMAC)$/.test(algorithm)) return 0;
  if (/^(?:3DES|BLOWFISH|CAST)_CBC$/.test(algorithm)) return 1;
  const bits = algorithm === 'CHACHA20_POLY1305' ? 256 : keySize;
  // An AEAD cipher beats a classic one of the same key size.
  return bits + (/GCM|CCM|POLY1305/.test(algorithm) ? 1 : 0);
}

function hashStrength(algorithm: string): number {
  if (algorithm.includes('MD5')) return 0;
  if (algorithm.includes('SHA1')) return 1;
  return Number(/SHA2_(\d+)/.exec(algorithm)?.[1] ?? 128);
}
