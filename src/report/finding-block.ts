import type { ChalkInstance } from 'chalk';
import type { Finding } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import { codeFrames } from './code-frame.ts';
import { inert } from './inert.ts';
import { cells, labelColumn, type Paper, row, severityInk, textColumn, verbatim, wrapped } from './paper.ts';
import { type Scope, siteLetter } from './site-letter.ts';

interface Labelled {
  readonly label: string;
  readonly lines: readonly string[];
}

/** One finding: what is wrong, where it stands on both sides, what comes of it, and what mends it. */
export function findingBlock(finding: Finding, scope: Scope, report: Report, on: Paper): readonly string[] {
  const ink = severityInk(finding.severity, on);
  const logs = logsOf(finding);
  const fixes = fixesOf(finding, scope, report);
  const labels = ['What happens', ...[...logs, ...fixes].map(({ label }) => label)];
  const labelWidth = labelColumn(labels, on);
  const unbroken = (those: readonly Labelled[], pen: ChalkInstance): readonly string[] => {
    const longest = Math.max(0, ...those.flatMap(({ lines }) => lines).map(cells));
    const below = longest > on.width - textColumn(labelWidth);
    return those.flatMap(({ label, lines }) => verbatim(label, lines, labelWidth, below, pen));
  };
  return [
    ...title(finding, on),
    ...wireLines(finding, scope, on),
    ...hiddenNote(finding, report, on),
    '',
    ...codeFrames(finding.locations, scope, report, ink, on),
    '',
    ...row('What happens', finding.consequence, labelWidth, on),
    ...unbroken(logs, on.ink.dim),
    ...unbroken(fixes, on.ink.bold),
  ].filter((line, index, all) => line !== '' || all[index - 1] !== '');
}

function title(finding: Finding, on: Paper): readonly string[] {
  const ink = severityInk(finding.severity, on);
  const tag = inert(`${finding.severity}[${finding.ruleId}]`);
  return wrapped(`${tag} ${finding.message}`, on.width - 2).map((line, index) => {
    if (index > 0) return `  ${on.ink.bold(line)}`;
    if (!line.startsWith(tag)) return on.ink.bold(line);
    return ink.bold(tag) + on.ink.bold(line.slice(tag.length));
  });
}

/** What goes over the wire, and in which direction: `IKE_SA_INIT → NO_PROPOSAL_CHOSEN (14), when A initiates`. */
function wireLines({ exchange, ikeError, initiators }: Finding, scope: Scope, on: Paper): readonly string[] {
  const notify = ikeError === null ? null : `${ikeError.notify} (${ikeError.code})`;
  const answer = [exchange, notify].filter((part) => part !== null).join(` ${on.sign.arrow} `);
  const text = [answer, scope.kind === 'link' ? direction(initiators) : ''].filter((part) => part !== '');
  if (text.length === 0) return [];
  return wrapped(text.join(', '), on.width - 2).map((line) => `  ${line}`);
}

function direction(initiators: Finding['initiators']): string {
  const [only, ...others] = initiators;
  if (only === undefined) return '';
  return others.length > 0 ? 'whichever side initiates' : `when ${only.toUpperCase()} initiates`;
}

function hiddenNote({ hiddenBehind, link }: Finding, report: Report, on: Paper): readonly string[] {
  const first = hiddenBehind === null ? undefined : report.findings[hiddenBehind];
  if (first === undefined) return [];
  const which = first.link === link ? `${first.ruleId} above` : first.ruleId;
  const note = `Shows up once ${which} is mended, which fails earlier`;
  return wrapped(note, on.width - 2).map((line) => `  ${on.ink.italic(line)}`);
}

/** The log lines of both sides, with the parts they play when the first of `initiators` calls. */
function logsOf({ log, initiators }: Finding): readonly Labelled[] {
  const caller = initiators[0];
  return (['a', 'b'] as const)
    .filter((side) => log[side].length > 0)
    .map((side) => {
      const role = side === caller ? ', initiator' : ', responder';
      return {
        label: `Log of ${side.toUpperCase()}${caller === undefined ? '' : role}`,
        lines: log[side],
      };
    });
}

function fixesOf({ fix, fixAll }: Finding, scope: Scope, report: Report): readonly Labelled[] {
  return fix.map(({ site, commands }, index) => {
    const letter = siteLetter(site, scope, report) ?? report.sites[site]?.file.name ?? '';
    const place = scope.kind === 'site' && scope.site === site ? '' : ` on ${letter}`;
    return { label: `${index === 0 ? 'Mend' : fixAll ? 'and' : 'or'}${place}`, lines: commands };
  });
}
