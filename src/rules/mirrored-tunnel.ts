import type { Fix } from '../lint/finding.ts';
import type { End } from '../pairing/link.ts';
import { type Command, deleteCommand, setCommand } from '../vyos/command.ts';
import type { Tunnel } from '../vyos/site.ts';
import { mendOf } from './mend.ts';

/** What mirrors a child of an end at the facing one, or would: a tunnel that is disabled there, or a new one. */
export function mirrorOf(
  end: End,
  child: string,
  { site, source: { peer } }: End,
): { readonly disabled?: Tunnel; readonly fix: readonly Fix[] } {
  const tunnel = end.source.children.find(({ name }) => name === child)?.tunnel;
  if (!tunnel) return { fix: [] };
  const disabled = peer.tunnels.find((other) => other.disabled && mirrors(tunnel, other));
  if (disabled) return { disabled, fix: mendOf(site, [deleteCommand([...disabled.path, 'disable'])]) };
  if (peer.vti) return { fix: [] };
  const used = peer.tunnels.map(({ id }) => Number(id)).filter(Number.isInteger);
  const path = [...peer.path, 'tunnel', String(Math.max(0, ...used) + 1)];
  return { fix: mendOf(site, mirroredTunnel(path, tunnel)) };
}

function mirrors(tunnel: Tunnel, other: Tunnel): boolean {
  const texts = (settings: Tunnel['localPrefixes']) =>
    settings
      .map(({ value }) => value)
      .toSorted()
      .join(' ');
  return (
    texts(tunnel.localPrefixes) === texts(other.remotePrefixes) &&
    texts(tunnel.remotePrefixes) === texts(other.localPrefixes)
  );
}

/** The commands of a new tunnel that mirrors one of the facing end. */
export function mirroredTunnel(path: readonly string[], model: Tunnel): readonly Command[] {
  const one = (names: readonly string[], value: string | undefined) =>
    value === undefined ? [] : [setCommand([...path, ...names], value)];
  const commands = [
    ...model.remotePrefixes.map(({ value }) => setCommand([...path, 'local', 'prefix'], value)),
    ...model.localPrefixes.map(({ value }) => setCommand([...path, 'remote', 'prefix'], value)),
    ...one(['protocol'], model.protocol?.value),
    ...one(['local', 'port'], model.remotePort?.value),
    ...one(['remote', 'port'], model.localPort?.value),
  ];
  return commands.length > 0 ? commands : [setCommand(path)];
}
