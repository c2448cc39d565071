import type { Command, Dump } from '../../grammar/command.ts';
import { maskedSecret, type Secret, secretFromSwanctl } from '../ike/secret.ts';
import { checkSchema, type SchemaProblem } from './check-schema.ts';
import { commandsOf } from './damaged-commands.ts';
import { readPpks, readPpkUse, readRetransmission, readUnique } from './read-newer.ts';
import { DEFAULT_RELEASE, defaultOf, isMasked, type Release, schemaBelow } from './schema/index.ts';
import { placeOfNode, type Setting, settingOf, withValue } from './setting.ts';
import type {
  DeadPeerDetection,
  EspGroup,
  EspProposal,
  IkeGroup,
  IkeProposal,
  Interface,
  Peer,
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
  values,
} from './tree.ts';

/** Makes a site of a dump. Never fails: what VyOS would refuse stays in it and in `schemaProblems`. */
export function readSite(name: string, dump: Dump, told?: Release): Site {
  const release = told ?? DEFAULT_RELEASE;
  const commands = commandsOf(dump);
  const asWritten = buildTree(commands, schemaBelow(release));
  const schemaProblems = checkSchema(asWritten, release).problems;
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
    releaseReason: { kind: told === undefined ? 'default' : 'told' },
    schemaProblems,
    ikeGroups: byName(tagNodes(child(ipsec, 'ike-group')).map((node) => readIkeGroup(node, release))),
    espGroups: byName(tagNodes(child(ipsec, 'esp-group')).map((node) => readEspGroup(node, release))),
    peers,
    psks: readPsks(ipsec, peers),
    ppks: readPpks(ipsec, secretOf),
    retransmission: readRetransmission(ipsec),
    interfaces: readInterfaces(tree),
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

/** The leaf's value, or undefined where it is not set. */
function optional(parent: ConfigNode | undefined, ...names: readonly string[]): Setting<string> | undefined {
  const leaf = child(parent, ...names);
  const value = lastValue(leaf);
  return leaf && value ? settingOf(leaf, value) : undefined;
}

/** The leaf's value, or the release's default with the place of the node it belongs to. */
function withDefault(parent: ConfigNode, release: Release, name: string): Setting<string | undefined> {
  const set = optional(parent, name);
  if (set) return set;
  const path = [...pathOf(parent), name];
  const value = defaultOf(path, release);
  return { value, text: value ?? null, origin: { kind: 'default', at: placeOfNode(parent) }, path };
}

function word(parent: ConfigNode, release: Release, name: string): Setting<string> {
  const setting = withDefault(parent, release, name);
  return withValue(setting, setting.value ?? '');
}

/** A number of seconds. What is no number counts as not set; the schema check names it. */
function seconds(parent: ConfigNode, release: Release, name: string): Setting<number> {
  const setting = withDefault(parent, release, name);
  if (setting.value !== undefined && /^\d+$/.test(setting.value))
    return withValue(setting, Number(setting.value));
  const path = [...pathOf(parent), name];
  const value = defaultOf(path, release) ?? '0';
  return { value: Number(value), text: value, origin: { kind: 'default', at: placeOfNode(parent) }, path };
}

/** A valueless node, or a leaf of an older release that says `enable` or `disable`. */
function flag(parent: ConfigNode, name: string): Setting<boolean> {
  const leaf = child(parent, name);
  const path = [...pathOf(parent), name];
  if (!leaf) return { value: false, text: null, origin: { kind: 'default', at: placeOfNode(parent) }, path };
  const value = lastValue(leaf)?.value !== 'disable';
  return { value, text: null, origin: { kind: 'set', at: leaf.first.word.at }, path };
}

function multiple(parent: ConfigNode | undefined, ...names: readonly string[]): readonly Setting<string>[] {
  const leaf = child(parent, ...names);
  return leaf ? values(leaf).map((value) => settingOf(leaf, value)) : [];
}

function readIkeGroup(node: ConfigNode, release: Release): IkeGroup {
  const keyExchange = withDefault(node, release, 'key-exchange');
  const version = keyExchange.value;
  return {
    name: node.name,
    at: placeOfNode(node),
    path: pathOf(node),
    keyExchange: withValue(keyExchange, version === 'ikev1' || version === 'ikev2' ? version : undefined),
    lifetime: seconds(node, release, 'lifetime'),
    mode: word(node, release, 'mode'),
    disableMobike: flag(node, 'disable-mobike'),
    closeAction: word(node, release, 'close-action'),
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
    action: word(node, release, 'action'),
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
    mode: word(node, release, 'mode'),
    pfs: word(node, release, 'pfs'),
    compression: flag(node, 'compression'),
    disableRekey: flag(node, 'disable-rekey'),
    proposals: tagNodes(child(node, 'proposal')).map((proposal) => readEspProposal(proposal, release)),
  };
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
  const remoteId = optional(authentication, 'remote-id');
  const path = pathOf(node);
  const defaultRemoteId = defaultOf([...path, 'authentication', 'remote-id'], release) ?? '%any';
  return {
    name: node.name,
    at: placeOfNode(node),
    path,
    disabled: has(node, 'disable'),
    localAddress: optional(node, 'local-address'),
    dhcpInterface: optional(node, 'dhcp-interface'),
    remoteAddresses: multiple(node, 'remote-address'),
    virtualAddresses: multiple(node, 'virtual-address'),
    authentication: {
      mode: optional(authentication, 'mode'),
      localId: optional(authentication, 'local-id'),
      remoteId: remoteId ?? {
        value: defaultRemoteId,
        text: defaultRemoteId,
        origin: { kind: 'default', at: placeOfNode(node) },
        path: [...path, 'authentication', 'remote-id'],
      },
      ppk: readPpkUse(child(authentication, 'ppk')),
    },
    connectionType: withValueOr(withDefault(node, release, 'connection-type'), 'initiate'),
    ikeGroup: optional(node, 'ike-group'),
    defaultEspGroup: optional(node, 'default-esp-group'),
    forceUdpEncapsulation: flag(node, 'force-udp-encapsulation').value,
    childless: optional(node, 'childless'),
    unique: readUnique(ipsec, node, release),
    tunnels: tagNodes(child(node, 'tunnel')).map(readTunnel),
    vti: readVti(child(node, 'vti')),
  };
}

/** For a node that the schema gives no default, and whose absence means the same as one of its values. */
function withValueOr(setting: Setting<string | undefined>, meaning: string): Setting<string> {
  return { ...setting, value: setting.value ?? meaning, text: setting.text ?? meaning };
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

function readPsks(ipsec: ConfigNode | undefined, peers: readonly Peer[]): readonly Psk[] {
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
  const own = peers.flatMap((peer) => peerPsk(child(ipsec, 'site-to-site', 'peer', peer.name), peer) ?? []);
  return [...section, ...own].sort((one, other) => compareNames(one.name, other.name));
}

/**
 * The peer's own `pre-shared-secret`, as VyOS's migration turns it into an `authentication psk` of the peer's name:
 * for the local and remote identity where they are set, the local address and each remote address
 * (vyos-1x src/migration-scripts/ipsec/10-to-11).
 */
function peerPsk(node: ConfigNode | undefined, peer: Peer): Psk | undefined {
  const secret = secretOf(optional(node, 'authentication', 'pre-shared-secret'));
  if (!secret) return undefined;
  const { localId, remoteId } = peer.authentication;
  const ids = [
    localId,
    remoteId.origin.kind === 'set' ? remoteId : undefined,
    peer.localAddress,
    ...peer.remoteAddresses.map((address) =>
      address.value === 'any' ? { ...address, value: '%any', text: '%any' } : address,
    ),
  ];
  return {
    name: peer.name,
    at: secret.origin.at,
    path: [...peer.path, 'authentication', 'pre-shared-secret'],
    ids: ids.flatMap((id) => id ?? []),
    dhcpInterfaces: [],
    secret,
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
