import { isSameFile } from './chosen-sites.ts';

interface NamedSite {
  readonly name: string;
  readonly file: { readonly name: string };
}

/** The index of the site, or why there is none: a sentence without a full stop. */
export type SiteMeant =
  | { readonly kind: 'site'; readonly site: number }
  | { readonly kind: 'unclear'; readonly why: string };

/**
 * The site that a user calls by its name, by its file or, of two sites, by the letter a or b. What may mean two sites
 * is refused: the wrong router would be changed. `typed`: the option as it is typed for a site.
 */
export function siteMeant(
  on: string,
  sites: readonly NamedSite[],
  cwd: string,
  typed: (call: string) => string = (call) => `--on ${call}`,
): SiteMeant {
  const meant = sitesCalled(on, sites, cwd);
  const [site, ...others] = meant;
  if (site !== undefined && others.length === 0) return { kind: 'site', site };
  if (site === undefined) {
    const calls = sites.map((each, index) => typed(clearCall(each, index, sites, cwd)));
    return { kind: 'unclear', why: `${typed(on)}: no site is called so; type ${listed(calls)}` };
  }
  const calls = sites.flatMap((each, index) =>
    meant.includes(index)
      ? [`${typed(clearCall(each, index, sites, cwd))} for site ${each.name} of ${each.file.name}`]
      : [],
  );
  return { kind: 'unclear', why: `${typed(on)} may mean several sites: type ${calls.join(', or ')}` };
}

/** A network may have hundreds. */
const MOST_LISTED = 10;

function listed(calls: readonly string[]): string {
  const more = calls.length - MOST_LISTED;
  const [first = '', ...others] = calls.slice(0, MOST_LISTED);
  if (more > 0) return `${[first, ...others].join(', ')}, or ${more} more`;
  return others.length === 0 ? first : `${[first, ...others.slice(0, -1)].join(', ')} or ${others.at(-1)}`;
}

/** Every site that may be meant. A letter is one in either case, and so is a name of one letter. */
function sitesCalled(on: string, sites: readonly NamedSite[], cwd: string): readonly number[] {
  const letter = sites.length === 2 ? ['a', 'b'].indexOf(on.toLowerCase()) : -1;
  const isName = (name: string) => name === on || (letter >= 0 && name.toLowerCase() === on.toLowerCase());
  return sites.flatMap(({ name, file }, index) =>
    index === letter || isName(name) || isSameFile(file.name, on, cwd) ? [index] : [],
  );
}

/** What means this site and no other: nobody is called by a path. */
function clearCall(
  { name, file }: NamedSite,
  index: number,
  sites: readonly NamedSite[],
  cwd: string,
): string {
  const calls = [name, file.name, `./${file.name}`];
  const isClear = (call: string) => sitesCalled(call, sites, cwd).every((site) => site === index);
  return calls.find(isClear) ?? file.name;
}
