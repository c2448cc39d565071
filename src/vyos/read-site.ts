import type { Command, Dump } from '../../grammar/command.ts';
import { maskedSecret, type Secret, secretFromSwanctl, secretFromText } from '../ike/secret.ts';
import { textOf } from '../source/index.ts';
import { checkSchema, type SchemaProblem } from './check-schema.ts';
import { discreetCommands, mask } from './exposure.ts';
import {
  among,
  defaultOrigin,
  flag,
  multiple,
  oneOf,
  optional,
  seconds,
  withDefault,
  word,
} from './leaves.ts';
import { defaultRemoteId, remoteAddressesOf } from './peer-name.ts';
import { readPpks, readPpkUse, readUnique } from './read-newer.ts';
import { findRelease, type KnownRelease, type Reading, writesIpsecConf } from './release.ts';
import { defaultOf, isMasked, type Release, schemaBelow } from './schema/index.ts';
import { placeOfNode, type Setting, withValue } from './setting.ts';
import type {
  AuthenticationMode,
  DeadPeerDetection,
  EspGroup,
  EspProposal,
  IkeGroup,
  IkeProposal,
  Interface,
  Peer,
  Pfs,
  Psk,
  Site,
  Tunnel,
  Vti,
} from './site.ts';
import {
  buildTree,
  type ConfigNode,
  type ConfigTree,
  child,
  compareNames,
  has,
  lastValue,
  pathOf,
  tagNodes,
} from './tree.ts';

/**
 * Makes a site of a dump. Never fails: what VyOS would refuse stays in it and in `schemaProblems`. `known`: the release
 * that the user tells, or that of a site of which this is another state; else it is found.
 */
export function readSite(name: string, dump: Dump, known?: Release | KnownRelease): Site {
  const commands = discreetCommands(dump);
  const read = readings(commands);
  const { release, releaseReason } = typeof known === 'object' ? known : findRelease(dump, known, read);
  const { tree: asWritten, problems: schemaProblems, masked: allMasked } = read(release);
  // Only what was hidden before: what is hidden here is known.
  const masked = allMasked.filter(({ path, at }) => !path.includes(mask) || textOf(at).includes(mask));
  const accepted = withoutRefused(commands, schemaProblems);
  const tree = accepted.length === commands.length ? asWritten : buildTree(accepted, schemaBelow(release));
  const ipsec = child(tree, 'vpn', 'ipsec');
  const peers = tagNodes(child(ipsec, 'site-to-site', 'peer')).map((node) => readPeer(node, release, ipsec));
  return {
    name,
    file: dump.file,
    dump,
    tree,
    release,
    releaseReason,
    schemaProblems,
    masked,
    ikeGroups: byName(tagNodes(child(ipsec, 'ike-group')).map((node) => readIkeGroup(node, release))),
    espGroups: byName(tagNodes(child(ipsec, 'esp-group')).map((node) => readEspGroup(node, release))),
    peers,
    psks: readPsks(ipsec, peers, release),
    ppks: readPpks(ipsec, secretOf),
    interfaces: readInterfaces(tree),
  };
}

/** The dump as each release reads it, each read once. */
function readings(commands: readonly Command[]): (release: Release) => Reading {
  const known = new Map<Release, Reading>();
  return (release) => {
    const before = known.get(release);
    if (before) return before;
    const tree = buildTree(commands, schemaBelow(release));
    const reading = { tree, ...checkSchema(tree, release) };
    known.set(release, reading);
    return reading;
  };
}

/**
 * The commands that VyOS takes. One with a value that no release accepts is refused when it is typed, and what stood
 * there before (or the default) stays in force.
 */
function withoutRefused(
  commands: readonly Command[],
  problems: readonly SchemaProblem[],
): readonly Command[] {
  const refused = new Set(
    problems.flatMap((problem) => {
      const noRelease = problem.kind === 'invalid-value' && problem.takenBy.length === 0;
      return noRelease || problem.kind === 'extra-words' ? [problem.at.start] : [];
    }),
  );
  return commands.filter(({ verb, path }) => verb !== 'set' || !path.some(({ at }) => refused.has(at.start)));
}

function byName<T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}

function readIkeGroup(node: ConfigNode, release: Release): IkeGroup {
  const keyExchange = withDefault(node, release, 'key-exchange');
  return {
    name: node.name,
    at: placeOfNode(node),
    path: pathOf(node),
    keyExchange: among(['ikev1', 'ikev2'], keyExchange) ?? withValue(keyExchange, undefined),
    lifetime: seconds(node, release, 'lifetime'),
    mode: oneOf(node, release, 'mode', ['main', 'aggressive']),
    reauthenticates: flag(node, 'ikev2-reauth'),
    disableMobike: flag(node, 'disable-mobike'),
    closeAction: oneOf(node, release, 'close-action', ['none', 'trap', 'start']),
    deadPeerDetection: readDeadPeerDetection(child(node, 'dead-peer-detection'), release),
    proposals: tagNodes(child(node, 'proposal')).map((proposal) => readIkeProposal(proposal, release)),
  };
}

