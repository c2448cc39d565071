import type { ChalkInstance } from 'chalk';
import type { Finding } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import { codeFrames } from './code-frame.ts';
import { inert } from './inert.ts';
import { hiddenNote, type Labelled, logsOf, mendsOf } from './logs-and-mends.ts';
import { cells, labelColumn, type Paper, row, severityInk, textColumn, verbatim, wrapped } from './paper.ts';
import type { Scope } from './site-name.ts';
import { directionText, wireText } from './wire.ts';

/** A router of a long name must not push all that is said to the edge. */
const widestLabel = 24;

/** One finding: what is wrong, where it stands on both sides, what comes of it, and what mends it. */
export function findingBlock(finding: Finding, scope: Scope, report: Report, on: Paper): readonly string[] {
  const ink = severityInk(finding.severity, on);
  const logs = logsOf(finding, report);
  const fixes = mendsOf(finding, scope, report);
  const labels = ['What happens', ...[...logs, ...fixes].map(({ label }) => label)];
  const labelWidth = Math.min(labelColumn(labels, on), widestLabel);
  const unbroken = (those: readonly Labelled[], pen: ChalkInstance): readonly string[] => {
    const longest = those
      .flatMap(({ lines }) => lines)
      .reduce((most, line) => Math.max(most, cells(line)), 0);
    const below = longest > on.width - textColumn(labelWidth);
    return those.flatMap(({ label, lines }) => verbatim(label, lines, labelWidth, below, pen));
  };
  return [
    ...title(finding, report, on),
    ...wireLines(finding, scope, on),
    ...hiddenLines(finding, report, on),
    '',
    ...codeFrames(finding.locations, scope, report, ink, on),
    '',
    ...row('What happens', finding.consequence, labelWidth, on),
    ...unbroken(logs, on.ink.dim),
    ...unbroken(fixes, on.ink.bold),
  ].filter((line, index, all) => line !== '' || all[index - 1] !== '');
}

function title({ severity, ruleId, message }: Finding, report: Report, on: Paper): readonly string[] {
  const ink = severityInk(severity, on);
  const tag = inert(`${severity}[${ruleId}]`);
  const page = report.rules.find(({ id }) => id === ruleId)?.page ?? '';
  const shownTag = on.linked(tag, page);
  return wrapped(`${tag} ${message}`, on.width - 2).map((line, index) => {
    if (index > 0) return `  ${on.ink.bold(line)}`;
    if (!line.startsWith(tag)) return on.ink.bold(line);
    return ink.bold(shownTag) + on.ink.bold(line.slice(tag.length));
  });
}

/** What goes over the wire, and in which direction: `IKE_SA_INIT → NO_PROPOSAL_CHOSEN, when hq initiates`. */
function wireLines(finding: Finding, scope: Scope, on: Paper): readonly string[] {
  const direction = scope.kind === 'link' ? directionText(finding, scope.link) : '';
  const text = [wireText(finding, on.sign.arrow), direction].filter((part) => part !== '');
  if (text.length === 0) return [];
  return wrapped(text.join(', '), on.width - 2).map((line) => `  ${line}`);
}

function hiddenLines(finding: Finding, report: Report, on: Paper): readonly string[] {
  const note = hiddenNote(finding, report, ({ ruleId, link }) =>
    link === finding.link ? `${ruleId} above` : ruleId,
  );
  if (note === '') return [];
  return wrapped(note, on.width - 2).map((line) => `  ${on.ink.italic(line)}`);
}
