import { type Address, familyOf } from './address.ts';
import type { Connection, Daemon } from './connection.ts';
import type { Endpoints } from './lookup.ts';

/** The way of the first packet: what each end sees as its own and as the other's address. */
export type Path =
  | {
      readonly kind: 'reaches';
      readonly initiator: Endpoints;
      readonly responder: Endpoints;
      /**
       * The dumps do not tell the way, and the ends are taken to find one another. `seen`: by addresses that one of
       * them is configured with; `unseen`: no dump holds one of them, and it stands here as 0.0.0.0.
       */
      readonly assumed?: 'seen' | 'unseen';
    }
  /** The initiator has no address to call (`resolve_hosts` in strongSwan's ike_sa.c). */
  | { readonly kind: 'no-destination'; readonly configured: string }
  /** The destination is no address of the other daemon. */
  | { readonly kind: 'unreachable'; readonly destination: Address }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * Finds the addresses with which `initiator` calls. The first remote host of the local address's family is taken;
 * a local `any` becomes the address that the responder expects, if it is one of the initiator's.
 */
export function findPath(initiator: Daemon, connection: Connection, responder: Daemon): Path {
  const fixedLocal = connection.localHosts.find((host) => host.kind === 'address');
  const family = fixedLocal ? familyOf(fixedLocal.address) : undefined;
  const open = [...connection.localHosts, ...connection.remoteHosts].find(
    (host) => host.kind === 'name' || host.kind === 'masked',
  );
  const remote = connection.remoteHosts.find(
    (host) =>
      host.kind === 'any' || (host.kind === 'address' && (!family || familyOf(host.address) === family)),
  );
  if (open && remote?.kind !== 'any') {
    const what = open.kind === 'name' ? `host name "${open.name}"` : 'address';
    return { kind: 'unknown', why: `the ${what} of connection "${connection.name}" is not in the dump` };
  }
  if (remote?.kind !== 'address') {
    return { kind: 'no-destination', configured: configuredRemote(connection) };
  }
  const destination = remote.address;
  const source = fixedLocal?.address ?? sourceFor(initiator, responder, destination);
  if (!source)
    return { kind: 'unknown', why: `the address that "${connection.name}" calls from is not in the dump` };
  const inside = responder.translations.find(({ outside }) => outside === destination)?.inside;
  const answering = responder.addresses.includes(destination) ? destination : inside;
  if (!answering && responder.addresses.length > 0 && !responder.hasOtherAddresses)
    return { kind: 'unreachable', destination };
  const seen = initiator.translations.find((translation) => translation.inside === source)?.outside;
  return {
    kind: 'reaches',
    initiator: { local: source, remote: destination },
    responder: { local: answering ?? destination, remote: seen ?? source },
  };
}

function configuredRemote(connection: Connection): string {
  return connection.remoteHosts
    .map((host) => (host.kind === 'address' ? host.address : host.kind === 'name' ? host.name : '%any'))
    .join(',');
}

function sourceFor(initiator: Daemon, responder: Daemon, destination: Address): Address | undefined {
  const usable = (address: Address) => familyOf(address) === familyOf(destination);
  const own = initiator.addresses.filter(usable);
  const expected = responder.connections
    .flatMap(({ remoteHosts }) => remoteHosts)
    .flatMap((host) => (host.kind === 'address' && usable(host.address) ? [host.address] : []));
  const unclaimed = expected.find(
    (address) => address !== destination && !responder.addresses.includes(address),
  );
  const outside = (address: Address) =>
    initiator.translations.find((translation) => translation.inside === address)?.outside;
  return (
    own.find((address) => expected.includes(address) || expected.includes(outside(address) ?? address)) ??
    // The one that is expected may be the one that is not in the dump.
    (initiator.hasOtherAddresses ? unclaimed : undefined) ??
    own[0] ??
    unclaimed
  );
}
