/**
 * What charon is given: a swanctl.conf as a value (strongSwan doc/swanctl.conf, src/libcharon/plugins/vici/vici_config.c),
 * under strongSwan's own key names. A key that is not written is undefined, and charon's default holds; `load.ts` tells
 * which that is. ipsec.conf of older releases is read into the same type, as starter and stroke do it.
 */
import type { Secret } from './secret.ts';

declare const opaque: unique symbol;

/** Where a leaf comes from. Nothing of `ike` looks into it: who wrote the configuration knows what it is. */
export interface Origin {
  readonly [opaque]: true;
}

/**
 * A value and where it comes from. `masked`: the value is not there. `hidden`: the dump hides it, and `value` is what stands
 * in its place. `dhcp`: an address that the router is given, and `value` names the interface. `implied`: nothing is written,
 * `value` is charon's default, and the origin is what would change it.
 */
export interface Leaf<T> {
  readonly value: T;
  readonly origin: Origin;
  readonly masked?: 'hidden' | 'dhcp';
  readonly implied?: true;
}

/** A text as it stands between the double quotes, nothing of it escaped (`swanctl-value.ts` reads it). */
export type Quoted = Leaf<string>;

export interface SwanctlConf {
  readonly connections: readonly ConnectionSection[];
  readonly secrets: SecretsSection;
  readonly charon: CharonSection;
}

/** `connections.<name>`. Times in seconds. */
export interface ConnectionSection {
  readonly name: string;
  readonly origin: Origin;
  /** strongSwan's compact notation, one leaf a proposal; empty or `default`: charon's own list. */
  readonly proposals: readonly Leaf<string>[];
  readonly version: Leaf<0 | 1 | 2>;
  readonly vips: readonly Leaf<string>[];
  readonly local_addrs: readonly Leaf<string>[];
  readonly remote_addrs: readonly Leaf<string>[];
  readonly send_cert?: Leaf<'always'>;
  readonly dpd_timeout?: Leaf<number>;
  readonly dpd_delay?: Leaf<number>;
  readonly aggressive?: Leaf<boolean>;
  /** Soft limit. */
  readonly rekey_time?: Leaf<number>;
  /** Soft limit, after which the peers authenticate anew instead of rekeying. */
  readonly reauth_time?: Leaf<number>;
  /** From the soft limit to the hard one. */
  readonly over_time?: Leaf<number>;
  /** A random part of it is taken off the soft limit. */
  readonly rand_time?: Leaf<number>;
  readonly mobike?: Leaf<boolean>;
  /** 0: for ever. */
  readonly keyingtries?: Leaf<number>;
  readonly encap?: Leaf<boolean>;
  readonly childless?: Leaf<'allow' | 'prefer' | 'force' | 'never'>;
  readonly unique?: Leaf<'no' | 'never' | 'keep' | 'replace'>;
  readonly ppk_id?: Quoted;
  readonly ppk_required?: Leaf<boolean>;
  readonly local: AuthenticationSection;
  readonly remote: AuthenticationSection;
  readonly children: readonly ChildSection[];
  /** It stands in the file and charon never has it: starter passes over it. */
  readonly unread?: true;
}

/** `local` and `remote` of a connection. */
export interface AuthenticationSection {
  readonly origin: Origin;
  readonly id?: Quoted;
  readonly auth: Leaf<'psk' | 'pubkey'>;
  readonly certs?: Leaf<string>;
  readonly pubkeys?: Leaf<string>;
}

/** What charon does for a CHILD_SA at load, after DPD or after a close. `clear` and `none` are one to charon. */
export type ActionWord = 'none' | 'clear' | 'trap' | 'start' | 'hold' | 'restart';

/** `children.<name>` of a connection. Times in seconds. */
export interface ChildSection {
  readonly name: string;
  /** The part of the name that two routers which mirror each other have in common: `tunnel-1`, `vti`. */
  readonly shortName: string;
  readonly origin: Origin;
  /** strongSwan's compact notation, one leaf a proposal; empty or `default`: charon's own list. */
  readonly esp_proposals: readonly Leaf<string>[];
  readonly life_bytes?: Leaf<string>;
  readonly life_packets?: Leaf<string>;
  /** Hard limit. */
  readonly life_time?: Leaf<number>;
  readonly rekey_bytes?: Leaf<number>;
  readonly rekey_packets?: Leaf<number>;
  /** Soft limit; 0: never. */
  readonly rekey_time?: Leaf<number>;
  /** A random part of it is taken off the soft limit. */
  readonly rand_time?: Leaf<number>;
  /** With `[protocol/port]` where it is limited to one; empty: `dynamic`, the ends themselves. */
  readonly local_ts: readonly Leaf<string>[];
  readonly remote_ts: readonly Leaf<string>[];
  readonly priority?: Leaf<string>;
  readonly ipcomp?: Leaf<boolean>;
  /** `pass`: a policy that keeps traffic out of the tunnels, and no CHILD_SA. */
  readonly mode: Leaf<'tunnel' | 'transport' | 'pass'>;
  readonly start_action?: Leaf<ActionWord>;
  readonly dpd_action?: Leaf<ActionWord>;
  readonly close_action?: Leaf<ActionWord>;
  readonly replay_window?: Leaf<string>;
  readonly updown?: Quoted;
  readonly mark_in?: Leaf<number>;
  readonly mark_out?: Leaf<number>;
  readonly if_id_in?: Leaf<number>;
  readonly if_id_out?: Leaf<number>;
}

/** `secrets`. */
export interface SecretsSection {
  readonly ike: readonly SharedSecretSection[];
  readonly ppk: readonly SharedSecretSection[];
  readonly keys: readonly PrivateKeySection[];
}

/** `ike-<name>` and `ppk-<name>`. */
export interface SharedSecretSection {
  /** Without the prefix. */
  readonly name: string;
  readonly origin: Origin;
  /** Empty: for any identity. */
  readonly ids: readonly Quoted[];
  readonly secret: Leaf<Secret>;
}

/** `private_<connection>` and `rsa_<connection>_local`. */
export interface PrivateKeySection {
  readonly name: string;
  readonly origin: Origin;
  readonly file?: Leaf<string>;
  /** The passphrase of the key, which is never kept. */
  readonly secret?: Leaf<'masked'>;
}

/** `charon` of strongswan.conf, as far as VyOS writes it. */
export interface CharonSection {
  readonly retransmit_tries?: Leaf<number>;
  readonly retransmit_timeout?: Leaf<number>;
  readonly retransmit_base?: Leaf<number>;
}
