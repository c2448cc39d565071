/** What may be changed on one side of a mirrored pair. */
import fc from 'fast-check';
import {
  dhGroup,
  espGroup,
  espProposal,
  hash,
  identity,
  ikeGroup,
  ikeProposal,
  keyExchange,
  localPrefixList,
  pfs,
  port,
  prf,
  remotePrefixList,
  secret,
  tunnel,
  wildcardIdentity,
} from './parts.ts';
import type { EspGroupSpec, IkeGroupSpec, PeerSpec, SiteSpec, TunnelSpec } from './site-spec.ts';

export interface Change {
  readonly kind: string;
  readonly apply: (site: SiteSpec) => SiteSpec;
}

function onPeer(site: SiteSpec, change: (peer: PeerSpec) => PeerSpec): SiteSpec {
  const [facing, ...others] = site.peers;
  return { ...site, peers: [change(facing), ...others] };
}

function peerChange<T>(
  kind: string,
  from: fc.Arbitrary<T>,
  change: (peer: PeerSpec, value: T) => PeerSpec,
): fc.Arbitrary<Change> {
  return from.map((value) => ({ kind, apply: (site) => onPeer(site, (peer) => change(peer, value)) }));
}

function ikeChange<T>(
  kind: string,
  from: fc.Arbitrary<T>,
  change: (group: IkeGroupSpec, value: T) => IkeGroupSpec,
): fc.Arbitrary<Change> {
  return peerChange(kind, from, (peer, value) => ({ ...peer, ikeGroup: change(peer.ikeGroup, value) }));
}

function espChange<T>(
  kind: string,
  from: fc.Arbitrary<T>,
  change: (group: EspGroupSpec, value: T) => EspGroupSpec,
): fc.Arbitrary<Change> {
  return peerChange(kind, from, (peer, value) => ({ ...peer, espGroup: change(peer.espGroup, value) }));
}

function tunnelChange<T>(
  kind: string,
  from: fc.Arbitrary<T>,
  change: (tunnel: TunnelSpec, value: T) => TunnelSpec,
): fc.Arbitrary<Change> {
  return peerChange(kind, fc.record({ index: fc.nat(2), value: from }), (peer, { index, value }) => ({
    ...peer,
    tunnels: peer.tunnels.map((each, at) =>
      at === index % peer.tunnels.length ? change(each, value) : each,
    ),
  }));
}

function siteChange<T>(
  kind: string,
  from: fc.Arbitrary<T>,
  change: (site: SiteSpec, value: T) => SiteSpec,
): fc.Arbitrary<Change> {
  return from.map((value) => ({ kind, apply: (site) => change(site, value) }));
}

const nothing = fc.constant(undefined);
const index = fc.nat(2);

function at<T>(list: readonly T[], place: number, change: (item: T) => T): readonly T[] {
  return list.map((item, here) => (here === place % list.length ? change(item) : item));
}

function without<T>(list: readonly T[], place: number): readonly T[] {
  return list.filter((_, here) => here !== place % list.length);
}

function shifted<T>(list: readonly T[]): readonly T[] {
  return [...list.slice(1), ...list.slice(0, 1)];
}

function insert<T>(list: readonly T[], item: T, first: boolean): readonly T[] {
  return first ? [item, ...list] : [...list, item];
}

const ikeChanges = [
  ikeChange('ike_add', fc.record({ item: ikeProposal, first: fc.boolean() }), (group, { item, first }) => ({
    ...group,
    proposals: insert(group.proposals, item, first),
  })),
  ikeChange('ike_field', fc.record({ index, field: ikeProposal, which: fc.nat(2) }), (group, value) => ({
    ...group,
    proposals: at(group.proposals, value.index, (proposal) => {
      const { encryption, hash: newHash, dhGroup: group_ } = value.field;
      if (value.which === 0) return { ...proposal, encryption };
      return value.which === 1 ? { ...proposal, hash: newHash } : { ...proposal, dhGroup: group_ };
    }),
  })),
  ikeChange('ike_swap', nothing, (group) => ({ ...group, proposals: shifted(group.proposals) })),
  ikeChange('ike_drop', index, (group, place) => ({ ...group, proposals: without(group.proposals, place) })),
  ikeChange('default_field', index, (group, place) => ({
    ...group,
    proposals: at(group.proposals, place, (proposal) => ({ ...proposal, dhGroup: undefined })),
  })),
  ikeChange('dh', fc.record({ index, dhGroup }), (group, value) => ({
    ...group,
    proposals: at(group.proposals, value.index, (proposal) => ({ ...proposal, dhGroup: value.dhGroup })),
  })),
  ikeChange('prf', fc.record({ index, prf }), (group, value) => ({
    ...group,
    proposals: at(group.proposals, value.index, (proposal) => ({ ...proposal, prf: value.prf })),
  })),
  ikeChange('kx', keyExchange, (group, value) => ({ ...group, keyExchange: value })),
  ikeChange('aggr', nothing, (group) => ({ ...group, keyExchange: 'ikev1', mode: 'aggressive' })),
  ikeChange('mobike', nothing, (group) => ({ ...group, disableMobike: !group.disableMobike })),
  ikeChange('dpd', fc.constantFrom(undefined, 10, 60), (group, dpdInterval) => ({ ...group, dpdInterval })),
  ikeChange('life', fc.constantFrom(28800, 3600), (group, lifetime) => ({ ...group, lifetime })),
];

