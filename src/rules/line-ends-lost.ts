import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { vyos } from './sources.ts';

function* check({ site }: LoadedSite, index: number): Iterable<Problem> {
  const [first, ...others] = site.dump.glued;
  if (!first) return;
  const count = others.length + 1;
  yield {
    message: `Line ends are missing: ${count} command${count === 1 ? ' stands' : 's stand'} on the line of another`,
    consequence: 'The commands were told apart and read. VyOS itself would not take such a text.',
    locations: [
      { site: index, at: first, path: [], value: null, origin: 'set', label: 'a command begins here' },
    ],
  };
}

export const lineEndsLost: SiteRule = {
  id: 'line-ends-lost',
  scope: 'site',
  summary: 'Commands stand glued together, because the text lost its line ends.',
  severity: 'info',
  notify: null,
  why:
    'Text copied from a web page or a chat often loses its line ends. A command that follows a closing quote or the end ' +
    'of a remark at once is read as a command of its own. Said once for each file.',
  mend: 'Copy the text again with its line ends before you paste it into a router.',
  sources: [vyos('op-mode-definitions/show-configuration.xml.in')],
  bad: {
    b: "set vpn ipsec ike-group IKE-A lifetime '28800'set vpn ipsec esp-group ESP-A lifetime '3600'",
  },
  good: { b: '# now set vpn ipsec ike-group IKE-A lifetime 28800' },
  check,
};
