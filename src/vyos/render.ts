/**
 * The swanctl.conf that VyOS 1.4 and 1.5 write for a site's peers: what the model of `src/ike` takes in, made
 * visible. Which settings are written when: vyos-1x data/templates/ipsec/swanctl/peer.j2 and swanctl.conf.j2,
 * src/conf_mode/vpn_ipsec.py (passthrough).
 */
import type { Lifetime } from '../ike/connection.ts';
import {
  type ChildSource,
  connectionName,
  espProposalStrings,
  ikeProposalStrings,
  type LoadedSite,
  type PeerSource,
} from './connections.ts';
import { ipsecConfEspLifetime, ipsecConfIkeLifetime, ipsecConfStart, ownIdentityText } from './ipsec-conf.ts';
import { writesIpsecConf } from './release.ts';
import { isMasked, type Release } from './schema/index.ts';
import { keepsProtocolWithoutPrefix, passthroughPrefixes } from './selectors.ts';
import type { IkeGroup, Peer, Ppk, Psk, Site, Tunnel } from './site.ts';
import { child, has, lastValue, values } from './tree.ts';

export interface RenderOptions {
  /** For a laboratory only: writes the secrets as they stand in the dump. Without it they are masked. */
  readonly revealSecrets?: boolean;
}

const mask = '********';

type Line = string | readonly [key: string, value: string | undefined] | Block;

interface Block {
  readonly name: string;
  readonly lines: readonly Line[];
}

/** Ids and secrets stand between their quotes as they are: VyOS escapes nothing. */
export function renderSwanctl(loaded: LoadedSite, options: RenderOptions = {}): string {
  const { site } = loaded;
  const sources = loaded.sources.filter(({ peer }) => !peer.disabled);
  const { refusals } = loaded;
  if (refusals.length > 0) {
    return print(refusals.map(({ log }) => `# VyOS does not commit this configuration: ${word(log)}`));
  }
  const secrets = [
    ...sources.filter(isWritten).flatMap((source) => privateKey(site, source, options)),
    ...site.psks.map((psk) => sharedSecret(site, 'ike', psk, options)),
    ...site.ppks.map((ppk) => sharedSecret(site, 'ppk', ppk, options)),
  ];
  return print([
    ...(writesIpsecConf(site.release) ? ofOlderRelease(site.release) : []),
    { name: 'connections', lines: sources.map((source) => connection(site, source)) },
    { name: 'pools', lines: [] },
    { name: 'secrets', lines: secrets },
  ]);
}

function ofOlderRelease(release: Release): readonly Line[] {
  return [
    `# VyOS ${release} writes ipsec.conf and ipsec.secrets. This is what they amount to in the words of swanctl.conf.`,
  ];
}

/** The name that VyOS gives a child of `connections.ts`; it is by this name that the child is initiated. */
export function childName(source: PeerSource, name: string): string {
  return `${connectionName(source.peer.name)}-${name}`;
}

function print(lines: readonly Line[], indent = ''): string {
  return lines
    .map((line) => {
      if (typeof line === 'string') return `${indent}${line}\n`;
      if ('name' in line) {
        return `${indent}${line.name} {\n${print(line.lines, `${indent}    `)}${indent}}\n`;
      }
      const [key, value] = line;
      return value === undefined ? '' : `${indent}${key} = ${value}`.trimEnd().concat('\n');
    })
    .join('');
}

/** A text of the dump as the value of a line: it must not begin another one. */
function word(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}

function quoted(text: string): string {
  return `"${text}"`;
}

function yesOrNo(condition: boolean): string {
  return condition ? 'yes' : 'no';
}

function isWritten(source: PeerSource): boolean {
  return source.refusals.length === 0;
}

