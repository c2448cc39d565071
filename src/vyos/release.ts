import type { Dump, Footer } from '../../grammar/command.ts';
import { positionAt } from '../source/index.ts';
import type { SchemaCheck, SchemaProblem } from './check-schema.ts';
import { DEFAULT_RELEASE, isAtLeast, patternOf, RELEASES, type Release } from './schema/index.ts';
import type { ReleaseReason, Site } from './site.ts';
import { type ConfigNode, type ConfigTree, child, tagNodes } from './tree.ts';

/** The release of a site, and how it is known. */
export type KnownRelease = Pick<Site, 'release' | 'releaseReason'>;

/** A dump as one release reads it. */
export interface Reading extends SchemaCheck {
  readonly tree: ConfigTree;
}

const CODE_NAMES: Readonly<Record<string, Release>> = {
  crux: '1.2',
  equuleus: '1.3',
  sagitta: '1.4',
  circinus: '1.5',
};

/**
 * The release that a text names, as `show version`, an image or the footer of a configuration writes it: `1.3.2`,
 * `VyOS 1.4.0-epa1`, `1.4-rolling-202203170317`, `1.5-stream-2025-Q1`, `2025.11`, `sagitta`. Undefined where it names none.
 */
export function readRelease(text: string): Release | undefined {
  const word = text
    .trim()
    .replace(/^vyos[\s-]*/i, '')
    .toLowerCase();
  const codeName = Object.keys(CODE_NAMES).find((name) => word.startsWith(name));
  if (codeName !== undefined) return CODE_NAMES[codeName];
  const [, minor] = /^1\.(\d{1,2})(?![\d])/.exec(word) ?? [];
  if (minor !== undefined) return releaseOfMinor(Number(minor));
  // The streams and nightly builds since 2024: 2025.11, 2025.11.03-0021-rolling, 999.202510.
  if (/^(?:20\d\d\.\d\d|999\.)/.test(word)) return '1.5';
  return /^(?:current|rolling|stream|nightly)\b/.test(word) ? '1.5' : undefined;
}

function releaseOfMinor(minor: number): Release {
  if (minor <= 2) return '1.2';
  return minor === 3 ? '1.3' : minor === 4 ? '1.4' : '1.5';
}

/** Whether what that release refuses is refused, and is not a sign that it is another. */
export function isCertain({ kind }: ReleaseReason): boolean {
  return kind === 'told' || kind === 'footer';
}

/** Whether the daemon is fed by vpn-config.pl, in ipsec.conf, and not by swanctl. */
export function writesIpsecConf(release: Release): boolean {
  return !isAtLeast(release, '1.4');
}

/**
 * The release of a dump: what the user tells, what the footer says, or what the nodes and values below `vpn ipsec`
 * speak for. Each release is held against the dump, and the one with the fewest contradictions wins, counted by
 * distinct node; of equal ones today's default where it is among them, else the newest.
 */
export function findRelease(
  dump: Dump,
  told: Release | undefined,
  read: (release: Release) => Reading,
): KnownRelease {
  if (told !== undefined) return { release: told, releaseReason: { kind: 'told' } };
  const { footer } = dump;
  if (footer === undefined) return byContent(RELEASES, read);
  const possible = possibleBy(footer);
  const named = footer.release === undefined ? undefined : readRelease(footer.release);
  const release = named !== undefined && possible.includes(named) ? named : byContent(possible, read).release;
  if (possible.length === RELEASES.length && named === undefined) return byContent(RELEASES, read);
  // Between two numbers a rolling release took what its neighbours do not: nothing of it is certain.
  const what = [footer.release ?? '', schemaOf(footer)].filter((text) => text !== '').join(', ');
  return {
    release,
    releaseReason: isBetween(footer)
      ? { kind: 'found', at: footer.at, what: `the footer says ${what}` }
      : { kind: 'footer', at: footer.at },
  };
}

function schemaOf({ versions }: Footer): string {
  const number = versions.get('ipsec');
  return number === undefined ? '' : `ipsec@${number}`;
}

/** By the number of the schema of `vpn ipsec` (vyos-1x src/migration-scripts/ipsec; ipsec-version.xml.i). */
function possibleBy({ versions }: Footer): readonly Release[] {
  const number = versions.get('ipsec');
  if (number === undefined) return RELEASES;
  if (number <= 5) return ['1.2', '1.3'];
  return number <= 13 ? ['1.4', '1.5'] : ['1.5'];
}

/** Saved by one of the rolling releases that became 1.4: its nodes are partly those of 1.3. */
function isBetween({ versions, release = '' }: Footer): boolean {
  const number = versions.get('ipsec');
  if (number !== undefined) return number > 5 && number < 13;
  return readRelease(release) === '1.4' && /rolling/i.test(release);
}

