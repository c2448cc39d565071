import type { Connection, Daemon } from '../ike/connection.ts';
import type { Identity } from '../ike/identity.ts';
import { type Initiation, initiationOf, mayInitiate } from '../ike/initiation.ts';
import { readIdentity } from '../ike/load.ts';
import { connectionOf, type LinkEnd, type NegotiationRecord, negotiate, wayOf } from '../ike/negotiate.ts';
import type { Negotiation, Side } from '../ike/outcome.ts';
import { presentedIdentity } from '../ike/presented-identity.ts';
import type { ConnectionSection, Origin } from '../ike/swanctl-conf.ts';
import { type LoadedSite, loadSite, sectionOf, type Unloaded, whyUnloaded } from '../strongswan/load-site.ts';
import { nodeSetting, originOf } from '../vyos/conf-origin.ts';
import type { PeerSource } from '../vyos/peer-source.ts';
import type { Release } from '../vyos/schema/index.ts';
import type { Site } from '../vyos/site.ts';
import { type VtiInterface, vtiOf } from '../vyos/vti.ts';
import type { Grounds } from './grounds.ts';
import {
  closestFirst,
  concerns,
  type Expectation,
  type Knowledge,
  type MissingLink,
  missingLinks,
} from './knowledge.ts';
import { type NatBefore, natBefore } from './nat.ts';
import { pairPeers, type UnpairedSource } from './pair.ts';
import { endNames } from './site-name.ts';

/** A peer as strongSwan has it, whatever it faces. */
export interface LoneEnd {
  /** Index of the site in the order they were named. */
  readonly site: number;
  /** What reads the configuration and spells a fix goes by these two, and no rule about a link (`tests/architecture.test.ts`). */
  readonly loaded: LoadedSite;
  readonly source: PeerSource;
  readonly release: Release;
  /** The node of its peer. */
  readonly origin: Origin;
  readonly daemon: Daemon;
  /** What strongSwan is given of it, or would be if nothing kept it from that; undefined where that cannot be told. */
  readonly section: ConnectionSection | undefined;
  /** As charon has it, or would have it if it were repaired; undefined where that cannot be told. */
  readonly connection: Connection | undefined;
  /** Charon has it. */
  readonly isLoaded: boolean;
  /** Why charon does not have it; undefined where it does, or the dump is not whole. */
  readonly unloaded: Unloaded | undefined;
  /** The VTI that it binds. */
  readonly vti: VtiInterface | undefined;
}

/** One end of a link. */
export interface End extends LoneEnd {
  readonly side: Side;
  /** What messages call it (`endNames`). */
  readonly name: string;
  /** The NAT that stands before this end. */
  readonly nat: NatBefore | undefined;
  /** The identity that it presents to the end that it faces; undefined where the dumps do not tell. */
  readonly presents: Identity | undefined;
}

/** Two peers that face each other, and what becomes of every negotiation between them. */
export interface Link {
  readonly a: End;
  readonly b: End;
  /** The record of each negotiation: of each child that either side initiates. */
  readonly records: readonly NegotiationRecord[];
  /** What the records come to, in the same order. */
  readonly negotiations: readonly Negotiation[];
  /** What the user expects of it; undefined where nothing was said. */
  readonly expectation: Expectation | undefined;
  /** Why the two are believed to face each other. */
  readonly grounds: Grounds;
}

/** What can be told of a peer by itself. */
export function loneEnd(loaded: LoadedSite, source: PeerSource, site: number): LoneEnd {
  const { daemon } = loaded;
  return {
    site,
    loaded,
    source,
    release: loaded.site.release,
    origin: originOf(nodeSetting(source.peer)),
    daemon,
    section: sectionOf(loaded, source),
    connection: connectionOf({ daemon, connection: source.connection }),
    isLoaded: daemon.connections.some(({ name }) => name === source.connection),
    unloaded: whyUnloaded(loaded, source),
    vti: vtiOf(loaded.site, source.peer),
  };
}

/** The end that faces the one of that side. */
export function facingEnd(link: Link, side: Side): End {
  return link[side === 'a' ? 'b' : 'a'];
}

/** Both ends in turn, each with the one that faces it. */
export function inTurn({ a, b }: Pick<Link, 'a' | 'b'>): readonly [readonly [End, End], readonly [End, End]] {
  return [
    [a, b],
    [b, a],
  ];
}

export interface Network {
  readonly sites: readonly LoadedSite[];
  readonly links: readonly Link[];
  readonly unpaired: readonly UnpairedSource[];
  readonly missing: readonly MissingLink[];
}

/**
 * Pairs the peers of the sites and negotiates every link in both directions. `onLink` is told how many of how many links
 * are done.
 */
