import { isContainedIn, selectorFromPrefix, type TrafficSelector } from '../ike/traffic-selector.ts';
import { formatTransform, strengthOf, type Transform, transformOf } from '../ike/transform.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { offeredLeaves } from '../strongswan/offered.ts';
import { keyExchangeKeyword } from '../strongswan/proposals.ts';
import type { EspGroup, Peer, Site, Tunnel } from '../vyos/site.ts';

/** What a change makes weaker, by the path of the node that does it, as a sentence without a full stop. */
export type Weakenings = ReadonlyMap<string, string>;

/** A node of a path as a key of `Weakenings`. */
export function keyOfPath(path: readonly string[]): string {
  return JSON.stringify(path);
}

/**
 * What is weaker, or less protected, in a site after a change: an algorithm by ../ike/transform.ts, and prefixes that
 * are no longer in a tunnel. Groups, proposals and tunnels that the site did not have before are no weakening.
 */
export function weakenings(before: LoadedSite, after: LoadedSite): Weakenings {
  return new Map([
    ...compare(algorithmsOf(before), algorithmsOf(after)),
    ...after.site.peers.flatMap((peer) => {
      const old = before.site.peers.find(({ name }) => name === peer.name);
      return old ? [...proofOf(old, peer), ...tunnelsOf(old, peer)] : [];
    }),
  ]);
}

interface Algorithm {
  readonly strength: number;
  readonly text: string;
}

type Algorithms = ReadonlyMap<string, Algorithm>;
function compare(before: Algorithms, after: Algorithms): readonly (readonly [string, string])[] {
  return [...after].flatMap(([path, { strength, text }]) => {
    const old = before.get(path);
    return old && strength < old.strength
      ? [[path, `${old.text} becomes ${text}, which is weaker`] as const]
      : [];
  });
}

function algorithmsOf(loaded: LoadedSite): Algorithms {
  const { ikeGroups, espGroups } = loaded.site;
  const leaves = [...ikeGroups.values(), ...espGroups.values()].flatMap(({ proposals }) =>
    proposals.flatMap(offeredLeaves),
  );
  return new Map([
    ...leaves.map(({ setting, transform }) => [keyOfPath(setting.path), algorithm(transform)] as const),
    ...[...espGroups.values()].map(
      (group) => [keyOfPath(group.pfs.path), weakestPfs(loaded, group)] as const,
    ),
  ]);
}

const nothing: Algorithm = { strength: -1, text: 'no Diffie-Hellman' };

function algorithm(transform: Transform): Algorithm {
  return { strength: strengthOf(transform), text: formatTransform(transform) };
}

function dhGroup(number: string): Algorithm {
  const transform = transformOf(keyExchangeKeyword(number));
  return transform ? algorithm(transform) : { strength: 0, text: `dh-group${number}` };
}

/** `pfs enable` means another group for each peer: the weakest counts. */
function weakestPfs({ sources }: LoadedSite, group: EspGroup): Algorithm {
  const { value } = group.pfs;
  if (value === 'disable') return nothing;
  if (value !== 'enable') return dhGroup(value.replace(/^dh-group/, ''));
  const groups = sources.flatMap(({ children }) =>
    children.flatMap(({ espGroup, pfsGroup }) =>
      espGroup === group && pfsGroup.value !== undefined ? [pfsGroup.value] : [],
    ),
  );
  const used = (groups.length > 0 ? groups : ['2']).map(dhGroup);
  return used.reduce((one, other) => (other.strength < one.strength ? other : one));
}

function proofOf({ authentication: before }: Peer, { authentication: after }: Peer) {
  const { mode } = after;
  if (!mode || !before.mode || mode.value === before.mode.value || mode.value !== 'pre-shared-secret')
    return [];
  return [[keyOfPath(mode.path), `a secret takes the place of ${before.mode.value}`] as const];
}

function tunnelsOf(before: Peer, after: Peer): readonly (readonly [string, string])[] {
  return after.tunnels.flatMap((tunnel) => {
    const old = before.tunnels.find(({ id }) => id === tunnel.id);
    return old ? [...prefixesLost(old, tunnel), ...limitsAdded(old, tunnel)] : [];
  });
}

function prefixesLost(before: Tunnel, after: Tunnel): readonly (readonly [string, string])[] {
  const sides = [
    ['local', before.localPrefixes, after.localPrefixes],
    ['remote', before.remotePrefixes, after.remotePrefixes],
  ] as const;
  return sides.flatMap(([side, old, now]) => {
    const kept = now.flatMap(({ value }) => selectorsOf(value));
    const lost = old.filter(
      ({ value }) =>
        !now.some((other) => other.value === value) &&
        !selectorsOf(value).every((selector) => kept.some((other) => isContainedIn(selector, other))),
    );
    if (lost.length === 0) return [];
    const list = lost.map(({ value }) => value).join(', ');
    return [
      [keyOfPath([...after.path, side, 'prefix']), `${list} is no longer in tunnel ${after.id}`] as const,
    ];
  });
}

function selectorsOf(prefix: string): readonly TrafficSelector[] {
  const texts = prefix === 'any' ? ['0.0.0.0/0', '::/0'] : [prefix];
  return texts.flatMap((text) => {
    const selector = selectorFromPrefix(text);
    return selector?.kind === 'fixed' ? [selector] : [];
  });
}

function limitsAdded(before: Tunnel, after: Tunnel): readonly (readonly [string, string])[] {
  const limits = [
    [['protocol'], before.protocol, after.protocol],
    [['local', 'port'], before.localPort, after.localPort],
    [['remote', 'port'], before.remotePort, after.remotePort],
  ] as const;
  return limits.flatMap(([names, old, now]) =>
    now && old?.value !== now.value
      ? [
          [
            keyOfPath([...after.path, ...names]),
            `only ${names.join(' ')} ${now.value} is left in tunnel ${after.id}`,
          ] as const,
        ]
      : [],
  );
}

/** The connections, children and secrets of a site as charon has them, as texts by name, to tell what changed. */
export function partsOf({ daemon }: LoadedSite): ReadonlyMap<string, string> {
  return new Map(
    [...daemon.connections, ...daemon.rejected].flatMap((connection): readonly [string, string][] => {
      if (!('children' in connection)) return [[connection.name, textOf(connection)]];
      const { children, ...own } = connection;
      return [
        [connection.name, textOf(own)],
        ...children.map((child): [string, string] => [`${connection.name}/${child.name}`, textOf(child)]),
      ];
    }),
  );
}

function textOf(value: object): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner));
}

/** The peers that use a group of a site. */
export function usersOf(site: Site, kind: 'ike-group' | 'esp-group', name: string): readonly string[] {
  return site.peers
    .filter(({ ikeGroup, defaultEspGroup, tunnels, vti }) =>
      kind === 'ike-group'
        ? ikeGroup?.value === name
        : [defaultEspGroup, vti?.espGroup, ...tunnels.map(({ espGroup }) => espGroup)].some(
            (setting) => setting?.value === name,
          ),
    )
    .map((peer) => peer.name);
}
