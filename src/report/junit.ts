import type { Finding } from '../lint/finding.ts';
import type { Report, ReportLink, Side, SuppressedFinding } from '../lint/report.ts';
import { conciseLine } from './concise.ts';
import { scopeOf } from './finding-places.ts';
import { forecast } from './forecast.ts';
import type { FormatOptions } from './format.ts';
import { inert } from './inert.ts';
import { hiddenNote, type Labelled, logsOf, mendsOf } from './logs-and-mends.ts';
import { paper } from './paper.ts';
import { hasLetters, lettersOfFinding } from './site-name.ts';
import { type Element, xmlDocument } from './xml.ts';

interface Testcase {
  readonly name: string;
  readonly errors: readonly Finding[];
  /** Why nothing can be said of it. */
  readonly skipped: string | null;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Testcase[];
  /** Told below the cases; nothing of it fails. */
  readonly notes: readonly string[];
}

/**
 * JUnit's XML: a suite for each link, with a case for each side that calls, which fails with the errors that spoil its
 * calls; a suite for each site with findings of its own. Warnings and infos fail nothing and stand in the suite's output.
 */
export function renderJunit(report: Report, options: FormatOptions): string {
  const suites = [
    ...report.sites.flatMap((_, site) => siteSuite(site, report, options)),
    ...report.links.map((link, index) => linkSuite(link, index, report, options)),
  ];
  const cases = suites.flatMap((suite) => suite.cases);
  return xmlDocument({
    name: 'testsuites',
    attributes: {
      name: report.tool.name,
      tests: cases.length,
      failures: cases.filter(({ errors }) => errors.length > 0).length,
      errors: 0,
    },
    content: suites.map((suite) => suiteElement(suite, report, options)),
  });
}

function siteSuite(site: number, report: Report, options: FormatOptions): readonly Suite[] {
  const own = report.findings.filter(({ link, locations }) => link === null && locations[0].site === site);
  if (own.length === 0) return [];
  const { name = '', file } = report.sites[site] ?? {};
  const errors = own.filter(({ severity }) => severity === 'error');
  const cases = errors.length > 0 ? errors.map(byItself) : [{ name: 'has no errors', errors, skipped: null }];
  return [{ name: `${name} (${file?.name ?? ''})`, cases, notes: notesOf(own, report, options) }];
}

function linkSuite(link: ReportLink, index: number, report: Report, options: FormatOptions): Suite {
  const own = report.findings.filter((finding) => finding.link === index);
  const errors = own.filter(({ severity }) => severity === 'error');
  const callers = (['a', 'b'] as const).filter((side) =>
    link.negotiations.some(({ initiator }) => initiator === side),
  );
  const calls = callers.map((side) => {
    const spoiling = [
      ...report.findings.filter((finding) => unloadsAnEnd(finding, link)),
      ...errors.filter(({ initiators }) => initiators.includes(side)),
    ];
    return {
      name: `${link[side].name} initiates ${childrenOf(link, side).join(', ')}`,
      errors: spoiling,
      skipped: spoiling.length > 0 ? null : whyUnsure(link, index, side, report),
    };
  });
  const others = errors.filter(({ initiators }) => !initiators.some((side) => callers.includes(side)));
  const outlook = forecast(link, paper({ ...options, color: false, width: Number.MAX_VALUE }));
  const end = (side: Side): string => {
    const { site, peer, name } = link[side];
    const letter = hasLetters(link, report.sites) ? `${name} ` : '';
    return `${letter}${report.sites[site]?.name ?? ''} peer ${peer}`;
  };
  return {
    name: `${end('a')} ⇄ ${end('b')}`,
    cases: [...calls, ...others.map(byItself)],
    notes: [...outlook.map((line) => line.trim()), ...notesOf(own, report, options)],
  };
}

/** What is told of the site of an end, and keeps the end from being loaded. */
function unloadsAnEnd({ unloads, severity, locations: [{ site }] }: Finding, { a, b }: ReportLink): boolean {
  return unloads === true && severity === 'error' && (site === a.site || site === b.site);
}

function byItself(finding: Finding): Testcase {
  return { name: `${finding.ruleId}: ${finding.message}`, errors: [finding], skipped: null };
}

function childrenOf({ negotiations }: ReportLink, side: Side): readonly string[] {
  return negotiations.filter(({ initiator }) => initiator === side).map(({ child }) => child);
}

/** A call that is not known to go well passes no test: its outcome cannot be told, or what spoils it is suppressed. */
function whyUnsure(link: ReportLink, index: number, side: Side, { suppressed }: Report): string | null {
  const spoils = ({ finding }: SuppressedFinding): boolean =>
    unloadsAnEnd(finding, link) ||
    (finding.link === index && finding.severity === 'error' && finding.initiators.includes(side));
  const hidden = suppressed.find(spoils);
  if (hidden !== undefined) {
    const reason = hidden.suppression.reason ?? 'no reason was given';
    return `${hidden.finding.ruleId} is suppressed: ${reason}`;
  }
  const unknown = link.negotiations.flatMap(({ initiator, result }) =>
    initiator === side && result.outcome === 'unknown' ? [result.why] : [],
  );
  return unknown[0] ?? null;
}

function notesOf(findings: readonly Finding[], report: Report, options: FormatOptions): readonly string[] {
  return findings
    .filter(({ severity }) => severity !== 'error')
    .map((finding) => conciseLine(finding, report, options));
}

function suiteElement({ name, cases, notes }: Suite, report: Report, options: FormatOptions): Element {
  const failing = cases.filter(({ errors }) => errors.length > 0).length;
  const skipped = cases.filter((item) => item.errors.length === 0 && item.skipped !== null).length;
  return {
    name: 'testsuite',
    attributes: { name, tests: cases.length, failures: failing, errors: 0, skipped },
    content: [
      ...cases.map((item) => caseElement(item, name, report, options)),
      ...(notes.length === 0 ? [] : [{ name: 'system-out', attributes: {}, content: notes.join('\n') }]),
    ],
  };
}

function caseElement(item: Testcase, suite: string, report: Report, options: FormatOptions): Element {
  const attributes = { name: item.name, classname: suite };
  const [first] = item.errors;
  if (first !== undefined) {
    const type = [...new Set(item.errors.map(({ ruleId }) => ruleId))].join(' ');
    const message = item.errors
      .map((finding) => `${finding.message}${lettersOfFinding(finding, report)}`)
      .join('; ');
    const content = item.errors.map((finding) => failureText(finding, report, options)).join('\n\n');
    return {
      name: 'testcase',
      attributes,
      content: [{ name: 'failure', attributes: { message, type }, content }],
    };
  }
  const why = item.skipped;
  return {
    name: 'testcase',
    attributes,
    content: why === null ? [] : [{ name: 'skipped', attributes: {}, content: inert(why) }],
  };
}

function failureText(finding: Finding, report: Report, options: FormatOptions): string {
  const block = ({ label, lines }: Labelled): readonly string[] => [
    `${label}:`,
    ...lines.map((line) => `  ${line}`),
  ];
  const note = hiddenNote(finding, report);
  const lines = [
    conciseLine(finding, report, options),
    finding.consequence,
    ...(note === '' ? [] : [note]),
    ...logsOf(finding, report).flatMap(block),
    ...mendsOf(finding, scopeOf(finding, report), report).flatMap(block),
  ];
  return lines.map(inert).join('\n');
}
