import type { Finding } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import { type FindingPlace, placesOf } from './finding-places.ts';
import type { FormatOptions } from './format.ts';
import { inert } from './inert.ts';
import { count } from './paper.ts';
import { proseOf } from './prose.ts';
import { byUrgency, severities, severityLevels } from './severity-levels.ts';
import { summaryText } from './summary.ts';
import { type CommandProperties, workflowCommand } from './workflow-command.ts';

/** Annotations of each level that GitHub shows of a step; it drops the others without a word. */
const mostOfALevel = 10;

/**
 * GitHub's workflow commands: an annotation for each finding, errors first, and within a severity those last that show
 * only once another is mended. What goes beyond GitHub's limits is told in one more, the last of its notices.
 */
export function renderGithub(report: Report, options: FormatOptions): string {
  const order = byUrgency(report.findings).flatMap((index) => report.findings[index] ?? []);
  const bySeverity = severities.map((severity) => order.filter((finding) => finding.severity === severity));
  const fits = bySeverity.every(({ length }) => length <= mostOfALevel);
  const shown = bySeverity.map((findings, level) => {
    const isNotice = level === severities.length - 1;
    return findings.slice(0, isNotice && !fits ? mostOfALevel - 1 : mostOfALevel);
  });
  const leftOut = severities.map((severity, level) => ({
    severity,
    more: (bySeverity[level]?.length ?? 0) - (shown[level]?.length ?? 0),
  }));
  const more = leftOut.filter((of) => of.more > 0).map((of) => count(of.more, of.severity));
  const lines = [
    ...shown.flat().map((finding) => annotation(finding, report, options)),
    ...(fits ? [] : [overflow(more, report)]),
    summaryText(report, options),
  ];
  return `${lines.join('\n')}\n`;
}

function annotation(finding: Finding, report: Report, options: FormatOptions): string {
  const places = placesOf(finding, report, options);
  const [first] = places;
  const title = `${report.tool.name}: ${finding.ruleId}`;
  const text = proseOf(finding, places, report).map(inert).join('\n');
  const { github } = severityLevels[finding.severity];
  return workflowCommand(
    github,
    { ...(first === undefined ? {} : positionOf(first)), title: inert(title) },
    text,
  );
}

/** GitHub refuses columns of an annotation that goes over several lines. A line feed in a file's name can be written as it is. */
function positionOf({ file, line, column, endLine, endColumn }: FindingPlace): CommandProperties {
  const columns = line === endLine ? { col: column, endColumn } : {};
  return { file: file.split('\n').map(inert).join('\n'), line, endLine, ...columns };
}

function overflow(more: readonly string[], report: Report): string {
  const text = `${more.join(', ')} not annotated: GitHub shows ten annotations of each level for a step`;
  return workflowCommand('notice', { title: inert(report.tool.name) }, text);
}