const espChanges = [
  espChange('esp_add', fc.record({ item: espProposal, first: fc.boolean() }), (group, { item, first }) => ({
    ...group,
    proposals: insert(group.proposals, item, first),
  })),
  espChange('esp_field', fc.record({ index, field: espProposal, cipher: fc.boolean() }), (group, value) => ({
    ...group,
    proposals: at(group.proposals, value.index, (proposal) =>
      value.cipher
        ? { ...proposal, encryption: value.field.encryption }
        : { ...proposal, hash: value.field.hash },
    ),
  })),
  espChange('esp_swap', nothing, (group) => ({ ...group, proposals: shifted(group.proposals) })),
  espChange('esp_drop', index, (group, place) => ({ ...group, proposals: without(group.proposals, place) })),
  espChange('pfs', pfs, (group, value) => ({ ...group, pfs: value })),
  // VyOS takes no prefixes with it.
  peerChange('transport', nothing, (peer) => ({
    ...peer,
    espGroup: { ...peer.espGroup, mode: 'transport' },
    tunnels: peer.tunnels.map((each) => (each.espGroup ? each : { ...each, local: [], remote: [] })),
  })),
];

const tunnelChanges = [
  tunnelChange('ts_local', localPrefixList, (each, local) => ({ ...each, local })),
  tunnelChange('ts_remote', remotePrefixList, (each, remote) => ({ ...each, remote })),
  tunnelChange('ts_exchanged', nothing, (each) => ({ ...each, local: each.remote, remote: each.local })),
  tunnelChange('ts_swap', nothing, (each) => ({ ...each, local: shifted(each.local) })),
  tunnelChange('ts_add', fc.constantFrom('10.99.0.0/24', '10.10.0.0/16', '10.20.0.0/16'), (each, prefix) => ({
    ...each,
    local: [...each.local, prefix],
  })),
  tunnelChange('ts_drop', index, (each, place) => ({ ...each, local: without(each.local, place) })),
  tunnelChange('proto', fc.constantFrom('tcp', 'udp', 'icmp', undefined), (each, protocol) => ({
    ...each,
    protocol,
  })),
  tunnelChange('port', port, (each, localPort) => ({ ...each, protocol: 'tcp', localPort })),
  tunnelChange('tunnel_disable', nothing, (each) => ({ ...each, disabled: !each.disabled })),
  tunnelChange('tunnel_esp', espGroup, (each, group) => ({ ...each, espGroup: group })),
  peerChange('tun_drop', index, (peer, place) => ({
    ...peer,
    tunnels: peer.tunnels.length > 1 ? without(peer.tunnels, place) : peer.tunnels,
  })),
  peerChange('tun_add', fc.record({ tunnel, id: fc.constantFrom('0', '3', '20') }), (peer, added) => ({
    ...peer,
    tunnels: peer.vti ? peer.tunnels : [...peer.tunnels, { ...added.tunnel, id: added.id }],
  })),
  peerChange('tun_twice', nothing, (peer) => {
    const [first] = peer.tunnels;
    return { ...peer, tunnels: first ? [...peer.tunnels, { ...first, id: '4' }] : peer.tunnels };
  }),
];

const anyIdentity = fc.oneof(
  { weight: 2, arbitrary: identity },
  { weight: 1, arbitrary: wildcardIdentity },
  { weight: 1, arbitrary: nothing },
);

const elsewhere = (address: string) => (address.includes(':') ? '2001:db8:c::1' : '192.0.2.200');
/** A router's second address on the link. */
const second = (address: string) => address.replace(/1$/, '2');

