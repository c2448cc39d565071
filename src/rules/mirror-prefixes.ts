import { isDeepStrictEqual } from 'node:util';
import type { ChildConfig } from '../ike/connection.ts';
import type { Fix } from '../lint/finding.ts';
import type { End, Link } from '../pairing/link.ts';
import { type Command, deleteCommand, setCommand } from '../vyos/command.ts';
import type { Setting } from '../vyos/setting.ts';
import type { Tunnel } from '../vyos/site.ts';
import { mendOf } from './mend.ts';
import { childSourceNamed, prefixPath } from './tunnels.ts';

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

/** Whether a tunnel has no prefix on a side on which the facing one has any, or one that VyOS refused. */
function lacksPrefix({ loaded }: End, own: Tunnel, side: 'local' | 'remote', model: Tunnel): boolean {
  const [present, wanted] =
    side === 'local' ? [own.localPrefixes, model.remotePrefixes] : [own.remotePrefixes, model.localPrefixes];
  if (present.length === 0 && wanted.length > 0) return true;
  const path = [...own.path, side, 'prefix'];
  return loaded.site.schemaProblems.some(
    (problem) => problem.kind === 'invalid-value' && isDeepStrictEqual(problem.path, path),
  );
}

/** The commands that make one end's tunnel the mirror of the other's. */
function copyPrefixes(end: End, child: ChildConfig, facing: End, other: ChildConfig): readonly Way[] {
  const own = childSourceNamed(end, child.name)?.tunnel;
  const model = childSourceNamed(facing, other.name)?.tunnel;
  if (!own || !model) return [];
  const commands = (
    [
      ['local', own.localPrefixes, model.remotePrefixes],
      ['remote', own.remotePrefixes, model.localPrefixes],
    ] as const
  ).flatMap(([side, present, wanted]) => {
    const path = prefixPath(end, child.name, side) ?? [];
    const has = (list: typeof present, value: string) => list.some((setting) => setting.value === value);
    return [
      ...present.filter(({ value }) => !has(wanted, value)).map(({ value }) => deleteCommand(path, value)),
      ...wanted.filter(({ value }) => !has(present, value)).map(({ value }) => setCommand(path, value)),
    ];
  });
  commands.push(
    ...copySetting([...own.path, 'protocol'], own.protocol, model.protocol),
    ...copySetting([...own.path, 'local', 'port'], own.localPort, model.remotePort),
    ...copySetting([...own.path, 'remote', 'port'], own.remotePort, model.localPort),
  );
  const lacks = lacksPrefix(end, own, 'local', model) || lacksPrefix(end, own, 'remote', model);
  const sets = commands.some((command) => command?.startsWith('set ') === true);
  return mendOf(end.site, commands).map((fix) => ({ fix, lacks, sets }));
}

function copySetting(
  path: readonly string[],
  present: Setting<string> | undefined,
  wanted: Setting<string> | undefined,
): readonly Command[] {
  if (present?.value === wanted?.value) return [];
  return [wanted ? setCommand(path, wanted.value) : deleteCommand(path)];
}
