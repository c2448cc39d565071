import type { LinkEnds, Report, ReportLink } from '../lint/report.ts';
import { allWell, bringUp } from './forecast.ts';
import { inert } from './inert.ts';
import { cells, count, cutTo, type Paper, padded } from './paper.ts';
import { hasLetters } from './site-name.ts';

/** What a link is called in one line: `hq ⇄ branch`; with its peers where another one joins the same sites. Not inert. */
export function linkName(link: LinkEnds, { links, sites }: Report, both: string): string {
  const letters = hasLetters(link, sites) && sites.length > 2;
  const isTwin = links.some(
    (other) => other.a.site === link.a.site && other.b.site === link.b.site && other.a.peer !== link.a.peer,
  );
  const end = ({ site, peer, name }: LinkEnds['a']): string => {
    const called = letters ? (sites[site]?.file.name ?? '') : name;
    return isTwin || link.a.site === link.b.site ? `${called} peer ${peer}` : called;
  };
  return `${end(link.a)} ${both} ${end(link.b)}`;
}

/** Links that fail nothing, each in a line: `✔ hq ⇄ branch  comes up`; `! hq ⇄ branch  comes up, 1 warning: dpd-missing`. */
export function linkRows(indexes: readonly number[], report: Report, on: Paper): readonly string[] {
  const rows = indexes.flatMap((index) => {
    const link = report.links[index];
    if (!link) return [];
    const hasWarning = report.findings.some((each) => each.link === index && each.severity !== 'info');
    const good = allWell(link) && link.negotiations.length > 0 && !hasWarning;
    return [{ link, good, name: linkName(link, report, on.sign.both), notes: notesOf(index, report) }];
  });
  const nameWidth = Math.min(Math.max(0, ...rows.map(({ name }) => cells(name))), Math.floor(on.width / 2));
  return rows.map(({ link, good, name, notes }) => {
    const sign = good ? on.ink.green(on.sign.good) : on.ink.yellow(on.sign.mind.padEnd(cells(on.sign.good)));
    const text = [fateInBrief(link), ...notes].join(', ');
    const room = on.width - cells(on.sign.good) - 1 - nameWidth - 2;
    return `${sign} ${padded(cutTo(name, nameWidth, on), nameWidth)}  ${cutTo(text, room, on)}`;
  });
}

/** What is found of a link that fails nothing, and how much of it is not shown. */
function notesOf(index: number, { findings, suppressed }: Report): readonly string[] {
  const own = findings.filter(({ link }) => link === index);
  const notes = (['warning', 'info', 'error'] as const).flatMap((severity) => {
    const those = own.filter((finding) => finding.severity === severity);
    if (those.length === 0) return [];
    const rules = [...new Set(those.map(({ ruleId }) => ruleId))];
    return [`${count(those.length, severity)}: ${rules.join(' ')}`];
  });
  const hidden = suppressed.filter(({ finding }) => finding.link === index).length;
  return [...notes, ...(hidden === 0 ? [] : [`${hidden} suppressed`])];
}

/** Whether a link comes up, as a fragment. */
export function fateInBrief(link: ReportLink): string {
  if (link.negotiations.length === 0) return 'neither side would initiate';
  const callers = new Set(link.negotiations.map(({ initiator }) => initiator));
  const [only, ...others] = bringUp(link);
  if (only === undefined) return 'not known to come up';
  return others.length > 0 || (allWell(link) && callers.size > 1)
    ? 'comes up'
    : `comes up when ${inert(link[only].name)} initiates`;
}
