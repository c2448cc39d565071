import type { ChildConfig } from '../ike/connection.ts';
import {
  type ConfiguredSelector,
  dynamicSelector,
  intersect,
  protocolNumber,
  selectorFromPrefix,
} from '../ike/traffic-selector.ts';
import type { ChildSource } from './connections.ts';
import { isAtLeast, type Release } from './schema/index.ts';
import type { Setting } from './setting.ts';
import type { Peer, Tunnel } from './site.ts';

/**
 * The local prefixes of a tunnel that overlap with remote ones, each once for every one that it overlaps with: VyOS
 * keeps their traffic out of the tunnel by a child of its own (vpn_ipsec.py, generate; peer.j2).
 */
export function passthroughPrefixes(tunnel: Tunnel): readonly string[] {
  const anyProtocol = (prefix: Setting<string>) => {
    const selector = selectorFromPrefix(prefix.value);
    return selector?.kind === 'fixed' ? selector : undefined;
  };
  return tunnel.localPrefixes.flatMap((local) =>
    tunnel.remotePrefixes.flatMap((remote) => {
      const [own, other] = [anyProtocol(local), anyProtocol(remote)];
      return own && other && intersect(own, other) ? [local.value] : [];
    }),
  );
}

export interface SelectorPair {
  readonly local: readonly ConfiguredSelector[] | undefined;
  readonly remote: readonly ConfiguredSelector[] | undefined;
}

export function selectorsOf(
  peer: Peer,
  child: ChildSource,
  mode: ChildConfig['mode'],
  release: Release,
): SelectorPair {
  if (!child.tunnel) {
    return { local: ofVti(child.vti?.localPrefixes), remote: ofVti(child.vti?.remotePrefixes) };
  }
  const { tunnel } = child;
  const suffixes = { local: tunnel.localPort?.value, remote: tunnel.remotePort?.value };
  if (mode === 'transport') {
    // Only the last of several remote addresses gets the protocol and port (peer.j2 joins before it appends).
    const remotes = peer.remoteAddresses.map(({ value }) => value);
    return {
      // VyOS writes the address that DHCP gave: the end's own, whatever it is.
      local: peer.localAddress
        ? fixed([peer.localAddress.value], tunnel.protocol?.value, suffixes.local)
        : [dynamicSelector()],
      remote:
        remotes.length === 0 && !tunnel.protocol && !tunnel.remotePort
          ? [dynamicSelector()]
          : merge(
              fixed(remotes.slice(0, -1), undefined, undefined),
              fixed([remotes.at(-1) ?? ''], tunnel.protocol?.value, suffixes.remote),
            ),
    };
  }
  return {
    local: prefixes(tunnel.localPrefixes, tunnel.protocol, suffixes.local, release),
    remote: prefixes(tunnel.remotePrefixes, tunnel.protocol, suffixes.remote, release),
  };
}

export const everything = fixed(['0.0.0.0/0', '::/0'], undefined, undefined);

/** A side of a VTI that no `traffic-selector` names takes all traffic (vyos-1x PR 4446, T7343). */
function ofVti(settings: readonly Setting<string>[] = []): readonly ConfiguredSelector[] | undefined {
  return settings.length === 0
    ? everything
    : fixed(
        settings.map(({ value }) => value),
        undefined,
        undefined,
      );
}

/** Whether a tunnel without prefixes keeps its protocol and ports: `dynamic[gre/]` (vyos-1x PR 4608, T7593). */
export function keepsProtocolWithoutPrefix(release: Release): boolean {
  return isAtLeast(release, '1.5');
}

/** Without a prefix VyOS 1.4 writes no selector, and the protocol and ports are lost with it. */
function prefixes(
  settings: readonly Setting<string>[],
  protocol: Setting<string> | undefined,
  port: string | undefined,
  release: Release,
): readonly ConfiguredSelector[] | undefined {
  if (settings.length === 0) {
    return keepsProtocolWithoutPrefix(release) ? dynamic(protocol?.value, port) : [dynamicSelector()];
  }
  const texts = settings.map(({ value }) => value);
  return texts.includes('any')
    ? fixed(['0.0.0.0/0', '::/0'], protocol?.value, port)
    : fixed(texts, protocol?.value, port);
}

/** What a selector is limited to; undefined where charon would not read it. */
function limitOf(
  protocol: string | undefined,
  port: string | undefined,
): { readonly protocol: number; readonly port: number | undefined } | undefined {
  const number = protocol === undefined ? 0 : protocolNumber(protocol);
  const portNumber = port === undefined ? undefined : Number(port);
  if (number === undefined || (portNumber !== undefined && !Number.isInteger(portNumber))) return undefined;
  return { protocol: number, port: portNumber };
}

function dynamic(
  protocol: string | undefined,
  port: string | undefined,
): readonly ConfiguredSelector[] | undefined {
  const limit = limitOf(protocol, port);
  return limit && [dynamicSelector(limit.protocol, limit.port)];
}

function fixed(
  texts: readonly string[],
  protocol: string | undefined,
  port: string | undefined,
): readonly ConfiguredSelector[] | undefined {
  const limit = limitOf(protocol, port);
  if (!limit) return undefined;
  const selectors: ConfiguredSelector[] = [];
  for (const text of texts) {
    const selector = selectorFromPrefix(text, limit.protocol, limit.port);
    if (!selector) return undefined;
    selectors.push(selector);
  }
  return selectors;
}

function merge(
  one: readonly ConfiguredSelector[] | undefined,
  other: readonly ConfiguredSelector[] | undefined,
): readonly ConfiguredSelector[] | undefined {
  return one && other ? [...one, ...other] : undefined;
}