const peerChanges = [
  peerChange('raddr', fc.constantFrom('other', 'extra', 'extra-first', 'second', 'any'), (peer, how) => {
    const [first = ''] = peer.remoteAddresses;
    const remotes: Readonly<Record<string, readonly string[]>> = {
      other: [elsewhere(first)],
      extra: [...peer.remoteAddresses, elsewhere(first)],
      'extra-first': [second(first), ...peer.remoteAddresses],
      second: [second(first)],
      any: ['any'],
    };
    return { ...peer, remoteAddresses: remotes[how] ?? [] };
  }),
  peerChange('laddr', fc.constantFrom('any', 'second'), (peer, how) => ({
    ...peer,
    localAddress: how === 'any' ? 'any' : second(peer.localAddress),
  })),
  peerChange('lid', anyIdentity, (peer, localId) => ({ ...peer, localId })),
  peerChange('rid', anyIdentity, (peer, remoteId) => ({ ...peer, remoteId })),
  peerChange('rid_wild', wildcardIdentity, (peer, remoteId) => ({ ...peer, remoteId })),
  peerChange('encap', nothing, (peer) => ({ ...peer, forceUdpEncapsulation: !peer.forceUdpEncapsulation })),
  peerChange('type', fc.constantFrom('initiate', 'respond', 'none'), (peer, connectionType) => ({
    ...peer,
    connectionType,
  })),
  peerChange('vti', nothing, (peer) => ({ ...peer, vti: true, tunnels: [] })),
  peerChange('x509', nothing, (peer) => ({ ...peer, certificate: 'gw' })),
  peerChange('secret', secret, (peer, own) => ({ ...peer, secret: own })),
];

/** Without any VyOS commits nothing. */
const pskIds = fc.oneof(
  {
    weight: 19,
    arbitrary: fc.uniqueArray(
      fc.oneof(identity, wildcardIdentity, fc.constantFrom('203.0.113.1', '198.51.100.1', '2001:db8:a::1')),
      { minLength: 1, maxLength: 3 },
    ),
  },
  { weight: 1, arbitrary: fc.constant([]) },
);

const siteChanges = [
  siteChange('psk', fc.record({ index, secret }), (site, value) => ({
    ...site,
    psks: at(site.psks, value.index, (psk) => ({ ...psk, secret: value.secret })),
  })),
  siteChange('pskids', pskIds, (site, ids) => ({
    ...site,
    psks: at(site.psks, 0, (psk) => ({ ...psk, ids })),
  })),
  siteChange('psk_drop', nothing, (site) => ({ ...site, psks: site.psks.slice(1) })),
  siteChange(
    'psk_add',
    fc.record({
      name: fc.constantFrom('A0', 'K2', 'Z9'),
      ids: pskIds,
      secret,
    }),
    (site, psk) => ({ ...site, psks: [...site.psks.filter(({ name }) => name !== psk.name), psk] }),
  ),
  siteChange(
    'peer_add',
    fc.record({
      name: fc.constantFrom('A-OTHER', 'Z-OTHER'),
      where: fc.constantFrom('same', 'same', 'elsewhere', 'any'),
      localId: anyIdentity,
      remoteId: anyIdentity,
      ike: fc.option(ikeGroup, { nil: undefined }),
      tunnel: fc.option(tunnel, { nil: undefined }),
      hash,
    }),
    (site, value) => {
      const [facing, ...others] = site.peers;
      const [first = ''] = facing.remoteAddresses;
      const remotes = { same: facing.remoteAddresses, elsewhere: [elsewhere(first)], any: ['any'] };
      const added: PeerSpec = {
        ...facing,
        name: value.name,
        localId: value.localId,
        remoteId: value.remoteId,
        remoteAddresses: remotes[value.where],
        ikeGroup: value.ike ?? facing.ikeGroup,
        vti: facing.vti && !value.tunnel,
        tunnels: value.tunnel ? [{ ...value.tunnel, id: '1' }] : facing.tunnels,
      };
      return { ...site, peers: [facing, ...others.filter(({ name }) => name !== value.name), added] };
    },
  ),
];

/** What 1.5 adds to a connection: a PPK, `childless`, or both. */
export const newerOptions = fc.record({
  id: fc.constantFrom('ppk-x', 'ppk-x', 'ppk-y'),
  secret: fc.constantFrom('a-quantum-key', 'a-quantum-key', 'a-quantum-key', 'another-quantum-key'),
  required: fc.boolean(),
  named: fc.constantFrom(true, true, true, false),
  childless: fc.constantFrom(undefined, undefined, 'allow' as const, 'force' as const, 'never' as const),
});

export function withNewerOptions(
  site: SiteSpec,
  {
    id,
    secret: key,
    required,
    named,
    childless,
  }: typeof newerOptions extends fc.Arbitrary<infer T> ? T : never,
): SiteSpec {
  const changed = onPeer(site, (peer) => ({
    ...peer,
    ppk: named ? { id, required } : undefined,
    childless,
  }));
  return { ...changed, ppks: [{ id, secret: key }] };
}

const newerChanges = [siteChange('newer', newerOptions, withNewerOptions)];

/** Each kind as likely as any other. */
export const change: fc.Arbitrary<Change> = fc.oneof(
  ...ikeChanges,
  ...espChanges,
  ...tunnelChanges,
  ...peerChanges,
  ...siteChanges,
  ...newerChanges,
);
