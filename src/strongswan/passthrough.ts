import { intersect, selectorFromPrefix } from '../ike/traffic-selector.ts';
import type { Setting } from '../vyos/setting.ts';
import type { Tunnel } from '../vyos/site.ts';

/**
 * The local prefixes of a tunnel that overlap with remote ones, each once for every one that it overlaps with: VyOS
 * keeps their traffic out of the tunnel by a child of its own (vpn_ipsec.py, generate; peer.j2).
 */
export function passthroughPrefixes(tunnel: Tunnel): readonly Setting<string>[] {
  const anyProtocol = (prefix: Setting<string>) => {
    const selector = selectorFromPrefix(prefix.value);
    return selector?.kind === 'fixed' ? selector : undefined;
  };
  return tunnel.localPrefixes.flatMap((local) =>
    tunnel.remotePrefixes.flatMap((remote) => {
      const [own, other] = [anyProtocol(local), anyProtocol(remote)];
      return own && other && intersect(own, other) ? [local] : [];
    }),
  );
}
