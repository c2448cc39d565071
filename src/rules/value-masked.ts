import type { Location, Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { vyos } from './sources.ts';

/** As many places are shown; the message counts them all. */
const MOST_SHOWN = 5;

function* check({ site }: LoadedSite, index: number): Iterable<Problem> {
  const { masked } = site;
  const [first, ...others] = masked.map(
    ({ at, path }): Location => ({ site: index, at, path, value: null, origin: 'set', label: 'masked' }),
  );
  if (!first) return;
  const count = masked.length;
  yield {
    message: `Masked, and so not judged: ${count === 1 ? 'one value' : `${count} values`}`,
    consequence:
      'Whether what a mask hides is right, and agrees with the other end, cannot be told from this dump. ' +
      'Nothing that is said elsewhere rests on one.',
    locations: [first, ...others.slice(0, MOST_SHOWN - 1)],
  };
}

export const valueMasked: SiteRule = {
  id: 'value-masked',
  scope: 'site',
  summary: 'Values that were hidden before the dump was handed over.',
  severity: 'info',
  notify: null,
  why:
    'The program "strip-private" of VyOS writes "xxxxxx" for secrets and hides the first half of every address, ' +
    '"show configuration" writes stars for keys, and people write their own marks. Two masks that are equal may hide ' +
    'different values. Said once for each dump, with its places.',
  mend: 'Lint dumps that hold the values where you can: nothing of them leaves the machine, and no secret is shown.',
  sources: [vyos('src/helpers/strip-private.py')],
  bad: {
    b: "set vpn ipsec authentication psk TUNNEL2 id 'xxxxxx'\nset vpn ipsec authentication psk TUNNEL2 secret 'hT5wQ8zKm2VxR9cLp4JdN7sB'",
  },
  good: {},
  check,
};
