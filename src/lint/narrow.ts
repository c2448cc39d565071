import type { Finding, Severity } from './finding.ts';
import { isLighter } from './finding.ts';
import type { Report, SuppressedFinding } from './report.ts';
import { part } from './suppress.ts';

/**
 * What makes a run fail, and nothing else: the findings that are no lighter than `least`, and the links that have such
 * a one.
 */
export function onlyFailing(report: Report, least: Severity): Report {
  const failing = withFindings(report, (finding) => !isLighter(finding.severity, least));
  const links = new Set(failing.findings.map(({ link }) => link));
  return recounted({
    ...withLinks(failing, (index) => links.has(index)),
    unpaired: [],
    suppressed: [],
  });
}

/**
 * What a report says of some of its files: the links that one of them is an end of, with their findings, and the
 * findings about these files alone.
 */
export function concerning(report: Report, isChanged: (file: string) => boolean): Report {
  const changed = report.sites.map(({ file }) => isChanged(file.name));
  const isKept = (index: number) => {
    const link = report.links[index];
    return link !== undefined && [link.a, link.b].some(({ site }) => changed[site]);
  };
  const concerns = ({ link, locations }: Finding) =>
    link === null ? locations.some(({ site }) => changed[site]) : isKept(link);
  return recounted({
    ...withLinks(withFindings(report, concerns), isKept),
    unpaired: report.unpaired.filter(({ site }) => changed[site]),
  });
}

/** A report with some of its links alone; no finding may be about another one. */
function withLinks(report: Report, isKept: (index: number) => boolean): Report {
  const kept = report.links.flatMap((_, index) => (isKept(index) ? [index] : []));
  const places = new Map(kept.map((index, place) => [index, place]));
  const moved = (finding: Finding): Finding =>
    finding.link === null ? finding : { ...finding, link: places.get(finding.link) ?? null };
  return {
    ...report,
    links: report.links.filter((_, index) => places.has(index)),
    findings: report.findings.map(moved),
    suppressed: report.suppressed.map(({ finding, suppression }) => ({
      finding: moved(finding),
      suppression,
    })),
  };
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
