import type { Dump } from '../../grammar/command.ts';
import type { Childless, Uniqueness } from '../ike/connection.ts';
import type { Secret } from '../ike/secret.ts';
import type { SourceFile, Span } from '../source/index.ts';
import type { MaskedText, SchemaProblem } from './check-schema.ts';
import type { Release } from './schema/index.ts';
import type { Setting } from './setting.ts';
import type { ConfigTree } from './tree.ts';

/**
 * How the release of a site is known. `told` by the user and `footer` of the saved configuration are certain: what that
 * release refuses is refused. `found` by the spelling at `at`, and `default` where nothing tells, are not: what another
 * release spells is judged by its meaning.
 */
export type ReleaseReason =
  | { readonly kind: 'told' }
  | { readonly kind: 'footer'; readonly at: Span }
  | { readonly kind: 'found'; readonly at: Span; readonly what: string }
  | { readonly kind: 'default' };

/** One router as its dump shows it: what the rules and the negotiation read, every leaf with its origin. */
export interface Site {
  readonly name: string;
  readonly file: SourceFile;
  readonly dump: Dump;
  readonly tree: ConfigTree;
  /** The release whose spelling and defaults hold. */
  readonly release: Release;
  readonly releaseReason: ReleaseReason;
  readonly schemaProblems: readonly SchemaProblem[];
  /** What was hidden before the dump was handed over, and so is not judged. */
  readonly masked: readonly MaskedText[];
  readonly ikeGroups: ReadonlyMap<string, IkeGroup>;
  readonly espGroups: ReadonlyMap<string, EspGroup>;
  readonly peers: readonly Peer[];
  /** Those of `authentication psk` and those that a peer's own `pre-shared-secret` becomes, in VyOS's order. */
  readonly psks: readonly Psk[];
  /** Those of `authentication ppk` (1.5), in VyOS's order. */
  readonly ppks: readonly Ppk[];
  readonly interfaces: readonly Interface[];
}

export interface IkeProposal {
  readonly id: string;
  readonly at: Span;
  readonly path: readonly string[];
  readonly encryption: Setting<string>;
  readonly hash: Setting<string>;
  readonly dhGroup: Setting<string>;
  readonly prf: Setting<string | undefined>;
}

/** In the words of 1.4: `trap` is the `hold` of 1.2 and 1.3. */
export type DpdAction = 'trap' | 'clear' | 'restart';

/** In the words of 1.4: `trap` is the `hold` of 1.2 and 1.3, `start` their `restart`, `none` their `clear` as well. */
export type CloseAction = 'none' | 'trap' | 'start';

export type ConnectionType = 'initiate' | 'respond' | 'trap' | 'none';

export type AuthenticationMode = 'pre-shared-secret' | 'x509' | 'rsa';

export type Pfs = 'enable' | 'disable' | `dh-group${string}`;

export interface DeadPeerDetection {
  readonly action: Setting<DpdAction>;
  /** Seconds. */
  readonly interval: Setting<number>;
  /** Seconds; IKEv1 only. */
  readonly timeout: Setting<number>;
}

export interface IkeGroup {
  readonly name: string;
  readonly at: Span;
  readonly path: readonly string[];
  /** Undefined: initiates with IKEv2 and answers both. */
  readonly keyExchange: Setting<'ikev1' | 'ikev2' | undefined>;
  /** Seconds. */
  readonly lifetime: Setting<number>;
  /** IKEv1's phase 1 exchange. */
  readonly mode: Setting<'main' | 'aggressive'>;
  readonly reauthenticates: Setting<boolean>;
  readonly disableMobike: Setting<boolean>;
  readonly closeAction: Setting<CloseAction>;
  /** Undefined where the node is not there: VyOS then sends no DPD. */
  readonly deadPeerDetection: DeadPeerDetection | undefined;
  readonly proposals: readonly IkeProposal[];
}