export function linkSites(
  sites: readonly Site[],
  knowledge: Knowledge = {},
  onLink: (done: number, total: number) => void = () => {},
): Network {
  const loaded = sites.map((site) => loadSite(site));
  const { publicAddresses = [] } = knowledge;
  const expectations = closestFirst(knowledge.expectations ?? []);
  const { pairs, unpaired } = pairPeers(loaded, knowledge);
  const nameOfSite = (site: number): string => sites[site]?.name ?? '';
  const links = pairs.map(({ one, other, grounds }, index): Link => {
    const names = endNames(nameOfSite(one.site), nameOfSite(other.site));
    const before = ({ site, source }: typeof one, facing: typeof one) =>
      natBefore(source.peer, facing.source.peer, publicAddresses[site], loaded[site]?.daemon.addresses);
    const nat = { a: before(one, other), b: before(other, one) };
    const end = (side: Side, { site, source }: typeof one): Omit<End, 'presents'> => {
      const translation = nat[side];
      const before = loaded[site] as LoadedSite;
      const behind = translation ? loadSite(before.site, [translation]) : before;
      return { ...loneEnd(behind, source, site), side, name: names[side], nat: translation };
    };
    const ends = { a: end('a', one), b: end('b', other) };
    const records = [...callFrom(ends.a, ends.b), ...callFrom(ends.b, ends.a)];
    const a = { ...ends.a, presents: presentedBy(ends.a, records) };
    const b = { ...ends.b, presents: presentedBy(ends.b, records) };
    onLink(index + 1, pairs.length);
    return {
      a,
      b,
      records,
      negotiations: records.map(({ negotiation }) => negotiation),
      grounds,
      expectation: expectations.find((expectation) => concerns(expectation, namedEnd(a), namedEnd(b))),
    };
  });
  const ends = links.map(({ a, b }) => [namedEnd(a), namedEnd(b)] as const);
  return { sites: loaded, links, unpaired, missing: missingLinks(expectations, sites, ends) };
}

function namedEnd({ loaded, source }: End) {
  return { site: loaded.site.name, peer: source.peer.name };
}

/** The identity that an end presents, in the negotiations that it initiates or else in those of the other. */
function presentedBy(
  { side, section, connection }: Omit<End, 'presents'>,
  records: readonly NegotiationRecord[],
): Identity | undefined {
  const id = section?.local.id;
  const identity = connection ? connection.local.identity : id && readIdentity(id);
  if (identity?.kind === 'masked') return undefined;
  const [configured] = connection?.localHosts ?? [];
  const [own, other] = [true, false].map((initiates) => {
    const paths = records
      .filter(({ negotiation }) => (negotiation.initiator === side) === initiates)
      .flatMap((record) => wayOf(record) ?? []);
    return paths[0]?.[initiates ? 'initiator' : 'responder'].local;
  });
  const address = (configured?.kind === 'address' ? configured.address : undefined) ?? own ?? other;
  if (address === undefined) return identity?.kind === 'ANY' ? undefined : identity;
  return presentedIdentity({ local: { identity, method: 'psk' } }, address);
}

function callFrom(
  initiator: Omit<End, 'presents'>,
  responder: Omit<End, 'presents'>,
): readonly NegotiationRecord[] {
  return negotiate(linkEnd(initiator), linkEnd(responder), childNames(initiator.source));
}

function linkEnd({ side, daemon, source }: Omit<End, 'presents'>): LinkEnd {
  return { side, daemon, connection: source.connection };
}

/** The children that a connection would have had, for one that charon discards. */
function childNames({ children, peer }: PeerSource): readonly string[] {
  const names = children.map(({ name }) => name);
  if (names.length > 0) return names;
  return peer.tunnels.length > 0 ? peer.tunnels.map(({ id }) => `tunnel-${id}`) : ['vti'];
}

/** What makes an end initiate a child; undefined where nothing could be loaded of its connection. */
function initiationAt({ connection }: End, child: string): Initiation | undefined {
  const configured = connection?.children.find(({ name }) => name === child);
  return connection && configured && initiationOf(connection, configured);
}

/** What makes an end initiate its first child, and in VyOS all others; undefined where it has none loaded. */
export function initiationBy({ connection }: End): Initiation | undefined {
  const [child] = connection?.children ?? [];
  return connection && child && initiationOf(connection, child);
}

/** Whether a child can come about because this end initiates it: at load, on traffic, after DPD or after a close. */
export function mayCall(end: End, child: string): boolean {
  return whyItDoesNotCall(end, child) === undefined;
}

/** Why an end only answers, as a fragment without a full stop: `connection-type is none`. Undefined where it may initiate. */
export function whyItDoesNotCall(end: End, child: string): string | undefined {
  const { peer } = end.source;
  if (peer.disabled) return 'the peer is disabled';
  const initiation = initiationAt(end, child);
  if (initiation && mayInitiate(initiation)) return undefined;
  if (peer.connectionType.value === 'none') return 'connection-type is none';
  if (peer.remoteAddresses.length === 0) return 'it has no remote-address';
  if (peer.remoteAddresses.some(({ value }) => value === 'any')) return 'its remote-address is any';
  if (peer.name.startsWith('@')) return 'a peer whose name begins with @ is never called';
  return initiation && 'nothing starts it';
}
