import type { Address } from '../../ike/address.ts';
import type { Obstacle } from '../../ike/connection.ts';
import type { Doubt, Firewall, Packet, Verdict } from '../firewall/index.ts';
import type { NatRule } from '../nat.ts';
import type { StaticRoute } from '../routes.ts';
import type { Setting } from '../setting.ts';
import type { Peer } from '../site.ts';

/** What of a configuration decides on a packet: the origin of an obstacle. */
export type Decider =
  | {
      readonly kind: 'firewall';
      readonly firewall: Firewall;
      readonly packet: Packet;
      readonly drop: Extract<Verdict, { readonly kind: 'drop' }>;
    }
  | { readonly kind: 'firewall-doubt'; readonly doubt: Doubt }
  | { readonly kind: 'destination-nat'; readonly rule: NatRule }
  /** charon reads on the interfaces that are listed; the packet is for an address of another. */
  | {
      readonly kind: 'interface-list';
      readonly holder: string;
      readonly listed: readonly [Setting<string>, ...Setting<string>[]];
    }
  | { readonly kind: 'local-address'; readonly local: Setting<string> }
  | { readonly kind: 'no-route'; readonly through: string }
  | {
      readonly kind: 'own-tunnel';
      readonly to: Address;
      readonly route: StaticRoute;
      readonly bind: Setting<string>;
    }
  | { readonly kind: 'other-tunnel'; readonly peer: Peer };

export type DeciderOf<Kind extends Decider['kind']> = Extract<Decider, { readonly kind: Kind }>;

type Without<One extends Obstacle> = One extends Obstacle ? Omit<One, 'by'> : never;

/** The origin of each obstacle: a report is plain data, and holds nothing of a configuration but by its places. */
const deciders = new WeakMap<Obstacle, Decider>();

/** An obstacle that `decider` is. */
export function obstacleBy(decider: Decider, what: Without<Obstacle>): Obstacle {
  const obstacle: Obstacle = { ...what, by: decider.kind };
  deciders.set(obstacle, decider);
  return obstacle;
}

/** What decides, of an obstacle that `obstacleBy` made; undefined where it is of another kind. */
export function deciderOf<Kind extends Decider['kind']>(
  kind: Kind,
  obstacle: Obstacle,
): DeciderOf<Kind> | undefined {
  const decider = deciders.get(obstacle);
  return decider?.kind === kind ? (decider as DeciderOf<Kind>) : undefined;
}
