import type { LoadedSite } from '../strongswan/load-site.ts';
import { hasAnyRemote } from '../vyos/addresses.ts';
import type { ChildSource, PeerSource } from '../vyos/peer-source.ts';
import type { EspGroup, IkeGroup } from '../vyos/site.ts';

export interface IkeGroupInUse {
  readonly group: IkeGroup;
  readonly users: readonly PeerSource[];
}

export interface EspGroupInUse {
  readonly group: EspGroup;
  readonly children: readonly ChildSource[];
}

/** The peers that are not disabled. */
export function activeSources({ sources }: LoadedSite): readonly PeerSource[] {
  return sources.filter(({ peer }) => !peer.disabled);
}

/** Each IKE group that a peer uses, once. */
export function ikeGroupsInUse(loaded: LoadedSite): readonly IkeGroupInUse[] {
  return [...loaded.site.ikeGroups.values()].flatMap((group) => {
    const users = activeSources(loaded).filter(({ ikeGroup }) => ikeGroup === group);
    return users.length > 0 ? [{ group, users }] : [];
  });
}

/** Each ESP group that a tunnel or VTI uses, once. */
export function espGroupsInUse(loaded: LoadedSite): readonly EspGroupInUse[] {
  return [...loaded.site.espGroups.values()].flatMap((group) => {
    const children = activeSources(loaded)
      .flatMap((source) => source.children)
      .filter(({ espGroup }) => espGroup === group);
    return children.length > 0 ? [{ group, children }] : [];
  });
}

/** Whether a peer calls by itself, as soon as it is loaded. */
export function startsBySelf({ peer }: PeerSource): boolean {
  return peer.connectionType.value === 'initiate' && hasSomebodyToCall({ peer });
}

/** Whether a peer has an address that it can call. */
export function hasSomebodyToCall({ peer }: Pick<PeerSource, 'peer'>): boolean {
  return !peer.name.startsWith('@') && !hasAnyRemote(peer);
}
