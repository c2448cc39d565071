import type { PeerSource, SourcedSite } from './peer-source.ts';
import { interfacesOf, type StaticRoute, staticRoutes } from './routes.ts';
import type { Setting } from './setting.ts';
import type { Interface, Peer, Site } from './site.ts';
import { type ConfigNode, child, tagNodes, wordsBelow } from './tree.ts';

/** A VTI that an enabled peer binds. */
export interface BoundVti {
  readonly peer: Peer;
  readonly source: PeerSource;
  readonly bind: Setting<string>;
  /** As `interfaces vti` has it; undefined where it is not in the dump. */
  readonly interface: Interface | undefined;
  readonly node: ConfigNode | undefined;
}

export function boundVtis({ site, sources }: SourcedSite): readonly BoundVti[] {
  return sources.flatMap((source) => {
    const { peer } = source;
    const bind = peer.vti?.bind;
    if (peer.disabled || !bind) return [];
    return [
      {
        peer,
        source,
        bind,
        interface: site.interfaces.find(({ name }) => name === bind.value),
        node: child(site.tree, 'interfaces', 'vti', bind.value),
      },
    ];
  });
}

/** The VTI of a peer, with what leads into it. */
export interface VtiInterface {
  /** Empty where the interface is not in the dump. */
  readonly addresses: readonly Setting<string>[];
  readonly routes: () => readonly StaticRoute[];
}

/** The VTI that a peer binds; undefined where it binds none. */
export function vtiOf(site: Site, { vti }: Peer): VtiInterface | undefined {
  const name = vti?.bind?.value;
  if (name === undefined) return undefined;
  const own = site.interfaces.find((each) => each.name === name);
  return { addresses: own?.addresses ?? [], routes: () => routesThrough(site, name) };
}

/** The static routes that send something into an interface. */
export function routesThrough(site: Site, name: string): readonly StaticRoute[] {
  return staticRoutes(site).filter((route) => interfacesOf(site, route).includes(name));
}

/** Whether another interface, such as a GRE tunnel, stands on this one: it is that one's routes that count. */
export function carriesInterface(site: Site, { name, addresses }: Interface): boolean {
  const own = addresses.map(({ value }) => value.split('/')[0]);
  const types = [...(child(site.tree, 'interfaces')?.children.values() ?? [])];
  return types.flatMap(tagNodes).some((node) => {
    const says = (leaf: string) => wordsBelow(child(node, leaf)).map(({ value }) => value);
    return (
      says('source-interface').includes(name) ||
      [...says('source-address'), ...says('local-ip')].some((address) => own.includes(address))
    );
  });
}
