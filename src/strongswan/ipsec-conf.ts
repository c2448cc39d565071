/**
 * The ipsec.conf and ipsec.secrets that VyOS 1.2 and 1.3 write for a site's peers. Which settings are written when:
 * vyatta-cfg-vpn scripts/vpn-config.pl (crux, equuleus). Of 1.3 it was seen what that program writes
 * (fixtures/observed/vyos); of 1.2 its source alone is known.
 */

import { maskedSecret, type Secret } from '../ike/secret.ts';
import type { Leaf, Origin } from '../ike/swanctl-conf.ts';
import { isContainedIn, selectorFromPrefix } from '../ike/traffic-selector.ts';
import { impliedLeaf, leafOf, nodeSetting, originOf } from '../vyos/conf-origin.ts';
import { optional } from '../vyos/leaves.ts';
import { type ChildSource, ipsecConfSection, type PeerSource } from '../vyos/peer-source.ts';
import { type Setting, withValue } from '../vyos/setting.ts';
import type { EspGroup, IkeGroup, Peer, Psk, Site, Tunnel } from '../vyos/site.ts';
import { child } from '../vyos/tree.ts';
import { optionalLeaf, written } from './leaves.ts';
import { espProposals, ikeProposals } from './proposals.ts';

export interface IpsecConf {
  readonly conns: readonly ConnSection[];
  readonly secrets: readonly SecretLine[];
}

/** `conn <name>`, under the keys of ipsec.conf. Times in seconds. */
export interface ConnSection {
  readonly name: string;
  /** Of the child: `tunnel-1`, `vti`. */
  readonly shortName: string;
  /** The connection that charon joins it to, which has the name of the first section of the peer. */
  readonly connection: Leaf<string>;
  readonly origin: Origin;
  readonly left: Leaf<string>;
  readonly leftid?: Leaf<string>;
  readonly right: readonly Leaf<string>[];
  readonly rightid?: Leaf<string>;
  readonly rekey?: Leaf<false>;
  readonly rightsubnet?: Leaf<string>;
  readonly leftsubnet?: Leaf<string>;
  readonly ike: readonly Leaf<string>[];
  readonly keyexchange?: Leaf<'ike' | 'ikev1' | 'ikev2'>;
  readonly aggressive?: Leaf<boolean>;
  readonly reauth?: Leaf<boolean>;
  readonly mobike?: Leaf<boolean>;
  readonly ikelifetime?: Leaf<number>;
  readonly dpddelay?: Leaf<number>;
  readonly dpdtimeout?: Leaf<number>;
  readonly dpdaction?: Leaf<'hold' | 'clear' | 'restart'>;
  readonly closeaction?: Leaf<'none' | 'clear' | 'hold' | 'restart'>;
  readonly forceencaps?: Leaf<boolean>;
  readonly esp: readonly Leaf<string>[];
  readonly keylife?: Leaf<number>;
  readonly rekeymargin?: Leaf<number>;
  readonly type: Leaf<'tunnel' | 'transport' | 'passthrough'>;
  readonly compress?: Leaf<boolean>;
  readonly authby: Leaf<'secret' | 'rsasig' | 'never'>;
  readonly mark?: Leaf<string>;
  readonly leftupdown?: Leaf<string>;
  readonly auto: Leaf<'start' | 'route' | 'add'>;
  /** 0: for ever. */
  readonly keyingtries?: Leaf<number>;
}

/** A line of ipsec.secrets. Its ids stand there without quotes, so that one with blanks is read as several. */
export interface SecretLine {
  readonly name: string;
  readonly origin: Origin;
  readonly ids: readonly Leaf<string>[];
  readonly secret: Leaf<Secret>;
}

/** Of the peers that are given. One without an IKE group has no section: VyOS refuses it. */
export function ipsecConf(site: Site, sources: readonly PeerSource[]): IpsecConf {
  return {
    conns: sources.flatMap((source) => {
      const { ikeGroup } = source;
      return ikeGroup ? source.children.flatMap((each) => conns(site, source, ikeGroup, each)) : [];
    }),
    secrets: site.psks.flatMap(secretLine),
  };
}

/** Whether the peer is `any`, `0.0.0.0` or an `@id`: it is never called, and nothing of it is ever rekeyed. */
function isAnybody({ remoteAddresses }: Peer): boolean {
  return remoteAddresses.every(({ value }) => value === 'any' || value === '0.0.0.0');
}