function connection(site: Site, source: PeerSource): Line {
  const { peer, ikeGroup } = source;
  if (!ikeGroup || !isWritten(source)) {
    return `# peer ${word(peer.name)} is not written: ${source.refusals.map(({ log }) => word(log)).join('; ')}`;
  }
  const { deadPeerDetection: dpd } = ikeGroup;
  const atPeer = child(site.tree, ...peer.path);
  const virtual = values(child(atPeer, 'virtual-address')).map(({ value }) => value);
  const keyExchange = ikeGroup.keyExchange.value;
  return {
    name: connectionName(source.connection),
    lines: [
      ['proposals', ikeProposalStrings(ikeGroup).join(',')],
      ['version', keyExchange === undefined ? '0' : keyExchange.slice('ikev'.length)],
      ['vips', virtual.length > 0 ? virtual.join(', ') : undefined],
      ['local_addrs', localAddresses(peer)],
      ['remote_addrs', remoteAddresses(peer)],
      ['send_cert', peer.authentication.mode?.value === 'x509' ? 'always' : undefined],
      ['dpd_timeout', dpd && `${dpd.timeout.value}`],
      ['dpd_delay', dpd && `${dpd.interval.value}`],
      ['aggressive', keyExchange === 'ikev1' && ikeGroup.mode.value === 'aggressive' ? 'yes' : undefined],
      ...ikeTimes(site, source, ikeGroup),
      ['mobike', yesOrNo(!ikeGroup.disableMobike.value)],
      ...tries(peer),
      ['encap', peer.forceUdpEncapsulation ? 'yes' : undefined],
      ['childless', peer.childless && word(peer.childless.value)],
      ['unique', peer.unique && word(peer.unique.value)],
      ['ppk_id', peer.authentication.ppk?.id && quoted(peer.authentication.ppk.id.value)],
      ['ppk_required', peer.authentication.ppk?.required.value ? 'yes' : undefined],
      ...authentication(site, peer),
      { name: 'children', lines: source.children.flatMap((each) => children(site, source, ikeGroup, each)) },
    ],
  };
}

/** swanctl.conf has the soft limit, ipsec.conf the hard one and the margin between. */
function ikeTimes(
  { release }: Site,
  { peer, children: [first] }: PeerSource,
  group: IkeGroup,
): readonly Line[] {
  if (!writesIpsecConf(release)) return [['rekey_time', `${group.lifetime.value}s`]];
  return times(ipsecConfIkeLifetime(peer, group, first?.espGroup), 'over_time');
}

function times({ rekey, hard, jitter }: Lifetime, limit: 'over_time' | 'life_time'): readonly Line[] {
  return [
    ['rekey_time', `${rekey}s`],
    ...(limit === 'over_time' ? [['over_time', `${hard - rekey}s`] as const] : []),
    ['rand_time', `${jitter}s`],
  ];
}

function localAddresses(peer: Peer): string {
  const local = peer.localAddress?.value;
  const { dhcpInterface } = peer;
  const address = local === 'any' ? '%any' : word(local ?? '');
  return `${address} # dhcp:${dhcpInterface ? word(dhcpInterface.value) : 'no'}`.trimStart();
}

function remoteAddresses(peer: Peer): string {
  const remotes = peer.remoteAddresses.map(({ value }) => word(value));
  return remotes.length === 0 || remotes.includes('any') ? '%any' : remotes.join(',');
}

function tries(peer: Peer): readonly Line[] {
  const type = peer.connectionType.value;
  if (peer.name.startsWith('@')) return [['keyingtries', '0'], reauthNever];
  if (type === 'initiate') return [['keyingtries', '0']];
  return type === 'respond' || type === 'trap' ? [['keyingtries', '1']] : [];
}

const reauthNever: Line = ['reauth_time', '0'];

