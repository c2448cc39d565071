/** Sites that every release can express, written in the spelling of each. */
import fc from 'fast-check';
import { printCommand, readSetDump } from '../../grammar/index.ts';
import { sourceFile } from '../../src/source/index.ts';
import { RELEASES, type Release, schemaBelow } from '../../src/vyos/schema/index.ts';
import { buildTree, type ConfigNode, tagNodes, values } from '../../src/vyos/tree.ts';
import { change } from './changes.ts';
import { identity, port } from './parts.ts';
import { addressesOfA, mirror, type PeerSpec, type SiteSpec } from './site-spec.ts';

export const release: fc.Arbitrary<Release> = fc.constantFrom(...RELEASES);

const hash = fc.constantFrom('sha256', 'sha1', 'md5', 'sha384', 'sha512');
const classic = fc.constantFrom('aes256', 'aes128', '3des');
const cipher = fc.oneof(classic, fc.constantFrom('aes256gcm128', 'aes128gcm128', 'chacha20poly1305'));
const dhGroup = fc.constantFrom(14, 2, 5, 15, 19, 20, 21, 22, 26);

/** Without blanks, at which ipsec.secrets of 1.2 and 1.3 parts it. */
const plainIdentity = identity.filter((id) => !/[\s\\]/.test(id));

/** A pair of prefixes: 1.2 and 1.3 keep one of each side. */
const prefixes = fc.constantFrom(
  { local: ['10.10.0.0/24'], remote: ['10.20.0.0/24'] },
  { local: ['10.10.0.0/16'], remote: ['10.20.0.7/32'] },
  { local: ['fd00:a::/64'], remote: ['fd00:b::/64'] },
);

const tunnel = fc
  .record({
    prefixes,
    limits: fc.constantFrom<Readonly<Record<string, string>>>(
      {},
      {},
      {},
      { protocol: 'tcp' },
      { protocol: 'gre' },
    ),
    ports: fc.option(port, { nil: undefined, freq: 2 }),
  })
  .map(({ prefixes: pair, limits, ports }) => ({
    ...pair,
    ...limits,
    ...(limits.protocol === 'tcp' ? { remotePort: ports } : {}),
  }));

const facingPeer: fc.Arbitrary<PeerSpec> = fc
  .record({
    keyExchange: fc.constantFrom<'ikev1' | 'ikev2' | undefined>('ikev2', 'ikev1', undefined),
    lifetime: fc.constantFrom(undefined, 28800, 86400),
    disableMobike: fc.boolean(),
    dpdInterval: fc.constantFrom(undefined, 30),
    ikeCipher: cipher,
    ikeClassic: classic,
    espCipher: cipher,
    hash,
    dhGroup,
    pfs: fc.constantFrom(undefined, 'enable', 'disable', 'dh-group14', 'dh-group19'),
    espLifetime: fc.constantFrom(undefined, 3600, 1800),
    mode: fc.constantFrom<'tunnel' | 'transport' | undefined>(undefined, 'tunnel', 'transport'),
    localId: fc.option(plainIdentity, { nil: undefined }),
    remoteId: fc.option(plainIdentity, { nil: undefined }),
    connectionType: fc.constantFrom<'initiate' | undefined>('initiate', undefined),
    forceUdpEncapsulation: fc.boolean(),
    family: fc.constantFrom<4 | 6>(4, 4, 6),
    tunnels: fc.array(tunnel, { minLength: 1, maxLength: 2 }),
    vti: fc.constantFrom(false, false, false, true),
  })
  .map((parts): PeerSpec => {
    const { keyExchange, disableMobike, vti, mode } = parts;
    const [local, remote] =
      parts.family === 4 ? ['203.0.113.1', '198.51.100.1'] : ['2001:db8:a::1', '2001:db8:b::1'];
    const isTransport = mode === 'transport' && !vti;
    const plain = isTransport ? [{ id: '1', local: [], remote: [] }] : parts.tunnels;
    return {
      name: 'SITE-B',
      ikeGroup: {
        keyExchange,
        lifetime: parts.lifetime,
        // 1.2 and 1.3 take it of IKEv2 alone.
        disableMobike: disableMobike && keyExchange === 'ikev2',
        dpdInterval: parts.dpdInterval,
        proposals: [
          {
            encryption: keyExchange === 'ikev2' ? parts.ikeCipher : parts.ikeClassic,
            hash: parts.hash,
            dhGroup: parts.dhGroup,
          },
        ],
      },
      espGroup: {
        mode: isTransport ? 'transport' : mode === 'transport' ? undefined : mode,
        pfs: parts.pfs,
        lifetime: parts.espLifetime,
        proposals: [{ encryption: parts.espCipher, hash: parts.hash }],
      },
      localAddress: local ?? '',
      remoteAddresses: [remote ?? ''],
      localId: parts.localId,
      remoteId: parts.remoteId,
      connectionType: parts.connectionType,
      forceUdpEncapsulation: parts.forceUdpEncapsulation,
      tunnels: vti ? [] : plain.map((one, index) => ({ ...one, id: `${index + 1}` })),
      vti,
    };
  });

