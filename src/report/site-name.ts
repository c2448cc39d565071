import type { Finding } from '../lint/finding.ts';
import type { LinkEnds, Report, ReportLink, Side } from '../lint/report.ts';
import { siteName } from '../source/index.ts';

/** Whom a part of the report is about: the two ends of a link, or one site by itself. */
export type Scope =
  | { readonly kind: 'link'; readonly link: ReportLink }
  | { readonly kind: 'site'; readonly site: number };

/**
 * What texts of that part call a site: the name of its end of the link, else its own. Null where no name is needed or
 * none would tell it from the other: in a run of one site, and where both ends of a link are of one site. Not inert.
 */
export function nameIn(site: number, scope: Scope, { sites }: Report): string | null {
  if (scope.kind === 'link') {
    const { a, b } = scope.link;
    if (a.site === b.site) return null;
    if (site === a.site) return a.name;
    if (site === b.site) return b.name;
  }
  if (sites.length === 1) return null;
  const { name, called, file } = sites[site] ?? {};
  if (sites.filter((other) => other.name === name).length === 1) return called ?? null;
  return sites.length === 2 ? letters[site === 0 ? 'a' : 'b'] : (file?.name ?? null);
}

/** The same beside the name of its file: null where the file says it. */
export function nameBesideFile(site: number, scope: Scope, report: Report): string | null {
  const name = nameIn(site, scope, report);
  return name === siteName(report.sites[site]?.file.name ?? '') ? null : name;
}

/** What the ends of a link are called where their sites' names do not tell them apart. */
const letters: Readonly<Record<Side, string>> = { a: 'A', b: 'B' };

/** Whether texts about a link call its ends A and B for want of names. */
export function hasLetters(link: LinkEnds, sites: readonly NamedSite[]): boolean {
  return (['a', 'b'] as const).some(
    (side) =>
      link[side].name === letters[side] && sites[link[side].site]?.name.toUpperCase() !== letters[side],
  );
}

/** A site as far as it can be named. */
export interface NamedSite {
  readonly name: string;
  readonly file: { readonly name: string };
}

/**
 * Who A and B are in a message about a link, to stand behind it: ` (A: a/hq.conf, B: b/hq.conf)`. Empty where the message
 * calls the ends by name or is about no link, and of two sites, which are A and B throughout. Not inert.
 */
export function lettersExplained(link: LinkEnds | null, sites: readonly NamedSite[]): string {
  if (link === null || sites.length <= 2 || !hasLetters(link, sites)) return '';
  const nameOf = ({ site: index, peer }: LinkEnds['a']): string => {
    const site = sites[index];
    if (link.a.site === link.b.site) return `${site?.name} peer ${peer}`;
    const isOnlyOne = sites.filter(({ name }) => name === site?.name).length === 1;
    return (isOnlyOne ? site?.name : site?.file.name) ?? '';
  };
  return ` (A: ${nameOf(link.a)}, B: ${nameOf(link.b)})`;
}

/** The same for a finding of the report. */
export function lettersOfFinding({ link }: Pick<Finding, 'link'>, { links, sites }: Report): string {
  return lettersExplained(link === null ? null : (links[link] ?? null), sites);
}
