import { parseAddress } from '../ike/address.ts';
import type { Connection, Daemon, RejectedConnection } from '../ike/connection.ts';
import { type LoadedConf, loadConf } from '../ike/load.ts';
import { maskedSecret } from '../ike/secret.ts';
import type { ConnectionSection, Leaf, SharedSecretSection, SwanctlConf } from '../ike/swanctl-conf.ts';
import { oncePer } from '../source/once.ts';
import { addressesOf, isGivenAddresses } from '../vyos/addresses.ts';
import { nodeSetting, originOf, settingOfOrigin } from '../vyos/conf-origin.ts';
import { type Firewall, firewallOf } from '../vyos/firewall/index.ts';
import { obstaclesIn, packetOf } from '../vyos/packets/inbound.ts';
import { obstaclesOut } from '../vyos/packets/outbound.ts';
import { type PeerSource, type SourcedSite, sourcesOf } from '../vyos/peer-source.ts';
import type { RefusalKind } from '../vyos/refusal.ts';
import type { Refusal } from '../vyos/refusals.ts';
import { writesIpsecConf } from '../vyos/release.ts';
import type { Site } from '../vyos/site.ts';
import { whatIsLeftOut } from '../vyos/whole.ts';
import { type ConfFault, faultsOf } from './conf-faults.ts';
import { type IpsecConf, ipsecConf } from './ipsec-conf.ts';
import { throughStroke } from './stroke.ts';
import { charon, swanctlConf } from './swanctl-conf.ts';

/** A site as charon has it, and the way back from each connection to the configuration. */
export interface LoadedSite extends SourcedSite {
  readonly daemon: Daemon;
  /** What strongSwan is given, or would be if VyOS refused nothing of it. */
  readonly conf: SwanctlConf;
  /** What that was read of in 1.2 and 1.3; undefined in later releases. */
  readonly ipsecConf: IpsecConf | undefined;
  /** Why swanctl reads nothing of what VyOS writes; empty where it does. */
  readonly faults: readonly ConfFault[];
  /** What packets to the router itself meet; undefined where the dump holds no such rules. */
  readonly firewall: Firewall | undefined;
}

/** `outside` is the address that the world sees of the private local address `inside`, where a NAT stands before the router. */
export interface NatTranslation {
  readonly inside: string;
  readonly outside: string;
}

/** Writes what VyOS hands to strongSwan, and loads it as charon does. */
export function loadSite(site: Site, nat: readonly NatTranslation[] = []): LoadedSite {
  const sourced = sourcesOf(site);
  const active = sourced.sources.filter(({ peer }) => !peer.disabled);
  const { older, written } = write(site, active);
  const conf = sourced.refusals.length > 0 ? asRepaired(written, active) : written;
  // Nothing of swanctl is in 1.2 and 1.3.
  const faults = older ? [] : faultsOf(conf);
  const loaded = loadConf(conf);
  const leftOut = whatIsLeftOut(site);
  // VyOS commits all of `vpn ipsec` or nothing, and what it refuses never comes to swanctl.
  const refused = sourced.refusals.length > 0 ? [] : faults[0] ? [faults[0].log] : undefined;
  const results = leftOut === undefined ? active.map((source) => resultOf(source, loaded, refused)) : [];
  const firewall = firewallOf(site.tree);
  const peerOf = (name: string | undefined) => active.find(({ connection }) => connection === name)?.peer;
  return {
    ...sourced,
    conf,
    ipsecConf: older,
    faults,
    firewall,
    daemon: {
      connections: results.flatMap((each) => ('log' in each ? [] : each)),
      rejected: results.flatMap((each) => ('log' in each ? each : [])),
      ...(leftOut === undefined ? {} : { withheld: leftOut }),
      sharedKeys: loaded.sharedKeys,
      ppks: loaded.ppks,
      retransmission: loaded.retransmission,
      addresses: addressesOf(site),
      ...(isGivenAddresses(site) ? { hasOtherAddresses: true } : {}),
      inbound: (arrival) => obstaclesIn(site, firewall, peerOf(arrival.connection), packetOf(arrival)),
      outbound: ({ from, to, connection }) => obstaclesOut(site, peerOf(connection), from, to),
      translations: nat.flatMap(({ inside, outside }) => {
        const pair = { inside: parseAddress(inside), outside: parseAddress(outside) };
        return pair.inside && pair.outside ? [{ inside: pair.inside, outside: pair.outside }] : [];
      }),
    },
  };
}

/** What VyOS writes of peers, and in 1.2 and 1.3 what that was read of. */
function write(site: Site, sources: readonly PeerSource[]) {
  const older = writesIpsecConf(site.release) ? ipsecConf(site, sources) : undefined;
  return { older, written: older ? throughStroke(older, charon(site)) : swanctlConf(site, sources) };
}

