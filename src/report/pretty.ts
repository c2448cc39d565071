import type { Finding } from '../lint/finding.ts';
import type { Report, UnpairedPeer } from '../lint/report.ts';
import { type AdviceKind, adviceOf } from './advice.ts';
import { agreement } from './agreement.ts';
import { condensesLinks, isAdvice, isFailing, linkOrder } from './attention.ts';
import { closingList } from './closing-list.ts';
import { findingBlock } from './finding-block.ts';
import { forecast } from './forecast.ts';
import type { FormatOptions } from './format.ts';
import { inert } from './inert.ts';
import { linkHeading, siteTexts } from './link-heading.ts';
import { linkRows } from './link-row.ts';
import { cells, count, cutTo, labelColumn, type Paper, padded, paper, row, severityInk } from './paper.ts';
import { severities } from './severity-levels.ts';
import { nameIn } from './site-name.ts';
import { summaryText } from './summary.ts';

/**
 * The report for a person at a terminal: what fails, of each site and then of each link, then the links that are well,
 * what is weak or worth knowing of each site, and at last each error again in one line, so that it is on the first screen
 * and on the last.
 */
export function renderPretty(report: Report, options: FormatOptions): string {
  const on = paper(options);
  const isError = (finding: Finding) => isFailing(finding, options);
  const isWhole = (finding: Finding) => !isError(finding) && !isAdvice(finding, report, options);
  const isOneLine = (link: number) =>
    condensesLinks(report, options) &&
    !report.findings.some((finding) => finding.link === link && isError(finding));
  const order = linkOrder(report, options);
  const parts = [
    ...report.sites.map((_, site) => sitePart(site, isError, report, on)),
    ...order.filter((link) => !isOneLine(link)).map((link) => linkPart(link, report, options, on)),
    linkRows(order.filter(isOneLine), report, on),
    ...report.sites.map((_, site) => sitePart(site, isWhole, report, on)),
    advicePart(adviceOf(report, options, { ...options, pathOf: (file) => file }), on),
    alonePart(report, on),
    unpairedPart(report, options, on),
    [...closingList(report, options, on), summary(report, options, on)],
  ];
  const shown = parts.filter((part) => part.length > 0).map((part) => `${part.join('\n')}\n`);
  return shown.join('\n');
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
  const letter = nameIn(site, scope, report);
  const heading = [...(letter === 'A' || letter === 'B' ? [letter] : []), name, file];
  return [
    `${on.ink.bold([...new Set(heading)].join('  '))}${on.ink.dim(`  ${release}`)}`,
    ...own.flatMap((finding) => ['', ...findingBlock(finding, scope, report, on)]),
  ];
}

function linkPart(index: number, report: Report, { quiet }: FormatOptions, on: Paper): readonly string[] {
  const link = report.links[index];
  if (link === undefined) return [];
  const findings = report.findings.filter((finding) => finding.link === index);
  const heading = linkHeading(link, report, on);
  if (findings.length === 0) {
    const suppressed = report.suppressed.filter(({ finding }) => finding.link === index);
    return [...heading, ...agreement(link, suppressed.length, on)];
  }
  const scope = { kind: 'link', link } as const;
  const outlook = quiet ? [] : forecast(link, on);
  return [
    ...heading,
    ...findings.flatMap((finding) => ['', ...findingBlock(finding, scope, report, on)]),
    ...(outlook.length === 0 ? [] : ['', on.ink.bold('Forecast'), ...outlook]),
  ];
}

/** Advice about single sites, a kind in a line, the warnings before the infos. */
function advicePart(kinds: readonly AdviceKind[], on: Paper): readonly string[] {
  return severities.flatMap((severity) => {
    const those = kinds.filter((kind) => kind.severity === severity);
    if (those.length === 0) return [];
    const number = those.reduce((sum, { findings }) => sum + findings.length, 0);
    return [
      `${on.ink.bold(`${count(number, severity)} about single sites`)}${on.ink.dim('  shown whole with --verbose')}`,
      ...those.map((kind) => {
        const left = 2 + cells(kind.ruleId) + 2;
        const ruleId = severityInk(severity, on)(inert(kind.ruleId));
        return `  ${ruleId}  ${adviceText(kind, on.width - left, on)}`;
      }),
    ];
  });
}

/** Fewer cells than this say nothing of what is wrong: then the line runs over. */
const leastText = 20;

/** What is wrong and where, with as many of the places as there is room for, and one at the least. */
function adviceText({ text, places }: AdviceKind, room: number, on: Paper): string {
  const all = places.map(({ file, line }) => inert(`${file}:${line}`));
  const named = (number: number): string => {
    const rest = all.length - number;
    return `: ${all.slice(0, number).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  };
  let number = 1;
  while (number < all.length && cells(text) + cells(named(number + 1)) <= room) number += 1;
  const where = named(number);
  return cutTo(text, Math.max(leastText, room - cells(where)), on) + where;
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

/** Above this many they are counted by site. */
const fewUnpaired = 4;

/** Lines for these sites. */
const mostSites = 10;

function unpairedPart({ unpaired, sites }: Report, { verbose }: FormatOptions, on: Paper): readonly string[] {
  if (unpaired.length === 0 || sites.length === 1) return [];
  const isCounted = ({ candidates }: UnpairedPeer): boolean =>
    !verbose && unpaired.length > fewUnpaired && candidates.length === 0;
  const counted = unpaired.filter(isCounted);
  const whole = unpaired.filter((peer) => !isCounted(peer));
  const note = counted.length === 0 ? '' : on.ink.dim('  shown whole with --verbose');
  const labels = whole.map(({ site, peer }) => `${sites[site]?.file.name ?? ''}  peer ${peer}`);
  const labelWidth = labelColumn(labels, on);
  return [
    `${on.ink.bold('Peers that face nobody in these dumps')}${note}`,
    ...whole.flatMap(({ why }, index) => row(labels[index] ?? '', why, labelWidth, on)),
    ...countedBySite(counted, sites, on),
  ];
}

/** `hub.conf  39 peers: S01, S02, …`, of the first sites that have any. */
function countedBySite(
  unpaired: readonly UnpairedPeer[],
  sites: Report['sites'],
  on: Paper,
): readonly string[] {
  const bySite = sites.flatMap(({ file }, site) => {
    const peers = unpaired.filter((each) => each.site === site).map(({ peer }) => peer);
    return peers.length === 0 ? [] : [{ label: file.name, peers }];
  });
  const shown = bySite.length > mostSites ? bySite.slice(0, mostSites - 1) : bySite;
  const left = bySite.slice(shown.length);
  const more = left.reduce((sum, { peers }) => sum + peers.length, 0);
  const labelWidth = labelColumn(
    shown.map(({ label }) => label),
    on,
  );
  return [
    ...shown.map(({ label, peers }) => {
      const names = `${count(peers.length, 'peer')}: ${peers.join(', ')}`;
      const room = Math.max(leastText, on.width - 4 - Math.max(labelWidth, cells(label)));
      return `  ${on.ink.dim(padded(label, labelWidth))}  ${cutTo(names, room, on)}`;
    }),
    ...(left.length === 0
      ? []
      : [on.ink.dim(`  ${on.sign.cut} and ${count(more, 'peer')} of ${count(left.length, 'more site')}`)]),
  ];
}

function summary(report: Report, options: FormatOptions, { ink }: Paper): string {
  const inks = { error: ink.red, warning: ink.yellow, info: ink.blue, good: ink.green };
  return summaryText(report, options, (what, text) => inks[what].bold(text));
}
