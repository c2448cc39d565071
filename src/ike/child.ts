import { isDeepStrictEqual } from 'node:util';
import { type Address, addressBits, familyOf } from './address.ts';
import type { ChildConfig, Connection } from './connection.ts';
import type { Endpoints } from './lookup.ts';
import type { FailureDetail } from './outcome.ts';
import { formatProposals, type Proposal, type SelectionOptions, selectProposal } from './proposal.ts';
import {
  formatSelector,
  intersect,
  resolveSelectors,
  sameSelector,
  type TrafficSelector,
  withoutRedundant,
} from './traffic-selector.ts';

/** One end of an exchange that asks for a CHILD_SA, and the other that answers. */
export interface ChildParties {
  readonly child: ChildConfig;
  readonly initiator: Endpoints;
  readonly responderConnection: Connection;
  readonly responder: Endpoints;
}

/** The selectors that an end proposes for a child, or holds those that are proposed to it against. */
export interface Selectors {
  readonly local: readonly TrafficSelector[];
  readonly remote: readonly TrafficSelector[];
}

/** Transport mode is between the hosts themselves, whatever prefixes are configured (child_cfg.c, get_traffic_selectors). */
export function proposedSelectors(child: ChildConfig, endpoints: Endpoints): Selectors {
  const options = { forceHost: child.mode === 'transport' };
  return {
    local: withoutRedundant(resolveSelectors(child.localSelectors, endpoints.local, options)),
    remote: withoutRedundant(resolveSelectors(child.remoteSelectors, endpoints.remote, options)),
  };
}

/** The selectors that an end narrows what it receives to. */
export function acceptedSelectors(child: ChildConfig, endpoints: Endpoints): Selectors {
  return {
    local: resolveSelectors(child.localSelectors, endpoints.local),
    remote: resolveSelectors(child.remoteSelectors, endpoints.remote),
  };
}

/** Equality counts five times an overlap, and the leading selectors count most (peer_cfg.c, get_ts_match). */
function rate(configured: readonly TrafficSelector[], supplied: readonly TrafficSelector[]): number {
  let rating = 0;
  for (const [index, received] of supplied.entries()) {
    const round = supplied.length - index;
    for (const own of configured) {
      if (sameSelector(own, received)) rating += round * 5;
      else if (intersect(own, received)) rating += round;
    }
  }
  return rating;
}

/** The child of the responder's connection that fits the received selectors best; of equals the first (select_child_cfg). */
export function selectChild(
  connection: Connection,
  received: Selectors,
  endpoints: Endpoints,
): ChildConfig | undefined {
  let best: { child: ChildConfig; rating: number } | undefined;
  for (const child of connection.children) {
    const own = proposedSelectors(child, endpoints);
    const local = rate(own.local, received.local);
    const remote = rate(own.remote, received.remote);
    if (local === 0 || remote === 0) continue;
    if (!best || local + remote > best.rating) best = { child, rating: local + remote };
  }
  return best?.child;
}

/** The selectors that the responder's children allow, turned round into the initiator's view. */
export function allowedByChildren(
  connection: Connection,
  endpoints: Endpoints,
): NonNullable<FailureDetail['selectors']> {
  const allowed = connection.children.map((child) => proposedSelectors(child, endpoints));
  return {
    local: allowed.flatMap(({ remote }) => remote.map(formatSelector)),
    remote: allowed.flatMap(({ local }) => local.map(formatSelector)),
  };
}

/** The child that the responder would be meant to choose: the one of the same name, or the first. */
export function counterpart(connection: Connection, child: ChildConfig): ChildConfig | undefined {
  return connection.children.find(({ name }) => name === child.name) ?? connection.children[0];
}

/** Where any child may be meant, the one that fits best: nothing is held against a child that another one would suit. */
function likeliest(connection: Connection, child: ChildConfig): ChildConfig | undefined {
  const shares = (other: ChildConfig, options: SelectionOptions) =>
    selectProposal(other.proposals, child.proposals, options) !== undefined;
  const likeness = (other: ChildConfig) =>
    // The first CHILD_SA of IKEv2 is made without Diffie-Hellman, and IKEv2 gets over a difference of modes.
    (shares(other, { skipKeyExchange: true }) ? 8 : 0) +
    (shares(other, {}) ? 4 : 0) +
    (other.mode === child.mode ? 2 : 0) +
    (other.name === child.name ? 1 : 0);
  return connection.children.toSorted((one, other) => likeness(other) - likeness(one))[0];
}

/**
 * The child with which a responder answers; undefined where none fits. The selectors of a masked child fit anything, and
 * so the likeliest is taken.
 */
export function answeringChild(
  connection: Connection,
  child: ChildConfig,
  received: Selectors,
  endpoints: Endpoints,
): ChildConfig | undefined {
  if (child.selectorsMasked || connection.children.some(({ selectorsMasked }) => selectorsMasked)) {
    return likeliest(connection, child);
  }
  return selectChild(connection, received, endpoints);
}

/** Whether two children differ in their names alone (child_cfg.c, equals). */
export function sameButForName(one: ChildConfig, other: ChildConfig): boolean {
  const alike = ({ name: _, section: __, ...rest }: ChildConfig) => rest;
  return isDeepStrictEqual(alike(one), alike(other));
}

/** An initiator offers no proposal twice (child_cfg.c, get_proposals). */
export function withoutDuplicates(proposals: readonly Proposal[]): readonly Proposal[] {
  const seen = new Set<string>();
  return proposals.filter((proposal) => {
    const text = formatProposals([proposal]);
    return seen.has(text) ? false : seen.add(text);
  });
}

/**
 * In transport mode an end takes the address that it sees for the one that was sent, where a NAT stands between them
 * (child_create.c, get_transport_nat_ts; quick_mode.c, get_ts).
 */
export function throughNat(
  selectors: readonly TrafficSelector[],
  { sent, seen }: { readonly sent: Address; readonly seen: Address },
): readonly TrafficSelector[] {
  if (sent === seen) return selectors;
  const [first] = selectors.filter(({ from, to }) => from === to);
  return selectors
    .filter(({ from, to }) => from === to && from === first?.from)
    .map((selector) => ({
      ...selector,
      family: familyOf(seen),
      from: addressBits(seen),
      to: addressBits(seen),
    }));
}

/** Selectors as the responder reads them, and those of its answer as the initiator does. */
export function translations({ initiator, responder }: Pick<ChildParties, 'initiator' | 'responder'>) {
  const near = { sent: initiator.local, seen: responder.remote };
  const far = { sent: initiator.remote, seen: responder.local };
  const back = ({ sent, seen }: typeof near) => ({ sent: seen, seen: sent });
  return { toResponder: { local: far, remote: near }, toInitiator: { local: back(far), remote: back(near) } };
}