function conns(
  site: Site,
  source: PeerSource,
  ikeGroup: IkeGroup,
  from: ChildSource,
): readonly ConnSection[] {
  const { peer } = source;
  const { espGroup, tunnel } = from;
  const { mode, remoteId, localId } = peer.authentication;
  const node = nodeSetting(peer);
  const anybody = isAnybody(peer);
  const right = anybody
    ? [leafOf('%any', peer.remoteAddresses[0] ?? node)]
    : peer.remoteAddresses.map((setting) => leafOf(setting.value, setting));
  const impliedId = right.map(({ value }) => value).join(',');
  const isRightId = remoteId.origin.kind === 'set' || remoteId.value !== impliedId;
  const dpd = ikeGroup.deadPeerDetection;
  const main: ConnSection = {
    name: ipsecConfSection(peer, from.name),
    shortName: from.name,
    connection: leafOf(source.connection, node),
    origin: originOf(nodeSetting(tunnel ?? from.vti ?? peer)),
    left: left(peer),
    right,
    ike: ikeProposals(ikeGroup),
    ikelifetime: leafOf(ikeGroup.lifetime.value, ikeGroup.lifetime),
    closeaction: closeAction(ikeGroup),
    esp: espProposals(espGroup, from.pfsGroup),
    keylife: leafOf(espGroup.lifetime.value, espGroup.lifetime),
    rekeymargin: margin(ikeGroup, espGroup),
    type: leafOf(espGroup.mode.value, espGroup.mode),
    compress: leafOf(espGroup.compression.value, espGroup.compression),
    authby: leafOf(!mode || mode.value === 'pre-shared-secret' ? 'secret' : 'rsasig', mode ?? node),
    auto: auto(peer, anybody),
    keyingtries: leafOf(
      anybody || peer.connectionType.value === 'initiate' ? 0 : 1,
      anybody ? node : peer.connectionType,
    ),
    ...written<Partial<ConnSection>>({
      leftid: leftId(site, peer, localId),
      rightid: isRightId ? leafOf(remoteId.value, remoteId) : impliedLeaf(impliedId, remoteId),
      rekey: anybody ? leafOf(false, node) : undefined,
      dpddelay: optionalLeaf(dpd?.interval),
      dpdtimeout: optionalLeaf(dpd?.timeout),
      dpdaction: dpd && leafOf(dpd.action.value === 'trap' ? 'hold' : dpd.action.value, dpd.action),
      forceencaps: isSet(peer.udpEncapsulation) ? optionalLeaf(peer.udpEncapsulation) : undefined,
      mark: peer.vti?.bind && leafOf(peer.vti.bind.value.replace('vti', ''), peer.vti.bind),
      leftupdown:
        peer.vti?.bind && leafOf(`/usr/lib/ipsec/vti-up-down ${peer.vti.bind.value}`, peer.vti.bind),
    }),
    ...version(site, peer, ikeGroup),
    ...subnets(peer, from),
  };
  return [main, ...(tunnel ? passthrough(peer, main, tunnel) : [])];
}

function isSet({ origin }: Setting<unknown>): boolean {
  return origin.kind === 'set';
}

function left({ localAddress: local, dhcpInterface, ...peer }: Peer): Leaf<string> {
  if (local) return leafOf(local.value === 'any' ? '%defaultroute' : local.value, local);
  if (!dhcpInterface) return leafOf('%defaultroute', nodeSetting(peer));
  return { ...leafOf(dhcpInterface.value, dhcpInterface), masked: 'dhcp' };
}

function leftId(site: Site, peer: Peer, localId: Setting<string> | undefined): Leaf<string> | undefined {
  if (localId) return leafOf(localId.value, localId);
  const flag = child(site.tree, ...peer.path, 'authentication', 'use-x509-id');
  return flag && leafOf('%fromcert', nodeSetting({ at: flag.first.word.at, path: peer.path }));
}

type VersionKeys = 'keyexchange' | 'aggressive' | 'reauth' | 'mobike';

/** Aggressive mode is written where it may be used, what is IKEv2's where that alone is. */
function version(site: Site, peer: Peer, group: IkeGroup): Pick<ConnSection, VersionKeys> {
  const { keyExchange, mode, reauthenticates, disableMobike } = group;
  const keyexchange = leafOf<'ike' | 'ikev1' | 'ikev2'>(keyExchange.value ?? 'ike', keyExchange);
  const isWritten = isSet(mode) && keyExchange.value !== 'ikev2';
  const aggressive = isWritten ? leafOf(mode.value === 'aggressive', mode) : impliedLeaf(false, mode);
  if (keyExchange.value !== 'ikev2') {
    return { keyexchange, aggressive };
  }
  const own = optional(child(site.tree, ...peer.path), 'ikev2-reauth');
  const reauth = own && own.value !== 'inherit' ? withValue(own, own.value === 'yes') : reauthenticates;
  return {
    keyexchange,
    aggressive,
    reauth: leafOf(reauth.value, reauth),
    ...(isSet(disableMobike) ? { mobike: leafOf(!disableMobike.value, disableMobike) } : {}),
  };
}

function closeAction({ closeAction: action }: IkeGroup): NonNullable<ConnSection['closeaction']> {
  const words = { none: action.text === 'clear' ? 'clear' : 'none', trap: 'hold', start: 'restart' } as const;
  return leafOf(words[action.value], action);
}

const usualMargin = 540;

/** Below the shorter of the two lifetimes. */
function margin({ lifetime: ike }: IkeGroup, { lifetime: esp }: EspGroup): Leaf<number> {
  const shorter = esp.value < ike.value ? esp : ike;
  return leafOf(shorter.value <= 2 * usualMargin ? Math.floor(shorter.value / 2) - 1 : usualMargin, shorter);
}

