/**
 * What VyOS hands to strongSwan, as the connections that charon then loads; of 1.2 and 1.3 see ipsec-conf.ts too.
 * Source: vyos-1x
 * data/templates/ipsec/swanctl/peer.j2 and swanctl.conf.j2, python/vyos/template.py (get_esp_ike_cipher),
 * src/conf_mode/vpn_ipsec.py; the defaults of swanctl.conf from strongSwan vici_config.c.
 */
import { parseAddress } from '../ike/address.ts';
import type {
  Authentication,
  ChildConfig,
  Connection,
  Daemon,
  Host,
  Lifetime,
  RejectedConnection,
  StartAction,
} from '../ike/connection.ts';
import { type Identity, maskedIdentity, parseIdentity } from '../ike/identity.ts';
import { defaultProposals, type Proposal, parseProposal } from '../ike/proposal.ts';
import { maskedSecret } from '../ike/secret.ts';
import type { SharedKey } from '../ike/shared-key.ts';
import { readSwanctlValue } from '../ike/swanctl-value.ts';
import { addressesOf, isAnyAddress, isGivenAddresses } from './addresses.ts';
import { type Firewall, firewallOf } from './firewall/index.ts';
import {
  hasNamedPort,
  ipsecConfEspLifetime,
  ipsecConfIkeLifetime,
  ipsecConfName,
  ipsecConfSelectors,
  ipsecConfStart,
  ownersOf,
  ownIdentityText,
} from './ipsec-conf.ts';
import { newerOptions, ppkOf } from './newer-options.ts';
import { obstaclesIn, packetOf } from './packets/inbound.ts';
import { obstaclesOut } from './packets/outbound.ts';
import { type Refusal, refusalsOf } from './refusals.ts';
import { writesIpsecConf } from './release.ts';
import { dhGroupKeywords } from './schema/algorithms.ts';
import { isMasked, type Release } from './schema/index.ts';
import { everything, selectorsOf } from './selectors.ts';
import type { Setting } from './setting.ts';
import type { EspGroup, IkeGroup, Peer, Psk, Site, Tunnel, Vti } from './site.ts';
import { faultsOf, type SiteFault } from './site-faults.ts';
import { whatIsLeftOut } from './whole.ts';

/** A child of a connection and the configuration it comes from. */
export interface ChildSource {
  /** `tunnel-1`, `vti`. */
  readonly name: string;
  readonly tunnel: Tunnel | undefined;
  readonly vti: Vti | undefined;
  readonly espGroup: EspGroup;
  /** The Diffie-Hellman group of the ESP proposals (`14`); undefined where PFS is disabled. */
  readonly pfsGroup: Setting<string | undefined>;
}

/** A peer, the groups it uses and the name of the connection that VyOS makes of it. */
export interface PeerSource {
  /** A peer that is disabled has none. */
  readonly connection: string;
  readonly peer: Peer;
  readonly ikeGroup: IkeGroup | undefined;
  readonly children: readonly ChildSource[];
  /** Why VyOS refuses to commit this peer; empty where it does not. */
  readonly refusals: readonly Refusal[];
}

/** A site as charon has it, and the way back from each connection to the configuration. */
export interface LoadedSite {
  readonly site: Site;
  readonly daemon: Daemon;
  readonly sources: readonly PeerSource[];
  /** Why VyOS commits nothing of the site; empty where it does. Those of the sources are among them. */
  readonly refusals: readonly Refusal[];
  /** Why swanctl reads nothing of what VyOS writes; empty where it does. */
  readonly faults: readonly SiteFault[];
  /** What packets to the router itself meet; undefined where the dump holds no such rules. */
  readonly firewall: Firewall | undefined;
}

/** strongSwan's keyword of a Diffie-Hellman group of VyOS; an unknown group keeps its own text. */
export function keyExchangeKeyword(dhGroup: string): string {
  return dhGroupKeywords.get(dhGroup) ?? `dh-group${dhGroup}`;
}

/** swanctl.conf's name of a peer's connection: without `@`, dots and colons as dashes. */
export function connectionName(peer: string): string {
  return peer.replaceAll('@', '').replaceAll(/[.:]/g, '-');
}

/** The strings of a connection's `proposals`, in VyOS's order; empty where the group has none. */
export function ikeProposalStrings(group: Pick<IkeGroup, 'proposals'>): readonly string[] {
  return group.proposals.map(({ encryption, hash, prf, dhGroup }) =>
    [encryption.value, hash.value, prf.value, keyExchangeKeyword(dhGroup.value)]
      .filter((keyword) => keyword !== undefined && keyword !== '')
      .join('-'),
  );
}

