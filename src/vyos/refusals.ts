/**
 * What VyOS refuses to commit of `vpn ipsec`: vyos-1x src/conf_mode/vpn_ipsec.py, verify, of 1.4 and 1.5; what 1.2 and 1.3
 * refuse is in refusals-until-13.ts. VyOS stops at the first; here are all.
 */
import {
  isAbsentInterface,
  isUndefinedInterface,
  nodeOfPeer,
  placeOf,
  type Refusal,
  type RefusalKind,
} from './refusal.ts';
import { refusalsUntil13 } from './refusals-until-13.ts';
import { isCertain } from './release.ts';
import { isAtLeast, isMasked } from './schema/index.ts';
import { placeOfNode, type Setting, settingAt, settingsAt } from './setting.ts';
import type { Peer, Psk, Site, Tunnel } from './site.ts';
import { child, has, pathOf, tagNodes } from './tree.ts';
import { isWhole, whatIsLeftOut } from './whole.ts';

export type { Refusal, RefusalKind } from './refusal.ts';

/** All of a site, those of no peer first, then peer by peer. */
export function refusalsOf(site: Site): readonly Refusal[] {
  // What a part of a configuration lacks may be in the rest.
  if (whatIsLeftOut(site) !== undefined) return [];
  if (!isAtLeast(site.release, '1.4')) return refusalsUntil13(site);
  return [
    ...site.psks.filter(({ path }) => path.includes('psk')).flatMap(ofPsk),
    ...ofInterfaces(site),
    // vyos.dev T6101 is in no release of 1.4.
    ...(isAtLeast(site.release, '1.5')
      ? [...site.ikeGroups.values()].flatMap(({ proposals }) => proposals.flatMap(ofProposal))
      : []),
    ...ofProfiles(site),
    ...ofRemoteAccess(site),
    ...site.peers.flatMap((peer) => ofPeer(site, peer)),
  ];
}

function ofPsk(psk: Psk): readonly Refusal[] {
  const { name, ids, secret } = psk;
  if (ids.length > 0 && secret) return [];
  const label = `this psk has no ${secret ? 'id' : 'secret'}`;
  const log = `Authentication psk "${name}" missing "id" or "secret"`;
  return [{ kind: 'psk-incomplete', log, ...placeOf(psk), label, peer: undefined }];
}

/** Of `vpn ipsec interface`: an Ethernet port is there without a node, and what is of no type that is known may be. */
function ofInterfaces(site: Site): readonly Refusal[] {
  return settingsAt(site.tree, 'vpn', 'ipsec', 'interface').flatMap((setting) => {
    const { value } = setting;
    if (isMasked(value) || !isAbsentInterface(site, value)) return [];
    const log = `Interface "${value}" does not exist!`;
    return [
      {
        kind: 'interface-undefined',
        log,
        ...placeOf(setting),
        label: 'no such interface',
        peer: undefined,
      } as const,
    ];
  });
}

/** vyos.dev T6101: hashes that have no pseudo-random function of their own. */
const hashesWithoutPrf: ReadonlySet<string> = new Set([
  'aes128gmac',
  'aes192gmac',
  'aes256gmac',
  'sha256_96',
]);

function ofProposal({
  id,
  hash,
  prf,
}: {
  readonly id: string;
  readonly hash: Setting<string>;
  readonly prf: Setting<string | undefined>;
}): readonly Refusal[] {
  if (prf.value !== undefined || !hashesWithoutPrf.has(hash.value)) return [];
  const log = `A PRF algorithm is mandatory in IKE proposal ${id}`;
  return [{ kind: 'prf-missing', log, ...placeOf(hash), label: 'makes no PRF', peer: undefined }];
}

function ofProfiles(site: Site): readonly Refusal[] {
  return tagNodes(child(site.tree, 'vpn', 'ipsec', 'profile')).flatMap((node) => {
    const where = `on ${node.name} profile`;
    const place = { at: placeOfNode(node), path: pathOf(node) };
    const noAuthentication: readonly Refusal[] = has(node, 'authentication')
      ? []
      : [
          {
            kind: 'authentication-missing',
            log: `Missing authentication ${where}`,
            ...placeOf(place),
            label: 'no authentication',
            peer: undefined,
          },
        ];
    return [
      ...ofGroup('esp-group', settingAt(node, 'esp-group'), site.espGroups, where, place, undefined),
      ...ofGroup('ike-group', settingAt(node, 'ike-group'), site.ikeGroups, where, place, undefined),
      ...noAuthentication,
    ];
  });
}