export interface EspProposal {
  readonly id: string;
  readonly at: Span;
  readonly path: readonly string[];
  readonly encryption: Setting<string>;
  readonly hash: Setting<string>;
}

export interface EspGroup {
  readonly name: string;
  readonly at: Span;
  readonly path: readonly string[];
  /** Seconds. */
  readonly lifetime: Setting<number>;
  readonly mode: Setting<'tunnel' | 'transport'>;
  readonly pfs: Setting<Pfs>;
  readonly compression: Setting<boolean>;
  readonly disableRekey: Setting<boolean>;
  readonly proposals: readonly EspProposal[];
}

export interface PeerAuthentication {
  readonly mode: Setting<AuthenticationMode> | undefined;
  readonly localId: Setting<string> | undefined;
  readonly remoteId: Setting<string>;
  /** Undefined where the node is not there. */
  readonly ppk: PpkUse | undefined;
}

/** The post-quantum preshared key that a peer names (RFC 8784; 1.5). */
export interface PpkUse {
  readonly at: Span;
  readonly path: readonly string[];
  readonly id: Setting<string> | undefined;
  /** Whether the connection is to fail without it. */
  readonly required: Setting<boolean>;
}

export interface Tunnel {
  readonly id: string;
  readonly at: Span;
  readonly path: readonly string[];
  readonly disabled: boolean;
  readonly espGroup: Setting<string> | undefined;
  readonly localPrefixes: readonly Setting<string>[];
  readonly remotePrefixes: readonly Setting<string>[];
  readonly protocol: Setting<string> | undefined;
  readonly localPort: Setting<string> | undefined;
  readonly remotePort: Setting<string> | undefined;
}

export interface Vti {
  readonly at: Span;
  readonly path: readonly string[];
  readonly bind: Setting<string> | undefined;
  readonly espGroup: Setting<string> | undefined;
  /** `traffic-selector local prefix` (1.5); empty for all traffic. */
  readonly localPrefixes: readonly Setting<string>[];
  readonly remotePrefixes: readonly Setting<string>[];
}

export interface Peer {
  readonly name: string;
  readonly at: Span;
  readonly path: readonly string[];
  readonly disabled: boolean;
  readonly localAddress: Setting<string> | undefined;
  readonly dhcpInterface: Setting<string> | undefined;
  readonly remoteAddresses: readonly Setting<string>[];
  /** What it asks the other side to lend it; `0.0.0.0` for any. */
  readonly virtualAddresses: readonly Setting<string>[];
  readonly authentication: PeerAuthentication;
  readonly connectionType: Setting<ConnectionType>;
  readonly ikeGroup: Setting<string> | undefined;
  readonly defaultEspGroup: Setting<string> | undefined;
  readonly udpEncapsulation: Setting<boolean>;
  /** Of 1.5; undefined: `allow`. */
  readonly childless: Setting<Childless> | undefined;
  /** Of 1.5, or what `disable-uniqreqids` stands for. */
  readonly unique: Setting<Exclude<Uniqueness, 'no'>> | undefined;
  /** In VyOS's order. */
  readonly tunnels: readonly Tunnel[];
  readonly vti: Vti | undefined;
}

export interface Psk {
  readonly name: string;
  readonly at: Span;
  readonly path: readonly string[];
  readonly ids: readonly Setting<string>[];
  /** Interfaces whose addresses of DHCP are ids too. */
  readonly dhcpInterfaces: readonly Setting<string>[];
  readonly secret: Setting<Secret> | undefined;
}

/** A post-quantum preshared key and the ids that it goes by. */
export interface Ppk {
  readonly name: string;
  readonly at: Span;
  readonly path: readonly string[];
  readonly ids: readonly Setting<string>[];
  readonly secret: Setting<Secret> | undefined;
}

export interface Interface {
  readonly name: string;
  readonly at: Span;
  /** With prefix length, or `dhcp` and the like. */
  readonly addresses: readonly Setting<string>[];
}
