import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../vyos/connections.ts';
import { vyos } from './sources.ts';

function* check({ site }: LoadedSite, index: number): Iterable<Problem> {
  for (const { message, hint, at } of site.dump.problems) {
    yield {
      message,
      consequence: `This command is not read; all others are.${hint === undefined ? '' : ` ${/[.?]$/.test(hint) ? hint : `${hint}.`}`}`,
      locations: [{ site: index, at, path: [], value: null, origin: 'set', label: hint ?? 'cannot be read' }],
    };
  }
}

export const syntaxError: SiteRule = {
  id: 'syntax-error',
  scope: 'site',
  summary: 'A line that is no command of VyOS.',
  severity: 'error',
  notify: null,
  why:
    'A line that cannot be read is a setting that is not judged: a typographic quote, a lost first letter, a quote that ' +
    'is not closed. The rest of the dump is read all the same, and the exit code is 2.',
  mend: 'Correct the line, or make the dump anew with "show configuration commands".',
  sources: [vyos('op-mode-definitions/show-configuration.xml.in')],
  bad: { b: "et vpn ipsec ike-group IKE-A lifetime '28800'" },
  good: { b: '# a remark' },
  check,
};
