import { isDeepStrictEqual } from 'node:util';
import type { ChildConfig } from '../ike/connection.ts';
import type { Fix } from '../lint/finding.ts';
import type { End, Link } from '../pairing/link.ts';
import { type Command, deleteCommand, setCommand } from '../vyos/command.ts';
import type { ChildSource } from '../vyos/peer-source.ts';
import { isAtLeast } from '../vyos/schema/index.ts';
import type { Setting } from '../vyos/setting.ts';
import { mendOf } from './mend.ts';
import { childSourceNamed, type NamedTraffic, namedTraffic, takesAllTraffic } from './tunnels.ts';

/** One way to make two tunnels mirror each other. */
interface Way {
  readonly fix: Fix;
  /** The end that it changes has no prefix where the other has one, or has one that VyOS refused. */
  readonly lacks: boolean;
  /** It sets something, and does not only take away. */
  readonly sets: boolean;
}

/**
 * The ways to make two tunnels mirror each other, by a change of either end. The end that lacks a prefix comes first,
 * and what only takes away is left out where the other end can be given what it lacks.
 */
export function mirrorPrefixes(link: Link, a: ChildConfig, b: ChildConfig): readonly Fix[] {
  const ways = [...copyPrefixes(link.a, a, link.b, b), ...copyPrefixes(link.b, b, link.a, a)];
  const given = ways.some(({ lacks, sets }) => lacks && sets);
  const better = given ? ways.filter(({ sets }) => sets) : ways;
  return better.toSorted((one, other) => Number(other.lacks) - Number(one.lacks)).map(({ fix }) => fix);
}

/** Whether an end has no prefix on a side on which the facing one has any, or one that VyOS refused. */
function lacksPrefix(
  { loaded }: End,
  path: readonly string[],
  present: NamedTraffic['local'],
  wanted: readonly string[],
): boolean {
  if (present.length === 0 && wanted.length > 0) return true;
  return loaded.site.schemaProblems.some(
    (problem) => problem.kind === 'invalid-value' && isDeepStrictEqual(problem.path, path),
  );
}

/** The commands that make one end's tunnel, or VTI, the mirror of the other's. */
function copyPrefixes(end: End, child: ChildConfig, facing: End, other: ChildConfig): readonly Way[] {
  const ownSource = childSourceNamed(end, child.name);
  const modelSource = childSourceNamed(facing, other.name);
  const own = ownSource && namedTraffic(ownSource);
  const model = modelSource && namedTraffic(modelSource);
  if (!own || !model || !canMirror(end, ownSource, own, model)) return [];
  const sides = (
    [
      ['local', own.local, wantedOf(own, model, 'remote')],
      ['remote', own.remote, wantedOf(own, model, 'local')],
    ] as const
  ).map(([side, present, wanted]) => ({ path: [...own.path, side, 'prefix'], present, wanted }));
  const commands = sides.flatMap(({ path, present, wanted }) => [
    ...present.filter(({ value }) => !wanted.includes(value)).map(({ value }) => deleteCommand(path, value)),
    ...wanted
      .filter((wish) => !present.some(({ value }) => value === wish))
      .map((wish) => setCommand(path, wish)),
  ]);
  const { tunnel } = own;
  if (tunnel) {
    commands.push(
      ...copySetting([...tunnel.path, 'protocol'], tunnel.protocol, model.tunnel?.protocol),
      ...copySetting([...tunnel.path, 'local', 'port'], tunnel.localPort, model.tunnel?.remotePort),
      ...copySetting([...tunnel.path, 'remote', 'port'], tunnel.remotePort, model.tunnel?.localPort),
    );
  }
  const lacks = sides.some(({ path, present, wanted }) => lacksPrefix(end, path, present, wanted));
  const sets = commands.some((command) => command?.startsWith('set ') === true);
  return mendOf(end.site, commands).map((fix) => ({ fix, lacks, sets }));
}

/** A VTI is given prefixes only where its release has them, and never a protocol or a router's own address. */
function canMirror(end: End, source: ChildSource, own: NamedTraffic, model: NamedTraffic): boolean {
  if (own.tunnel) return model.tunnel !== undefined || model.local.length + model.remote.length > 0;
  if (!isAtLeast(end.loaded.site.release, '1.5') && takesAllTraffic(source)) return false;
  const { tunnel } = model;
  if (!tunnel) return true;
  const narrower = tunnel.protocol ?? tunnel.localPort ?? tunnel.remotePort;
  return narrower === undefined && model.local.length > 0 && model.remote.length > 0;
}

/** The prefixes of the model's side; where a VTI names none, a tunnel that mirrors it names all. */
function wantedOf(own: NamedTraffic, model: NamedTraffic, side: 'local' | 'remote'): readonly string[] {
  const wanted = model[side].map(({ value }) => value);
  return wanted.length === 0 && own.tunnel && !model.tunnel ? ['0.0.0.0/0', '::/0'] : wanted;
}

function copySetting(
  path: readonly string[],
  present: Setting<string> | undefined,
  wanted: Setting<string> | undefined,
): readonly Command[] {
  if (present?.value === wanted?.value) return [];
  return [wanted ? setCommand(path, wanted.value) : deleteCommand(path)];
}