function readDeadPeerDetection(
  node: ConfigNode | undefined,
  release: Release,
): DeadPeerDetection | undefined {
  if (!node) return undefined;
  return {
    action: oneOf(node, release, 'action', ['clear', 'trap', 'restart']),
    interval: seconds(node, release, 'interval'),
    timeout: seconds(node, release, 'timeout'),
  };
}

function readIkeProposal(node: ConfigNode, release: Release): IkeProposal {
  return {
    id: node.name,
    at: placeOfNode(node),
    path: pathOf(node),
    encryption: word(node, release, 'encryption'),
    hash: word(node, release, 'hash'),
    dhGroup: word(node, release, 'dh-group'),
    prf: withDefault(node, release, 'prf'),
  };
}

function readEspGroup(node: ConfigNode, release: Release): EspGroup {
  return {
    name: node.name,
    at: placeOfNode(node),
    path: pathOf(node),
    lifetime: seconds(node, release, 'lifetime'),
    mode: oneOf(node, release, 'mode', ['tunnel', 'transport']),
    pfs: readPfs(word(node, release, 'pfs')),
    compression: flag(node, 'compression'),
    disableRekey: flag(node, 'disable-rekey'),
    proposals: tagNodes(child(node, 'proposal')).map((proposal) => readEspProposal(proposal, release)),
  };
}

function readPfs(setting: Setting<string>): Setting<Pfs> {
  const { value } = setting;
  const group: Pfs = `dh-group${value.replace(/^dh-group/, '')}`;
  return withValue(setting, value === 'enable' || value === 'disable' ? value : group);
}

function readEspProposal(node: ConfigNode, release: Release): EspProposal {
  return {
    id: node.name,
    at: placeOfNode(node),
    path: pathOf(node),
    encryption: word(node, release, 'encryption'),
    hash: word(node, release, 'hash'),
  };
}

function readPeer(node: ConfigNode, release: Release, ipsec: ConfigNode | undefined): Peer {
  const authentication = child(node, 'authentication');
  return {
    name: node.name,
    at: placeOfNode(node),
    path: pathOf(node),
    disabled: has(node, 'disable'),
    localAddress: optional(node, 'local-address'),
    dhcpInterface: optional(node, 'dhcp-interface'),
    remoteAddresses: remoteAddressesOf(node, release),
    virtualAddresses: multiple(node, 'virtual-address'),
    authentication: {
      mode: readMode(node, authentication, release),
      localId: optional(authentication, 'local-id'),
      remoteId: optional(authentication, 'remote-id') ?? defaultRemoteId(node, release),
      ppk: readPpkUse(child(authentication, 'ppk')),
    },
    connectionType: oneOf(node, release, 'connection-type', ['initiate', 'respond', 'trap', 'none']),
    ikeGroup: optional(node, 'ike-group'),
    defaultEspGroup: optional(node, 'default-esp-group'),
    udpEncapsulation: flag(node, 'force-udp-encapsulation'),
    childless: among(['allow', 'prefer', 'force', 'never'], optional(node, 'childless')),
    unique: readUnique(ipsec, node, release),
    tunnels: tagNodes(child(node, 'tunnel')).map(readTunnel),
    vti: readVti(child(node, 'vti')),
  };
}

/** A pre-shared secret where 1.2 and 1.3 are not told; 1.4 and later refuse a peer without a mode. */
function readMode(
  node: ConfigNode,
  authentication: ConfigNode | undefined,
  release: Release,
): Setting<AuthenticationMode> | undefined {
  const set = optional(authentication, 'mode');
  const path = [...pathOf(node), 'authentication', 'mode'];
  const text = defaultOf(path, release) ?? null;
  const unset = { value: text ?? '', text, origin: defaultOrigin(placeOfNode(node), release), path };
  return among(['pre-shared-secret', 'x509', 'rsa'], set ?? unset);
}

function readTunnel(node: ConfigNode): Tunnel {
  return {
    id: node.name,
    at: placeOfNode(node),
    path: pathOf(node),
    disabled: has(node, 'disable'),
    espGroup: optional(node, 'esp-group'),
    localPrefixes: multiple(node, 'local', 'prefix'),
    remotePrefixes: multiple(node, 'remote', 'prefix'),
    protocol: optional(node, 'protocol'),
    localPort: optional(node, 'local', 'port'),
    remotePort: optional(node, 'remote', 'port'),
  };
}