function authentication(site: Site, peer: Peer): readonly Line[] {
  const { mode, localId, remoteId } = peer.authentication;
  const auth = mode?.value === 'pre-shared-secret' ? 'psk' : 'pubkey';
  const named = (section: string, name: string) => {
    const value = lastValue(child(site.tree, ...peer.path, 'authentication', section, name))?.value;
    return value === undefined ? undefined : `${word(value)}.pem`;
  };
  const rsa = mode?.value === 'rsa';
  return [
    {
      name: 'local',
      lines: [
        [
          'id',
          localId ? quoted(localId.value) : writesIpsecConf(site.release) ? ownIdentityText(peer) : undefined,
        ],
        ['auth', auth],
        ['certs', mode?.value === 'x509' ? named('x509', 'certificate') : undefined],
        ['pubkeys', rsa ? named('rsa', 'local-key') : undefined],
      ],
    },
    {
      name: 'remote',
      lines: [
        ['id', quoted(remoteId.value)],
        ['auth', auth],
        ['pubkeys', rsa ? named('rsa', 'remote-key') : undefined],
      ],
    },
  ];
}

function children(site: Site, source: PeerSource, ikeGroup: IkeGroup, from: ChildSource): readonly Line[] {
  const { peer } = source;
  const { espGroup, tunnel } = from;
  const isOld = writesIpsecConf(site.release);
  const atGroup = child(site.tree, ...espGroup.path);
  const atTunnel = tunnel && child(site.tree, ...tunnel.path);
  const replay = lastValue(child(site.tree, ...peer.path, 'replay-window'))?.value ?? '32';
  const bind = peer.vti?.bind?.value;
  const ofVti: readonly Line[] = bind
    ? [
        ['updown', quoted(`/etc/ipsec.d/vti-up-down ${bind}`)],
        ['if_id_in', interfaceId(bind)],
        ['if_id_out', interfaceId(bind)],
      ]
    : [];
  const main: Block = {
    name: childName(source, from.name),
    lines: [
      ['esp_proposals', espProposalStrings(espGroup, from.pfsGroup.value).join(',')],
      ['life_bytes', lastValue(child(atGroup, 'life-bytes'))?.value],
      ['life_packets', lastValue(child(atGroup, 'life-packets'))?.value],
      ['life_time', `${espGroup.lifetime.value}s`],
      ...(isOld ? times(ipsecConfEspLifetime(peer, ikeGroup, espGroup), 'life_time') : []),
      ...(has(atGroup, 'disable-rekey') ? neverRekeyed : []),
      ...selectors(site, peer, from, isOld),
      ['priority', lastValue(child(atTunnel, 'priority'))?.value],
      ['ipcomp', yesOrNo(espGroup.compression.value)],
      ['mode', word(espGroup.mode.value)],
      ['start_action', isOld ? ipsecConfStart(peer) : startAction(peer)],
      ['dpd_action', ikeGroup.deadPeerDetection && word(ikeGroup.deadPeerDetection.action.value)],
      ['close_action', word(ikeGroup.closeAction.value) || 'none'],
      ['replay_window', word(replay)],
      ...ofVti,
    ],
  };
  const through = tunnel ? passthroughPrefixes(tunnel).map(word) : [];
  if (through.length === 0) return [main];
  return [
    main,
    {
      name: `${main.name}-passthrough`,
      lines: [
        ['local_ts', through.join(',')],
        ['remote_ts', through.join(',')],
        ['start_action', 'trap'],
        ['mode', 'pass'],
      ],
    },
  ];
}

const neverRekeyed: readonly Line[] = [
  ['rekey_bytes', '0'],
  ['rekey_packets', '0'],
  ['rekey_time', '0s'],
];

/** VyOS counts from 1, as 0 would match policies without an interface. */
function interfaceId(bind: string): string {
  return `${(Number.parseInt(bind.replace('vti', ''), 10) || 0) + 1}`;
}

const startActions: Readonly<Record<string, string>> = {
  initiate: 'start',
  respond: 'trap',
  trap: 'trap',
  none: 'none',
};

function startAction(peer: Peer): string | undefined {
  return peer.name.startsWith('@') ? 'none' : startActions[peer.connectionType.value];
}