/** A site of one peer, whose secret reads the same in ipsec.secrets and in swanctl.conf. */
export const portableSite: fc.Arbitrary<SiteSpec> = fc
  .record({ peer: facingPeer, key: fc.constantFrom('an-example-secret', 'pass word', 'hash#tag {x}') })
  .map(({ peer, key }) => {
    const ids = [
      peer.localId ?? peer.localAddress,
      peer.remoteId ?? peer.remoteAddresses[0] ?? '',
      peer.localAddress,
      ...peer.remoteAddresses,
    ];
    return {
      addresses: addressesOfA,
      peers: [peer],
      psks: [{ name: 'K1', ids: [...new Set(ids)], secret: key }],
    };
  });

/** The dumps of two routers of any releases, told or not: a mirrored pair with up to two changes on either side. */
export interface PairOfReleases {
  readonly a: DumpOfRelease;
  readonly b: DumpOfRelease;
}

interface DumpOfRelease {
  readonly text: string;
  readonly release?: Release;
}

export const pairOfReleases: fc.Arbitrary<PairOfReleases> = fc
  .record({
    site: portableSite,
    changes: fc.array(fc.record({ side: fc.constantFrom<'a' | 'b'>('a', 'b'), change }), { maxLength: 2 }),
    of: fc.record({ a: release, b: release }),
    told: fc.boolean(),
  })
  .map(({ site, changes, of, told }) => {
    let pair = { a: site, b: mirror(site) };
    for (const { side, change: each } of changes) pair = { ...pair, [side]: each.apply(pair[side]) };
    const dump = (side: 'a' | 'b') => ({
      text: toDumpOf(pair[side], of[side]),
      ...(told ? { release: of[side] } : {}),
    });
    return { a: dump('a'), b: dump('b') };
  });

type Words = readonly string[];

/** The site as a router of that release prints it: `show configuration commands`. */
export function toDumpOf(site: SiteSpec, of: Release): string {
  const lines: string[] = [];
  const set = (names: Words, value?: string | number) => {
    const path = names.map((text) => ({ text, quoted: false }));
    const last = value === undefined ? [] : [{ text: `${value}`, quoted: true }];
    lines.push(printCommand({ verb: 'set', path: [...path, ...last] }));
  };
  for (const address of site.addresses) set(['interfaces', 'ethernet', 'eth0', 'address'], address);
  if (site.peers.some(({ vti }) => vti)) set(['interfaces', 'vti', 'vti1']);
  const isOld = of === '1.2' || of === '1.3';
  set([...ipsec, ...(isOld ? ['ipsec-interfaces'] : []), 'interface'], 'eth0');
  for (const peer of site.peers) printPeer(peer, site, of, set);
  if (!isOld) {
    for (const { name, ids, secret } of site.psks) {
      const at = [...ipsec, 'authentication', 'psk', name];
      for (const id of ids) set([...at, 'id'], id);
      set([...at, 'secret'], secret);
      if (of === '1.5') set([...at, 'secret-type'], 'plaintext');
    }
  }
  return `${lines.join('\n')}\n`;
}

const ipsec: Words = ['vpn', 'ipsec'];