/** Of remote access only what concerns what it shares with the peers: the groups, and the address. */
function ofRemoteAccess(site: Site): readonly Refusal[] {
  return tagNodes(child(site.tree, 'vpn', 'ipsec', 'remote-access', 'connection')).flatMap((node) => {
    const where = `on ${node.name} remote-access config`;
    const place = { at: placeOfNode(node), path: pathOf(node) };
    const noAddress: readonly Refusal[] =
      has(node, 'local-address') || has(node, 'dhcp-interface')
        ? []
        : [
            {
              kind: 'local-address-missing',
              log: `Missing local-address or dhcp-interface on remote-access connection ${node.name}`,
              ...placeOf(place),
              label: 'no local-address',
              peer: undefined,
            },
          ];
    return [
      ...noAddress,
      ...ofGroup('esp-group', settingAt(node, 'esp-group'), site.espGroups, where, place, undefined),
      ...ofGroup('ike-group', settingAt(node, 'ike-group'), site.ikeGroups, where, place, undefined),
      ...ofRemoteAccessVersion(site, settingAt(node, 'ike-group')),
    ];
  });
}

function ofRemoteAccessVersion(site: Site, named: Setting<string> | undefined): readonly Refusal[] {
  const group = site.ikeGroups.get(named?.value ?? '');
  if (!named || !group || group.keyExchange.value === 'ikev2') return [];
  const log = 'IPsec remote-access connections requires IKEv2!';
  const label = 'not key-exchange ikev2';
  return [{ kind: 'setting-of-other-version', log, ...placeOf(named), label, peer: undefined }];
}

type Node = Parameters<typeof placeOf>[0];

function ofGroup(
  kind: 'ike-group' | 'esp-group',
  named: Setting<string> | undefined,
  defined: ReadonlyMap<string, unknown>,
  where: string,
  node: Node,
  peer: string | undefined,
): readonly Refusal[] {
  if (!named) {
    const log = `Missing ${kind} ${where}`;
    return [{ kind: `${kind}-missing`, log, ...placeOf(node), label: `no ${kind}`, peer }];
  }
  if (defined.has(named.value)) return [];
  const log = `Invalid ${kind} ${where}`;
  return [{ kind: `${kind}-undefined`, log, ...placeOf(named), label: 'not defined', peer }];
}

function ofPeer(site: Site, peer: Peer): readonly Refusal[] {
  const { name, localAddress, dhcpInterface, ikeGroup, defaultEspGroup, vti, tunnels } = peer;
  const where = `on site-to-site peer ${name}`;
  const refusal = (kind: RefusalKind, log: string, label: string, at: Node = peer): Refusal => ({
    kind,
    log,
    ...placeOf(at),
    label,
    peer: name,
  });
  const found: Refusal[] = [];
  if (isRefusedName(site, peer)) {
    found.push(refusal('peer-name', `Incorrect peer name "${name}"`, 'VyOS refuses this name'));
  }
  if (defaultEspGroup) {
    found.push(...ofGroup('esp-group', defaultEspGroup, site.espGroups, where, peer, name));
  }
  found.push(...ofGroup('ike-group', ikeGroup, site.ikeGroups, where, peer, name));
  found.push(...ofAuthentication(site, peer, where));
  if (!localAddress && !dhcpInterface) {
    const log = `Missing local-address or dhcp-interface ${where}`;
    found.push(refusal('local-address-missing', log, 'no local-address'));
  }
  if (dhcpInterface && hasFixedAddress(site, dhcpInterface.value)) {
    const log = `Invalid dhcp-interface ${where}`;
    found.push(refusal('interface-undefined', log, 'has no address of DHCP', dhcpInterface));
  }
  if (vti && localAddress && dhcpInterface) {
    const log = `A single local-address or dhcp-interface is required when using VTI ${where}`;
    found.push(refusal('local-address-unfit', log, 'beside local-address', dhcpInterface));
  }
  if (vti?.bind && isUndefinedInterface(site, 'vti', vti.bind.value)) {
    const log = `VTI interface ${vti.bind.value} for site-to-site peer ${name} does not exist!`;
    found.push(refusal('interface-undefined', log, 'no such interface', vti.bind));
  }
  if (!vti && tunnels.length === 0) {
    found.push(refusal('child-missing', `No VTI or tunnel specified ${where}`, 'no tunnel and no vti'));
  }
  return [...found, ...tunnels.flatMap((tunnel) => ofTunnel(site, peer, tunnel))];
}

/** Only where the release is certain: an address as the name is how 1.2 and 1.3 have it. */
function isRefusedName({ releaseReason }: Site, { name }: Peer): boolean {
  return isCertain(releaseReason) && /[.:]/.test(name) && !isMasked(name);
}

/** An interface of the dump that has addresses, and none of DHCP: there is no dhclient for it. */
function hasFixedAddress({ interfaces }: Site, name: string): boolean {
  const addresses = interfaces.find((each) => each.name === name)?.addresses ?? [];
  return addresses.length > 0 && !addresses.some(({ value }) => value === 'dhcp');
}

