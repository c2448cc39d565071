import type { Report } from '../lint/report.ts';
import { agreement } from './agreement.ts';
import { findingBlock } from './finding-block.ts';
import { forecast } from './forecast.ts';
import type { FormatOptions } from './format.ts';
import { linkHeading, siteTexts } from './link-heading.ts';
import { labelColumn, type Paper, paper, row } from './paper.ts';
import { siteLetter } from './site-letter.ts';
import { summaryText } from './summary.ts';

/** The report for a person at a terminal: what is wrong with each site, then each link with its forecast. */
export function renderPretty(report: Report, options: FormatOptions): string {
  const on = paper(options);
  const parts = [
    ...report.sites.map((_, site) => sitePart(site, report, on)),
    ...report.links.map((_, link) => linkPart(link, report, on)),
    unpairedPart(report, on),
    [summary(report, on)],
  ];
  const shown = parts.filter((part) => part.length > 0).map((part) => `${part.join('\n')}\n`);
  return shown.join('\n');
}

/** The findings about one site alone, under its name. */
function sitePart(site: number, report: Report, on: Paper): readonly string[] {
  const own = report.findings.filter(({ link, locations }) => link === null && locations[0].site === site);
  if (own.length === 0) return [];
  const scope = { kind: 'site', site } as const;
  const { name, file, release } = siteTexts(site, report);
  const heading = [siteLetter(site, scope, report), name, file].filter((part) => part !== null);
  return [
    `${on.ink.bold(heading.join('  '))}${on.ink.dim(`  ${release}`)}`,
    ...own.flatMap((finding) => ['', ...findingBlock(finding, scope, report, on)]),
  ];
}

function linkPart(index: number, report: Report, on: Paper): readonly string[] {
  const link = report.links[index];
  if (link === undefined) return [];
  const findings = report.findings.filter((finding) => finding.link === index);
  const heading = linkHeading(link, report, on);
  if (findings.length === 0) {
    const suppressed = report.suppressed.filter(({ finding }) => finding.link === index);
    return [...heading, ...agreement(link, suppressed.length, on)];
  }
  const scope = { kind: 'link', link } as const;
  const outlook = forecast(link.negotiations, on);
  return [
    ...heading,
    ...findings.flatMap((finding) => ['', ...findingBlock(finding, scope, report, on)]),
    ...(outlook.length === 0 ? [] : ['', on.ink.bold('Forecast'), ...outlook]),
  ];
}

function unpairedPart({ unpaired, sites }: Report, on: Paper): readonly string[] {
  if (unpaired.length === 0) return [];
  const labels = unpaired.map(({ site, peer }) => `${sites[site]?.file.name ?? ''}  peer ${peer}`);
  const labelWidth = labelColumn(labels, on);
  return [
    on.ink.bold('Peers that face nobody in these dumps'),
    ...unpaired.flatMap(({ why }, index) => row(labels[index] ?? '', why, labelWidth, on)),
  ];
}

function summary(report: Report, { ink }: Paper): string {
  const inks = { error: ink.red, warning: ink.yellow, info: ink.blue, good: ink.green };
  return summaryText(report, (what, text) => inks[what].bold(text));
}
