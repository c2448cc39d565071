import { type Address, isUnspecified, parseAddress } from '../ike/address.ts';
import { type AddressRange, parsePrefix } from '../ike/range.ts';
import { isMasked } from './schema/index.ts';
import type { Peer, Site } from './site.ts';

/** The local addresses of the peers, then those of the interfaces. None are known where one of them is masked. */
export function addressesOf(site: Site): readonly Address[] {
  const texts = [
    ...site.peers.map(({ localAddress }) => localAddress?.value ?? ''),
    ...site.interfaces.flatMap(({ addresses }) => addresses.map(({ value }) => value.split('/')[0] ?? '')),
  ];
  if (texts.some(isMasked)) return [];
  const addresses = texts.flatMap((text) => (isAnyAddress(text) ? [] : (parseAddress(text) ?? [])));
  return [...new Set(addresses)];
}

/** Whether the router has an address that DHCP or PPP gives it, or is told to take one, and that is in no dump. */
export function isGivenAddresses(site: Site): boolean {
  return (
    site.peers.some(({ disabled, dhcpInterface }) => !disabled && dhcpInterface !== undefined) ||
    site.interfaces.some(
      ({ name, addresses }) =>
        /^(?:pppoe|wwan|wlm)/.test(name) || addresses.some(({ value }) => /^dhcp(?:v6)?$/.test(value)),
    )
  );
}

/** Whether a text stands for every address, as strongSwan reads it. */
export function isAnyAddress(text: string): boolean {
  const address = parseAddress(text);
  return text === 'any' || (address !== undefined && isUnspecified(address));
}

/** Whether a peer takes any address for the other end: it names none, or `any` among them. */
export function hasAnyRemote({ remoteAddresses }: Peer): boolean {
  return remoteAddresses.length === 0 || remoteAddresses.some(({ value }) => value === 'any');
}

/** The addresses of a prefix of a tunnel; `any` is every IPv4 address. Undefined where the text is no prefix. */
export function rangeOfPrefix(text: string): AddressRange | undefined {
  return parsePrefix(text === 'any' ? '0.0.0.0/0' : text);
}
