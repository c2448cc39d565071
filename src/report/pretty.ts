import type { Finding } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import { agreement } from './agreement.ts';
import { findingBlock } from './finding-block.ts';
import { forecast } from './forecast.ts';
import type { FormatOptions } from './format.ts';
import { inert } from './inert.ts';
import { linkHeading, siteTexts } from './link-heading.ts';
import { count, labelColumn, type Paper, paper, row } from './paper.ts';
import { siteLetter } from './site-letter.ts';
import { summaryText } from './summary.ts';

/**
 * The report for a person at a terminal: what is wrong with each site, each link with its forecast, and then what is
 * weak or worth knowing of each site.
 */
export function renderPretty(report: Report, options: FormatOptions): string {
  const on = paper(options);
  const parts = [
    ...report.sites.map((_, site) => sitePart(site, isError, report, on)),
    ...report.links.map((_, link) => linkPart(link, report, on)),
    ...report.sites.map((_, site) => sitePart(site, (finding) => !isError(finding), report, on)),
    alonePart(report, on),
    unpairedPart(report, on),
    [summary(report, on)],
  ];
  const shown = parts.filter((part) => part.length > 0).map((part) => `${part.join('\n')}\n`);
  return shown.join('\n');
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

/** Those of the findings about one site alone that are wanted, under its name. */
function sitePart(
  site: number,
  wanted: (finding: Finding) => boolean,
  report: Report,
  on: Paper,
): readonly string[] {
  const own = report.findings.filter(
    (finding) => finding.link === null && finding.locations[0].site === site && wanted(finding),
  );
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

/** Of one site alone: that it was found good, where it was, and what its dump does not tell. */
function alonePart({ sites, unpaired, findings }: Report, on: Paper): readonly string[] {
  if (sites.length !== 1) return [];
  const good =
    findings.length > 0 ? [] : [`  ${on.ink.green(`${on.sign.good} No findings in this site by itself`)}`];
  const peers = unpaired.map(({ peer }) => inert(peer));
  if (peers.length === 0) return good;
  const who = peers.length > 3 ? count(peers.length, 'peer') : `peer ${peers.join(', peer ')}`;
  const label = 'Not judged';
  const what = `whether the other end agrees with ${who}; name its dump, too`;
  return [...good, ...row(label, what, labelColumn([label], on), on)];
}

function unpairedPart({ unpaired, sites }: Report, on: Paper): readonly string[] {
  if (unpaired.length === 0 || sites.length === 1) return [];
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
