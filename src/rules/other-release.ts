import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../vyos/connections.ts';
import { vyos } from './sources.ts';

function* check({ site }: LoadedSite, index: number): Iterable<Problem> {
  for (const problem of site.schemaProblems) {
    if (problem.kind !== 'wrong-release') continue;
    const { path, value, takenBy, instead, at, subject } = problem;
    const node = path.slice(-1).join('');
    const what = subject === 'value' && value !== null ? `"${value}" of ${node}` : `"${node}"`;
    const releases = takenBy.join(' and ');
    const today = instead === undefined ? '' : instead === null ? 'leave it out' : `set ${instead}`;
    yield {
      message: `${what} is a spelling of VyOS ${releases}, not of ${site.release}`,
      consequence: `It is read by its meaning. VyOS ${site.release} itself refuses it.${today === '' ? '' : ` There: ${today}.`}`,
      locations: [{ site: index, at, path, value, origin: 'set', label: `VyOS ${releases}` }],
    };
  }
}

export const otherRelease: SiteRule = {
  id: 'other-release',
  scope: 'site',
  summary: 'A node or value that another release of VyOS takes.',
  severity: 'info',
  notify: null,
  why:
    'VyOS renames nodes from release to release and migrates a configuration when it is upgraded. Text from an older ' +
    'manual mixes spellings. Such a node is judged by what it means.',
  mend: 'Use the spelling of the release that the router runs.',
  sources: [vyos('src/migration-scripts/ipsec/10-to-11'), vyos('src/migration-scripts/ipsec/9-to-10')],
  bad: { b: "set vpn ipsec esp-group ESP-A compression 'disable'" },
  good: {},
  check,
};
