import { lint } from '../src/index.ts';
import type { Finding, Location } from '../src/lint/finding.ts';
import type { Report } from '../src/lint/report.ts';
import type { Rule } from '../src/lint/rule.ts';
import { examplePair } from '../src/rules/example-pair.ts';
import { rules } from '../src/rules/index.ts';
import { lineText, positionAt } from '../src/source/index.ts';

/** The pages of docs/rules and the README's table, as text: all of it follows from the rules themselves. */

/** Every page by its file's name. */
export function rulePages(): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', indexPage()],
    ...rules.map((rule) => [`${rule.id}.md`, rulePage(rule)] as const),
  ]);
}

const openingMark = '<!-- rules -->';
const closingMark = '<!-- /rules -->';

/** A README with the table between its marks brought up to date; as it is where it has no marks. */
export function withRulesTable(readme: string): string {
  const start = readme.indexOf(openingMark);
  const end = readme.indexOf(closingMark);
  if (start < 0 || end < start) return readme;
  return `${readme.slice(0, start)}${openingMark}\n\n${rulesTable('docs/rules/')}\n\n${readme.slice(end)}`;
}

/** One row a rule, in the order in which the exchanges trip. */
export function rulesTable(folder: string): string {
  const rows = rules.map(({ id, summary, severity, notify }) => [
    `[${id}](${folder}${id}.md)`,
    summary,
    severity,
    notify ?? '',
  ]);
  return table(['Rule', 'What is wrong', 'Severity', 'IKE error'], rows);
}

function indexPage(): string {
  return document([
    '# Rules',
    'In the order in which the IKE exchanges trip over what they find. The IKE error is the notify that goes over the ' +
      'wire; where there is none, the router refuses the command itself, or nothing fails at once.',
    rulesTable(''),
  ]);
}

/** The page of one rule: what it is, why it matters, and its bad pair with all that comes of it. */
export function rulePage(rule: Rule): string {
  const { report, findings } = exampleOf(rule);
  const [first] = findings;
  if (!first) throw new Error(`the bad pair of ${rule.id} does not yield it`);
  return document([
    `# ${rule.id}`,
    rule.summary,
    facts(rule, findings),
    '## Why it matters',
    rule.why,
    '## A bad pair',
    'Of two routers, A and B, the lines that matter. What stands after `#` is what the line means.',
    code(linesOf(findings, report)),
    '`vyos-ipsec-lint` says:',
    code(findings.flatMap((finding) => conciseLines(finding, report))),
    first.consequence,
    ...logSection(findings),
    '## How to mend it',
    rule.mend,
    ...fixSection(findings),
    '## Sources',
    rule.sources.map(({ title, url }) => `- [${title}](${url})`).join('\n'),
  ]);
}

function facts({ severity, notify, scope }: Rule, findings: readonly Finding[]): string {
  const explained = findings.find(({ ikeError }) => ikeError?.notify === notify)?.ikeError;
  const exchanges = findings.flatMap(({ exchange }) => exchange ?? []);
  return table(
    ['Severity', 'IKE error', 'Exchange', 'Looks at'],
    [
      [
        severity,
        explained ? `${explained.notify} (${explained.code})` : 'none',
        [...new Set(exchanges)].join(', ') || 'none',
        looksAt[scope],
      ],
    ],
  );
}

const looksAt: Readonly<Record<Rule['scope'], string>> = {
  site: 'one router by itself',
  link: 'two peers that face each other',
  network: 'all routers, and what is expected of their links',
  suppression: 'the suppression comments of a dump',
};

/** The rule's bad pair, written as a dump would show it, and what the rule finds in it. */
function exampleOf(rule: Rule): { readonly report: Report; readonly findings: readonly Finding[] } {
  const report = lint(
    (['a', 'b'] as const).map((side) => ({
      file: `${side}.conf`,
      text: `${applied(examplePair[side], rule.bad[side]).join('\n')}\n`,
    })),
    { expectations: rule.bad.expectations ?? [] },
  );
  return { report, findings: report.findings.filter(({ ruleId }) => ruleId === rule.id) };
}

