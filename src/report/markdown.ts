import type { Finding } from '../lint/finding.ts';
import type { Report, ReportLink } from '../lint/report.ts';
import { type AdviceKind, adviceOf } from './advice.ts';
import { condensesLinks, isAdvice, isFailing, linkOrder } from './attention.ts';
import { type FindingPlace, placesOf, scopeOf } from './finding-places.ts';
import { allWell } from './forecast.ts';
import type { FormatOptions } from './format.ts';
import { fateInBrief } from './link-row.ts';
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
  /** How many links it is about that have no finding. */
  readonly links: number;
  readonly tableHead: string;
  readonly entries: ReadonlyMap<number, Entry>;
}

interface Entry {
  /** Indexes of the findings that it is about. */
  readonly about: readonly number[];
  readonly row: string;
  readonly details: string;
}

function markdown(report: Report, options: FormatOptions, room: Room): string {
  // As everywhere, what is weak of a site comes behind what fails.
  const isWrong = (site: number): boolean =>
    report.findings.some(
      (finding) => finding.link === null && isFailing(finding, options) && finding.locations[0].site === site,
    );
  const sites = report.sites.map((_, site) => ({
    wrong: isWrong(site),
    section: siteSection(site, report, options),
  }));
  const order = linkOrder(report, options);
  const isSilent = (index: number): boolean => !report.findings.some(({ link }) => link === index);
  const listed = condensesLinks(report, options) ? order.filter(isSilent) : [];
  const sections = [
    ...sites.flatMap(({ wrong, section }) => (wrong ? [section] : [])),
    ...order.flatMap((index) => {
      const link = listed.includes(index) ? undefined : report.links[index];
      return link ? [linkSection(link, index, report, options)] : [];
    }),
    ...sites.flatMap(({ wrong, section }) => (wrong ? [] : [section])),
    adviceSection(report, options),
    listSection(listed, report),
  ].filter(({ entries, verdict }) => entries.size > 0 || verdict !== null);
  const head = [mark, `## ${markdownText(report.tool.name)}: ${summaryText(report, options)}`];
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
    const opening = begun.has(section) ? [] : [section.heading, section.tableHead];
    if (take([...opening, entry.row, entry.details])) {
      begun.add(section);
      for (const each of entry.about) shown.add(each);
    } else {
      full = true;
    }
  }
  for (const section of sections) {
    if (section.verdict !== null && take([section.heading, section.verdict])) begun.add(section);
  }
  const missing = report.findings.length - shown.size;
  const silent = sections
    .filter(({ verdict }) => verdict !== null)
    .filter((section) => !begun.has(section))
    .reduce((sum, { links }) => sum + links, 0);
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

function sectionParts(
  { heading, verdict, tableHead, entries }: Section,
  shown: ReadonlySet<number>,
): readonly string[] {
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

const adviceHead =
  '| Severity | Rule | What is advised against | Where | And |\n| --- | --- | --- | --- | --- |';

function siteSection(site: number, report: Report, options: FormatOptions): Section {
  const { name = '', file } = report.sites[site] ?? {};
  const own = (finding: Finding): boolean =>
    finding.link === null && finding.locations[0].site === site && !isAdvice(finding, report, options);
  const path = (options.pathOf ?? ((given) => given))(file?.name ?? '');
  return {
    heading: `### ${codeSpan(name)} ${codeSpan(path)}`,
    verdict: null,
    links: 0,
    tableHead,
    entries: entriesOf(own, report, options),
  };
}

function linkSection(link: ReportLink, index: number, report: Report, options: FormatOptions): Section {
  const entries = entriesOf((finding) => finding.link === index, report, options);
  const well = link.negotiations.length > 0 && allWell(link);
  const suppressed = report.suppressed.filter(({ finding }) => finding.link === index).length;
  const found = suppressed === 0 ? 'No mismatch' : `${count(suppressed, 'finding')} suppressed, no other`;
  return {
    heading: `### ${endsOf(link, report)}${link.pairing.kind === 'guess' ? ' (paired by a guess)' : ''}`,
    verdict: entries.size > 0 ? null : `${found}${well ? ': the tunnel comes up' : ''}.`,
    links: 1,
    tableHead,
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
      own(finding) ? [[index, entryOf(finding, index, report, options)] as const] : [],
    ),
  );
}

