import { familyOf } from '../../ike/address.ts';
import type { Arrival, Daemon } from '../../ike/connection.ts';
import { type Firewall, judgePacket, type Packet } from './index.ts';

/** A packet of IKE or ESP that comes to a daemon, in the terms of a firewall. A peer calls from the port that it calls. */
export function packetOf({ from, to, protocol, port, translated, state }: Arrival): Packet {
  return {
    family: familyOf(to),
    source: from,
    destination: to,
    protocol,
    sourcePort: translated ? undefined : port,
    destinationPort: port,
    state,
  };
}

/** What a daemon behind a firewall hears. */
export function hearsThrough(firewall: Firewall | undefined): Daemon['hears'] {
  return firewall && ((arrival) => judgePacket(firewall, packetOf(arrival)).kind);
}
