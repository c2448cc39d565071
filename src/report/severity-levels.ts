import type { Severity } from '../lint/finding.ts';

/** What each format calls a severity. The only place where one is turned into another's word. */
interface Levels {
  /** SARIF's `level`. */
  readonly sarif: 'error' | 'warning' | 'note';
  /** GitHub's `problem.severity` of a rule in SARIF. */
  readonly problem: 'error' | 'warning' | 'recommendation';
  /** The workflow command of GitHub. */
  readonly github: 'error' | 'warning' | 'notice';
  /** GitLab's Code Quality, which has info, minor, major, critical and blocker. */
  readonly gitlab: 'critical' | 'major' | 'info';
  readonly checkstyle: 'error' | 'warning' | 'info';
}

export const severityLevels: Readonly<Record<Severity, Levels>> = {
  error: {
    sarif: 'error',
    problem: 'error',
    github: 'error',
    gitlab: 'critical',
    checkstyle: 'error',
  },
  warning: {
    sarif: 'warning',
    problem: 'warning',
    github: 'warning',
    gitlab: 'major',
    checkstyle: 'warning',
  },
  info: {
    sarif: 'note',
    problem: 'recommendation',
    github: 'notice',
    gitlab: 'info',
    checkstyle: 'info',
  },
};

/** Every severity, the worst first. */
export const severities = ['error', 'warning', 'info'] as const satisfies readonly Severity[];

/** Indexes of findings in the order in which they are kept where not all have room: the worst first, hidden ones last among their like. */
export function byUrgency(
  findings: readonly { readonly severity: Severity; readonly hiddenBehind: number | null }[],
): readonly number[] {
  const rank = ({ severity, hiddenBehind }: (typeof findings)[number]): number =>
    severities.indexOf(severity) * 2 + (hiddenBehind === null ? 0 : 1);
  return findings
    .map((finding, index) => ({ index, rank: rank(finding) }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ index }) => index);
}
