/**
 * What VyOS 1.2 and 1.3 refuse to commit of `vpn ipsec`: vyatta-cfg-vpn scripts/vpn-config.pl (crux, equuleus), which
 * is the check of 1.3 as well. The lengths of its lists of proposals are not judged: VyOS takes ten of them.
 */

import { type Address, familyOf, parseAddress } from '../ike/address.ts';
import { parsePrefix, sameRange } from '../ike/range.ts';
import { isAnyAddress } from './addresses.ts';
import { nodeOfPeer, placeOf, type Refusal, type RefusalKind } from './refusal.ts';
import { isMasked } from './schema/index.ts';
import type { EspGroup, IkeGroup, Peer, Site, Tunnel, Vti } from './site.ts';
import { child, has } from './tree.ts';

type Node = Parameters<typeof placeOf>[0];

export function refusalsUntil13(site: Site): readonly Refusal[] {
  const groups = [
    ...[...site.espGroups.values()].flatMap((group) => ofProposals('ESP', group)),
    ...[...site.ikeGroups.values()].flatMap((group) => ofProposals('IKE', group)),
  ];
  return [...groups, ...site.peers.flatMap((peer) => ofPeer(site, peer))];
}

function ofProposals(protocol: 'IKE' | 'ESP', group: IkeGroup | EspGroup): readonly Refusal[] {
  if (group.proposals.length > 0) return [];
  const log = `No proposals configured for ${protocol} group "${group.name}". At least one proposal required`;
  return [{ kind: 'proposal-missing', log, ...placeOf(group), label: 'no proposal', peer: undefined }];
}

type Refuse = (kind: RefusalKind, log: string, label: string, at?: Node) => Refusal;

function ofPeer(site: Site, peer: Peer): readonly Refusal[] {
  const refuse: Refuse = (kind, log, label, at = peer) => ({
    kind,
    log,
    ...placeOf(at),
    label,
    peer: peer.name,
  });
  const { name, ikeGroup, defaultEspGroup, tunnels, vti } = peer;
  const found: Refusal[] = [];
  const group = ikeGroup && site.ikeGroups.get(ikeGroup.value);
  if (!ikeGroup) {
    found.push(refuse('ike-group-missing', `No IKE group specified for peer "${name}"`, 'no ike-group'));
  } else if (!group) {
    const log = `The IKE group "${ikeGroup.value}" specified for peer "${name}" has not been configured`;
    found.push(refuse('ike-group-undefined', log, 'not defined', ikeGroup));
  } else if (group.mode.origin.kind === 'set' && group.keyExchange.value === 'ikev2') {
    const log = 'Selection of Main/Aggressive modes is only valid for IKEv1 configurations';
    found.push(refuse('setting-of-other-version', log, 'IKEv1 only', group.mode));
  }
  found.push(...ofLocalAddress(peer, refuse));
  if (defaultEspGroup && !site.espGroups.has(defaultEspGroup.value)) {
    const log = `The ESP group "${defaultEspGroup.value}" specified for peer "${name}" has not been configured`;
    found.push(refuse('esp-group-undefined', log, 'not defined', defaultEspGroup));
  }
  found.push(...ofAuthentication(site, peer, refuse));
  if (!vti && tunnels.length === 0) {
    const log = `No tunnels configured for peer "${name}". At least one tunnel required per peer`;
    found.push(refuse('child-missing', log, 'no tunnel and no vti'));
  }
  if (vti && tunnels.length > 0) {
    const log = `Both Vti and tunnel(s) configured for peer "${name}"`;
    found.push(refuse('tunnel-beside-vti', log, 'beside a tunnel', vti));
  }
  if (vti && tunnels.length === 0) found.push(...ofVti(site, peer, vti, refuse));
  const ofTunnels = tunnels
    .filter(({ disabled }) => !disabled)
    .flatMap((tunnel) =>
      ofTunnel(site, peer, tunnel, refuse).map((refusal): Refusal => ({ ...refusal, tunnel })),
    );
  return [...found, ...ofTunnels];
}

/** The address that names the peer, where it is one. */
function addressOf({ name, remoteAddresses }: Peer): Address | undefined {
  return parseAddress(remoteAddresses[0]?.value ?? name);
}

function callsNobody({ name, remoteAddresses: [address] }: Peer): boolean {
  return name.startsWith('@') || isAnyAddress(address?.value ?? name);
}

function ofLocalAddress(peer: Peer, refuse: Refuse): readonly Refusal[] {
  const { name, localAddress, dhcpInterface } = peer;
  if (!localAddress && !dhcpInterface) {
    const log = `No local-address specified for peer "${name}"`;
    return [refuse('local-address-missing', log, 'no local-address')];
  }
  if (localAddress && dhcpInterface) {
    const log = 'Only one of local-address or dhcp-interface may be defined';
    return [refuse('local-address-unfit', log, 'beside local-address', dhcpInterface)];
  }
  const remote = addressOf(peer);
  if (!localAddress || !remote || familyOf(remote) === 4) return [];
  const own = parseAddress(localAddress.value);
  if (localAddress.value === 'any') {
    const log = "'any' local address is not supported for IPv6 peers";
    return [refuse('local-address-unfit', log, 'the peer is called by IPv6', localAddress)];
  }
  if (!own || familyOf(own) === 6) return [];
  const log = "The 'local-address' and peer protocols do not match";
  return [refuse('local-address-unfit', log, 'the peer is called by IPv6', localAddress)];
}

