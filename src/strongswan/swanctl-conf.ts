/**
 * The swanctl.conf that VyOS 1.4 and 1.5 write for a site's peers. Which settings are written when: vyos-1x
 * data/templates/ipsec/swanctl/peer.j2 and swanctl.conf.j2, python/vyos/template.py, src/conf_mode/vpn_ipsec.py.
 */
import { maskedSecret } from '../ike/secret.ts';
import type {
  AuthenticationSection,
  CharonSection,
  ChildSection,
  ConnectionSection,
  Leaf,
  PrivateKeySection,
  SharedSecretSection,
  SwanctlConf,
} from '../ike/swanctl-conf.ts';
import { impliedLeaf, leafOf, nodeSetting, originOf } from '../vyos/conf-origin.ts';
import type { ChildSource, PeerSource } from '../vyos/peer-source.ts';
import { isAtLeast, type Release } from '../vyos/schema/index.ts';
import { type Setting, settingAt, withValue } from '../vyos/setting.ts';
import type { IkeGroup, Peer, Ppk, Psk, Site } from '../vyos/site.ts';
import { child } from '../vyos/tree.ts';
import { optionalLeaf, written } from './leaves.ts';
import { passthroughPrefixes } from './passthrough.ts';
import { espProposals, ikeProposals } from './proposals.ts';

/** Of the peers that are given. One without an IKE group has no section: VyOS refuses it. */
export function swanctlConf(site: Site, sources: readonly PeerSource[]): SwanctlConf {
  return {
    connections: sources.flatMap((source) =>
      source.ikeGroup ? connection(site, source, source.ikeGroup) : [],
    ),
    secrets: {
      keys: sources.flatMap((source) => privateKey(site, source)),
      ike: site.psks.flatMap(sharedSecret),
      ppk: site.ppks.flatMap(sharedSecret),
    },
    charon: charon(site),
  };
}

/** `options retransmission` of 1.5, which VyOS writes into charon's own configuration (vyos-1x PR 4601, T7504). */
export function charon(site: Site): CharonSection {
  const node = child(site.tree, 'vpn', 'ipsec', 'options', 'retransmission');
  const number = (name: string): Leaf<number> | undefined => {
    const setting = settingAt(node, name);
    const value = Number(setting?.value ?? Number.NaN);
    return setting && Number.isFinite(value) && value >= 0 ? leafOf(value, setting) : undefined;
  };
  return written<CharonSection>({
    retransmit_tries: number('attempts'),
    retransmit_timeout: number('timeout'),
    retransmit_base: number('base'),
  });
}

/** A flag that is written where it is set. */
function flag(setting: Setting<boolean> | undefined): Leaf<boolean> | undefined {
  return setting?.value ? leafOf(true, setting) : undefined;
}

function connection(site: Site, source: PeerSource, ikeGroup: IkeGroup): ConnectionSection {
  const { peer } = source;
  const { deadPeerDetection: dpd, keyExchange } = ikeGroup;
  const { ppk } = peer.authentication;
  const version = keyExchange.value === 'ikev1' ? 1 : keyExchange.value === 'ikev2' ? 2 : 0;
  const isX509 = peer.authentication.mode?.value === 'x509';
  return {
    name: source.connection,
    origin: originOf(nodeSetting(peer)),
    proposals: ikeProposals(ikeGroup),
    version: leafOf(version, keyExchange),
    vips: peer.virtualAddresses.map((setting) => leafOf(setting.value, setting)),
    local_addrs: [localAddress(peer)],
    remote_addrs: remoteAddresses(peer),
    rekey_time: leafOf(ikeGroup.lifetime.value, ikeGroup.lifetime),
    mobike: leafOf(!ikeGroup.disableMobike.value, ikeGroup.disableMobike),
    ...written<Partial<ConnectionSection>>({
      send_cert: isX509 ? leafOf('always', peer.authentication.mode ?? nodeSetting(peer)) : undefined,
      dpd_timeout: optionalLeaf(dpd?.timeout),
      dpd_delay: optionalLeaf(dpd?.interval),
      aggressive:
        version === 1 && ikeGroup.mode.value === 'aggressive'
          ? leafOf(true, ikeGroup.mode)
          : impliedLeaf(false, ikeGroup.mode),
      keyingtries: keyingTries(peer),
      reauth_time: isNeverCalled(peer) ? leafOf(0, nodeSetting(peer)) : undefined,
      encap: flag(peer.udpEncapsulation),
      childless: optionalLeaf(peer.childless),
      unique: optionalLeaf(peer.unique),
      ppk_id: optionalLeaf(ppk?.id),
      ppk_required: flag(ppk?.required),
    }),
    ...authentication(site, peer),
    children: source.children.flatMap((each) => children(site, source, ikeGroup, each)),
  };
}

