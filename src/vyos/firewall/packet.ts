import type { Address } from '../../ike/address.ts';

/** A packet that comes to the router itself, as far as a configuration tells. */
export interface Packet {
  readonly family: 4 | 6;
  /** Undefined: any. */
  readonly source: Address | undefined;
  readonly destination: Address | undefined;
  readonly protocol: 'udp' | 'esp';
  /** Of UDP. Undefined behind a NAT. */
  readonly sourcePort: number | undefined;
  readonly destinationPort: number | undefined;
  /** Whether the router has sent something in the same flow before, as its connection tracking sees it. */
  readonly state: 'new' | 'established';
}

/** A packet on the interface that it comes in by; undefined where the dump does not tell which. */
export interface Received extends Packet {
  readonly interface: string | undefined;
}