/** What each mode needs. The files of a certificate are on the router, and not in a dump. */
function ofAuthentication(site: Site, peer: Peer, refuse: Refuse): readonly Refusal[] {
  const node = child(nodeOfPeer(site, peer), 'authentication');
  const { mode } = peer.authentication;
  const at = mode ?? peer;
  const kind = 'authentication-incomplete';
  const what = mode?.value ?? 'pre-shared-secret';
  if (has(node, 'id') && has(node, 'use-x509-id')) {
    const log = 'Manually set peer id and use-x509-id are mutually exclusive';
    return [refuse(kind, log, 'beside use-x509-id', peer.authentication.localId ?? peer)];
  }
  if (what === 'pre-shared-secret' && !hasSecret(site, peer)) {
    const log = `No 'pre-shared-secret' specified for peer "${peer.name}"`;
    return [refuse(kind, log, 'no pre-shared-secret', at)];
  }
  if (what === 'rsa' && !has(node, 'rsa-key-name') && !has(node, 'rsa')) {
    const log = `No 'rsa-key-name' specified for peer "${peer.name}"`;
    return [refuse(kind, log, 'no rsa-key-name', at)];
  }
  if (what === 'x509' && !has(node, 'x509')) {
    return [refuse(kind, `No CA certificate for peer "${peer.name}" specified`, 'no x509 settings', at)];
  }
  return [];
}

/** The secret stands in the peer; what has it where 1.4 has it is told by its release. */
function hasSecret({ psks }: Site, { name, path }: Peer): boolean {
  const own = JSON.stringify(path);
  return psks.some(
    (psk) =>
      psk.path.includes('psk') || psk.name === name || JSON.stringify(psk.path.slice(0, path.length)) === own,
  );
}

function ofVti(site: Site, peer: Peer, vti: Vti, refuse: Refuse): readonly Refusal[] {
  const { name, localAddress } = peer;
  const found: Refusal[] = [];
  if (localAddress && isAnyAddress(localAddress.value)) {
    const log = `The local interface must be specified for peer "${name}" vti`;
    found.push(refuse('local-address-unfit', log, 'a VTI needs a fixed one', localAddress));
  }
  if (callsNobody(peer)) {
    const log = `The peer "${name}" is invalid, an ip address must be specified for vti`;
    found.push(refuse('peer-name', log, 'a VTI needs an address'));
  }
  if (!vti.bind) {
    const log = `No interface bind specified for peer "${name}" vti`;
    found.push(refuse('interface-undefined', log, 'no bind', vti));
  }
  return [...found, ...ofEspGroup(site, peer, vti, 'vti', refuse)];
}

function ofEspGroup(
  site: Site,
  { name, defaultEspGroup }: Peer,
  owner: Tunnel | Vti,
  what: string,
  refuse: Refuse,
): readonly Refusal[] {
  const { espGroup } = owner;
  if (!espGroup) {
    const log = `No ESP group specified for peer "${name}" ${what}`;
    return defaultEspGroup ? [] : [refuse('esp-group-missing', log, 'no esp-group', owner)];
  }
  if (site.espGroups.has(espGroup.value)) return [];
  const log = `The ESP group "${espGroup.value}" specified for peer "${name}" ${what} has not been configured`;
  return [refuse('esp-group-undefined', log, 'not defined', espGroup)];
}

function ofTunnel(site: Site, peer: Peer, tunnel: Tunnel, refuse: Refuse): readonly Refusal[] {
  const found = [...ofEspGroup(site, peer, tunnel, `tunnel ${tunnel.id}`, refuse)];
  const [local] = tunnel.localPrefixes.slice(-1);
  const [remote] = tunnel.remotePrefixes.slice(-1);
  const families = [local, remote].map((prefix) =>
    prefix === undefined || isMasked(prefix.value)
      ? undefined
      : prefix.value === 'any'
        ? 4
        : familyOfPrefix(prefix.value),
  );
  if (families[0] !== undefined && families[1] !== undefined && families[0] !== families[1]) {
    const log = "The 'remote prefix' and 'local prefix' protocols do not match";
    found.push(refuse('prefixes-unfit', log, 'IPv4 and IPv6', tunnel));
  }
  if (local && remote && local.value !== 'any' && isSameNetwork(local.value, remote.value)) {
    const log = 'local prefix and remote prefix cannot be the same';
    found.push(refuse('prefixes-unfit', log, 'the same as the local prefix', remote));
  }
  const port = tunnel.remotePort ?? tunnel.localPort;
  const protocol = tunnel.protocol?.value;
  if (port && (local || remote) && protocol !== undefined && !/^(?:tcp|udp|6|17)$/.test(protocol)) {
    const log = 'remote port can only be defined when protocol is tcp, udp, or undefined';
    found.push(refuse('port-without-protocol', log, `the protocol is ${protocol}`, port));
  }
  const group = site.espGroups.get((tunnel.espGroup ?? peer.defaultEspGroup)?.value ?? '');
  if (group?.mode.value === 'transport' && (local || remote)) {
    const log = 'Can not use local-subnet or remote-subnet when using transport mode';
    found.push(refuse('transport-with-prefixes', log, 'not in transport mode', tunnel));
  }
  return found;
}

function familyOfPrefix(prefix: string): 4 | 6 | undefined {
  const address = parseAddress(prefix.split('/')[0] ?? '');
  return address && familyOf(address);
}

function isSameNetwork(one: string, other: string): boolean {
  if (isMasked(one) || isMasked(other)) return false;
  const [own, theirs] = [parsePrefix(one), parsePrefix(other)];
  return own !== undefined && theirs !== undefined && sameRange(own, theirs);
}
