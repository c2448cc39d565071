import type { Finding, Fix } from '../lint/finding.ts';
import type { Report, ReportSite } from '../lint/report.ts';
import { positionAt, type Span } from '../source/index.ts';
import { artifactLocation } from './artifact-uri.ts';
import { scopeOf } from './finding-places.ts';
import type { FormatOptions } from './format.ts';
import { mendsOf } from './logs-and-mends.ts';
import { overlaps, type Stretch } from './place.ts';
import { sarifText } from './sarif-text.ts';

/**
 * The mends of a finding as edits of the dumps: each command becomes a line at the end of its file, where it has the
 * last word, as it would in a session on the router; or it takes the place of the one that VyOS refuses. A dump in curly
 * braces cannot be mended by a line, so it has none.
 * Alternatives are fixes of their own; where all are needed they are one fix of several files.
 */
export function fixesOf(finding: Finding, report: Report, options: FormatOptions): readonly object[] {
  const changes = finding.fix.map((fix) => changeOf(fix, report, options));
  const labels = mendsOf(finding, scopeOf(finding, report), report).map(({ label }) => label);
  if (finding.fixAll) {
    const all = changes.flatMap((change) => change ?? []);
    if (all.length === 0 || all.length < changes.length) return [];
    return [{ description: { text: sarifText(labels.join(' ')) }, artifactChanges: all }];
  }
  return changes.flatMap((change, index) =>
    change === null
      ? []
      : [{ description: { text: sarifText(labels[index] ?? 'Mend') }, artifactChanges: [change] }],
  );
}

function changeOf(fix: Fix, report: Report, options: FormatOptions): object | null {
  const site = report.sites[fix.site];
  // A command with other signs than a terminal types is none that can be written blindly.
  const typed = fix.commands.length > 0 && fix.commands.every((command) => /^[\x20-\x7e]+$/.test(command));
  if (site === undefined || site.notation !== 'set' || !typed) return null;
  const replacements = fix.replaces === undefined ? appended(fix, site) : corrected(fix, fix.replaces, site);
  if (replacements === null) return null;
  const path = (options.pathOf ?? ((name) => name))(site.file.name);
  return { artifactLocation: artifactLocation(path), replacements };
}

/** Each command in the place of the one that VyOS refuses. */
function corrected({ commands }: Fix, replaces: readonly Span[], site: ReportSite): readonly object[] | null {
  const edits = replaces.map((at, index) => replacement(site, at, commands[index] ?? ''));
  return edits.includes(null) ? null : edits.flatMap((edit) => edit ?? []);
}

/** The commands as lines at the end of the file. */
function appended({ commands }: Fix, site: ReportSite): readonly object[] | null {
  const { text } = site.file;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const ended = text === '' || /[\r\n]$/.test(text);
  const lines = commands.map((command) => (ended ? command + newline : newline + command));
  const edit = replacement(site, { start: text.length, end: text.length }, lines.join(''));
  return edit === null ? null : [edit];
}

/** Null where a column would tell how long a secret is. */
function replacement({ file, secrets }: ReportSite, { start, end }: Stretch, text: string): object | null {
  const from = positionAt(file, start);
  const to = positionAt(file, end);
  const lines = { start: start - from.column + 1, end };
  if (secrets.some((secret) => overlaps(secret, lines) || secret.end === lines.end)) return null;
  return {
    deletedRegion: {
      startLine: from.line,
      startColumn: from.column,
      endLine: to.line,
      endColumn: to.column,
    },
    insertedContent: { text },
  };
}
