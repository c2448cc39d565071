import type { Finding } from '../lint/finding.ts';
import type { Report, ReportRule } from '../lint/report.ts';
import { findingBlock } from '../report/finding-block.ts';
import type { FormatOptions } from '../report/format.ts';
import { cells, labelColumn, type Paper, padded, paper, row, severityInk, wrapped } from '../report/paper.ts';
import type { Scope } from '../report/site-name.ts';
import { type Explanation, scopes } from './explanation.ts';

/** Prose that runs wider than this is hard to read, however wide the terminal is. */
const widest = 100;

/** The page of a rule for a person at a terminal: the bad pair as `pretty` shows it, with why, the mend and the sources. */
export function explanationToTerminal(explanation: Explanation, options: FormatOptions): string {
  const on = paper({ ...options, width: Math.min(widest, options.width) });
  const { rule, findings, report } = explanation;
  const section = (heading: string, lines: readonly string[]) => ['', on.ink.bold(heading), ...lines];
  const prose = (text: string) => wrapped(text, on.width - 2).map((line) => `  ${line}`);
  const lines = [
    on.ink.bold.underline(on.linked(rule.id, rule.page)),
    ...wrapped(rule.summary, on.width),
    '',
    ...facts(explanation, on),
    ...section('Why it matters', prose(rule.why)),
    ...section('A bad pair, and what is said of it', []),
    ...findings.flatMap((finding) => ['', ...findingBlock(finding, scopeOf(finding, report), report, on)]),
    ...section('How to mend it', prose(rule.mend)),
    ...section('Sources', sources(rule, on)),
  ];
  return `${lines.join('\n')}\n`;
}

/** What a list of rules shows of each. */
export type ListedRule = Pick<ReportRule, 'id' | 'summary' | 'severity' | 'page'> & {
  /** Under the rule, as it is: a line of a log. Default: none. */
  readonly notes?: readonly string[];
  /** In a column of its own. Default: no such column. */
  readonly notify?: string | null;
};

/** One rule a line, with its summary beside it where there is room and below it where there is none. */
export function ruleList(rules: readonly ListedRule[], options: FormatOptions): string {
  const on = paper(options);
  const widthOf = (texts: readonly string[]) => Math.max(0, ...texts.map(cells));
  const idWidth = widthOf(rules.map(({ id }) => id));
  const severityWidth = widthOf(rules.map(({ severity }) => severity));
  const notifyWidth = widthOf(rules.map(({ notify }) => notify ?? ''));
  const indent = idWidth + 2 + severityWidth + 2 + (notifyWidth > 0 ? notifyWidth + 2 : 0);
  const beside = on.width - indent >= narrowestColumn;
  const lines = rules.flatMap(({ id, severity, notify, summary, page, notes = [] }) => {
    const name = on.ink.bold(on.linked(id, page));
    const head = [
      name + ' '.repeat(idWidth - cells(id)),
      severityInk(severity, on)(padded(severity, severityWidth)),
      ...(notifyWidth > 0 ? [padded(notify ?? '', notifyWidth)] : []),
    ].join('  ');
    const [first = '', ...more] = wrapped(summary, beside ? on.width - indent : on.width - 4);
    return [
      ...(beside ? [`${head}  ${first}`] : [head.trimEnd(), `    ${first}`]),
      ...more.map((line) => ' '.repeat(beside ? indent : 4) + line),
      ...notes.map((note) => `    ${on.ink.dim(note)}`),
    ];
  });
  return `${lines.join('\n')}\n`;
}

/** Cells that a summary needs to be read beside its rule. */
const narrowestColumn = 32;

function facts({ rule, ikeError, exchanges, scope }: Explanation, on: Paper): readonly string[] {
  const notify = ikeError ? `${ikeError.notify} (${ikeError.code})` : 'none';
  const table = [
    ['Severity', rule.severity],
    ['IKE error', notify],
    ...(exchanges.length > 0 ? [['Exchange', exchanges.join(', ')] as const] : []),
    ['Looks at', scopes[scope]],
  ] as const;
  const width = labelColumn(
    table.map(([label]) => label),
    on,
  );
  return table.flatMap(([label, value]) => row(label, value, width, on));
}

function scopeOf({ link, locations }: Finding, report: Report): Scope {
  const of = link === null ? undefined : report.links[link];
  return of ? { kind: 'link', link: of } : { kind: 'site', site: locations[0].site };
}

/** A link where the terminal makes one, else the address itself, which no line is too narrow for: it is copied. */
function sources({ sources: all, page }: ReportRule, on: Paper): readonly string[] {
  const listed = [...all, { title: 'This page', url: page }];
  return listed.flatMap(({ title, url }) => {
    const link = on.linked(title, url);
    return link === title ? [`  ${title}`, `    ${url}`] : [`  ${link}`];
  });
}