function readVti(node: ConfigNode | undefined): Vti | undefined {
  if (!node) return undefined;
  return {
    at: placeOfNode(node),
    path: pathOf(node),
    bind: optional(node, 'bind'),
    espGroup: optional(node, 'esp-group'),
    localPrefixes: multiple(node, 'traffic-selector', 'local', 'prefix'),
    remotePrefixes: multiple(node, 'traffic-selector', 'remote', 'prefix'),
  };
}

/** `type` is 1.5's `secret-type`; swanctl knows a coded key by its prefix. */
function secretOf(setting: Setting<string> | undefined, type = 'plaintext'): Setting<Secret> | undefined {
  if (!setting) return undefined;
  const coding = type === 'base64' ? '0s' : type === 'hex' ? '0x' : '';
  const value = isMasked(setting.value) ? maskedSecret : secretFromSwanctl(`${coding}${setting.value}`);
  return { ...setting, value, text: null };
}

function readPsks(ipsec: ConfigNode | undefined, peers: readonly Peer[], release: Release): readonly Psk[] {
  const section = tagNodes(child(ipsec, 'authentication', 'psk')).map(
    (node): Psk => ({
      name: node.name,
      at: placeOfNode(node),
      path: pathOf(node),
      ids: multiple(node, 'id'),
      dhcpInterfaces: multiple(node, 'dhcp-interface'),
      secret: secretOf(optional(node, 'secret'), lastValue(child(node, 'secret-type'))?.value),
    }),
  );
  const own = peers.flatMap(
    (peer) => peerPsk(child(ipsec, 'site-to-site', 'peer', peer.name), peer, release) ?? [],
  );
  return [...section, ...own].sort((one, other) => compareNames(one.name, other.name));
}

/**
 * The peer's own `pre-shared-secret`. In 1.2 and 1.3 it is for the local address, the address that is called, and the
 * identities that are set, and its text is the key as it stands (vyatta-cfg-vpn scripts/vpn-config.pl; strongSwan
 * stroke_cred.c, extract_secret). In a later release it is what VyOS's migration makes of it: an `authentication psk`
 * for both identities, the local address and each remote one (vyos-1x src/migration-scripts/ipsec/10-to-11).
 */
function peerPsk(node: ConfigNode | undefined, peer: Peer, release: Release): Psk | undefined {
  const set = optional(node, 'authentication', 'pre-shared-secret');
  const literal = writesIpsecConf(release);
  const secret = literal ? literalSecret(set) : secretOf(set);
  if (!secret) return undefined;
  const { localId, remoteId } = peer.authentication;
  const named = remoteId.origin.kind === 'set' || (!literal && remoteId.origin.kind === 'derived');
  const ids = [
    localId,
    named ? remoteId : undefined,
    peer.localAddress,
    ...peer.remoteAddresses.map((address) =>
      address.value === 'any' ? { ...address, value: '%any', text: '%any' } : address,
    ),
  ];
  return {
    name: peer.name,
    at: secret.origin.at,
    path: [...peer.path, 'authentication', 'pre-shared-secret'],
    // Where the address of DHCP or of any interface is used, the key is for everybody.
    ids: literal && peer.localAddress?.value === '0.0.0.0' ? [] : ids.flatMap((id) => id ?? []),
    dhcpInterfaces: peer.dhcpInterface ? [peer.dhcpInterface] : [],
    secret,
  };
}

function literalSecret(setting: Setting<string> | undefined): Setting<Secret> | undefined {
  if (!setting) return undefined;
  return {
    ...setting,
    value: isMasked(setting.value) ? maskedSecret : secretFromText(setting.value),
    text: null,
  };
}

/** Every interface with its addresses, VLANs included (`eth0.100`). */
function readInterfaces(tree: ConfigTree): readonly Interface[] {
  const types = [...(child(tree, 'interfaces')?.children.values() ?? [])];
  return types.flatMap((type) => tagNodes(type).flatMap((node) => readInterface(node.name, node)));
}

function readInterface(name: string, node: ConfigNode): readonly Interface[] {
  const vlans = ['vif', 'vif-s', 'vif-c'].flatMap((kind) =>
    tagNodes(child(node, kind)).flatMap((vlan) => readInterface(`${name}.${vlan.name}`, vlan)),
  );
  return [{ name, at: placeOfNode(node), addresses: multiple(node, 'address') }, ...vlans];
}
