/**
 * What VyOS 1.2 and 1.3 refuse to commit of `vpn ipsec`: vyatta-cfg-vpn scripts/vpn-config.pl (crux, equuleus), which
 * is the check of 1.3 as well. The lengths of its lists of proposals are not judged: VyOS takes ten of them.
 */

import { type Address, familyOf, parseAddress } from '../ike/address.ts';
import { isAnyAddress } from './addresses.ts';
import { nodeOfPeer, placeOf, type Refusal, type RefusalKind } from './refusal.ts';
import { isMasked } from './schema/index.ts';
import { settingAt } from './setting.ts';
import type { EspGroup, IkeGroup, Peer, Site, Tunnel, Vti } from './site.ts';
import { child, has, tagNodes } from './tree.ts';

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
  }
  found.push(...ofLocalAddress(peer, refuse));
  if (defaultEspGroup && !site.espGroups.has(defaultEspGroup.value)) {
    const log = `The ESP group "${defaultEspGroup.value}" specified for peer "${name}" has not been configured`;
    found.push(refuse('esp-group-undefined', log, 'not defined', defaultEspGroup));
  }
  const authentication = child(nodeOfPeer(site, peer), 'authentication');
  if (has(authentication, 'id') && has(authentication, 'use-x509-id')) {
    const log = 'Manually set peer id and use-x509-id are mutually exclusive';
    const at = peer.authentication.localId ?? peer;
    found.push(refuse('authentication-incomplete', log, 'beside use-x509-id', at));
  }
  const active = tunnels.filter(({ disabled }) => !disabled);
  // vpn-config.pl comes to these in the loop over the tunnels that are not disabled.
  if (active.length > 0 || (vti && tunnels.length === 0)) {
    if (group) found.push(...ofVersion(group, refuse));
    found.push(...ofAuthentication(site, peer, refuse));
  }
  if (!vti && tunnels.length === 0) {
    const log = `No tunnels configured for peer "${name}". At least one tunnel required per peer`;
    found.push(refuse('child-missing', log, 'no tunnel and no vti'));
  }
  if (vti && tunnels.length > 0) {
    const log = `Both Vti and tunnel(s) configured for peer "${name}`;
    found.push(refuse('tunnel-beside-vti', log, 'beside a tunnel', vti));
  }
  if (vti && tunnels.length === 0) found.push(...ofVti(site, peer, vti, refuse));
  const ofTunnels = active.flatMap((tunnel) =>
    ofTunnel(site, peer, tunnel, refuse).map((refusal): Refusal => ({ ...refusal, tunnel })),
  );
  return [...found, ...ofTunnels];
}