/**
 * The lines of a dump after a patch, as VyOS would print them: a value that is set anew stands in the old one's place,
 * what is deleted is gone, and a node that lost all that stood below it is left by itself (`set … tunnel 1`).
 */
function applied(dump: string, patch: string | undefined): readonly string[] {
  const commands = patch?.split('\n') ?? [];
  const lines = commands.reduce(afterCommand, dump.trim().split('\n'));
  return [...new Set(lines)].filter((line) => !lines.some((other) => other.startsWith(`${line} `)));
}

function afterCommand(lines: readonly string[], command: string): readonly string[] {
  const deleted = /^delete (.*)$/.exec(command)?.[1];
  if (deleted !== undefined) {
    const parent = `set ${deleted.slice(0, deleted.lastIndexOf(' '))}`;
    return [...lines.filter((line) => !`${line} `.startsWith(`set ${deleted} `)), parent];
  }
  const node = /^(set .*) '[^']*'$/.exec(command)?.[1];
  const replaced = lines.findIndex((line) => node !== undefined && line.startsWith(`${node} '`));
  return replaced < 0 ? [...lines, command] : lines.with(replaced, command);
}

/** The lines that the findings point at, and those that make the pair another than the clean one. */
function linesOf(findings: readonly Finding[], report: Report): readonly string[] {
  const places = findings.flatMap(({ locations }) => locations);
  return report.sites.flatMap(({ file }, site) => {
    const own = places.filter((location) => location.site === site);
    const usual = new Set(examplePair[site === 0 ? 'a' : 'b'].split('\n'));
    const shown = file.lineStarts.flatMap((_, index) => {
      const number = index + 1;
      const here = own.filter((location) => lineOf(location) === number);
      if (here.length === 0 && usual.has(lineText(file, number))) return [];
      const told = [...new Set(here.map(meaningOf))].filter((label) => label !== '');
      return [[shownLine(site, number, report), ...told.map((label) => `# ${label}`)].join('  ')];
    });
    return shown.length > 0 ? [`# ${letter(site)}: ${file.name}`, ...shown] : [];
  });
}

/** What a label adds to the line itself; a value that is not set stands at another node, so it is named. */
function meaningOf({ label, value, origin, path }: Location): string {
  if (origin === 'default') return `${path.at(-1)} ${label}`;
  return label === value ? '' : label;
}

function lineOf({ at }: Location): number {
  return positionAt(at.file, at.start).line;
}

/** A line of a dump with its secret masked, whatever its length. */
function shownLine(site: number, number: number, report: Report): string {
  const { file, secrets } = report.sites[site] as Report['sites'][number];
  const start = file.lineStarts[number - 1] ?? 0;
  const text = lineText(file, number);
  const hidden = secrets.filter((secret) => secret.start >= start && secret.end <= start + text.length);
  return hidden.toReversed().reduce((shown, secret) => {
    return `${shown.slice(0, secret.start - start)}********${shown.slice(secret.end - start)}`;
  }, text);
}

function conciseLines(finding: Finding, report: Report): readonly string[] {
  const { severity, ruleId, message, locations, exchange, ikeError } = finding;
  const [{ at, site }] = locations;
  const { line, column } = positionAt(at.file, at.start);
  const notify = ikeError && `${ikeError.notify} (${ikeError.code})`;
  const wire = [exchange, notify].filter((part) => part !== null).join(' → ');
  const place = `${report.sites[site]?.file.name}:${line}:${column}`;
  return [`${place}: ${severity}[${ruleId}]: ${message}${wire === '' ? '' : ` (${wire})`}`];
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
      return [`${lead} ${letter(site)}:`, code(commands)];
    }),
  );
}

function letter(site: number): string {
  return site === 0 ? 'A' : 'B';
}

function document(parts: readonly string[]): string {
  const note = '<!-- Made by scripts/generate-docs.ts from the rule itself: change it there. -->';
  return `${[note, ...parts].join('\n\n')}\n`;
}

function code(lines: readonly string[]): string {
  return ['```', ...lines, '```'].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
