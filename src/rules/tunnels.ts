import type { Selectors } from '../ike/child.ts';
import type { ChildConfig } from '../ike/connection.ts';
import { formatSelector } from '../ike/traffic-selector.ts';
import type { Location } from '../lint/finding.ts';
import type { End, Link } from '../pairing/link.ts';
import type { ChildSource } from '../vyos/peer-source.ts';
import type { Setting } from '../vyos/setting.ts';
import type { Tunnel } from '../vyos/site.ts';
import { locate, locateNode } from './location.ts';
import type { Occurrence } from './occurrence.ts';

/** A child of an end as charon has it. */
export function childConfigOf(end: End, name: string): ChildConfig | undefined {
  return end.connection?.children.find((child) => child.name === name);
}

export function childSourceNamed(end: End, name: string): ChildSource | undefined {
  return end.source.children.find((child) => child.name === name);
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

/** The settings that name the traffic of a child: those of a tunnel, or a VTI's `traffic-selector`. */
export interface NamedTraffic {
  /** Where `local prefix` and `remote prefix` stand, or would stand. */
  readonly path: readonly string[];
  readonly local: readonly Setting<string>[];
  readonly remote: readonly Setting<string>[];
  readonly tunnel: Tunnel | undefined;
}

export function namedTraffic({ tunnel, vti }: ChildSource): NamedTraffic | undefined {
  if (tunnel) {
    return { path: tunnel.path, local: tunnel.localPrefixes, remote: tunnel.remotePrefixes, tunnel };
  }
  return (
    vti && {
      path: [...vti.path, 'traffic-selector'],
      local: vti.localPrefixes,
      remote: vti.remotePrefixes,
      tunnel: undefined,
    }
  );
}

/** A VTI that names no traffic takes all of it, and its routes choose. */
export function takesAllTraffic(source: ChildSource | undefined): boolean {
  const { vti } = source ?? {};
  return vti !== undefined && vti.localPrefixes.length === 0 && vti.remotePrefixes.length === 0;
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
  end: End,
  child: string,
  side: 'local' | 'remote',
  label: string,
): readonly Location[] {
  const source = childSourceNamed(end, child);
  const tunnel = source?.tunnel;
  if (!tunnel) {
    const prefixes = source?.vti && (side === 'local' ? source.vti.localPrefixes : source.vti.remotePrefixes);
    if (prefixes && prefixes.length > 0) return prefixes.map((setting) => locate(end.site, setting));
    const node = source?.vti ?? end.source.peer;
    if (!takesAllTraffic(source))
      return [locateNode(end.site, node, `no ${side} prefix: 0.0.0.0/0 and ::/0`)];
    // It has the same selectors on both sides: one place stands for both.
    return side === 'local' ? [locateNode(end.site, node, 'a VTI: 0.0.0.0/0 and ::/0')] : [];
  }
  const settings: readonly Setting<string>[] =
    side === 'local' ? tunnel.localPrefixes : tunnel.remotePrefixes;
  if (settings.length === 0) return [locateNode(end.site, tunnel, `no ${side} prefix: ${label}`)];
  const port = side === 'local' ? tunnel.localPort : tunnel.remotePort;
  return [...settings, ...(port ? [port] : [])].map((setting) => locate(end.site, setting));
}

/** The place of a tunnel's protocol, where it has one. */
export function locateProtocol(end: End, child: string): readonly Location[] {
  const protocol = childSourceNamed(end, child)?.tunnel?.protocol;
  return protocol ? [locate(end.site, protocol)] : [];
}
