import type { Fix, Location, Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import type { SchemaProblem } from '../vyos/check-schema.ts';
import { setCommand } from '../vyos/command.ts';
import { isCertain } from '../vyos/release.ts';
import { isSecretPath, patternOf, type Release } from '../vyos/schema/index.ts';
import type { Site } from '../vyos/site.ts';
import { spelledIn } from '../vyos/spelling.ts';
import { mendOf } from './mend.ts';
import { vyos } from './sources.ts';

/** What another release takes as it stands. */
interface Foreign {
  readonly problem: SchemaProblem;
  readonly value: string | null;
  readonly takenBy: readonly Release[];
  readonly instead: string | null | undefined;
}

/** Also asked by invalid-value, which speaks of all else. */
export function isOfOtherRelease(problem: SchemaProblem): boolean {
  if (problem.kind === 'wrong-release') return true;
  return problem.kind === 'invalid-value' && problem.subject === 'name' && problem.takenBy.length > 0;
}

function foreign(problem: SchemaProblem): Foreign | undefined {
  if (!isOfOtherRelease(problem)) return undefined;
  if (problem.kind === 'wrong-release') {
    const { value, takenBy, instead } = problem;
    return { problem, value, takenBy, instead };
  }
  if (problem.kind !== 'invalid-value') return undefined;
  return { problem, value: problem.value, takenBy: problem.takenBy, instead: undefined };
}

function* check({ site }: LoadedSite, index: number): Iterable<Problem> {
  for (const alike of groups(site.schemaProblems)) {
    const [{ problem, value, takenBy, instead }] = alike;
    const releases = takenBy.join(' and ');
    const certain = isCertain(site.releaseReason);
    const there =
      instead === undefined ? '' : instead === null ? ' There: leave it out.' : ` There: set ${instead}.`;
    const others =
      alike.length > 1 ? ` So ${alike.length === 2 ? 'is one more' : `are ${alike.length - 1} more`}.` : '';
    const consequence = certain
      ? `VyOS ${site.release} refuses it. It is judged by its meaning all the same.${there}`
      : `It is judged by its meaning; VyOS ${site.release} itself refuses it.${there}`;
    yield {
      ...(certain ? { severity: 'error' as const } : {}),
      message: `${nameOf(problem, value)} is a spelling of VyOS ${releases}, not of ${site.release}`,
      consequence: `${consequence}${others}`,
      locations: placesOf(alike, index),
      fix: mend(index, site, alike),
    };
  }
}

function nameOf({ path, kind }: SchemaProblem, value: string | null): string {
  const node = path.at(-1) ?? '';
  if (kind === 'invalid-value') return `The name of "${path.slice(-2).join(' ')}"`;
  return value === null ? `"${node}"` : `"${value}" of ${node}`;
}

/** Those of one node of the schema, whatever the user's names above it. */
function groups(problems: readonly SchemaProblem[]): readonly (readonly [Foreign, ...Foreign[]])[] {
  const found = new Map<string, [Foreign, ...Foreign[]]>();
  for (const problem of problems) {
    const one = foreign(problem);
    if (!one) continue;
    const isNode = problem.kind === 'wrong-release' && problem.subject === 'node';
    const said = isNode || problem.kind === 'invalid-value' ? null : one.value;
    const key = JSON.stringify([patternOf(problem.path), said]);
    const before = found.get(key);
    if (before) before.push(one);
    else found.set(key, [one]);
  }
  return [...found.values()];
}

function placesOf(alike: readonly [Foreign, ...Foreign[]], site: number): readonly [Location, ...Location[]] {
  const [first, ...others] = alike;
  const place = ({ problem: { at, path }, value, takenBy }: Foreign): Location => ({
    site,
    at,
    path,
    value,
    origin: 'set',
    label: `VyOS ${takenBy.join(' and ')}`,
  });
  return [place(first), ...others.map(place)];
}

/** The same commands in the spelling of the release, where each of them has one. None may show a secret. */
function mend(index: number, site: Site, alike: readonly Foreign[]): readonly Fix[] {
  const refused = alike.map(({ problem: { at } }) =>
    site.dump.commands.find((command) => command.at.start <= at.start && at.end <= command.at.end),
  );
  const spelled = refused.map((command) => {
    const words = command?.path.map(({ text }) => text) ?? [];
    if (command?.verb !== 'set' || isSecretPath(words)) return undefined;
    const written = setCommand(words.slice(0, -1), words.at(-1));
    const other = written === undefined ? undefined : spelledIn(written, site);
    return other === written ? undefined : other;
  });
  return mendOf(
    index,
    spelled,
    refused.flatMap((command) => command?.at ?? []),
  );
}

export const otherRelease: SiteRule = {
  id: 'other-release',
  scope: 'site',
  summary: 'A node or value that another release of VyOS takes.',
  severity: 'warning',
  notify: null,
  why:
    'VyOS renames nodes from release to release and migrates a configuration when it is upgraded. Text from an older ' +
    'manual mixes spellings. Such a node is judged by what it means, and named here: the release that the rest of the ' +
    'dump speaks for refuses it. Where the release is certain, by the footer of the configuration or by ' +
    '--vyos-version, it is an error: the commit fails.',
  mend: 'Use the spelling of the release that the router runs, or tell its release with --vyos-version.',
  sources: [vyos('src/migration-scripts/ipsec/10-to-11'), vyos('src/migration-scripts/ipsec/9-to-10')],
  bad: { b: "set vpn ipsec esp-group ESP-A compression 'disable'" },
  good: {},
  check,
};