function printPeer(
  peer: PeerSpec,
  { psks }: SiteSpec,
  of: Release,
  set: (names: Words, value?: string | number) => void,
): void {
  const isOld = of === '1.2' || of === '1.3';
  const given = (names: Words, value: string | number | undefined) => {
    if (value !== undefined) set(names, value);
  };
  const { ikeGroup, espGroup } = peer;
  const ike = [...ipsec, 'ike-group', `IKE-${peer.name}`];
  given([...ike, 'key-exchange'], ikeGroup.keyExchange);
  given([...ike, 'mode'], ikeGroup.mode);
  given([...ike, 'lifetime'], ikeGroup.lifetime);
  set([...ike, 'close-action'], isOld ? 'restart' : 'start');
  if (isOld) set([...ike, 'ikev2-reauth'], 'no');
  if (ikeGroup.disableMobike && isOld) set([...ike, 'mobike'], 'disable');
  if (ikeGroup.disableMobike && !isOld) set([...ike, 'disable-mobike']);
  if (ikeGroup.dpdInterval !== undefined) {
    set([...ike, 'dead-peer-detection', 'interval'], ikeGroup.dpdInterval);
    set([...ike, 'dead-peer-detection', 'action'], isOld ? 'hold' : 'trap');
  }
  for (const [index, { encryption, hash: integrity, dhGroup: group, prf }] of ikeGroup.proposals.entries()) {
    const where = [...ike, 'proposal', `${index + 1}`];
    set([...where, 'encryption'], encryption);
    set([...where, 'hash'], integrity);
    given([...where, 'dh-group'], group);
    given([...where, 'prf'], prf);
  }
  const esp = [...ipsec, 'esp-group', `ESP-${peer.name}`];
  if (isOld) set([...esp, 'compression'], 'disable');
  given([...esp, 'mode'], espGroup.mode);
  given([...esp, 'pfs'], espGroup.pfs);
  given([...esp, 'lifetime'], espGroup.lifetime);
  for (const [index, { encryption, hash: integrity }] of espGroup.proposals.entries()) {
    const where = [...esp, 'proposal', `${index + 1}`];
    set(where);
    given([...where, 'encryption'], encryption);
    given([...where, 'hash'], integrity);
  }
  const [remote = 'any'] = peer.remoteAddresses;
  const at = [...ipsec, 'site-to-site', 'peer', isOld ? remote : peer.name];
  set([...at, 'authentication', 'mode'], 'pre-shared-secret');
  if (isOld) given([...at, 'authentication', 'pre-shared-secret'], psks[0]?.secret);
  given(
    [...at, 'authentication', isOld ? 'id' : 'local-id'],
    peer.localId ?? (isOld ? undefined : peer.localAddress),
  );
  given([...at, 'authentication', 'remote-id'], peer.remoteId);
  const { connectionType } = peer;
  given([...at, 'connection-type'], connectionType === 'respond' && of === '1.5' ? 'trap' : connectionType);
  set([...at, 'default-esp-group'], `ESP-${peer.name}`);
  set([...at, 'ike-group'], `IKE-${peer.name}`);
  set([...at, 'local-address'], peer.localAddress);
  if (isOld) set([...at, 'force-encapsulation'], peer.forceUdpEncapsulation ? 'enable' : 'disable');
  else if (peer.forceUdpEncapsulation) set([...at, 'force-udp-encapsulation']);
  if (!isOld) set([...at, 'remote-address'], remote);
  if (peer.vti) set([...at, 'vti', 'bind'], 'vti1');
  if (peer.disabled && !isOld) set([...at, 'disable']);
  for (const { id, disabled, local, remote: far, protocol, localPort, remotePort } of peer.tunnels) {
    const where = [...at, 'tunnel', id];
    if (local.length === 0) set(where);
    if (disabled) set([...where, 'disable']);
    for (const prefix of local) set([...where, 'local', 'prefix'], prefix);
    for (const prefix of far) set([...where, 'remote', 'prefix'], prefix);
    given([...where, 'protocol'], protocol);
    given([...where, 'local', 'port'], localPort);
    given([...where, 'remote', 'port'], remotePort);
  }
}

const schemas: Readonly<Record<Release, readonly [ipsec: number, image: string]>> = {
  '1.2': [5, '1.2.9'],
  '1.3': [5, '1.3.2'],
  '1.4': [13, '1.4.0'],
  '1.5': [14, '2025.11'],
};

/** The commands of a dump as `config.boot` holds them: braces, quotes where they are needed, and the footer. */
export function toConfigBoot(commands: string, of: Release): string {
  const tree = buildTree(readSetDump(sourceFile('', commands)).commands, schemaBelow(of));
  const blocks = [...tree.children.values()].flatMap((node) => braces(node, ''));
  const [number, image] = schemas[of];
  const footer =
    of === '1.2'
      ? [
          '',
          '/* Warning: Do not remove the following line. */',
          `/* === vyatta-config-version: "firewall@5:ipsec@${number}:nat@5" === */`,
          `/* Release version: ${image} */`,
        ]
      : [
          '',
          '// Warning: Do not remove the following line.',
          `// vyos-config-version: "firewall@5:ipsec@${number}:nat@5"`,
          `// Release version: ${image}`,
        ];
  return `${[...blocks, ...footer].join('\n')}\n`;
}

function braces(node: ConfigNode, indent: string, prefix = ''): readonly string[] {
  if (node.role === 'tag') return tagNodes(node).flatMap((child) => braces(child, indent, `${node.name} `));
  if (node.role === 'leaf') {
    return values(node).map(({ value }) => `${indent}${node.name} ${configValue(value)}`);
  }
  if (node.role === 'valueless') return [`${indent}${node.name}`];
  const below = tagNodes(node).flatMap((child) => braces(child, `${indent}    `));
  return [`${indent}${prefix}${node.name} {`, ...below, `${indent}}`];
}

/** vyatta-cfg src/cnode/cnode-algorithm.cpp: double quotes where a character would end the value. */
function configValue(value: string): string {
  return /^$|[*}{;\s"/]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;
}
