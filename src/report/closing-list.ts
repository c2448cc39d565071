import type { Finding } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import { type Attention, isFailing } from './attention.ts';
import { inert } from './inert.ts';
import { linkName } from './link-row.ts';
import { cells, count, cutTo, type Paper, padded, severityInk } from './paper.ts';
import { placeOf } from './place.ts';

/** More lines than this push the first ones off the screen again. */
const mostLines = 20;

/** Fewer cells than this for what is wrong, and it stands in a line of its own. */
const leastText = 24;

interface Row extends Pick<Finding, 'severity'> {
  readonly who: string;
  readonly place: string;
  readonly text: string;
}

/**
 * What makes the run fail, a line each: `error  hq ⇄ branch  hq.conf:149  PFS: group 19, none`. What is hidden behind
 * another comes last, and only so much is shown as leaves the rest of the screen alone.
 */
export function closingList(report: Report, asked: Attention, on: Paper): readonly string[] {
  const failing = report.findings.filter((finding) => isFailing(finding, asked));
  const seen = failing.filter(({ hiddenBehind }) => hiddenBehind === null);
  const ordered = [...seen, ...failing.filter(({ hiddenBehind }) => hiddenBehind !== null)];
  const kept = ordered.length > mostLines ? ordered.slice(0, mostLines - 1) : ordered;
  const rows = kept.map((finding) => rowOf(finding, report, on));
  const widest = (texts: readonly string[]): number =>
    Math.min(Math.max(0, ...texts.map(cells)), Math.floor(on.width / 3));
  const widths = {
    severity: Math.max(0, ...rows.map(({ severity }) => severity.length)),
    who: widest(rows.map(({ who }) => who)),
    place: widest(rows.map(({ place }) => place)),
  };
  const left = ordered.slice(kept.length);
  const more = on.ink.dim(`${on.sign.cut} and ${count(left.length, 'more error')}`);
  return [...rows.flatMap((row) => lines(row, widths, on)), ...(left.length === 0 ? [] : [more])];
}

function rowOf(finding: Finding, report: Report, on: Paper): Row {
  const [location] = finding.locations;
  const link = finding.link === null ? undefined : report.links[finding.link];
  const site = report.sites[location.site];
  const { file, line } = site ? placeOf(location, site) : { file: '', line: 0 };
  return {
    severity: finding.severity,
    who: link ? linkName(link, report, on.sign.both) : (site?.called ?? ''),
    place: `${file}:${line}`,
    text: textOf(finding),
  };
}

/** What is short of a site is read beside its rule. */
function textOf({ ruleId, short, message, link }: Finding): string {
  if (short === undefined) return message;
  return link === null ? `${ruleId}: ${short}` : short;
}

function lines(
  { severity, who, place, text }: Row,
  widths: Readonly<Record<'severity' | 'who' | 'place', number>>,
  on: Paper,
): readonly string[] {
  const shownPlace = padded(place, widths.place);
  const head = `${severity.padEnd(widths.severity)}  ${padded(cutTo(who, widths.who, on), widths.who)}  ${shownPlace}`;
  const inked = severityInk(severity, on).bold(head.slice(0, severity.length)) + head.slice(severity.length);
  const room = on.width - cells(head) - 2;
  if (room >= leastText) return [`${inked}  ${cutTo(text, room, on)}`];
  const indent = ' '.repeat(widths.severity + 2);
  return [inked.trimEnd(), indent + inert(cutTo(text, on.width - indent.length, on))];
}
