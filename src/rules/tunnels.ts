import type { Selectors } from '../ike/child.ts';
import type { ChildConfig } from '../ike/connection.ts';
import type { ChildSection, Leaf } from '../ike/swanctl-conf.ts';
import { formatSelector } from '../ike/traffic-selector.ts';
import type { Location } from '../lint/finding.ts';
import type { End, Link, LoneEnd } from '../pairing/link.ts';
import { isNode, settingNamed, settingOfOrigin, settingsOfOrigin } from '../vyos/conf-origin.ts';
import type { Setting } from '../vyos/setting.ts';
import type { Tunnel } from '../vyos/site.ts';
import { groupPath } from './group-users.ts';
import { locate } from './location.ts';
import type { Occurrence } from './occurrence.ts';

/** A child of an end as charon has it. */
export function childConfigOf(end: End, name: string): ChildConfig | undefined {
  return end.connection?.children.find((child) => child.name === name);
}

/** What strongSwan is given of the children of an end, those alone that become CHILD_SAs. */
export function childrenOf({ section }: Pick<LoneEnd, 'section'>): readonly ChildSection[] {
  return section?.children.filter(({ mode }) => mode.value !== 'pass') ?? [];
}

export function childSectionNamed(end: Pick<LoneEnd, 'section'>, name: string): ChildSection | undefined {
  return childrenOf(end).find(({ shortName }) => shortName === name);
}

/** The name of the ESP group of a child. */
export function espGroupOf(child: ChildSection | undefined): string | undefined {
  return child && groupPath(settingOfOrigin(child.mode.origin)).at(-1);
}

/** `10.1.0.0/24, 10.3.0.0/24` */
export function listSelectors(selectors: Selectors['local']): string {
  return selectors.map(formatSelector).join(', ');
}

/** The children of the facing end that no negotiation started by `end` ends in. */
export function unansweredChildren(link: Link, end: End, facing: End): readonly ChildConfig[] {
  const chosen = new Set(
    link.negotiations.flatMap(({ initiator, result }) =>
      initiator === end.side && result.outcome === 'established' && result.responder
        ? [result.responder.child]
        : [],
    ),
  );
  return facing.connection?.children.filter(({ name }) => !chosen.has(name)) ?? [];
}

/**
 * The child of the facing end that is meant to answer: the one that was chosen, or the free one of the same name, or
 * the only free one. Undefined where there is none.
 */
export function meantCounterpart(
  link: Link,
  { failure, negotiation, initiator, responder }: Occurrence,
): ChildConfig | undefined {
  const chosen = failure.detail?.responderChild;
  const free = unansweredChildren(link, initiator, responder);
  return (
    (chosen === undefined ? undefined : childConfigOf(responder, chosen)) ??
    free.find(({ name }) => name === negotiation.child) ??
    (free.length === 1 ? free[0] : undefined)
  );
}

/** The settings of one side of a child's traffic, each once: its prefixes, or its port. */
export function namesOf(
  leaves: readonly Leaf<string>[],
  name: 'prefix' | 'port',
): readonly Setting<unknown>[] {
  const settings = leaves.flatMap(({ origin }) => settingsOfOrigin(origin));
  return [...new Set(settings)]
    .filter((setting) => setting.path.at(-1) === name && !isNode(setting))
    .toSorted((one, other) => one.origin.at.start - other.origin.at.start);
}

export function isVti({ shortName }: ChildSection): boolean {
  return shortName === 'vti';
}

/** A VTI that names no traffic takes all of it, and its routes choose. */
export function takesAllTraffic(child: ChildSection): boolean {
  return (
    isVti(child) && [...child.local_ts, ...child.remote_ts].every((leaf) => !settingNamed(leaf, 'prefix'))
  );
}

/** Conditions of a rule of the firewall or of NAT, each by its words below the rule. */
export type Limits = readonly (readonly [words: readonly string[], value: string])[];

/**
 * The protocol and the ports of a tunnel as conditions of a rule for what goes out of it or comes in by it. Undefined
 * where no rule can have them: VyOS takes ports beside TCP and UDP alone (vyos-1x src/conf_mode/nat.py, firewall.py).
 */
export function limitsOf(
  { protocol, localPort, remotePort }: Tunnel,
  direction: 'outgoing' | 'incoming',
): Limits | undefined {
  const [source, destination] = direction === 'outgoing' ? [localPort, remotePort] : [remotePort, localPort];
  if ((source ?? destination) && !/^(?:tcp|udp|6|17)$/.test(protocol?.value ?? '')) return undefined;
  const limits = [
    [['protocol'], protocol?.value],
    [['source', 'port'], source?.value],
    [['destination', 'port'], destination?.value],
  ] as const;
  return limits.flatMap(([words, value]) => (value === undefined ? [] : [[words, value] as const]));
}

/** The places of a child's selectors on one side: its prefixes, or the tunnel where it has none. */
export function locateSelectors(
  { site }: End,
  child: ChildSection,
  side: 'local' | 'remote',
): readonly Location[] {
  const leaves = side === 'local' ? child.local_ts : child.remote_ts;
  const prefixes = namesOf(leaves, 'prefix');
  if (prefixes.length > 0) {
    return [...prefixes, ...namesOf(leaves, 'port')].map((setting) => locate(site, setting));
  }
  const node = (text: string) => [locate(site, settingOfOrigin(child.origin), text)];
  if (!isVti(child)) return node(`no ${side} prefix: the address of the router`);
  if (!takesAllTraffic(child)) return node(`no ${side} prefix: 0.0.0.0/0 and ::/0`);
  // It has the same selectors on both sides: one place stands for both.
  return side === 'local' ? node('a VTI: 0.0.0.0/0 and ::/0') : [];
}

/** The places of the selectors of a child of each end, on both sides. */
export function locateAllSelectors(
  { a, b }: Link,
  own: ChildConfig,
  other: ChildConfig,
): readonly Location[] {
  const sides = ['local', 'remote'] as const;
  return [
    ...sides.flatMap((side) => locateSelectors(a, own.section, side)),
    ...sides.flatMap((side) => locateSelectors(b, other.section, side)),
  ];
}

/** The protocol of a tunnel; undefined where it has none. */
export function protocolOf({ local_ts: [leaf] }: ChildSection): Setting<unknown> | undefined {
  return leaf && settingNamed(leaf, 'protocol');
}

/** The place of a tunnel's protocol, where it has one. */
export function locateProtocol({ site }: End, child: ChildSection): readonly Location[] {
  const protocol = protocolOf(child);
  return protocol ? [locate(site, protocol)] : [];
}
