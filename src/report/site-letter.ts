import type { Finding } from '../lint/finding.ts';
import type { LinkEnds, Report, ReportLink } from '../lint/report.ts';

/** Whom a part of the report is about: the two ends of a link, or one site by itself. */
export type Scope =
  | { readonly kind: 'link'; readonly link: ReportLink }
  | { readonly kind: 'site'; readonly site: number };

/** `A` or `B` where a site has that part, as messages use the letters; null where it has none. */
export function siteLetter(site: number, scope: Scope, report: Report): 'A' | 'B' | null {
  const [a, b] = scope.kind === 'link' ? [scope.link.a.site, scope.link.b.site] : [0, 1];
  if (a === b || (scope.kind === 'site' && report.sites.length !== 2)) return null;
  if (site === a) return 'A';
  return site === b ? 'B' : null;
}

/** A site as far as it can be named. */
interface NamedSite {
  readonly name: string;
  readonly file: { readonly name: string };
}

/**
 * Who A and B are in a message about a link, to stand behind it: ` (A: hq, B: branch)`. Empty where the message is about
 * no link, and of two sites, which are A and B throughout. A site whose name another one has too is called by its file.
 * Not inert.
 */
export function lettersExplained(link: LinkEnds | null, sites: readonly NamedSite[]): string {
  if (link === null || sites.length <= 2) return '';
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
