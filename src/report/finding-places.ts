import type { Finding, Location } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import type { FormatOptions } from './format.ts';
import { type Place, placeOf } from './place.ts';
import { nameBesideFile, nameIn, type Scope } from './site-name.ts';

/** A place of a finding as whoever reads the text knows it. */
export interface FindingPlace extends Place {
  readonly location: Location;
  /** What texts call the site; null where it needs no name. */
  readonly name: string | null;
  /** The same beside the file: null where that says it. */
  readonly nameByFile: string | null;
}

/**
 * The places of a finding, `file` being the path that `options.pathOf` gives. The first is where the finding is shown:
 * the first that lies in a changed file, for that is where a reviewer sees it, else the finding's own first.
 */
export function placesOf(
  finding: Finding,
  report: Report,
  { pathOf = (file) => file, changed = () => false }: FormatOptions,
): readonly FindingPlace[] {
  const scope = scopeOf(finding, report);
  const places = finding.locations.flatMap((location) => {
    const site = report.sites[location.site];
    if (site === undefined) return [];
    const place = placeOf(location, site);
    const name = nameIn(location.site, scope, report);
    const nameByFile = nameBesideFile(location.site, scope, report);
    return [{ ...place, file: pathOf(place.file), location, name, nameByFile, first: changed(place.file) }];
  });
  const shown = places.findIndex(({ first }) => first);
  const ordered = shown > 0 ? [places[shown], ...places.toSpliced(shown, 1)] : places;
  return ordered.flatMap((item) => {
    if (item === undefined) return [];
    const { first: _, ...place } = item;
    return [place];
  });
}

/** The first place of each other site than that of the first place. */
export function otherSides([first, ...others]: readonly FindingPlace[]): readonly FindingPlace[] {
  const seen = new Set(first === undefined ? [] : [first.location.site]);
  return others.filter(({ location: { site } }) => {
    const fresh = !seen.has(site);
    seen.add(site);
    return fresh;
  });
}

/** The link that a finding is about, or its site. */
export function scopeOf({ link: index, locations: [{ site }] }: Finding, { links }: Report): Scope {
  const link = index === null ? undefined : links[index];
  return link === undefined ? { kind: 'site', site } : { kind: 'link', link };
}