function entryOf(finding: Finding, index: number, report: Report, options: FormatOptions): Entry {
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
  return { about: [index], row: `| ${cells.join(' | ')} |`, details: detailsOf(finding, first, report) };
}

/** Advice about single sites, a row a kind. */
function adviceSection(report: Report, options: FormatOptions): Section {
  const entries = adviceOf(report, options, options).flatMap((kind) => {
    const [index] = kind.findings;
    return index === undefined ? [] : [[index, adviceEntry(kind, report, options)] as const];
  });
  return { heading: '### Advice', verdict: null, links: 0, tableHead: adviceHead, entries: new Map(entries) };
}

function adviceEntry(kind: AdviceKind, report: Report, options: FormatOptions): Entry {
  const { ruleId, severity, text, places } = kind;
  const page = report.rules.find(({ id }) => id === ruleId)?.page ?? '';
  const [first, ...others] = places.map(cellOf);
  const more = others.length > mostPlaces ? [`${others.length - mostPlaces} more`] : [];
  const cells = [
    severity,
    markdownLink(ruleId, page),
    markdownText(text),
    first ?? '',
    [...others.slice(0, mostPlaces), ...more].join(', '),
  ];
  const findings = kind.findings.flatMap((index) => report.findings[index] ?? []);
  const bullets = findings.map((finding) => {
    const place = placesOf(finding, report, options)[0];
    return `- ${markdownText(finding.message)}${place === undefined ? '' : `, ${cellOf(place)}`}`;
  });
  const details = [
    `<details>\n<summary>What ${htmlCode(ruleId)} comes to, and what mends it</summary>`,
    bullets.join('\n'),
    ...new Set(findings.map(({ consequence }) => markdownText(consequence))),
    ...findings.flatMap((finding) => commandBlocks(finding, report)),
    '</details>',
  ].filter((part) => part.trim() !== '');
  return { about: kind.findings, row: `| ${cells.join(' | ')} |`, details: details.join('\n\n') };
}

function endsOf({ a, b }: ReportLink, { sites }: Report): string {
  const [one, other] = [a, b].map(
    ({ site, peer }) => `${codeSpan(sites[site]?.name ?? '')} peer ${codeSpan(peer)}`,
  );
  return `${one} ⇄ ${other}`;
}

/** Links without findings, a line each. */
function listSection(indexes: readonly number[], report: Report): Section {
  const lines = indexes.flatMap((index) => {
    const link = report.links[index];
    if (!link) return [];
    const suppressed = report.suppressed.filter(({ finding }) => finding.link === index).length;
    const hidden = suppressed === 0 ? '' : `, ${suppressed} suppressed`;
    return [`- ${endsOf(link, report)}: ${markdownText(fateInBrief(link))}${hidden}`];
  });
  return {
    heading: '### Links without findings',
    verdict: lines.length === 0 ? null : lines.join('\n'),
    links: lines.length,
    tableHead,
    entries: new Map(),
  };
}

/** More of them would make the table unreadable. */
const mostPlaces = 5;

function cellOf({ nameByFile, file, line }: FindingPlace): string {
  return `${nameByFile === null ? '' : `${markdownText(nameByFile)} `}${codeSpan(`${file}:${line}`)}`;
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
    ...commandBlocks(finding, report),
    '</details>',
  ]
    .filter((part) => part.trim() !== '')
    .join('\n\n');
}

function commandBlocks(finding: Finding, report: Report): readonly string[] {
  return mendsOf(finding, scopeOf(finding, report), report).flatMap(({ label, lines }) => [
    `${markdownText(label)}:`,
    codeBlock(lines),
  ]);
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
