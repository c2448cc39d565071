import type { Finding } from '../lint/finding.ts';
import type { Report, ReportLink } from '../lint/report.ts';
import { type FindingPlace, placesOf, scopeOf } from './finding-places.ts';
import { allWell } from './forecast.ts';
import type { FormatOptions } from './format.ts';
import { hiddenNote, logsOf, mendsOf } from './logs-and-mends.ts';
import { codeBlock, codeSpan, htmlCode, markdownLink, markdownText } from './markdown-text.ts';
import { count } from './paper.ts';
import { byUrgency } from './severity-levels.ts';
import { summaryText } from './summary.ts';
import { messageWithWire } from './wire.ts';

/** How much a text may hold, and who says so. */
interface Room {
  readonly size: number;
  readonly measure: (text: string) => number;
  readonly why: string;
}

/** A comment of GitHub's; of GitLab's a million, which nobody reads. */
const comment: Room = {
  size: 65_536,
  measure: (text) => text.length,
  why: 'a comment on GitHub holds 65,536 characters',
};

/** What a step may write to `$GITHUB_STEP_SUMMARY`. Bytes of UTF-8. */
const stepSummary: Room = {
  size: 1_048_576,
  measure: (text) => new TextEncoder().encode(text).length,
  why: "a step's summary on GitHub holds 1 MiB",
};

/** Kept for the line that says what was left out. */
const reserve = 300;

/** By what a comment of an earlier run is known. */
const mark = '<!-- vyos-ipsec-lint -->';

/** A comment for a pull request: a table for each link, and each finding's consequence, logs and commands folded away. */
export function renderMarkdown(report: Report, options: FormatOptions): string {
  return markdown(report, options, comment);
}

/** The same for `$GITHUB_STEP_SUMMARY`, which holds more. */
export function renderStepSummary(report: Report, options: FormatOptions): string {
  return markdown(report, options, stepSummary);
}

/** A part of the page with its findings; each is shown whole or left out. */
interface Section {
  readonly heading: string;
  /** Stands below the heading where there is no finding. */
  readonly verdict: string | null;
  readonly entries: ReadonlyMap<number, Entry>;
}

interface Entry {
  readonly row: string;
  readonly details: string;
}

function markdown(report: Report, options: FormatOptions, room: Room): string {
  // As everywhere, what is weak of a site comes behind what fails.
  const isWrong = (site: number): boolean =>
    report.findings.some(
      ({ link, severity, locations }) => link === null && severity === 'error' && locations[0].site === site,
    );
  const sites = report.sites.map((_, site) => ({
    wrong: isWrong(site),
    section: siteSection(site, report, options),
  }));
  const sections = [
    ...sites.flatMap(({ wrong, section }) => (wrong ? [section] : [])),
    ...report.links.map((link, index) => linkSection(link, index, report, options)),
    ...sites.flatMap(({ wrong, section }) => (wrong ? [] : [section])),
  ].filter(({ entries, verdict }) => entries.size > 0 || verdict !== null);
  const head = [mark, `## ${markdownText(report.tool.name)}: ${summaryText(report)}`];
  const unpaired = unpairedLines(report, options);
  const tail =
    unpaired.length === 0
      ? []
      : [
          report.sites.length === 1 ? aloneHeading : '### Peers that face nobody in these dumps',
          unpaired.join('\n'),
        ];

  const sizeOf = (parts: readonly string[]): number =>
    parts.reduce((sum, part) => sum + room.measure(part) + 2, 0);
  let left = room.size - reserve - sizeOf(head);
  const take = (parts: readonly string[]): boolean => {
    const size = sizeOf(parts);
    if (size > left) return false;
    left -= size;
    return true;
  };
  const shownTail = take(tail) ? tail : [];
  const begun = new Set<Section>();
  const shown = new Set<number>();
  let full = false;
  // A finding that has no room ends the list: a lesser one that would have some must not take its place.
  for (const index of byUrgency(report.findings)) {
    const section = sections.find(({ entries }) => entries.has(index));
    const entry = section?.entries.get(index);
    if (full || section === undefined || entry === undefined) continue;
    const opening = begun.has(section) ? [] : [section.heading, tableHead];
    if (take([...opening, entry.row, entry.details])) {
      begun.add(section);
      shown.add(index);
    } else {
      full = true;
    }
  }
  for (const section of sections) {
    if (section.verdict !== null && take([section.heading, section.verdict])) begun.add(section);
  }
  const missing = report.findings.length - shown.size;
  const silent = sections.filter((section) => section.verdict !== null && !begun.has(section)).length;
  const cut = [
    ...(missing > 0 ? [`${missing} of ${count(report.findings.length, 'finding')}`] : []),
    ...(silent > 0 ? [`${count(silent, 'link')} without findings`] : []),
    ...(tail.length > shownTail.length ? [count(report.unpaired.length, 'unpaired peer')] : []),
  ];
  const note = cut.length === 0 ? [] : [`Left out: ${cut.join(', ')}, for ${room.why}. Errors come first.`];
  const body = sections
    .filter((section) => begun.has(section))
    .flatMap((section) => sectionParts(section, shown));
  return `${[...head, ...note, ...body, ...shownTail].join('\n\n')}\n`;
}