/** The strings of a child's `esp_proposals`: each proposal of the group with the same Diffie-Hellman group. */
export function espProposalStrings(
  group: Pick<EspGroup, 'proposals'>,
  pfsGroup: string | undefined,
): readonly string[] {
  return group.proposals.map(({ encryption, hash }) =>
    [encryption.value, hash.value, ...(pfsGroup === undefined ? [] : [keyExchangeKeyword(pfsGroup)])].join(
      '-',
    ),
  );
}

/** `outside` is the address that the world sees of the private local address `inside`, where a NAT stands before the router. */
export interface NatTranslation {
  readonly inside: string;
  readonly outside: string;
}

export function loadSite(site: Site, nat: readonly NatTranslation[] = []): LoadedSite {
  const refusals = refusalsOf(site);
  const leftOut = whatIsLeftOut(site);
  const sources = site.peers.map((peer) => sourceOf(site, peer, refusals));
  const faults = faultsOf(site);
  const firewall = firewallOf(site.tree);
  const peerOf = (connection: string | undefined) =>
    sources.find((source) => source.connection === connection && !source.peer.disabled)?.peer;
  const connections: Connection[] = [];
  const rejected: RejectedConnection[] = [];
  for (const source of leftOut === undefined ? sources.filter(({ peer }) => !peer.disabled) : []) {
    const result = connectionOf(source, site.release);
    // A site that is not loaded at all never comes to what is wrong with one of its connections.
    if (refusals.length + faults.length > 0) {
      const { name, version } = result;
      const repairable = faults.length === 0 && !('log' in result) && isWhole(source, result);
      rejected.push({
        name,
        version,
        log: swanctlSays(refusals, faults),
        ...(repairable ? { asRepaired: result } : {}),
      });
    } else if ('log' in result) rejected.push(result);
    else connections.push(result);
  }
  return {
    site,
    sources,
    refusals,
    faults,
    firewall,
    daemon: {
      connections,
      rejected,
      ...(leftOut === undefined ? {} : { withheld: leftOut }),
      sharedKeys: [
        ...site.psks.map((psk) => sharedKeyOf(psk, site.release)),
        ...(refusals.some(({ kind }) => kind === 'secret-missing') ? [unknownKey] : []),
      ],
      ppks: site.ppks.flatMap(ppkOf),
      retransmission: site.retransmission,
      addresses: addressesOf(site),
      ...(isGivenAddresses(site) ? { hasOtherAddresses: true } : {}),
      inbound: (arrival) => obstaclesIn(site, firewall, peerOf(arrival.connection), packetOf(arrival)),
      outbound: ({ from, to, connection }) => obstaclesOut(site, peerOf(connection), from, to),
      translations: nat.flatMap(({ inside, outside }) => {
        const pair = { inside: parseAddress(inside), outside: parseAddress(outside) };
        return pair.inside && pair.outside ? [{ inside: pair.inside, outside: pair.outside }] : [];
      }),
    },
  };
}

/**
 * Whether a connection that VyOS refuses has all that it would have once repaired. What no group, no child and no proposal
 * stands for, nobody can tell.
 */
function isWhole({ peer, ikeGroup, children }: PeerSource, connection: Connection): boolean {
  const active = peer.tunnels.filter(({ disabled }) => !disabled).length;
  return (
    connection.children.length > 0 &&
    children.length === (active > 0 ? active : 1) &&
    [ikeGroup, ...children.map(({ espGroup }) => espGroup)].every((group) => group?.proposals.length !== 0)
  );
}

/** VyOS commits all of `vpn ipsec` or nothing, and what is refused never comes to swanctl. */
function swanctlSays(refusals: readonly Refusal[], [first]: readonly SiteFault[]): readonly string[] {
  return first && refusals.length === 0 ? [first.log] : [];
}

function sourceOf(site: Site, peer: Peer, refusals: readonly Refusal[]): PeerSource {
  const ikeGroup = peer.ikeGroup && site.ikeGroups.get(peer.ikeGroup.value);
  return {
    connection: writesIpsecConf(site.release) ? ipsecConfName(peer, peer.vti) : connectionName(peer.name),
    peer,
    ikeGroup,
    children: childrenOf(site, peer, ikeGroup),
    refusals: refusals.filter((refusal) => refusal.peer === peer.name),
  };
}

function childrenOf(site: Site, peer: Peer, ikeGroup: IkeGroup | undefined): readonly ChildSource[] {
  const source = (
    name: string,
    parts: { readonly tunnel?: Tunnel; readonly vti?: Vti },
    group: Setting<string> | undefined,
  ): readonly ChildSource[] => {
    const espGroup = site.espGroups.get((group ?? peer.defaultEspGroup)?.value ?? '');
    if (!espGroup) return [];
    return [
      { name, tunnel: parts.tunnel, vti: parts.vti, espGroup, pfsGroup: pfsGroupOf(espGroup, ikeGroup) },
    ];
  };
  // A VTI's own child is only written where the peer has no tunnel at all, disabled ones included (peer.j2).
  if (peer.vti?.bind && peer.tunnels.length === 0) return source('vti', { vti: peer.vti }, peer.vti.espGroup);
  return peer.tunnels
    .filter(({ disabled }) => !disabled)
    .flatMap((tunnel) => source(`tunnel-${tunnel.id}`, { tunnel }, tunnel.espGroup));
}

