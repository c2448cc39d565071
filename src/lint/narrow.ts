import type { Finding, Severity } from './finding.ts';
import { isLighter } from './finding.ts';
import type { Report, SuppressedFinding } from './report.ts';
import { part } from './suppress.ts';

/** A report without the findings that are lighter than a severity. */
export function withoutLighter(report: Report, least: Severity): Report {
  return withFindings(report, (finding) => !isLighter(finding.severity, least));
}

/**
 * What a report says of some of its files: the links that one of them is an end of, with their findings, and the
 * findings about these files alone.
 */
export function concerning(report: Report, isChanged: (file: string) => boolean): Report {
  const changed = report.sites.map(({ file }) => isChanged(file.name));
  const kept = report.links.flatMap(({ a, b }, index) => (changed[a.site] || changed[b.site] ? [index] : []));
  const places = new Map(kept.map((index, place) => [index, place]));
  const concerns = ({ link, locations }: Finding) =>
    link === null ? locations.some(({ site }) => changed[site]) : places.has(link);
  const moved = (finding: Finding): Finding =>
    finding.link === null ? finding : { ...finding, link: places.get(finding.link) ?? null };
  const narrowed = withFindings(report, concerns);
  return recounted({
    ...narrowed,
    links: report.links.filter((_, index) => places.has(index)),
    unpaired: report.unpaired.filter(({ site }) => changed[site]),
    findings: narrowed.findings.map(moved),
    suppressed: narrowed.suppressed.map(({ finding, suppression }) => ({
      finding: moved(finding),
      suppression,
    })),
  });
}

function withFindings(report: Report, wanted: (finding: Finding) => boolean): Report {
  const { shown } = part(report.findings, (finding) => (wanted(finding) ? undefined : 'off'));
  const suppressed: readonly SuppressedFinding[] = report.suppressed.filter(({ finding }) => wanted(finding));
  return recounted({ ...report, findings: shown, suppressed });
}

/** The report with a summary of what it now holds. */
export function recounted(report: Omit<Report, 'summary'>): Report {
  const { findings, links, unpaired, suppressed } = report;
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return {
    ...report,
    summary: {
      errors: count('error'),
      warnings: count('warning'),
      infos: count('info'),
      links: links.length,
      unpairedPeers: unpaired.length,
      suppressed: suppressed.length,
    },
  };
}
