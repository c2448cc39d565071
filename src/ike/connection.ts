import type { Address } from './address.ts';
import type { Identity } from './identity.ts';
import type { Proposal } from './proposal.ts';
import type { Retransmission } from './retransmission.ts';
import type { SharedKey } from './shared-key.ts';
import type { ChildSection, ConnectionSection } from './swanctl-conf.ts';
import type { ConfiguredSelector } from './traffic-selector.ts';

/** An end of the IKE_SA as it is configured: an address, any address, or a name that only DNS can tell. */
export type Host =
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'any' }
  | { readonly kind: 'name'; readonly name: string }
  /** The dump does not show it. */
  | { readonly kind: 'masked' };

export type AuthenticationMethod = 'psk' | 'pubkey';

/** What one end is to prove. `identity` is undefined where none is configured. */
export interface Authentication {
  readonly identity: Identity | undefined;
  readonly method: AuthenticationMethod;
}

export type Mode = 'tunnel' | 'transport';

/** What brings a CHILD_SA about: the daemon itself, the first packet, or nothing (swanctl.conf `start_action` and the like). */
export type StartAction = 'start' | 'trap' | 'none';

/** Times in seconds. `rekey` 0 means never; `hard` is when the SA is gone. */
export interface Lifetime {
  readonly rekey: number;
  readonly hard: number;
  /** A random part of this is taken off `rekey`, so that the ends do not collide. */
  readonly jitter: number;
}

/** A CHILD_SA as it is configured. */
export interface ChildConfig {
  /** Of the connection: `tunnel-1`, `vti`. */
  readonly name: string;
  readonly proposals: readonly Proposal[];
  readonly localSelectors: readonly ConfiguredSelector[];
  readonly remoteSelectors: readonly ConfiguredSelector[];
  /** The dump does not show all of the selectors, and those that it has stand for nothing. */
  readonly selectorsMasked: boolean;
  readonly mode: Mode;
  readonly startAction: StartAction;
  /** What is done for it once a peer that answers nothing is given up. */
  readonly dpdAction: StartAction;
  /** What is done for it once the peer has closed it. */
  readonly closeAction: StartAction;
  readonly lifetime: Lifetime;
  /** What all of this was read of. */
  readonly section: ChildSection;
}

/** swanctl.conf `childless`; `allow` is charon's default. */
export type Childless = 'allow' | 'prefer' | 'force' | 'never';

/** swanctl.conf `unique`: what becomes of an older IKE_SA of the same two identities; `no` is charon's default. */
export type Uniqueness = 'no' | 'never' | 'keep' | 'replace';

/** A connection that charon has loaded. */
export interface Connection {
  readonly name: string;
  /** 0: initiates IKEv2 and answers both. */
  readonly version: 0 | 1 | 2;
  /** IKEv1 only. */
  readonly aggressive: boolean;
  readonly localHosts: readonly Host[];
  readonly remoteHosts: readonly Host[];
  /** Never empty: strongSwan's own list stands in where none is configured. */
  readonly proposals: readonly Proposal[];
  readonly local: Authentication;
  readonly remote: Authentication & { readonly identity: Identity };
  readonly children: readonly ChildConfig[];
  readonly lifetime: Lifetime;
  /** IKEv2: where the soft limit would rekey, the peers authenticate anew (swanctl.conf `reauth_time`). */
  readonly reauthenticates: boolean;
  /** IKEv2: as an initiator it goes on from port 4500, NAT or none (swanctl.conf `mobike`). */
  readonly mobike: boolean;
  /** It pretends that there is a NAT (swanctl.conf `encap`). */
  readonly forcesEncapsulation: boolean;
  /** Of the responder, when it initiates (swanctl.conf `vips`). */
  readonly asksForVirtualAddress: boolean;
  /** The post-quantum preshared key that it names (RFC 8784), and whether it is to do without; IKEv2 only. */
  readonly ppk: { readonly id: Identity | undefined; readonly required: boolean };
  /** Whether IKE_SAs begin without a CHILD_SA (RFC 6023); IKEv2 only. */
  readonly childless: Childless;
  readonly unique: Uniqueness;
  /** Seconds; a `delay` of 0: it never asks whether the peer is alive. `timeout` is IKEv1's alone, 0 for none. */
  readonly dpd: { readonly delay: number; readonly timeout: number };
  /** How often it begins again with an IKE_SA of which nobody answers; 0: for ever. */
  readonly keyingTries: number;
  /** What all of this was read of. */
  readonly section: ConnectionSection;
}