/** A peer whose name begins with `@` (peer.j2). */
function isNeverCalled({ name }: Peer): boolean {
  return name.startsWith('@');
}

function localAddress({ localAddress: local, dhcpInterface, ...peer }: Peer): Leaf<string> {
  if (local) return leafOf(local.value === 'any' ? '%any' : local.value, local);
  if (!dhcpInterface) return leafOf('%any', nodeSetting(peer));
  return { ...leafOf(dhcpInterface.value, dhcpInterface), masked: 'dhcp' };
}

function remoteAddresses({ remoteAddresses: remotes, ...peer }: Peer): readonly Leaf<string>[] {
  const any = remotes.find(({ value }) => value === 'any');
  if (any || remotes.length === 0) return [leafOf('%any', any ?? nodeSetting(peer))];
  return remotes.map((setting) => leafOf(setting.value, setting));
}

function keyingTries(peer: Peer): Leaf<number> | undefined {
  if (isNeverCalled(peer)) return leafOf(0, nodeSetting(peer));
  const type = peer.connectionType;
  if (type.value === 'initiate') return leafOf(0, type);
  return type.value === 'none' ? undefined : leafOf(1, type);
}

function authentication(site: Site, peer: Peer): Pick<ConnectionSection, 'local' | 'remote'> {
  const { mode, localId, remoteId } = peer.authentication;
  const node = child(site.tree, ...peer.path, 'authentication');
  const file = (section: 'x509' | 'rsa', name: string): Leaf<string> | undefined => {
    const setting = mode?.value === section ? settingAt(node, section, name) : undefined;
    return setting && leafOf(`${setting.value}.pem`, setting);
  };
  const section = (id: Setting<string> | undefined): AuthenticationSection => ({
    origin: originOf(mode ?? nodeSetting(peer)),
    ...written<Pick<AuthenticationSection, 'id'>>({ id: optionalLeaf(id) }),
    // VyOS asks for a mode; without one it would most likely be that of VyOS 1.3.
    auth: leafOf(!mode || mode.value === 'pre-shared-secret' ? 'psk' : 'pubkey', mode ?? nodeSetting(peer)),
  });
  type Keys = Pick<AuthenticationSection, 'certs' | 'pubkeys'>;
  return {
    local: {
      ...section(localId),
      ...written<Keys>({ certs: file('x509', 'certificate'), pubkeys: file('rsa', 'local-key') }),
    },
    remote: {
      ...section(remoteId),
      ...written<Keys>({ certs: undefined, pubkeys: file('rsa', 'remote-key') }),
    },
  };
}

const startActions = { initiate: 'start', respond: 'trap', trap: 'trap', none: 'none' } as const;