/** `enable` is the group of the first IKE proposal, or 2 (template.py, get_first_ike_dh_group). */
function pfsGroupOf(espGroup: EspGroup, ikeGroup: IkeGroup | undefined): Setting<string | undefined> {
  const { pfs } = espGroup;
  if (pfs.value === 'disable') return { ...pfs, value: undefined };
  if (pfs.value !== 'enable') return { ...pfs, value: pfs.value.replace(/^dh-group/, '') };
  const first = ikeGroup?.proposals[0]?.dhGroup;
  if (!first) return { ...pfs, value: '2' };
  return {
    value: first.value,
    text: pfs.text,
    path: pfs.path,
    origin:
      pfs.origin.kind === 'set'
        ? {
            kind: 'derived',
            at: pfs.origin.at,
            how: `pfs enable takes dh-group ${first.value} of the first IKE proposal`,
          }
        : {
            kind: 'default',
            at: pfs.origin.at,
          },
  };
}

function connectionOf(source: PeerSource, release: Release): Connection | RejectedConnection {
  const { peer, ikeGroup } = source;
  const version =
    ikeGroup?.keyExchange.value === 'ikev1' ? 1 : ikeGroup?.keyExchange.value === 'ikev2' ? 2 : 0;
  const rejected = (log: readonly string[]): RejectedConnection => ({
    name: source.connection,
    version,
    log,
  });
  if (!ikeGroup) return rejected([]);
  const proposals = parseProposals('IKE', ikeProposalStrings(ikeGroup));
  if ('log' in proposals) return rejected([proposals.log]);
  const children: ChildConfig[] = [];
  for (const child of source.children) {
    const result = childOf(source, ikeGroup, child, release);
    if ('log' in result) return rejected(result.log === '' ? [] : [result.log]);
    children.push(result);
  }
  // VyOS asks for a mode; without one it would most likely be that of VyOS 1.3.
  const method =
    (peer.authentication.mode?.value ?? 'pre-shared-secret') === 'pre-shared-secret' ? 'psk' : 'pubkey';
  return {
    name: source.connection,
    version,
    aggressive: version === 1 && ikeGroup.mode.value === 'aggressive',
    localHosts: [hostOf(peer.localAddress?.value ?? (peer.dhcpInterface ? undefined : 'any'))],
    remoteHosts: remoteHostsOf(peer),
    proposals: proposals.list,
    local: authentication(localIdOf(peer, release), method),
    remote: { method, identity: identityOf(peer.authentication.remoteId.value) },
    children,
    lifetime: writesIpsecConf(release)
      ? ipsecConfIkeLifetime(peer, ikeGroup, source.children[0]?.espGroup)
      : ikeLifetime(ikeGroup.lifetime.value),
    mobike: !ikeGroup.disableMobike.value,
    forcesEncapsulation: peer.forceUdpEncapsulation,
    asksForVirtualAddress: peer.virtualAddresses.length > 0,
    ...newerOptions(peer),
  };
}

function localIdOf(peer: Peer, release: Release): string | undefined {
  return peer.authentication.localId?.value ?? (writesIpsecConf(release) ? ownIdentityText(peer) : undefined);
}

function authentication(id: string | undefined, method: Authentication['method']): Authentication {
  return { identity: id === undefined ? undefined : identityOf(id), method };
}

/**
 * The identity that strongSwan reads of a local-id, a remote-id or an id of a psk. The strings of ipsec.conf are read as
 * those of swanctl.conf (strongSwan src/starter/parser/lexer.l).
 */
export function identityOf(text: string): Identity {
  return isMasked(text) ? maskedIdentity(text) : parseIdentity(readSwanctlValue(text) ?? text);
}

/** An address of DHCP is not in the dump, and so as good as masked. */
function hostOf(text: string | undefined): Host {
  if (text === undefined || isMasked(text)) return { kind: 'masked' };
  if (isAnyAddress(text)) return { kind: 'any' };
  const address = parseAddress(text);
  return address ? { kind: 'address', address } : { kind: 'name', name: text };
}

function remoteHostsOf(peer: Peer): readonly Host[] {
  const texts = peer.remoteAddresses.map(({ value }) => value);
  return texts.length === 0 || texts.includes('any') ? [{ kind: 'any' }] : texts.map(hostOf);
}

