/**
 * What charon makes of a swanctl.conf: connections, or what it logs where it discards one. Source: strongSwan
 * src/libcharon/plugins/vici/vici_config.c and vici_cred.c, which also tell the defaults.
 */
import { type Address, isUnspecified, parseAddress } from './address.ts';
import type {
  ChildConfig,
  Connection,
  Host,
  Lifetime,
  RejectedConnection,
  StartAction,
} from './connection.ts';
import { anyIdentity, type Identity, maskedIdentity, parseIdentity } from './identity.ts';
import { defaultProposals, type Proposal, parseProposal } from './proposal.ts';
import { defaultRetransmission, type Retransmission } from './retransmission.ts';
import type { SharedKey } from './shared-key.ts';
import type {
  ActionWord,
  CharonSection,
  ChildSection,
  ConnectionSection,
  Leaf,
  SharedSecretSection,
  SwanctlConf,
} from './swanctl-conf.ts';
import { readSwanctlValue } from './swanctl-value.ts';
import {
  type ConfiguredSelector,
  dynamicSelector,
  protocolNumber,
  selectorFromPrefix,
} from './traffic-selector.ts';

/** A whole configuration as charon has it. */
export interface LoadedConf {
  readonly connections: readonly (Connection | RejectedConnection)[];
  readonly sharedKeys: readonly SharedKey[];
  readonly ppks: readonly SharedKey[];
  readonly retransmission: Retransmission;
}

export function loadConf({ connections, secrets, charon }: SwanctlConf): LoadedConf {
  return {
    connections: connections.map(loadConnection),
    sharedKeys: secrets.ike.map(loadSecret),
    ppks: secrets.ppk.map(loadSecret),
    retransmission: loadRetransmission(charon),
  };
}

/** The connection that charon has of a section, or why it discards it. */
export function loadConnection(section: ConnectionSection): Connection | RejectedConnection {
  const { name } = section;
  const version = section.version.value;
  const discard = (...log: readonly string[]): RejectedConnection => ({ name, version, log });
  if (section.unread) return discard();
  const proposals = readProposals('IKE', section.proposals);
  if ('log' in proposals) return discard(proposals.log);
  const children: ChildConfig[] = [];
  for (const child of section.children.filter(({ mode }) => mode.value !== 'pass')) {
    const loaded = loadChild(child, name);
    if ('log' in loaded) return discard(loaded.log);
    children.push(loaded);
  }
  return {
    name,
    section,
    version,
    aggressive: section.aggressive?.value ?? false,
    localHosts: section.local_addrs.map(readHost),
    remoteHosts: section.remote_addrs.map(readHost),
    proposals,
    local: {
      method: section.local.auth.value,
      identity: section.local.id && readIdentity(section.local.id),
    },
    remote: {
      method: section.remote.auth.value,
      identity: section.remote.id ? readIdentity(section.remote.id) : anyIdentity,
    },
    children,
    lifetime: ikeLifetime(section),
    reauthenticates: (section.reauth_time?.value ?? 0) > 0,
    mobike: section.mobike?.value ?? true,
    forcesEncapsulation: section.encap?.value ?? false,
    asksForVirtualAddress: section.vips.length > 0,
    ppk: {
      id: section.ppk_id && readIdentity(section.ppk_id),
      required: section.ppk_required?.value ?? false,
    },
    childless: section.childless?.value ?? 'allow',
    unique: section.unique?.value ?? 'no',
    dpd: { delay: section.dpd_delay?.value ?? 0, timeout: section.dpd_timeout?.value ?? 0 },
    keyingTries: section.keyingtries?.value ?? 1,
  };
}

/** The identity that charon reads of what stands between the quotes of an `id`. */
export function identityFromSwanctl(text: string): Identity {
  return parseIdentity(readSwanctlValue(text) ?? text);
}

/** The identity of an `id`. */
export function readIdentity({ value, masked }: Leaf<string>): Identity {
  if (masked === undefined) return identityFromSwanctl(value);
  return maskedIdentity(masked === 'dhcp' ? `the address of ${value}` : value);
}

function readHost({ value, masked }: Leaf<string>): Host {
  if (masked) return { kind: 'masked' };
  const address = parseAddress(value);
  if (isAnyHost(value, address)) return { kind: 'any' };
  return address ? { kind: 'address', address } : { kind: 'name', name: value };
}

function isAnyHost(text: string, address: Address | undefined): boolean {
  return text === '%any' || text === '%defaultroute' || (address !== undefined && isUnspecified(address));
}

/** What charon says of a part for which it discards the whole connection. */
interface Unreadable {
  readonly log: string;
}

