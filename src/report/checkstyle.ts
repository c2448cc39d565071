import type { Report } from '../lint/report.ts';
import { type FindingPlace, placesOf } from './finding-places.ts';
import type { FormatOptions } from './format.ts';
import { proseOf } from './prose.ts';
import { severityLevels } from './severity-levels.ts';
import { type Element, xmlDocument } from './xml.ts';

/** Checkstyle's XML: the findings of each file, a finding standing where it is shown first. */
export function renderCheckstyle(report: Report, options: FormatOptions): string {
  const byFile = new Map<string, Element[]>();
  for (const finding of report.findings) {
    const places = placesOf(finding, report, options);
    const [first] = places;
    if (first === undefined) continue;
    const errors = byFile.get(first.file) ?? [];
    byFile.set(first.file, errors);
    errors.push({
      name: 'error',
      attributes: {
        ...positionOf(first),
        severity: severityLevels[finding.severity].checkstyle,
        message: proseOf(finding, places, report).join('. '),
        source: `${report.tool.name}.${finding.ruleId}`,
      },
    });
  }
  const files = [...byFile].map(([name, content]) => ({ name: 'file', attributes: { name }, content }));
  return xmlDocument({ name: 'checkstyle', attributes: { version: '4.3' }, content: files });
}

function positionOf({ line, column }: FindingPlace): { readonly line: number; readonly column: number } {
  return { line, column };
}