/** A connection that charon discards, and what it logs about it. */
export interface RejectedConnection {
  readonly name: string;
  readonly version: 0 | 1 | 2;
  readonly log: readonly string[];
  /** What it would be if what is wrong were repaired in the least way; undefined where nothing would be left of it. */
  readonly asRepaired?: Connection | undefined;
}

/** A packet as it comes to an end: to port 500 or 4500 of UDP, or ESP by itself. */
export interface Arrival {
  readonly from: Address;
  readonly to: Address;
  readonly protocol: 'udp' | 'esp';
  /** Of UDP. */
  readonly port: 500 | 4500 | undefined;
  /** A NAT stands on the way, and the port that it comes from may be any. */
  readonly translated: boolean;
  /** Whether the end has sent something in the same flow before. */
  readonly state: 'new' | 'established';
  /** Of the end, as far as it is known which one is meant. */
  readonly connection: string | undefined;
}

/** A packet of IKE or ESP as it leaves an end. */
export interface Departure {
  /** Undefined where it is not known. */
  readonly from: Address | undefined;
  readonly to: Address;
  readonly connection: string;
}

/** What it is that stands in the way of a packet. */
export type ObstacleKind =
  /** Sends it on to another host. */
  | 'destination-nat'
  | 'firewall'
  /** The firewall, where the dump does not tell what it does. */
  | 'firewall-doubt'
  /** The list of the interfaces on which charon reads (strongswan.conf `charon.interfaces_use`). */
  | 'interface-list'
  /** The end's address is none of its interfaces'. */
  | 'local-address'
  | 'no-route'
  /** The route leads into the tunnel whose packet it is. */
  | 'own-tunnel'
  | 'other-tunnel';

/** What stands in the way of a packet, by itself. Where in a configuration it stands, only what made the end can tell. */
export type Obstacle = {
  readonly by: ObstacleKind;
  /** Which one of its kind it is: `rule 10`, `eth0`; empty where there is but one. */
  readonly name: string;
} & (
  | { readonly kind: 'drops' }
  /** `why`: as a clause without a full stop. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** It may drop it, and is taken to let it through. */
  | { readonly kind: 'open' }
  /** It gets through as long as no CHILD_SA of its connection stands, and is lost from then on. */
  | { readonly kind: 'swallows' }
);

/** One end: all that its charon has loaded, and the addresses that are its own. */
export interface Daemon {
  readonly connections: readonly Connection[];
  readonly rejected: readonly RejectedConnection[];
  /** Why nothing is known of its connections, as a clause; both lists are then empty. Absent: they are all there is. */
  readonly withheld?: string;
  readonly sharedKeys: readonly SharedKey[];
  /** Its post-quantum preshared keys, with the ids that they go by. */
  readonly ppks: readonly SharedKey[];
  readonly retransmission: Retransmission;
  readonly addresses: readonly Address[];
  /** It has more addresses, which the dump does not tell. */
  readonly hasOtherAddresses?: true;
  /** What stands in the way of a packet that comes to it, in the order in which the packet meets it. */
  readonly inbound: (arrival: Arrival) => readonly Obstacle[];
  /** The same of a packet that it sends. */
  readonly outbound: (departure: Departure) => readonly Obstacle[];
  /** Own addresses that a NAT shows to the world as others. */
  readonly translations: readonly { readonly inside: Address; readonly outside: Address }[];
}