function readProposals(
  protocol: Proposal['protocol'],
  leaves: readonly Leaf<string>[],
): readonly Proposal[] | Unreadable {
  if (leaves.every(({ value }) => value === 'default')) return defaultProposals[protocol];
  const proposals: Proposal[] = [];
  for (const { value } of leaves) {
    const parsed = parseProposal(protocol, value);
    if (!parsed.ok) return parsed;
    proposals.push(parsed.proposal);
  }
  return proposals;
}

function loadChild(section: ChildSection, connection: string): ChildConfig | Unreadable {
  const proposals = readProposals('ESP', section.esp_proposals);
  if ('log' in proposals) return proposals;
  const selectorsMasked = [...section.local_ts, ...section.remote_ts].some(
    ({ masked }) => masked !== undefined,
  );
  const local = selectorsMasked ? everything : readSelectors(section.local_ts);
  const remote = selectorsMasked ? everything : readSelectors(section.remote_ts);
  if (!local || !remote) {
    // It is swanctl that says so, not charon.
    const key = local ? 'remote_ts' : 'local_ts';
    return {
      log: `loading connection '${connection}' failed: invalid value for: ${key}, config discarded`,
    };
  }
  return {
    name: section.shortName,
    section,
    proposals,
    localSelectors: local,
    remoteSelectors: remote,
    selectorsMasked,
    mode: section.mode.value === 'transport' ? 'transport' : 'tunnel',
    startAction: readAction(section.start_action),
    dpdAction: readAction(section.dpd_action),
    closeAction: readAction(section.close_action),
    lifetime: childLifetime(section),
  };
}

/** vici_config.c, parse_action: to clear is to do nothing. */
function readAction(leaf: Leaf<ActionWord> | undefined): StartAction {
  switch (leaf?.value) {
    case 'start':
    case 'restart':
      return 'start';
    case 'trap':
    case 'hold':
      return 'trap';
    default:
      return 'none';
  }
}

const everything = ['0.0.0.0/0', '::/0'].flatMap((text) => selectorFromPrefix(text) ?? []);

/** Undefined where one of them cannot be read. */
function readSelectors(leaves: readonly Leaf<string>[]): readonly ConfiguredSelector[] | undefined {
  if (leaves.length === 0) return [dynamicSelector()];
  const selectors = leaves.flatMap(({ value }) => readSelector(value) ?? []);
  return selectors.length === leaves.length ? selectors : undefined;
}

/** `10.1.0.0/24[tcp/443]`, `dynamic[gre/]` (vici_config.c, parse_ts); undefined where charon would not read it. */
export function readSelector(text: string): ConfiguredSelector | undefined {
  const [, host = '', name = '', service = ''] = /^([^[]*)(?:\[([^/\]]*)\/?([^\]]*)\])?$/.exec(text) ?? [];
  const isAny = (word: string) => word === '' || word === '%any';
  const protocol = isAny(name) ? 0 : protocolNumber(name);
  const port = isAny(service) ? undefined : Number(service);
  if (protocol === undefined || (port !== undefined && !Number.isInteger(port))) return undefined;
  return host === 'dynamic' ? dynamicSelector(protocol, port) : selectorFromPrefix(host, protocol, port);
}

/** The hard limit comes a tenth after the soft one, of which as much is taken off at random; without one it is four hours. */
function ikeLifetime({ rekey_time, reauth_time, over_time, rand_time }: ConnectionSection): Lifetime {
  const rekey = Math.max(rekey_time?.value ?? 0, reauth_time?.value ?? 0) || (rekey_time ? 0 : 14_400);
  const over = over_time?.value ?? Math.floor(rekey / 10);
  return { rekey, hard: rekey + over, jitter: rand_time?.value ?? Math.min(over, Math.floor(rekey / 2)) };
}

/**
 * The soft limit is a tenth below the hard one since strongSwan 5.9.10, minus a random part of the difference; without
 * either it is an hour.
 */
function childLifetime({ rekey_time, life_time, rand_time }: ChildSection): Lifetime {
  const hard = life_time?.value ?? Math.floor((rekey_time?.value ?? 3600) * 1.1);
  const rekey = rekey_time?.value ?? Math.floor(hard / 1.1);
  return { rekey, hard, jitter: rand_time?.value ?? (rekey === 0 ? 0 : hard - rekey) };
}

/** A key with the identities that charon has it for. */
export function loadSecret(section: SharedSecretSection): SharedKey {
  return {
    name: section.name,
    section,
    owners: section.ids.map(readIdentity),
    secret: section.secret.value,
  };
}

function loadRetransmission({
  retransmit_tries,
  retransmit_timeout,
  retransmit_base,
}: CharonSection): Retransmission {
  const { tries, timeout, base } = defaultRetransmission;
  return {
    tries: retransmit_tries?.value ?? tries,
    timeout: retransmit_timeout?.value ?? timeout,
    base: retransmit_base?.value ?? base,
  };
}
