import { ofType, type Proposal } from './proposal.ts';
import type { Transform } from './transform.ts';

/** What stands around a packet in a tunnel, in bytes. */
export interface EspOverhead {
  /** The outer IP header: 20 for IPv4, 40 for IPv6. */
  readonly outerHeader: number;
  /** The UDP header of RFC 3948: 8 behind a NAT, else 0. */
  readonly udpHeader: number;
  /** SPI and sequence number (RFC 4303 section 2). */
  readonly espHeader: number;
  readonly iv: number;
  /** The encrypted part is a multiple of this; in it are the packet, the padding and two bytes of trailer. */
  readonly block: number;
  readonly icv: number;
}

/** IV and block of the ciphers in CBC mode (RFC 3602, 2451, 4312); a counter mode has an IV of 8 (RFC 3686, 4106, 4309, 7634). */
function cipherOf({ algorithm }: Transform): Pick<EspOverhead, 'iv' | 'block'> {
  // RFC 4303 section 2.4: what is encrypted ends on a boundary of four bytes at least.
  if (algorithm === 'NULL') return { iv: 0, block: 4 };
  if (/_(?:CTR|CCM_\d+|GCM_\d+|GMAC)$/.test(algorithm) || algorithm === 'CHACHA20_POLY1305')
    return { iv: 8, block: 4 };
  return /^(?:3DES|DES|BLOWFISH|CAST)/.test(algorithm) ? { iv: 8, block: 8 } : { iv: 16, block: 16 };
}

const icvOfIntegrity: Readonly<Record<string, number>> = {
  HMAC_MD5_96: 12,
  HMAC_MD5_128: 16,
  HMAC_SHA1_96: 12,
  HMAC_SHA1_160: 20,
  HMAC_SHA2_256_96: 12,
  HMAC_SHA2_256_128: 16,
  HMAC_SHA2_384_192: 24,
  HMAC_SHA2_512_256: 32,
  AES_XCBC_96: 12,
  AES_CMAC_96: 12,
};

/** The longest that this tool knows, for one that it does not. */
const longestIcv = 32;

function icvOf(proposal: Proposal, cipher: Transform): number {
  const [, tag] = /_(?:CCM|GCM)_(\d+)$/.exec(cipher.algorithm) ?? [];
  if (tag !== undefined) return Number(tag);
  if (cipher.algorithm === 'CHACHA20_POLY1305' || cipher.algorithm === 'NULL_AES_GMAC') return 16;
  const signers = ofType(proposal, 'INTEGRITY_ALGORITHM').map(({ algorithm }) => algorithm);
  return Math.max(0, ...signers.map((name) => icvOfIntegrity[name] ?? (/GMAC/.test(name) ? 16 : longestIcv)));
}

/** The overhead of a proposal, of the cipher that takes the most. */
export function espOverhead(
  proposal: Proposal,
  outer: { readonly family: 4 | 6; readonly udp: boolean },
): EspOverhead {
  const ways = ofType(proposal, 'ENCRYPTION_ALGORITHM').map((cipher) => ({
    ...cipherOf(cipher),
    icv: icvOf(proposal, cipher),
  }));
  const [most = { iv: 16, block: 16, icv: longestIcv }] = ways.toSorted(
    (one, other) => other.iv + other.icv + other.block - (one.iv + one.icv + one.block),
  );
  return { outerHeader: outer.family === 4 ? 20 : 40, udpHeader: outer.udp ? 8 : 0, espHeader: 8, ...most };
}

/**
 * The longest packet that goes through a tunnel whose own packets may have `mtu` bytes: what is left beside the headers,
 * the IV and the ICV, down to a whole number of blocks, less the padding length and the next header (RFC 4303 section 2).
 * AES-CBC with HMAC-SHA-256-128 over IPv4 with 1500 bytes: 1500 - 20 - 8 - 16 - 16 = 1440, 90 blocks of 16, less 2: 1438.
 */
export function innerMtu(
  mtu: number,
  { outerHeader, udpHeader, espHeader, iv, block, icv }: EspOverhead,
): number {
  const room = mtu - outerHeader - udpHeader - espHeader - iv - icv;
  return Math.floor(room / block) * block - 2;
}

/** The TCP payload of a packet of that length, without options (RFC 9293 section 3.7.1). */
export function segmentSize(mtu: number, family: 4 | 6): number {
  return mtu - (family === 4 ? 40 : 60);
}
