import type { Location } from '../lint/finding.ts';
import type { ReportSite } from '../lint/report.ts';
import { examplePair } from '../rules/example-pair.ts';
import { lineText, positionAt } from '../source/index.ts';
import type { Explanation } from './explanation.ts';

/** A line of the bad pair that matters. */
export interface ExampleLine {
  /** Counted from 1. */
  readonly number: number;
  /** The line with its secret masked. */
  readonly text: string;
  /** What the findings say of it, where that is more than the line itself. */
  readonly meanings: readonly string[];
}

/** Of one of the two dumps the lines that the findings point at, and those that make the pair another than the clean one. */
export function exampleLines({ findings, report }: Explanation, site: 0 | 1): readonly ExampleLine[] {
  const shown = report.sites[site];
  if (shown === undefined) return [];
  const places = findings.flatMap(({ locations }) => locations).filter((location) => location.site === site);
  const usual = new Set(examplePair[site === 0 ? 'a' : 'b'].split('\n'));
  return shown.file.lineStarts.flatMap((_, index) => {
    const number = index + 1;
    const here = places.filter(({ at }) => positionAt(at.file, at.start).line === number);
    if (here.length === 0 && usual.has(lineText(shown.file, number))) return [];
    const meanings = [...new Set(here.map(meaningOf))].filter((label) => label !== '');
    return [{ number, text: maskedLine(shown, number), meanings }];
  });
}

/** What a label adds to the line itself; a value that is not set stands at another node, so it is named. */
function meaningOf({ label, value, origin, path }: Location): string {
  if (origin === 'default') return `${path.at(-1)} ${label}`;
  return label === value ? '' : label;
}

/** A line of a dump with its secret masked, whatever its length. */
function maskedLine({ file, secrets }: ReportSite, number: number): string {
  const start = file.lineStarts[number - 1] ?? 0;
  const text = lineText(file, number);
  const hidden = secrets.filter((secret) => secret.start >= start && secret.end <= start + text.length);
  return hidden.toReversed().reduce((shown, secret) => {
    return `${shown.slice(0, secret.start - start)}********${shown.slice(secret.end - start)}`;
  }, text);
}
