import { isDeepStrictEqual } from 'node:util';
import type { ChildConfig } from '../ike/connection.ts';
import type { ChildSection } from '../ike/swanctl-conf.ts';
import type { Fix } from '../lint/finding.ts';
import type { End, Link } from '../pairing/link.ts';
import { type Command, deleteCommand, setCommand } from '../vyos/command.ts';
import { settingOfOrigin } from '../vyos/conf-origin.ts';
import { isAtLeast } from '../vyos/schema/index.ts';
import type { Setting } from '../vyos/setting.ts';
import { mendOf } from './mend.ts';
import { isVti, namesOf, protocolOf } from './tunnels.ts';

/** The settings that name the traffic of a child: those of a tunnel, or a VTI's `traffic-selector`. */
interface NamedTraffic {
  readonly ofVti: boolean;
  /** Where `local prefix` and `remote prefix` stand, or would stand. */
  readonly path: readonly string[];
  readonly local: readonly Setting<unknown>[];
  readonly remote: readonly Setting<unknown>[];
  readonly protocol: Setting<unknown> | undefined;
  readonly localPort: Setting<unknown> | undefined;
  readonly remotePort: Setting<unknown> | undefined;
}

function namedTraffic(child: ChildSection): NamedTraffic {
  const { path } = settingOfOrigin(child.origin);
  const ofVti = isVti(child);
  return {
    ofVti,
    path: ofVti ? [...path, 'traffic-selector'] : path,
    local: namesOf(child.local_ts, 'prefix'),
    remote: namesOf(child.remote_ts, 'prefix'),
    protocol: protocolOf(child),
    localPort: namesOf(child.local_ts, 'port')[0],
    remotePort: namesOf(child.remote_ts, 'port')[0],
  };
}

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
  const ways = [...copyPrefixes(link.a, a, b), ...copyPrefixes(link.b, b, a)];
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
function copyPrefixes(end: End, child: ChildConfig, other: ChildConfig): readonly Way[] {
  const [own, model] = [namedTraffic(child.section), namedTraffic(other.section)];
  if (!canMirror(end, own, model)) return [];
  const sides = (
    [
      ['local', own.local, wantedOf(own, model, 'remote')],
      ['remote', own.remote, wantedOf(own, model, 'local')],
    ] as const
  ).map(([side, present, wanted]) => ({ path: [...own.path, side, 'prefix'], present, wanted }));
  const commands = sides.flatMap(({ path, present, wanted }) => [
    ...present
      .map(({ value }) => String(value))
      .filter((value) => !wanted.includes(value))
      .map((value) => deleteCommand(path, value)),
    ...wanted
      .filter((wish) => !present.some(({ value }) => value === wish))
      .map((wish) => setCommand(path, wish)),
  ]);
  if (!own.ofVti) {
    commands.push(
      ...copySetting([...own.path, 'protocol'], own.protocol, model.protocol),
      ...copySetting([...own.path, 'local', 'port'], own.localPort, model.remotePort),
      ...copySetting([...own.path, 'remote', 'port'], own.remotePort, model.localPort),
    );
  }
  const lacks = sides.some(({ path, present, wanted }) => lacksPrefix(end, path, present, wanted));
  const sets = commands.some((command) => command?.startsWith('set ') === true);
  return mendOf(end.site, commands).map((fix) => ({ fix, lacks, sets }));
}

/** A VTI is given prefixes only where its release has them, and never a protocol or a router's own address. */
function canMirror({ release }: End, own: NamedTraffic, model: NamedTraffic): boolean {
  if (!own.ofVti) return !model.ofVti || model.local.length + model.remote.length > 0;
  if (!isAtLeast(release, '1.5') && own.local.length + own.remote.length === 0) return false;
  if (model.ofVti) return true;
  const narrower = model.protocol ?? model.localPort ?? model.remotePort;
  return narrower === undefined && model.local.length > 0 && model.remote.length > 0;
}

/** The prefixes of the model's side; where a VTI names none, a tunnel that mirrors it names all. */
function wantedOf(own: NamedTraffic, model: NamedTraffic, side: 'local' | 'remote'): readonly string[] {
  const wanted = model[side].map(({ value }) => String(value));
  return wanted.length === 0 && !own.ofVti && model.ofVti ? ['0.0.0.0/0', '::/0'] : wanted;
}

function copySetting(
  path: readonly string[],
  present: Setting<unknown> | undefined,
  wanted: Setting<unknown> | undefined,
): readonly Command[] {
  if (present?.value === wanted?.value) return [];
  return [wanted ? setCommand(path, String(wanted.value)) : deleteCommand(path)];
}
