import type { Finding } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import { type Attention, isAdvice } from './attention.ts';
import { type FindingPlace, placesOf } from './finding-places.ts';
import type { FormatOptions } from './format.ts';
import { count } from './paper.ts';
import { severities } from './severity-levels.ts';

/** All that a rule advises of one severity, of every site. */
export interface AdviceKind extends Pick<Finding, 'ruleId' | 'severity'> {
  /** What is alike told once: `weak hash sha1 in 4 groups, weak cipher 3des`. */
  readonly text: string;
  /** Where each finding stands, a line of a file once. */
  readonly places: readonly FindingPlace[];
  /** Indexes into the report's findings. */
  readonly findings: readonly number[];
}

/** The advice of a report, one entry a kind: the heavier first, then as it was found. */
export function adviceOf(report: Report, asked: Attention, options: FormatOptions): readonly AdviceKind[] {
  const kinds = new Map<string, number[]>();
  for (const [index, finding] of report.findings.entries()) {
    if (!isAdvice(finding, report, asked)) continue;
    const key = `${finding.severity} ${finding.ruleId}`;
    const kind = kinds.get(key);
    if (kind) kind.push(index);
    else kinds.set(key, [index]);
  }
  return [...kinds.values()]
    .flatMap((indexes): readonly AdviceKind[] => {
      const findings = indexes.flatMap((index) => report.findings[index] ?? []);
      const [first] = findings;
      if (!first) return [];
      const places = findings.flatMap((finding) => placesOf(finding, report, options)[0] ?? []);
      const byLine = new Map(places.map((place) => [`${place.file}:${place.line}`, place]));
      const { ruleId, severity } = first;
      return [{ ruleId, severity, text: textOf(findings), places: [...byLine.values()], findings: indexes }];
    })
    .toSorted((one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity));
}

function textOf(findings: readonly Finding[]): string {
  const alike = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.short === undefined) continue;
    const those = alike.get(finding.short);
    if (those) those.push(finding);
    else alike.set(finding.short, [finding]);
  }
  const [first, ...others] = findings.filter(({ short }) => short === undefined);
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return [
    ...[...alike].map(([short, those]) => (those.length === 1 ? short : `${short} ${wherever(those)}`)),
    ...(first ? [`${first.message}${more}`] : []),
  ].join(', ');
}

interface Noun {
  readonly noun: string;
  readonly at: string;
}

const anyPlace: Noun = { noun: 'place', at: 'in' };

const group: Noun = { noun: 'group', at: 'in' };
/** What each kind of node is called that a finding may be about. */
const nouns: ReadonlyMap<string, Noun> = new Map([
  ['ike-group', group],
  ['esp-group', group],
  ['peer', { noun: 'peer', at: 'at' }],
  ['vti', { noun: 'VTI', at: 'on' }],
]);

/** How many things findings are about, in the word for all of them: `in 4 groups`. */
function wherever(findings: readonly Finding[]): string {
  const [only = anyPlace, ...others] = new Set(
    findings.map(({ locations: [{ path }] }) => {
      const tag = path.slice(0, -1).findLast((word) => nouns.has(word)) ?? '';
      return nouns.get(tag) ?? anyPlace;
    }),
  );
  const { noun, at } = others.length > 0 ? anyPlace : only;
  return `${at} ${count(findings.length, noun)}`;
}