function parseProposals(
  protocol: Proposal['protocol'],
  texts: readonly string[],
): { readonly list: readonly Proposal[] } | { readonly log: string } {
  if (texts.length === 0) return { list: defaultProposals[protocol] };
  const list: Proposal[] = [];
  for (const text of texts) {
    const parsed = parseProposal(protocol, text);
    if (!parsed.ok) return { log: parsed.log };
    list.push(parsed.proposal);
  }
  return { list };
}

const startActions: Readonly<Record<string, StartAction>> = { respond: 'trap', trap: 'trap', none: 'none' };

function childOf(
  source: PeerSource,
  ikeGroup: IkeGroup,
  child: ChildSource,
  release: Release,
): ChildConfig | { readonly log: string } {
  const { peer } = source;
  const isOld = writesIpsecConf(release);
  const proposals = parseProposals('ESP', espProposalStrings(child.espGroup, child.pfsGroup.value));
  if ('log' in proposals) return proposals;
  const mode = child.espGroup.mode.value === 'transport' ? 'transport' : 'tunnel';
  const selectors = [
    ...(child.tunnel?.localPrefixes ?? []),
    ...(child.tunnel?.remotePrefixes ?? []),
    ...(child.vti?.localPrefixes ?? []),
    ...(child.vti?.remotePrefixes ?? []),
    // In transport mode the selectors are the addresses of the ends.
    ...(mode === 'transport'
      ? [...(peer.localAddress ? [peer.localAddress] : []), ...peer.remoteAddresses]
      : []),
  ];
  // What VyOS refuses to commit of the prefixes says nothing of what they are meant to be.
  const refused = source.refusals.some(
    ({ kind, tunnel }) =>
      tunnel !== undefined &&
      tunnel === child.tunnel &&
      (kind === 'prefixes-unfit' || kind === 'port-without-protocol' || kind === 'transport-with-prefixes'),
  );
  const selectorsMasked =
    refused || selectors.some(({ value }) => isMasked(value)) || (isOld && hasNamedPort(child));
  const { local, remote } = selectorsMasked
    ? { local: everything, remote: everything }
    : isOld
      ? ipsecConfSelectors(peer, child, mode)
      : selectorsOf(peer, child, mode, release);
  if (!local || !remote) {
    const what = local ? 'remote_ts' : 'local_ts';
    // starter reads nothing of such a section.
    if (isOld) return { log: '' };
    // It is swanctl that says so, not charon.
    return {
      log: `loading connection '${source.connection}' failed: invalid value for: ${what}, config discarded`,
    };
  }
  return {
    name: child.name,
    proposals: proposals.list,
    localSelectors: local,
    remoteSelectors: remote,
    selectorsMasked,
    mode,
    startAction: isOld ? ipsecConfStart(peer) : startActionOf(peer),
    lifetime: isOld ? ipsecConfEspLifetime(peer, ikeGroup, child.espGroup) : espLifetime(child.espGroup),
  };
}

function startActionOf(peer: Peer): StartAction {
  return peer.name.startsWith('@') ? 'none' : (startActions[peer.connectionType.value] ?? 'start');
}

/** VyOS writes `rekey_time`; strongSwan adds a tenth for the hard limit and takes up to that off at random. */
export function ikeLifetime(seconds: number): Lifetime {
  const over = Math.floor(seconds / 10);
  return { rekey: seconds, hard: seconds + over, jitter: Math.min(over, Math.floor(seconds / 2)) };
}

/**
 * VyOS writes `life_time`, the hard limit; since strongSwan 5.9.10 (VyOS 1.4 ships a later one) the rekey starts at
 * a tenth less, minus a random part of the difference.
 */
export function espLifetime(group: EspGroup): Lifetime {
  const hard = group.lifetime.value;
  if (group.disableRekey.value) return { rekey: 0, hard, jitter: 0 };
  const rekey = Math.floor(hard / 1.1);
  return { rekey, hard, jitter: hard - rekey };
}

/** The secret of a peer of 1.2 or 1.3 that has none, and is refused for that: of whom it is follows from the peer alone. */
const unknownKey: SharedKey = {
  name: 'refused',
  owners: [maskedIdentity('the ids of a key that VyOS refuses')],
  secret: maskedSecret,
};

function sharedKeyOf(psk: Psk, release: Release): SharedKey {
  // VyOS refuses a psk without a secret: what it is to be is as good as masked.
  const secret = psk.secret?.value ?? maskedSecret;
  const owners = [
    ...psk.ids.flatMap(({ value }) => (writesIpsecConf(release) ? ownersOf(value) : [identityOf(value)])),
    ...psk.dhcpInterfaces.map(({ value }) => maskedIdentity(`the address of ${value}`)),
  ];
  return { name: psk.name, owners, secret };
}