function children(
  site: Site,
  source: PeerSource,
  ikeGroup: IkeGroup,
  from: ChildSource,
): readonly ChildSection[] {
  const { peer, connection: name } = source;
  const { espGroup, tunnel, vti } = from;
  const origin = originOf(nodeSetting(tunnel ?? vti ?? peer));
  const atGroup = child(site.tree, ...espGroup.path);
  const { disableRekey } = espGroup;
  const never = disableRekey.value ? leafOf(0, disableRekey) : undefined;
  const bind = peer.vti?.bind;
  const replay = settingAt(child(site.tree, ...peer.path), 'replay-window');
  // VyOS counts from 1, as 0 would match policies without an interface.
  const interfaceId = bind && leafOf((Number.parseInt(bind.value.replace('vti', ''), 10) || 0) + 1, bind);
  const main: ChildSection = {
    name: `${name}-${from.name}`,
    shortName: from.name,
    origin,
    esp_proposals: espProposals(espGroup, from.pfsGroup),
    life_time: leafOf(espGroup.lifetime.value, espGroup.lifetime),
    ...selectors(peer, from, site.release),
    ipcomp: leafOf(espGroup.compression.value, espGroup.compression),
    mode: leafOf(espGroup.mode.value, espGroup.mode),
    start_action: isNeverCalled(peer)
      ? leafOf('none', nodeSetting(peer), peer.connectionType)
      : leafOf(startActions[peer.connectionType.value], peer.connectionType),
    close_action: leafOf(ikeGroup.closeAction.value, ikeGroup.closeAction),
    replay_window: leafOf(replay?.value ?? '32', replay ?? nodeSetting(peer)),
    ...written<Partial<ChildSection>>({
      life_bytes: optionalLeaf(settingAt(atGroup, 'life-bytes')),
      life_packets: optionalLeaf(settingAt(atGroup, 'life-packets')),
      rekey_bytes: never,
      rekey_packets: never,
      rekey_time: never,
      priority:
        espGroup.mode.value === 'tunnel' && tunnel
          ? optionalLeaf(settingAt(child(site.tree, ...tunnel.path), 'priority'))
          : undefined,
      dpd_action: optionalLeaf(ikeGroup.deadPeerDetection?.action),
      updown: bind && leafOf(`/etc/ipsec.d/vti-up-down ${bind.value}`, bind),
      if_id_in: interfaceId,
      if_id_out: interfaceId,
    }),
  };
  return [main, ...passthrough(main, tunnel ? passthroughPrefixes(tunnel) : [])];
}

/** The child that keeps traffic between local prefixes out of a tunnel. */
export function passthrough(
  { name, shortName, origin }: ChildSection,
  prefixes: readonly Setting<string>[],
): readonly ChildSection[] {
  const [first] = prefixes;
  if (!first) return [];
  const selectors = prefixes.map((prefix) => leafOf(prefix.value, prefix));
  return [
    {
      name: `${name}-passthrough`,
      shortName: `${shortName}-passthrough`,
      origin,
      esp_proposals: [],
      local_ts: selectors,
      remote_ts: selectors,
      start_action: leafOf('trap', first),
      mode: leafOf('pass', first),
    },
  ];
}

/** Whether a tunnel without prefixes keeps its protocol and ports: `dynamic[gre/]` (vyos-1x PR 4608, T7593). */
function keepsProtocolWithoutPrefix(release: Release): boolean {
  return isAtLeast(release, '1.5');
}

