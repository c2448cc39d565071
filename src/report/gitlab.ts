import type { Report } from '../lint/report.ts';
import { otherSides, placesOf } from './finding-places.ts';
import type { FormatOptions } from './format.ts';
import { inert, inertJson } from './inert.ts';
import { severityLevels } from './severity-levels.ts';
import { messageWithWire } from './wire.ts';

/** GitLab's Code Quality report. GitLab shows neither `check_name` nor a second place, so the description has both. */
export function renderGitlab(report: Report, options: FormatOptions): string {
  const seen = new Map<string, number>();
  const issues = report.findings.flatMap((finding) => {
    const places = placesOf(finding, report, options);
    const [first] = places;
    if (first === undefined) return [];
    const elsewhere = otherSides(places).map(({ file, line }) => `; ${file}:${line}`);
    return [
      {
        description: inert(`${finding.ruleId}: ${messageWithWire(finding, report)}${elsewhere.join('')}`),
        check_name: finding.ruleId,
        fingerprint: unique(finding.fingerprint, seen),
        severity: severityLevels[finding.severity].gitlab,
        location: { path: first.file, lines: { begin: first.line, end: first.endLine } },
      },
    ];
  });
  return `${inertJson(JSON.stringify(issues, null, 2))}\n`;
}

/** GitLab drops all but one of those that are alike; so may be the findings of several runs put together. */
function unique(fingerprint: string, seen: Map<string, number>): string {
  const count = seen.get(fingerprint) ?? 0;
  seen.set(fingerprint, count + 1);
  return count === 0 ? fingerprint : unique(`${fingerprint}-${count + 1}`, seen);
}
