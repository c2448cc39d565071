import type { Finding } from '../lint/finding.ts';
import type { Report, ReportRule, SuppressedFinding, Suppression } from '../lint/report.ts';
import { artifactLocation, sourceRoot } from './artifact-uri.ts';
import { type FindingPlace, placesOf, scopeOf } from './finding-places.ts';
import type { FormatOptions } from './format.ts';
import { isWebAddress } from './hyperlink.ts';
import { inert, inertJson } from './inert.ts';
import { hiddenNote, hidingOf, mendsOf } from './logs-and-mends.ts';
import { markdownText } from './markdown-text.ts';
import { count } from './paper.ts';
import { withoutStop } from './prose.ts';
import { fixesOf } from './sarif-fix.ts';
import { cut, sarifText } from './sarif-text.ts';
import { byUrgency, severityLevels } from './severity-levels.ts';
import { messageWithWire } from './wire.ts';

/** What GitHub takes of a file; of a text where it says nothing, what a reader takes. */
const limits = {
  rules: 25_000,
  results: 25_000,
  locations: 1_000,
  description: 1_024,
  /** Of each part of a message: what is wrong, what follows, each mend. */
  part: 2_000,
  /** Places that a message names; all are among the related locations. */
  links: 10,
} as const;

/** SARIF 2.1.0, one run. */
export function renderSarif(report: Report, options: FormatOptions): string {
  const rules = report.rules.slice(0, limits.rules);
  const ruleIndexes = new Map(rules.map(({ id }, index) => [id, index] as const).toReversed());
  const context: Context = { report, options, ruleIndexes };
  const found = byUrgency(report.findings).flatMap((index) => report.findings[index] ?? []);
  const suppressed = options.suppressed === true ? report.suppressed : [];
  const all = [...found.map((finding) => ({ finding, suppression: null })), ...suppressed].filter(
    ({ finding }) => placesOf(finding, report, options).length > 0,
  );
  const kept = all.slice(0, limits.results);
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: driverOf(report, rules) },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [sourceRoot]: { description: { text: 'The root of the repository.' } } },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: leftOutNotes(all.length - kept.length),
          },
        ],
        artifacts: artifactsOf(report, options),
        results: kept.map((item) => resultOf(item, context)),
        properties: propertiesOf(report),
      },
    ],
  };
  return `${inertJson(JSON.stringify(document, null, 2))}\n`;
}

interface Context {
  readonly report: Report;
  readonly options: FormatOptions;
  readonly ruleIndexes: ReadonlyMap<string, number>;
}

interface Shown {
  readonly finding: Finding;
  readonly suppression: Suppression | null;
}

function driverOf({ tool }: Report, rules: readonly ReportRule[]): object {
  return {
    name: sarifText(tool.name),
    ...(tool.version === '' ? {} : { version: inert(tool.version) }),
    ...(isSemantic(tool.version) ? { semanticVersion: tool.version } : {}),
    ...(isWebAddress(tool.home) ? { informationUri: tool.home } : {}),
    rules: rules.map(ruleOf),
  };
}

function ruleOf({ id, summary, severity, why, mend, sources, page }: ReportRule): object {
  const links = sources.map(
    ({ title, url }) => `- ${markdownText(title)}: ${isWebAddress(url) ? `<${url}>` : ''}`,
  );
  const list = sources.map(({ title, url }) => `${title}: ${url}`);
  return {
    id: nonEmpty(inert(id), 'rule'),
    name: nonEmpty(pascalCase(id), 'Rule'),
    shortDescription: { text: described(summary, id) },
    fullDescription: { text: described(why, summary || id) },
    help: {
      text: sarifText([why, mend, ...list].join('\n\n'), 'see the page of the rule'),
      markdown: nonEmpty(
        [...paragraphs(why), '**How to mend it**', ...paragraphs(mend), '**Sources**', links.join('\n')].join(
          '\n\n',
        ),
        'See the page of the rule.',
      ),
    },
    ...(isWebAddress(page) ? { helpUri: page } : {}),
    defaultConfiguration: { level: severityLevels[severity].sarif },
    properties: {
      tags: ['ipsec', 'vyos'],
      'problem.severity': severityLevels[severity].problem,
      // What it finds follows from a model of the negotiation, not from a guess.
      precision: 'very-high',
    },
  };
}

function described(text: string, fallback: string): string {
  return cut(sarifText(text, sarifText(fallback)), limits.description);
}

function paragraphs(text: string): readonly string[] {
  return text.split(/\n{2,}/).map(markdownText);
}