/** What a group sets for the version of IKE that it does not ask for. */
function ofVersion({ mode, disableMobike, keyExchange }: IkeGroup, refuse: Refuse): readonly Refusal[] {
  const found: Refusal[] = [];
  if (mode.origin.kind === 'set' && keyExchange.value === 'ikev2') {
    const log = 'Selection of Main/Aggressive modes is only valid for IKEv1 configurations';
    found.push(refuse('setting-of-other-version', log, 'IKEv1 only', mode));
  }
  if (disableMobike.origin.kind === 'set' && keyExchange.value !== 'ikev2') {
    const log = 'MOBIKE is only valid for IKEv2 configurations';
    const at = { at: disableMobike.origin.at, path: disableMobike.path };
    found.push(refuse('setting-of-other-version', log, 'key-exchange is not ikev2', at));
  }
  return found;
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
  const remote = addressOf(peer);
  if (!localAddress && remote && familyOf(remote) === 6) {
    const log = "'local-address' is required for IPv6 peers";
    return [refuse('local-address-missing', log, 'no local-address')];
  }
  if (!localAddress && !dhcpInterface) {
    const log = `No local-address specified for peer "${name}"`;
    return [refuse('local-address-missing', log, 'no local-address')];
  }
  if (localAddress && dhcpInterface) {
    const log = 'Only one of local-address or dhcp-interface may be defined';
    return [refuse('local-address-unfit', log, 'beside local-address', dhcpInterface)];
  }
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
  const { mode, localId } = peer.authentication;
  if (!node) {
    const log = `No authentication mode for peer "${peer.name}" specified`;
    return [refuse('authentication-missing', log, 'no authentication')];
  }
  const at = mode ?? peer;
  const kind = 'authentication-incomplete';
  const what = mode?.value ?? 'pre-shared-secret';
  if (what === 'pre-shared-secret' && !hasSecret(site, peer)) {
    const log = `No 'pre-shared-secret' specified for peer "${peer.name}" while 'pre-shared-secret' authentication mode is specified`;
    return [refuse('secret-missing', log, 'no pre-shared-secret', at)];
  }
  if (
    what === 'pre-shared-secret' &&
    localId?.value.startsWith('@') &&
    peer.localAddress?.value === '0.0.0.0'
  ) {
    const log = 'cannot use authentication id with pre-shared-secret when local-address is 0.0.0.0';
    return [refuse('local-address-unfit', log, 'beside authentication id', peer.localAddress)];
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
  if (localAddress?.value === 'any') {
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
  // Its selectors are 0.0.0.0/0, whatever the mode.
  if (espGroupOf(site, peer, vti)?.mode.value === 'transport') {
    found.push(refuse('transport-with-prefixes', noPrefixes, 'a VTI has no transport mode', vti));
  }
  return [...found, ...ofEspGroup(site, peer, vti, 'vti', refuse)];
}

const noPrefixes = 'Can not use local-subnet or remote-subnet when using transport mode';

function espGroupOf(site: Site, { defaultEspGroup }: Peer, owner: Tunnel | Vti): EspGroup | undefined {
  return site.espGroups.get((owner.espGroup ?? defaultEspGroup)?.value ?? '');
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
  const allowsNat = settingAt(child(site.tree, ...tunnel.path), 'allow-nat-networks');
  const unlike = families[0] !== undefined && families[1] !== undefined && families[0] !== families[1];
  if (unlike || Boolean(local) !== Boolean(remote)) {
    const log = "The 'remote prefix' and 'local prefix' protocols do not match";
    const label = unlike ? 'IPv4 and IPv6' : local ? 'no remote prefix' : 'no local prefix';
    found.push(refuse('prefixes-unfit', log, label, tunnel));
  }
  if (allowsNat?.value === 'enable') {
    const where = `has been enabled for peer "${peer.name}" tunnel ${tunnel.id}`;
    if (remote) {
      const log = `The 'remote-subnet' has been specified while 'allow-nat-networks' ${where}. Both not allowed at once`;
      found.push(refuse('prefixes-unfit', log, 'beside allow-nat-networks', remote));
    } else if (tagNodes(child(site.tree, 'vpn', 'ipsec', 'nat-networks', 'allowed-network')).length === 0) {
      const log = `While 'allow-nat-networks' ${where}, no global allowed NAT networks have been configured`;
      found.push(refuse('prefixes-unfit', log, 'no nat-networks', allowsNat));
    }
  }
  if (local && remote && isSameNetwork(local.value, remote.value)) {
    const log = 'local prefix and remote prefix cannot be the same';
    found.push(refuse('prefixes-unfit', log, 'the same as the local prefix', remote));
  }
  const port = tunnel.remotePort ?? tunnel.localPort;
  const protocol = tunnel.protocol?.value;
  if (port && (local || remote) && !/^(?:tcp|udp|6|17)$/.test(protocol ?? '')) {
    const log = 'remote port can only be defined when protocol is tcp, udp, or undefined';
    found.push(
      refuse(
        'port-without-protocol',
        log,
        protocol === undefined ? 'no protocol' : `the protocol is ${protocol}`,
        port,
      ),
    );
  }
  if (espGroupOf(site, peer, tunnel)?.mode.value !== 'transport') return found;
  if (local || remote) {
    found.push(refuse('transport-with-prefixes', noPrefixes, 'not in transport mode', tunnel));
  }
  if (!tunnel.protocol) return found;
  const both = 'It is not possible to use transport mode ESP group and protocol selector';
  if (peer.localAddress?.value === 'any') {
    const log = `${both} without predefined static "local-address"`;
    found.push(refuse('transport-without-address', log, 'in transport mode', tunnel.protocol));
  }
  if (callsNobody(peer)) {
    const log = `${both} together with a peer without predefined IP address`;
    found.push(refuse('transport-without-address', log, 'in transport mode', tunnel.protocol));
  }
  return found;
}

function familyOfPrefix(prefix: string): 4 | 6 | undefined {
  const address = parseAddress(prefix.split('/')[0] ?? '');
  return address && familyOf(address);
}

/** NetAddr::IP compares the bits of the host too, and vpn-config.pl asks it of IPv4 alone. */
function isSameNetwork(one: string, other: string): boolean {
  const [own, theirs] = [one, other].map((prefix) => {
    const [address = '', length = ''] = prefix === 'any' ? ['0.0.0.0', '0'] : prefix.split('/');
    const parsed = parseAddress(address);
    return parsed && familyOf(parsed) === 4 ? `${parsed}/${length}` : undefined;
  });
  return own !== undefined && own === theirs;
}