/**
 * What strongSwan is given of a peer, or would be if it were not disabled. Undefined where VyOS could not write any, for want
 * of a group.
 */
export function sectionOf({ site, conf }: LoadedSite, source: PeerSource): ConnectionSection | undefined {
  const written = source.peer.disabled ? write(site, [source]).written : conf;
  return sectionsByPeer(written).get(source.peer.path.join(' '));
}

const sectionsByPeer = oncePer(
  ({ connections }: SwanctlConf) =>
    new Map(connections.map((section) => [settingOfOrigin(section.origin).path.join(' '), section] as const)),
);

/** Why charon has nothing of a peer: of VyOS, of swanctl, or what charon logs itself. */
export type Unloaded =
  | { readonly kind: 'disabled' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unreadable'; readonly fault: ConfFault }
  | { readonly kind: 'discarded'; readonly log: readonly string[] };

/** Undefined where it is loaded, or nobody can tell. */
export function whyUnloaded(
  { refusals, faults, daemon }: LoadedSite,
  { peer, connection, refusals: own }: PeerSource,
): Unloaded | undefined {
  if (peer.disabled) return { kind: 'disabled' };
  const [refusal = refusals[0]] = own;
  if (refusal) return { kind: 'refused', refusal };
  const [fault] = faults;
  if (fault) return { kind: 'unreadable', fault };
  const rejected = daemon.rejected.find(({ name }) => name === connection);
  return rejected && { kind: 'discarded', log: rejected.log };
}

/** `refused`: what is said where nothing of the site is loaded, which then is all there is to say of each connection. */
function resultOf(
  source: PeerSource,
  { connections }: LoadedConf,
  refused: readonly string[] | undefined,
): Connection | RejectedConnection {
  const { connection: name } = source;
  const loaded = connections.find((each) => each.name === name);
  // Without its groups a peer comes to nothing that could be repaired.
  if (!loaded) return { name, version: 0, log: refused ?? [], asRepaired: undefined };
  if (refused === undefined) return loaded;
  const isRepairable = refused.length === 0 && !('log' in loaded) && isWhole(source, loaded);
  return { name, version: loaded.version, log: refused, asRepaired: isRepairable ? loaded : undefined };
}

/**
 * Whether a connection that VyOS refuses has all that it would have once repaired. What no group, no child and no proposal
 * stands for, nobody can tell.
 */
function isWhole({ peer, ikeGroup, children }: PeerSource, connection: Connection): boolean {
  const active = peer.tunnels.filter(({ disabled }) => !disabled).length;
  return (
    connection.children.length > 0 &&
    children.length === (active > 0 ? active : 1) &&
    [ikeGroup, ...children.map(({ espGroup }) => espGroup)].every((group) => group?.proposals.length !== 0)
  );
}

const aboutSelectors: ReadonlySet<RefusalKind> = new Set([
  'prefixes-unfit',
  'port-without-protocol',
  'transport-with-prefixes',
]);

/**
 * What VyOS would write of a refused configuration, repaired in the least way: what it refuses of the prefixes of a tunnel
 * says nothing of what they are meant to be, and a secret that is missing (1.2, 1.3) is one that nobody shows.
 */
function asRepaired(conf: SwanctlConf, sources: readonly PeerSource[]): SwanctlConf {
  const isRefused = (connection: string, child: string) =>
    sources.some(
      ({ connection: name, refusals }) =>
        name === connection &&
        refusals.some(({ kind, tunnel }) => aboutSelectors.has(kind) && `tunnel-${tunnel?.id}` === child),
    );
  const hidden = (leaves: readonly Leaf<string>[]) =>
    leaves.map((leaf): Leaf<string> => ({ ...leaf, masked: 'hidden' }));
  const lacking = sources.filter(({ refusals }) => refusals.some(({ kind }) => kind === 'secret-missing'));
  return {
    ...conf,
    secrets: { ...conf.secrets, ike: [...conf.secrets.ike, ...lacking.map(unknownSecret)] },
    connections: conf.connections.map((section) => ({
      ...section,
      children: section.children.map((child) =>
        isRefused(section.name, child.shortName)
          ? { ...child, local_ts: hidden(child.local_ts), remote_ts: hidden(child.remote_ts) }
          : child,
      ),
    })),
  };
}

function unknownSecret({ peer }: PeerSource): SharedSecretSection {
  const origin = originOf(nodeSetting(peer));
  const id = { value: 'the ids of a key that VyOS refuses', origin, masked: 'hidden' } as const;
  return { name: 'refused', origin, ids: [id], secret: { value: maskedSecret, origin, masked: 'hidden' } };
}