function sectionParts({ heading, verdict, entries }: Section, shown: ReadonlySet<number>): readonly string[] {
  const kept = [...entries].flatMap(([index, entry]) => (shown.has(index) ? [entry] : []));
  if (kept.length === 0) return [heading, ...(verdict === null ? [] : [verdict])];
  return [
    heading,
    [tableHead, ...kept.map(({ row }) => row)].join('\n'),
    ...kept.map(({ details }) => details),
  ];
}

const aloneHeading = '### Peers whose other end is not here: whether it agrees is not judged';

const tableHead = '| Severity | Rule | What is wrong | Where | Other side |\n| --- | --- | --- | --- | --- |';

function siteSection(site: number, report: Report, options: FormatOptions): Section {
  const { name = '', file } = report.sites[site] ?? {};
  const own = (finding: Finding): boolean => finding.link === null && finding.locations[0].site === site;
  const path = (options.pathOf ?? ((given) => given))(file?.name ?? '');
  return {
    heading: `### ${codeSpan(name)} ${codeSpan(path)}`,
    verdict: null,
    entries: entriesOf(own, report, options),
  };
}

function linkSection(link: ReportLink, index: number, report: Report, options: FormatOptions): Section {
  const entries = entriesOf((finding) => finding.link === index, report, options);
  const end = ({ site, peer }: ReportLink['a']): string =>
    `${codeSpan(report.sites[site]?.name ?? '')} peer ${codeSpan(peer)}`;
  const well = link.negotiations.length > 0 && allWell(link);
  const suppressed = report.suppressed.filter(({ finding }) => finding.link === index).length;
  const found = suppressed === 0 ? 'No mismatch' : `${count(suppressed, 'finding')} suppressed, no other`;
  return {
    heading: `### ${end(link.a)} ⇄ ${end(link.b)}`,
    verdict: entries.size > 0 ? null : `${found}${well ? ': the tunnel comes up' : ''}.`,
    entries,
  };
}

function entriesOf(
  own: (finding: Finding) => boolean,
  report: Report,
  options: FormatOptions,
): ReadonlyMap<number, Entry> {
  return new Map(
    report.findings.flatMap((finding, index) =>
      own(finding) ? [[index, entryOf(finding, report, options)] as const] : [],
    ),
  );
}

function entryOf(finding: Finding, report: Report, options: FormatOptions): Entry {
  const places = placesOf(finding, report, options);
  const [first, ...others] = places;
  const page = report.rules.find(({ id }) => id === finding.ruleId)?.page ?? '';
  const cells = [
    finding.severity,
    markdownLink(finding.ruleId, page),
    markdownText(messageWithWire(finding, report)),
    first === undefined ? '' : cellOf(first),
    [...new Set(others.map(cellOf))].slice(0, mostPlaces).join(', '),
  ];
  return { row: `| ${cells.join(' | ')} |`, details: detailsOf(finding, first, report) };
}

/** More of them would make the table unreadable. */
const mostPlaces = 5;

function cellOf({ name, file, line }: FindingPlace): string {
  return `${name === null ? '' : `${markdownText(name)} `}${codeSpan(`${file}:${line}`)}`;
}

function detailsOf(finding: Finding, first: FindingPlace | undefined, report: Report): string {
  const note = hiddenNote(finding, report);
  const place = first === undefined ? '' : ` ${htmlCode(`${first.file}:${first.line}`)}`;
  return [
    `<details>\n<summary>What ${htmlCode(finding.ruleId)}${place} comes to, and what mends it</summary>`,
    markdownText(finding.consequence),
    ...(note === '' ? [] : [`${markdownText(note)}.`]),
    ...logsOf(finding, report).flatMap(({ label, lines }) => [
      `${markdownText(label)}:`,
      codeBlock(lines, 'text'),
    ]),
    ...mendsOf(finding, scopeOf(finding, report), report).flatMap(({ label, lines }) => [
      `${markdownText(label)}:`,
      codeBlock(lines),
    ]),
    '</details>',
  ]
    .filter((part) => part.trim() !== '')
    .join('\n\n');
}

function unpairedLines(
  { unpaired, sites }: Report,
  { pathOf = (file) => file }: FormatOptions,
): readonly string[] {
  return unpaired.map(
    ({ site, peer, why }) =>
      `- ${codeSpan(pathOf(sites[site]?.file.name ?? ''))} peer ${codeSpan(peer)}: ${markdownText(why)}`,
  );
}