function auto(peer: Peer, anybody: boolean): ConnSection['auto'] {
  if (anybody) return leafOf('add', nodeSetting(peer), peer.connectionType);
  // `none` is a word of later releases, and is taken as it is meant.
  const words = { initiate: 'start', respond: 'route', trap: 'route', none: 'add' } as const;
  return leafOf(words[peer.connectionType.value], peer.connectionType);
}

/** One prefix each, 0.0.0.0/0 of a VTI; in transport mode the ends themselves, where there is a protocol. */
function subnets(
  peer: Peer,
  { tunnel, vti, espGroup }: ChildSource,
): Pick<ConnSection, 'leftsubnet' | 'rightsubnet'> {
  if (!tunnel) {
    const all = leafOf('0.0.0.0/0', nodeSetting(vti ?? peer));
    return { leftsubnet: all, rightsubnet: all };
  }
  const { protocol } = tunnel;
  if (espGroup.mode.value === 'transport') {
    if (!protocol) return {};
    // A port says nothing here.
    const host = (address: Setting<string>, port: Setting<string> | undefined) => {
      const width = address.value.includes(':') ? 128 : 32;
      const leaf = leafOf(`${address.value}/${width}[${protocolWord(protocol)}]`, address, protocol);
      return { ...leaf, origin: originOf(address, protocol, ...(port ? [port] : [])) };
    };
    const none = withValue(nodeSetting(peer), 'any');
    return {
      leftsubnet: host(peer.localAddress ?? none, tunnel.localPort),
      rightsubnet: host(peer.remoteAddresses[0] ?? none, tunnel.remotePort),
    };
  }
  return {
    leftsubnet: subnet(tunnel, tunnel.localPrefixes, tunnel.localPort),
    rightsubnet: subnet(tunnel, tunnel.remotePrefixes, tunnel.remotePort),
  };
}

function protocolWord({ value }: Setting<string>): string {
  return value === 'all' ? '%any' : value;
}

/** The last prefix. A port counts only beside a protocol; which number a service has, the router knows. */
function subnet(
  tunnel: Tunnel,
  prefixes: readonly Setting<string>[],
  port: Setting<string> | undefined,
): Leaf<string> {
  const { protocol } = tunnel;
  const prefix = prefixes.at(-1);
  if (!prefix) return impliedLeaf('dynamic', nodeSetting(tunnel), ...[protocol ?? [], port ?? []].flat());
  const network = prefix.value === 'any' ? '0.0.0.0/0' : prefix.value;
  const origin = originOf(prefix, ...prefixes.slice(0, -1), ...[protocol ?? [], port ?? []].flat());
  if (!protocol) return { ...leafOf(network, prefix), origin };
  const anyPort = !port || port.value === 'all';
  const text = `${network}[${protocolWord(protocol)}/${anyPort ? '%any' : port.value}]`;
  const leaf = { ...leafOf(text, prefix, protocol, ...(port ? [port] : [])), origin };
  return anyPort || /^\d+$/.test(port.value) ? leaf : { ...leaf, masked: 'hidden' };
}

/** Where the remote prefix, of IPv4, has the local one in it, the traffic of that one stays out of the tunnel. */
function passthrough(peer: Peer, main: ConnSection, tunnel: Tunnel): readonly ConnSection[] {
  const [local, remote] = [tunnel.localPrefixes.at(-1), tunnel.remotePrefixes.at(-1)];
  if (!local || !remote) return [];
  const [own, other] = [local, remote].map(({ value }) =>
    selectorFromPrefix(value === 'any' ? '0.0.0.0/0' : value),
  );
  const isInside =
    own?.kind === 'fixed' && other?.kind === 'fixed' && own.family === 4 && isContainedIn(own, other);
  if (!isInside) return [];
  const text = main.leftsubnet?.value.replace(/\[.*$/, '') ?? '';
  const address = peer.localAddress;
  return [
    {
      // Here alone the `@` of a peer's name stays.
      name: `passthrough-peer-${peer.name}-${main.shortName}`,
      shortName: main.shortName,
      connection: main.connection,
      origin: main.origin,
      left: address
        ? leafOf(address.value === '0.0.0.0' ? '%defaultroute' : address.value, address)
        : main.left,
      right: main.right,
      leftsubnet: leafOf(text, local),
      rightsubnet: leafOf(text, local),
      ike: [],
      esp: [],
      type: leafOf('passthrough', local),
      authby: leafOf('never', local),
      auto: leafOf('route', local),
    },
  ];
}

/** VyOS does not commit a psk without a secret: what it is to be is as good as masked. */
function secretLine({ name, ids, dhcpInterfaces, secret: given, ...node }: Psk): readonly SecretLine[] {
  const secret = given ?? { ...nodeSetting(node), value: maskedSecret };
  return [
    {
      name,
      origin: originOf(nodeSetting(node)),
      ids: [
        ...ids.map((id) => leafOf(id.value, id)),
        ...dhcpInterfaces.map((each): Leaf<string> => ({ ...leafOf(each.value, each), masked: 'dhcp' })),
      ],
      secret: leafOf(secret.value, secret),
    },
  ];
}