function selectors(
  site: Site,
  peer: Peer,
  { tunnel, vti, espGroup }: ChildSource,
  isOld: boolean,
): readonly Line[] {
  if (!tunnel) {
    const all = isOld ? '0.0.0.0/0' : '0.0.0.0/0,::/0';
    return [
      ['local_ts', list(vti?.localPrefixes ?? [], '') ?? all],
      ['remote_ts', list(vti?.remotePrefixes ?? [], '') ?? all],
    ];
  }
  const suffix = (port: string | undefined) => {
    const protocol = tunnel.protocol?.value ?? '';
    return protocol || port ? `[${word(protocol)}/${word(port ?? '')}]` : '';
  };
  const [local, remote] = [suffix(tunnel.localPort?.value), suffix(tunnel.remotePort?.value)];
  if (espGroup.mode.value === 'transport') {
    const remotes = peer.remoteAddresses.map(({ value }) => word(value)).join(',');
    return [
      ['local_ts', `${word(peer.localAddress?.value ?? '')}${local}`],
      ['remote_ts', `${remotes}${remote}`],
    ];
  }
  const none = (suffixed: string) =>
    keepsProtocolWithoutPrefix(site.release) ? `dynamic${suffixed}` : undefined;
  return [
    ['local_ts', list(tunnel.localPrefixes, local) ?? none(local)],
    ['remote_ts', list(tunnel.remotePrefixes, remote) ?? none(remote)],
  ];
}

function list(prefixes: Tunnel['localPrefixes'], suffix: string): string | undefined {
  const texts = prefixes.map(({ value }) => word(value));
  if (texts.length === 0) return undefined;
  const written = texts.includes('any') ? ['0.0.0.0/0', '::/0'] : texts;
  return written.map((text) => `${text}${suffix}`).join(',');
}

/** The text at a path of the dump, if it may be shown: a masked one never becomes anything else. */
function revealed(site: Site, path: readonly string[], options: RenderOptions): string {
  const text = lastValue(child(site.tree, ...path))?.value;
  return options.revealSecrets && text !== undefined && !isMasked(text) ? text : mask;
}

function privateKey(
  site: Site,
  { connection: name, peer }: PeerSource,
  options: RenderOptions,
): readonly Line[] {
  const mode = peer.authentication.mode?.value;
  if (mode !== 'x509' && mode !== 'rsa') return [];
  const path = [...peer.path, 'authentication', mode];
  const key = mode === 'x509' ? 'certificate' : 'local-key';
  const file = lastValue(child(site.tree, ...path, key))?.value;
  const protectedKey = has(child(site.tree, ...path), 'passphrase');
  return [
    {
      name: mode === 'x509' ? `private_${name}` : `rsa_${name}_local`,
      lines: [
        ['file', file && `${word(file)}.pem`],
        ['secret', protectedKey ? quoted(revealed(site, [...path, 'passphrase'], options)) : undefined],
      ],
    },
  ];
}

/** Where the secret of a psk stands: `authentication psk <name> secret`, or the peer's own. */
function secretPath(psk: Psk | Ppk): readonly string[] {
  return psk.path.at(-1) === 'pre-shared-secret' ? psk.path : [...psk.path, 'secret'];
}

function sharedSecret(site: Site, kind: 'ike' | 'ppk', key: Psk | Ppk, options: RenderOptions): Line {
  const shown = revealed(site, secretPath(key), options);
  const coding = codings[lastValue(child(site.tree, ...key.path, 'secret-type'))?.value ?? ''] ?? '';
  return {
    name: `${kind}-${word(key.name)}`,
    lines: [
      ...key.ids.map(({ value }, index): Line => [`id-${index + 1}`, quoted(value)]),
      ['secret', coding !== '' && shown !== mask ? `${coding}${shown}` : quoted(shown)],
    ],
  };
}

/** How swanctl knows that a secret is coded, by 1.5's `secret-type`. */
const codings: Readonly<Record<string, string>> = { base64: '0s', hex: '0x' };