function selectors(
  peer: Peer,
  { tunnel, vti, espGroup }: ChildSource,
  release: Release,
): Pick<ChildSection, 'local_ts' | 'remote_ts'> {
  const plain = (settings: readonly Setting<string>[], suffix = '') =>
    settings.map((setting) => leafOf(`${setting.value}${suffix}`, setting));
  if (!tunnel) {
    const all = (prefixes: readonly Setting<string>[] = []) =>
      prefixes.length > 0
        ? plain(prefixes)
        : ['0.0.0.0/0', '::/0'].map((text) => leafOf(text, nodeSetting(vti ?? peer)));
    return { local_ts: all(vti?.localPrefixes), remote_ts: all(vti?.remotePrefixes) };
  }
  const { protocol } = tunnel;
  const limit = (port: Setting<string> | undefined) => [protocol ?? [], port ?? []].flat();
  const suffixOf = (port: Setting<string> | undefined) =>
    limit(port).length > 0 ? `[${protocol?.value ?? ''}/${port?.value ?? ''}]` : '';
  const of = (prefixes: readonly Setting<string>[], port: Setting<string> | undefined) => {
    const suffix = suffixOf(port);
    const limited = (text: string, setting: Setting<unknown>) =>
      leafOf(`${text}${suffix}`, setting, ...limit(port));
    const any = prefixes.find(({ value }) => value === 'any');
    if (any) {
      // Those beside it say nothing more.
      const origin = originOf(any, ...prefixes.filter((prefix) => prefix !== any), ...limit(port));
      return ['0.0.0.0/0', '::/0'].map((text) => ({ ...limited(text, any), origin }));
    }
    if (prefixes.length > 0) return prefixes.map((prefix) => limited(prefix.value, prefix));
    if (keepsProtocolWithoutPrefix(release)) return [limited('dynamic', nodeSetting(tunnel))];
    return [impliedLeaf('dynamic', nodeSetting(tunnel), ...limit(port))];
  };
  if (espGroup.mode.value === 'tunnel') {
    return {
      local_ts: of(tunnel.localPrefixes, tunnel.localPort),
      remote_ts: of(tunnel.remotePrefixes, tunnel.remotePort),
    };
  }
  const [own, other] = [suffixOf(tunnel.localPort), suffixOf(tunnel.remotePort)];
  const local = peer.localAddress ?? withValue(peer.dhcpInterface ?? nodeSetting(peer), 'dynamic');
  const remotes =
    peer.remoteAddresses.length > 0 || other === ''
      ? peer.remoteAddresses
      : [withValue(tunnel.protocol ?? nodeSetting(tunnel), '')];
  return {
    local_ts: [leafOf(`${local.value}${own}`, local, ...limit(tunnel.localPort))],
    // Only the last of several remote addresses gets the protocol and port (peer.j2 joins before it appends).
    remote_ts: remotes.map((setting, index) =>
      index === remotes.length - 1
        ? leafOf(`${setting.value}${other}`, setting, ...limit(tunnel.remotePort))
        : leafOf(setting.value, setting),
    ),
  };
}

function privateKey(site: Site, { connection: name, peer }: PeerSource): readonly PrivateKeySection[] {
  const { mode } = peer.authentication;
  if (mode?.value !== 'x509' && mode?.value !== 'rsa') return [];
  const node = child(site.tree, ...peer.path, 'authentication', mode.value);
  const file = settingAt(node, mode.value === 'x509' ? 'certificate' : 'local-key');
  const passphrase = settingAt(node, 'passphrase');
  return [
    {
      name: mode.value === 'x509' ? `private_${name}` : `rsa_${name}_local`,
      origin: originOf(mode),
      ...written<Pick<PrivateKeySection, 'file' | 'secret'>>({
        file: file && leafOf(`${file.value}.pem`, file),
        secret: passphrase && { value: 'masked', origin: originOf(passphrase) },
      }),
    },
  ];
}

/** VyOS does not commit a psk without a secret: what it is to be is as good as masked. */
function sharedSecret(key: Psk | Ppk): readonly SharedSecretSection[] {
  const isPsk = 'dhcpInterfaces' in key;
  if (!key.secret && !isPsk) return [];
  const { secret = { ...nodeSetting(key), value: maskedSecret } } = key;
  const given = isPsk ? key.dhcpInterfaces : [];
  return [
    {
      name: key.name,
      origin: originOf(nodeSetting(key)),
      ids: [
        ...key.ids.map((id) => leafOf(id.value, id)),
        ...given.map((name): Leaf<string> => ({ ...leafOf(name.value, name), masked: 'dhcp' })),
      ],
      secret: leafOf(secret.value, secret),
    },
  ];
}