function byContent(among: readonly Release[], read: (release: Release) => Reading): KnownRelease {
  const usual = among.includes(DEFAULT_RELEASE) ? DEFAULT_RELEASE : among.at(-1);
  const byDefault: KnownRelease = {
    release: usual ?? DEFAULT_RELEASE,
    releaseReason: { kind: 'default' },
  };
  const contradictions = against(byDefault.release, read);
  if (contradictions.length === 0) return byOtherSubtrees(among, byDefault, read);
  const least = (release: Release) =>
    release === byDefault.release ? distinct(contradictions) : distinct(against(release, read));
  const counted = among.map((release) => ({ release, count: least(release) }));
  const fewest = Math.min(...counted.map(({ count }) => count));
  const best = counted.filter(({ count }) => count === fewest).map(({ release }) => release);
  const winner = best.includes(byDefault.release) ? byDefault.release : best.at(-1);
  if (winner === undefined || winner === byDefault.release) return byDefault;
  const sign = contradictions.find((problem) => takers(problem).includes(winner)) ?? contradictions[0];
  return sign === undefined
    ? byDefault
    : { release: winner, releaseReason: { kind: 'found', at: sign.at, what: described(sign) } };
}

/** What another release takes: nodes, words of a list, the names of peers. A number or prefix out of range is a slip. */
function against(release: Release, read: (release: Release) => Reading): readonly SchemaProblem[] {
  return read(release).problems.filter(
    (problem) =>
      problem.kind === 'wrong-release' ||
      (problem.kind === 'invalid-value' && problem.subject === 'name' && problem.takenBy.length > 0),
  );
}

function distinct(problems: readonly SchemaProblem[]): number {
  return new Set(problems.map(({ path }) => patternOf(path).join(' '))).size;
}

function takers(problem: SchemaProblem): readonly Release[] {
  return 'takenBy' in problem ? problem.takenBy : [];
}

function described(problem: SchemaProblem): string {
  const node = problem.path.at(-1) ?? '';
  const by = `of VyOS ${takers(problem).join(' and ')}`;
  if (problem.kind === 'invalid-value') return `the name ${problem.path.slice(-2).join(' ')} is ${by}`;
  const value = problem.kind === 'wrong-release' && problem.subject === 'value' ? problem.value : null;
  return value === null ? `${node} is ${by}` : `"${value}" of ${node} is ${by}`;
}

/**
 * Where `vpn ipsec` tells nothing: what 1.4 moved away elsewhere (`zone-policy`, `interface-route`, rulesets bound at an
 * interface), where nothing of 1.4's own stands beside it.
 */
function byOtherSubtrees(
  among: readonly Release[],
  byDefault: KnownRelease,
  read: (release: Release) => Reading,
): KnownRelease {
  if (!among.includes('1.3') || byDefault.release !== DEFAULT_RELEASE) return byDefault;
  const { tree } = read(DEFAULT_RELEASE);
  const firewall = child(tree, 'firewall');
  if (['ipv4', 'ipv6', 'zone', 'global-options'].some((name) => child(firewall, name))) return byDefault;
  const sign = oldNode(tree);
  if (sign === undefined || against('1.3', read).length > 0) return byDefault;
  const { word } = sign.first;
  return {
    release: '1.3',
    releaseReason: { kind: 'found', at: word.at, what: `${sign.name} is of VyOS 1.2 and 1.3` },
  };
}

function oldNode(tree: ConfigTree): ConfigNode | undefined {
  const route = child(tree, 'protocols', 'static', 'interface-route');
  const zone = child(tree, 'zone-policy');
  if (zone ?? route) return zone ?? route;
  for (const type of child(tree, 'interfaces')?.children.values() ?? []) {
    for (const each of tagNodes(type)) {
      const bound = child(each, 'firewall');
      if (bound) return bound;
    }
  }
  return undefined;
}

/** `VyOS 1.3, because of line 12: …`: the release and its reason, as a sentence without a full stop. */
export function releaseSentence({ release, releaseReason }: KnownRelease): string {
  switch (releaseReason.kind) {
    case 'told':
      return `VyOS ${release}, as was told`;
    case 'footer':
      return `VyOS ${release}, because of line ${positionAt(releaseReason.at.file, releaseReason.at.start).line}: the footer of the configuration`;
    case 'found':
      return `VyOS ${release}, because of line ${positionAt(releaseReason.at.file, releaseReason.at.start).line}: ${releaseReason.what}`;
    case 'default':
      return `VyOS ${release}, as nothing in the dump speaks for another release`;
  }
}