function ofAuthentication(site: Site, peer: Peer, where: string): readonly Refusal[] {
  const node = child(nodeOfPeer(site, peer), 'authentication');
  const { mode } = peer.authentication;
  const refusal = (kind: RefusalKind, log: string, label: string, at: Node): Refusal => ({
    kind,
    log,
    ...placeOf(at),
    label,
    peer: peer.name,
  });
  if (!mode) {
    return [
      refusal('authentication-missing', `Missing authentication ${where}`, 'no authentication mode', peer),
    ];
  }
  const part = child(node, mode.value);
  const incomplete = (what: string) =>
    refusal('authentication-incomplete', `Missing ${what} ${where}`, `no ${what}`, mode);
  if (mode.value === 'x509') {
    if (!part) return [incomplete('x509 settings')];
    const certificate = settingAt(part, 'certificate');
    const authorities = settingsAt(part, 'ca-certificate');
    if (!certificate || authorities.length === 0) return [incomplete('x509 certificates')];
    return [
      ...authorities.flatMap((authority) =>
        inPki(site, peer, authority, ['ca', authority.value, 'certificate'], 'CA certificate'),
      ),
      ...inPki(site, peer, certificate, ['certificate', certificate.value, 'certificate'], 'certificate'),
      ...inPki(site, peer, certificate, ['certificate', certificate.value, 'private', 'key'], 'private key'),
    ];
  }
  if (mode.value === 'rsa') {
    if (!part) return [incomplete('RSA settings')];
    return (['local', 'remote'] as const).flatMap((end): readonly Refusal[] => {
      const key = settingAt(part, `${end}-key`);
      if (!key) return [incomplete(`RSA ${end}-key`)];
      const half = end === 'local' ? 'private' : 'public';
      return inPki(site, peer, key, ['key-pair', key.value, half, 'key'], `${half} key`);
    });
  }
  return [];
}

/** Only where the dump is the whole configuration: keys are what people leave out first. A certificate of ACME comes when it is asked for. */
function inPki(
  site: Site,
  { name }: Peer,
  setting: Setting<string>,
  path: readonly string[],
  what: string,
): readonly Refusal[] {
  const { tree } = site;
  if (!isWhole(site) || has(tree, 'pki', ...path) || isMasked(setting.value)) return [];
  if (has(tree, 'pki', ...path.slice(0, 2), 'acme')) return [];
  const isPkiConfigured = (path[0] === 'key-pair' ? ['key-pair'] : ['ca', 'certificate']).every((kind) =>
    has(tree, 'pki', kind),
  );
  const log = isPkiConfigured
    ? `Missing ${what} on specified ${describeKey(setting)} "${setting.value}"`
    : 'PKI is not configured';
  return [{ kind: 'key-undefined', log, ...placeOf(setting), label: `no ${what} in pki`, peer: name }];
}

function describeKey({ path }: Setting<string>): string {
  const leaf = path.at(-1) ?? '';
  return leaf === 'ca-certificate' ? 'PKI CA certificate' : leaf === 'certificate' ? 'PKI certificate' : leaf;
}

function ofTunnel(site: Site, peer: Peer, tunnel: Tunnel): readonly Refusal[] {
  const { name, defaultEspGroup, localAddress } = peer;
  const where = `on tunnel ${tunnel.id} for site-to-site peer ${name}`;
  // What is wrong with the peer's own group is said of the peer.
  const ownGroup =
    defaultEspGroup && !tunnel.espGroup
      ? []
      : ofGroup('esp-group', tunnel.espGroup, site.espGroups, where, tunnel, name);
  const espGroup = site.espGroups.get((tunnel.espGroup ?? defaultEspGroup)?.value ?? '');
  const ofTunnel = (kind: RefusalKind, log: string): Refusal => ({
    kind,
    log: `${log} ${where}`,
    ...placeOf(tunnel),
    label: 'not in transport mode',
    peer: name,
    tunnel,
  });
  const found: Refusal[] = ownGroup.map((refusal) => ({ ...refusal, tunnel }));
  if (espGroup?.mode.value !== 'transport') return found;
  const local = localAddress?.value ?? 'any';
  if (tunnel.protocol && (local === 'any' || local === '0.0.0.0')) {
    const log = 'Fixed local-address or peer required when a protocol is defined with ESP transport mode';
    found.push(ofTunnel('transport-without-address', log));
  }
  if (tunnel.localPrefixes.length > 0 || tunnel.remotePrefixes.length > 0) {
    const log = 'Local/remote prefix cannot be used with ESP transport mode';
    found.push(ofTunnel('transport-with-prefixes', log));
  }
  return found;
}
