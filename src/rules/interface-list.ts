import type { LoneEnd } from '../pairing/link.ts';
import { ipsecInterfaces } from '../vyos/outbound.ts';
import type { DeciderOf } from '../vyos/packets/decider.ts';
import { ignoredBy } from '../vyos/packets/inbound.ts';
import { writesIpsecConf } from '../vyos/release.ts';
import { packetsFrom } from './firewall-drop.ts';
import { activeSources } from './groups-in-use.ts';

/** The interfaces on which charon reads, and the one that is not among them. */
export type InterfaceList = DeciderOf<'interface-list'>;

/** Whether a release that asks for the list has none. Told of the first peer of a site alone. */
export function lacksInterfaceList({ loaded, source, release }: LoneEnd): boolean {
  return (
    writesIpsecConf(release) &&
    ipsecInterfaces(loaded.site).length === 0 &&
    activeSources(loaded)[0] === source
  );
}

/** The list that leaves out the interface of a peer. It leaves out one interface, however many peers there are on it: told of the first. */
export function listAgainst({ loaded, source }: LoneEnd): InterfaceList | undefined {
  const against = ({ peer }: typeof source) => {
    const [packet] = packetsFrom(peer, 500, 'new');
    return packet && ignoredBy(loaded.site, peer, packet);
  };
  const list = against(source);
  const first = list && activeSources(loaded).find((other) => against(other)?.holder === list.holder);
  return first === source ? list : undefined;
}
