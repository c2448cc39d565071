import type { Finding } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import type { FormatOptions } from './format.ts';
import { severities } from './severity-levels.ts';

/** What a reader asked to see: all of it, or what makes the run fail before all else. */
export type Attention = Pick<FormatOptions, 'verbose' | 'failOn'>;

/** Whether a finding makes the run fail. Such a one is always shown whole, and listed at the end. */
export function isFailing({ severity }: Pick<Finding, 'severity'>, { failOn = 'error' }: Attention): boolean {
  return severities.indexOf(severity) <= severities.indexOf(failOn);
}

/**
 * Whether a finding is advice, which is told in one line a kind: it is about sites and no link, fails nothing, and the
 * run is about links. A run of one dump is about nothing else, and shows it whole.
 */
export function isAdvice(finding: Finding, { sites }: Report, asked: Attention): boolean {
  return !asked.verbose && finding.link === null && sites.length > 1 && !isFailing(finding, asked);
}

/** Above this many a link without a failing finding is one line. */
const fewLinks = 3;

/** Whether the links that fail nothing are told in a line each. */
export function condensesLinks({ links }: Report, { verbose }: Attention): boolean {
  return !verbose && links.length > fewLinks;
}

/**
 * Indexes of the links in the order in which they are shown: those with a failing finding, those with a warning, all
 * others, each in the order of the report.
 */
export function linkOrder({ links, findings }: Report, asked: Attention): readonly number[] {
  const ranks = links.map(() => 2);
  for (const finding of findings) {
    if (finding.link === null) continue;
    const rank = isFailing(finding, asked) ? 0 : finding.severity === 'info' ? 2 : 1;
    ranks[finding.link] = Math.min(ranks[finding.link] ?? 2, rank);
  }
  return ranks
    .map((rank, index) => ({ rank, index }))
    .toSorted((one, other) => one.rank - other.rank || one.index - other.index)
    .map(({ index }) => index);
}
