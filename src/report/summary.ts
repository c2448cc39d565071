import type { Severity } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import type { FormatOptions } from './format.ts';
import { count } from './paper.ts';

/** The last line of a report: `1 error, 2 warnings in 1 link, 1 unpaired peer, 3 suppressed`; of one site `… in 1 site`. */
export function summaryText(
  { summary: total, links, sites }: Report,
  { quiet = false }: Pick<FormatOptions, 'quiet'>,
  paint: (what: Severity | 'good', text: string) => string = (_, text) => text,
): string {
  const alone = sites.length === 1;
  const found = [
    ...(total.errors > 0 ? [paint('error', count(total.errors, 'error'))] : []),
    ...(total.warnings > 0 ? [paint('warning', count(total.warnings, 'warning'))] : []),
    ...(total.infos > 0 ? [paint('info', count(total.infos, 'info'))] : []),
  ];
  const rest = [
    ...(total.unpairedPeers > 0 && !alone ? [count(total.unpairedPeers, 'unpaired peer')] : []),
    ...(total.suppressed > 0 ? [`${total.suppressed} suppressed`] : []),
  ];
  const nothing = links.length > 0 || alone ? paint('good', 'no findings') : 'no findings';
  const what = found.length > 0 ? found.join(', ') : nothing;
  // What is well is not counted either.
  if (quiet) return what;
  return [`${what} in ${alone ? '1 site' : count(total.links, 'link')}`, ...rest].join(', ');
}
