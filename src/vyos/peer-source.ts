import { type Refusal, refusalsOf } from './refusals.ts';
import { writesIpsecConf } from './release.ts';
import type { Setting } from './setting.ts';
import type { EspGroup, IkeGroup, Peer, Site, Tunnel, Vti } from './site.ts';

/** A child of a connection and the configuration it comes from. */
export interface ChildSource {
  /** `tunnel-1`, `vti`. */
  readonly name: string;
  readonly tunnel: Tunnel | undefined;
  readonly vti: Vti | undefined;
  readonly espGroup: EspGroup;
  /** The Diffie-Hellman group of the ESP proposals (`14`); undefined where PFS is disabled. */
  readonly pfsGroup: Setting<string | undefined>;
}

/** A peer, the groups it uses and the name of the connection that VyOS makes of it. */
export interface PeerSource {
  /** A peer that is disabled has none. */
  readonly connection: string;
  readonly peer: Peer;
  readonly ikeGroup: IkeGroup | undefined;
  readonly children: readonly ChildSource[];
  /** Why VyOS refuses to commit this peer; empty where it does not. */
  readonly refusals: readonly Refusal[];
}

/** A site with its peers, and what VyOS refuses of it. */
export interface SourcedSite {
  readonly site: Site;
  readonly sources: readonly PeerSource[];
  /** Why VyOS commits nothing of the site; empty where it does. Those of the sources are among them. */
  readonly refusals: readonly Refusal[];
}

/** Resolves the groups of each peer, and asks what VyOS refuses. */
export function sourcesOf(site: Site): SourcedSite {
  const refusals = refusalsOf(site);
  return { site, refusals, sources: site.peers.map((peer) => sourceOf(site, peer, refusals)) };
}

function sourceOf(site: Site, peer: Peer, refusals: readonly Refusal[]): PeerSource {
  const ikeGroup = peer.ikeGroup && site.ikeGroups.get(peer.ikeGroup.value);
  return {
    connection: writesIpsecConf(site.release) ? ipsecConfName(peer) : connectionName(peer.name),
    peer,
    ikeGroup,
    children: childrenOf(site, peer, ikeGroup),
    refusals: refusals.filter((refusal) => refusal.peer === peer.name),
  };
}

/** swanctl.conf's name of a peer's connection: without `@`, dots and colons as dashes. */
export function connectionName(peer: string): string {
  return peer.replaceAll('@', '').replaceAll(/[.:]/g, '-');
}

/** ipsec.conf has a section for each tunnel; charon joins those of one peer under the name of the first. */
function ipsecConfName(peer: Peer): string {
  const first = peer.tunnels.find(({ disabled }) => !disabled)?.id ?? (peer.vti ? 'vti' : 'none');
  return ipsecConfSection(peer, `tunnel-${first}`);
}

/** The name of a tunnel's section in ipsec.conf. `child`: `tunnel-1`, `vti`. */
export function ipsecConfSection({ name }: Pick<Peer, 'name'>, child: string): string {
  return `peer-${name.replace(/^@/, '')}-${child === 'vti' ? 'tunnel-vti' : child}`;
}

function childrenOf(site: Site, peer: Peer, ikeGroup: IkeGroup | undefined): readonly ChildSource[] {
  const source = (
    name: string,
    parts: { readonly tunnel?: Tunnel; readonly vti?: Vti },
    group: Setting<string> | undefined,
  ): readonly ChildSource[] => {
    const espGroup = site.espGroups.get((group ?? peer.defaultEspGroup)?.value ?? '');
    if (!espGroup) return [];
    return [
      { name, tunnel: parts.tunnel, vti: parts.vti, espGroup, pfsGroup: pfsGroupOf(espGroup, ikeGroup) },
    ];
  };
  // A VTI's own child is only written where the peer has no tunnel at all, disabled ones included (peer.j2).
  if (peer.vti?.bind && peer.tunnels.length === 0) return source('vti', { vti: peer.vti }, peer.vti.espGroup);
  return peer.tunnels
    .filter(({ disabled }) => !disabled)
    .flatMap((tunnel) => source(`tunnel-${tunnel.id}`, { tunnel }, tunnel.espGroup));
}

/** `enable` is the group of the first IKE proposal, or 2 (template.py, get_first_ike_dh_group). */
function pfsGroupOf(espGroup: EspGroup, ikeGroup: IkeGroup | undefined): Setting<string | undefined> {
  const { pfs } = espGroup;
  if (pfs.value === 'disable') return { ...pfs, value: undefined };
  if (pfs.value !== 'enable') return { ...pfs, value: pfs.value.replace(/^dh-group/, '') };
  return { ...pfs, value: ikeGroup?.proposals[0]?.dhGroup.value ?? '2' };
}
