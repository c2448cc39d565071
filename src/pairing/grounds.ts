import type { Side } from '../ike/outcome.ts';

/**
 * A sign that two peers face each other, or that they do not. `side` is the end that says so.
 * - `remote-address`: it initiates to an address of the other end; against: to fixed addresses that are all elsewhere
 * - `remote-id`: the identity that it expects is the one that the other end presents; against: it is another
 * - `psk`: the keys of both ends for each other name both, or hold the same secret
 * - `traffic-selectors`: what both carry is, or overlaps with, the other's mirror image
 * - `vti-network`: the VTIs of both have an address each in one network
 * - `counterpart`: the user says that the far end is at the other site
 */
export type Sign =
  | { readonly kind: 'remote-address' | 'remote-id'; readonly side: Side }
  | { readonly kind: 'psk' | 'traffic-selectors' | 'vti-network' | 'counterpart' };

/**
 * Why two peers are believed to face each other: `told` by the user, by `signs`, or by a `guess`: each is the only peer
 * of its site, and nothing speaks for it or against it.
 */
export interface Grounds {
  readonly kind: 'told' | 'signs' | 'guess';
  readonly signs: readonly Sign[];
  readonly against: readonly Sign[];
}
