import { type Address, parseAddress } from '../ike/address.ts';
import { type AddressRange, hostRange } from '../ike/range.ts';
import { interfaceAt, interfaceTowards } from './routes.ts';
import { type Setting, settingsAt } from './setting.ts';
import type { Peer, Site } from './site.ts';
import { has } from './tree.ts';

/**
 * The interface by which a router sends what a peer's policy is to protect, before IPsec takes it: strongSwan routes the
 * remote networks by the interface that leads to the peer, in a table of its own, unless it is told to leave the routes
 * alone (kernel_netlink_ipsec.c, install_route; charon.j2, install_routes). Undefined where the dump does not tell.
 */
export function outboundInterface(site: Site, peer: Peer, remote: AddressRange): string | undefined {
  if (has(site.tree, 'vpn', 'ipsec', 'options', 'disable-route-autoinstall')) {
    const towards = interfaceTowards(site, remote);
    if (towards !== undefined) return towards;
  }
  return interfaceToPeer(site, peer);
}

/** The interface of a peer's IKE and ESP packets. */
export function interfaceToPeer(site: Site, peer: Peer): string | undefined {
  if (peer.dhcpInterface) return peer.dhcpInterface.value;
  const local = parseAddress(peer.localAddress?.value ?? '');
  return interfaceBetween(
    site,
    local,
    peer.remoteAddresses.map(({ value }) => parseAddress(value)),
  );
}

/** The interface of the packets between an address of the router and others; undefined where the dump does not tell. */
export function interfaceBetween(
  site: Site,
  local: Address | undefined,
  remotes: readonly (Address | undefined)[],
): string | undefined {
  const own = local && interfaceAt(site, local);
  // An address of a dummy interface is the router's own and leads nowhere.
  if (own && !/^(?:dum|lo)/.test(own.name)) return own.name;
  const towards = new Set(remotes.map((remote) => remote && interfaceTowards(site, hostRange(remote))));
  const [only] = towards;
  if (towards.size === 1 && only !== undefined) return only;
  const bound = ipsecInterfaces(site);
  return bound.length === 1 ? bound[0]?.value : undefined;
}

/** `vpn ipsec interface`, and what it was until 1.3: the interfaces on which charon reads. */
export function ipsecInterfaces({ tree }: Site): readonly Setting<string>[] {
  return [['interface'], ['ipsec-interfaces', 'interface']].flatMap((names) =>
    settingsAt(tree, 'vpn', 'ipsec', ...names),
  );
}
