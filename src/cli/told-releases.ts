import type { Input } from '../index.ts';
import { siteName } from '../source/index.ts';
import type { ToldRelease } from './command-line.ts';
import { siteMeant } from './site-meant.ts';

/** The inputs with the releases that were told for them, or what is wrong with that: sentences without a full stop. */
export type WithReleases =
  | { readonly kind: 'told'; readonly inputs: readonly Input[] }
  | { readonly kind: 'unclear'; readonly messages: readonly string[] };

/** What is told for one site is closer than what is told for all; either has more weight than the configuration. */
export function withReleases(
  inputs: readonly Input[],
  told: readonly ToldRelease[],
  cwd: string,
): WithReleases {
  const sites = inputs.map(({ name, file }) => ({ name: name ?? siteName(file), file: { name: file } }));
  const meant = told.map((each) =>
    each.site === undefined
      ? undefined
      : siteMeant(each.site, sites, cwd, (call) => `--vyos-version ${call}=${each.release}`),
  );
  const messages = meant.flatMap((site) => (site?.kind === 'unclear' ? [site.why] : []));
  if (messages.length > 0) return { kind: 'unclear', messages };
  const own = (index: number) =>
    told.findLast((_, place) => {
      const site = meant[place];
      return site?.kind === 'site' && site.site === index;
    }) ?? told.findLast(({ site }) => site === undefined);
  return {
    kind: 'told',
    inputs: inputs.map((input, index) => ({ ...input, release: own(index)?.release ?? input.release })),
  };
}
