import type { Finding } from '../lint/finding.ts';
import type { ReportRule } from '../lint/report.ts';
import { conciseLine } from '../report/concise.ts';
import { exampleLines } from './example-line.ts';
import { type Explanation, exampleLetter, scopes } from './explanation.ts';

/** The page of a rule: what it is, why it matters, and its bad pair with all that comes of it. Ends with a line feed. */
export function explanationToMarkdown(explanation: Explanation): string {
  const { rule, findings, report } = explanation;
  return document([
    `# ${rule.id}`,
    rule.summary,
    facts(explanation),
    '## Why it matters',
    rule.why,
    '## A bad pair',
    'Of two routers, A and B, the lines that matter. What stands after `#` is what the line means.',
    code(([0, 1] as const).flatMap((site) => dumpLines(explanation, site))),
    '`vyos-ipsec-lint` says:',
    code(findings.map((finding) => conciseLine(finding, report, {}))),
    findings[0].consequence,
    ...logSection(findings),
    '## How to mend it',
    rule.mend,
    ...fixSection(findings),
    '## Sources',
    rule.sources.map(({ title, url }) => `- [${title}](${url})`).join('\n'),
  ]);
}

/** One row a rule. `pageOf` gives the address at which its name is to lead to its page. */
export function ruleTable(
  rules: readonly (Pick<ReportRule, 'id' | 'summary' | 'severity'> & { readonly notify: string | null })[],
  pageOf: (id: string) => string,
): string {
  const rows = rules.map(({ id, summary, severity, notify }) => [
    `[${id}](${pageOf(id)})`,
    summary,
    severity,
    notify ?? '',
  ]);
  return table(['Rule', 'What is wrong', 'Severity', 'IKE error'], rows);
}

/** Parts with a blank line between them. */
export function document(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`;
}

function facts({ rule, ikeError, exchanges, scope }: Explanation): string {
  return table(
    ['Severity', 'IKE error', 'Exchange', 'Looks at'],
    [
      [
        rule.severity,
        ikeError ? `${ikeError.notify} (${ikeError.code})` : 'none',
        exchanges.join(', ') || 'none',
        scopes[scope],
      ],
    ],
  );
}

function dumpLines(explanation: Explanation, site: 0 | 1): readonly string[] {
  const lines = exampleLines(explanation, site).map(({ text, meanings }) =>
    [text, ...meanings.map((meaning) => `# ${meaning}`)].join('  '),
  );
  const name = explanation.report.sites[site]?.file.name;
  return lines.length > 0 ? [`# ${exampleLetter(site)}: ${name}`, ...lines] : [];
}

function logSection(findings: readonly Finding[]): readonly string[] {
  const finding = findings.find(({ log }) => log.a.length + log.b.length > 0);
  if (!finding) return [];
  const [caller] = finding.initiators;
  const logs = (['a', 'b'] as const).flatMap((side) => {
    if (finding.log[side].length === 0) return [];
    const role = side === caller ? 'which calls' : 'which answers';
    return [`On ${side.toUpperCase()}, ${role}:`, code(finding.log[side])];
  });
  return ['## What the routers log', ...logs];
}

/** Several commands for one finding are alternatives; several findings are each to be mended. */
function fixSection(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ fix, fixAll }, finding) =>
    fix.flatMap(({ site, commands }, alternative) => {
      const lead = alternative > 0 && !fixAll ? 'Or on' : alternative + finding > 0 ? 'And on' : 'On';
      return [`${lead} ${exampleLetter(site)}:`, code(commands)];
    }),
  );
}

function code(lines: readonly string[]): string {
  return ['```', ...lines, '```'].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
