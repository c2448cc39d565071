import type { Finding } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import { type FindingPlace, otherSides, placesOf } from './finding-places.ts';
import type { FormatOptions } from './format.ts';
import { inert } from './inert.ts';
import { summaryText } from './summary.ts';
import { messageWithWire } from './wire.ts';

/** One line a finding, for editors and problem matchers, and a last line that sums up. */
export function renderConcise(report: Report, options: FormatOptions): string {
  const lines = report.findings.map((finding) => conciseLine(finding, report, options));
  return `${[...lines, summaryText(report, options)].join('\n')}\n`;
}

/** `a.conf:7:3: error[RULE]: what is wrong (EXCHANGE → NOTIFY (n)); b.conf:9:3`, the last being the other side. */
export function conciseLine(
  finding: Finding,
  report: Report,
  options: Pick<FormatOptions, 'unicode' | 'pathOf' | 'changed'>,
): string {
  const places = placesOf(finding, report, { color: false, width: 0, ...options });
  const [first] = places;
  const arrow = options.unicode === false ? '->' : '→';
  const head = `${first === undefined ? '' : `${positionText(first)}: `}${finding.severity}[${finding.ruleId}]`;
  const elsewhere = otherSides(places).map((place) => `; ${positionText(place)}`);
  return inert(`${head}: ${messageWithWire(finding, report, arrow)}${elsewhere.join('')}`);
}

function positionText({ file, line, column }: FindingPlace): string {
  return `${file}:${line}:${column}`;
}