function resultOf({ finding, suppression }: Shown, context: Context): object {
  const { report, options, ruleIndexes } = context;
  const [first, ...others] = placesOf(finding, report, options);
  const related = others.slice(0, limits.locations - 1);
  const ruleIndex = ruleIndexes.get(finding.ruleId);
  const fixes = fixesOf(finding, report, options);
  const hiding = hidingOf(finding, report);
  return {
    ruleId: nonEmpty(inert(finding.ruleId), 'rule'),
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: severityLevels[finding.severity].sarif,
    message: { text: messageOf(finding, first, related, report) },
    locations: first === undefined ? [] : [locationOf(first)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((place, index) => ({
            id: index + 1,
            ...locationOf(place),
            message: { text: sarifText(labelOf(place)) },
          })),
        }),
    // GitHub's own primaryLocationLineHash is made of the line's text, which may be a secret: its upload adds it, and
    // warns of every one that is there and differs.
    partialFingerprints: { 'vyosIpsecLint/v1': nonEmpty(inert(finding.fingerprint), 'none') },
    ...(fixes.length === 0 ? {} : { fixes }),
    ...(suppression === null ? {} : { suppressions: [suppressionOf(suppression)] }),
    properties: {
      ...(finding.ikeError === null ? {} : { ikeError: finding.ikeError.notify }),
      ...(finding.exchange === null ? {} : { exchange: finding.exchange }),
      initiators: finding.initiators,
      ...(hiding === null ? {} : { hiddenBehind: inert(hiding.fingerprint) }),
    },
  };
}

function messageOf(
  finding: Finding,
  first: FindingPlace | undefined,
  related: readonly FindingPlace[],
  report: Report,
): string {
  const note = hiddenNote(finding, report);
  const part = (text: string): string => `${cut(sarifText(withoutStop(text)), limits.part)}.`;
  const links = related.slice(0, limits.links).map((place, index) => {
    const { nameByFile, file, line, location } = place;
    const target = `[${sarifText(`${nameByFile === null ? '' : `${nameByFile}: `}${file}:${line}`)}](${index + 1})`;
    return location.label === '' ? target : `${target} (${cut(sarifText(location.label), limits.part)})`;
  });
  const own = first === undefined || first.location.label === '' ? [] : [sarifText(labelOf(first))];
  const mends = mendsOf(finding, scopeOf(finding, report), report);
  return [
    part(messageWithWire(finding, report)),
    ...(finding.consequence === '' ? [] : [part(finding.consequence)]),
    ...(links.length === 0 ? [] : [`${[...own, ...links].join('; ')}.`]),
    ...(note === '' ? [] : [part(note)]),
    ...mends.map(({ label, lines }) => cut(sarifText(`${label}: ${lines.join('; ')}`), limits.part)),
  ].join('\n');
}

function locationOf({ file, line, column, endLine, endColumn, location: { path } }: FindingPlace): object {
  const name = inert(path.join(' '));
  return {
    physicalLocation: {
      artifactLocation: artifactLocation(file),
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
    ...(name === '' ? {} : { logicalLocations: [{ fullyQualifiedName: name, kind: 'configuration node' }] }),
  };
}

/** `B: not set, default 2` */
function labelOf({ name, location: { label, path } }: FindingPlace): string {
  const text = label === '' ? path.join(' ') : label;
  return cut(name === null ? text : `${name}: ${text}`, limits.part);
}

function suppressionOf({ by, reason }: SuppressedFinding['suppression']): object {
  return {
    kind: by === 'comment' ? 'inSource' : 'external',
    ...(reason === null || reason.trim() === '' ? {} : { justification: inert(reason) }),
  };
}

function artifactsOf({ sites }: Report, { pathOf = (file) => file }: FormatOptions): readonly object[] {
  const locations = sites.map(({ file }) => artifactLocation(pathOf(file.name)));
  const known = new Map(locations.map((location) => [location.uri, location] as const));
  return [...known.values()].map((location) => ({ location, roles: ['analysisTarget'] }));
}

function leftOutNotes(number: number): readonly object[] {
  if (number === 0) return [];
  const text = `Left out: ${count(number, 'result')}, for GitHub takes 25,000 of a run. Errors come first.`;
  return [{ level: 'warning', message: { text } }];
}

function propertiesOf({ summary, unpaired, sites }: Report): object {
  const { errors, warnings, infos, links, suppressed } = summary;
  return {
    summary: { errors, warnings, infos, links, unpairedPeers: summary.unpairedPeers, suppressed },
    unpairedPeers: unpaired.map(({ site, peer, why }) => ({
      site: inert(sites[site]?.name ?? ''),
      peer: inert(peer),
      why: inert(why),
    })),
  };
}

function nonEmpty(text: string, fallback: string): string {
  return text.trim() === '' ? fallback : text;
}

/** `IkeDhGroupMismatch` */
function pascalCase(id: string): string {
  const words = id.match(/[a-z0-9]+/gi) ?? [];
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

function isSemantic(version: string): boolean {
  return /^\d+\.\d+\.\d+(?:[-+][0-9a-z.+-]+)?$/i.test(version);
}
