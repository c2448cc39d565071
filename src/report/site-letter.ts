import type { Report, ReportLink } from '../lint/report.ts';

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
