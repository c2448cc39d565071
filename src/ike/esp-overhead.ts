import { ofType, type Proposal } from './proposal.ts';
import { cipherOf, integrityOf } from './transform.ts';

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

/** The overhead of a proposal, of the cipher that takes the most. */
export function espOverhead(
  proposal: Proposal,
  outer: { readonly family: 4 | 6; readonly udp: boolean },
): EspOverhead {
  const signer = Math.max(
    0,
    ...ofType(proposal, 'INTEGRITY_ALGORITHM').map((each) => integrityOf(each)?.icv ?? 0),
  );
  const ways = ofType(proposal, 'ENCRYPTION_ALGORITHM').flatMap((each) => cipherOf(each) ?? []);
  const [most = { iv: 0, block: 4, icv: 0 }] = ways
    .map(({ iv, block, icv, aead }) => ({ iv, block, icv: aead ? icv : signer }))
    .toSorted((one, other) => other.iv + other.icv + other.block - (one.iv + one.icv + one.block));
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
