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
 * The fixes of a finding as edits of the dumps: a value takes the place of the one that it sets anew, a line that is
 * deleted goes, and a new line stands behind those that it belongs to, or in the place of the one that VyOS refuses. A dump
 * in curly braces cannot be edited by lines, so it has none.
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
  const replacements = fix.replaces === undefined ? editsOf(fix, site) : corrected(fix, fix.replaces, site);
  if (replacements === null) return null;
  const path = (options.pathOf ?? ((name) => name))(site.file.name);
  return { artifactLocation: artifactLocation(path), replacements };
}

/**
 * Each command in the place of the one that VyOS refuses; where another line sets its leaf already, that one takes the value,
 * and the refused one goes.
 */
function corrected(
  { commands, beside = [] }: Fix,
  replaces: readonly Span[],
  site: ReportSite,
): readonly object[] | null {
  const { text } = site.file;
  const lines = settingLines(text);
  const edits = replaces.flatMap((at, index): readonly Edit[] => {
    const command = commands[index] ?? '';
    const [, ...path] = wordsOf(command, 0).words;
    const other = lines.findLast(({ words, start, end }) => {
      const isRefused = start <= at.start && at.end <= end;
      return !isRefused && words.length === path.length + 1 && isSame(words.slice(1, -1), path.slice(0, -1));
    });
    if (!other || beside.includes(index) || !/'$/.test(command)) return [{ ...at, text: command }];
    const own = lines.find(({ start, end }) => start === at.start && end === at.end);
    return [
      own ? withoutLine(own, text) : { ...at, text: '' },
      { ...other.value, text: `'${path.at(-1) ?? ''}'` },
    ];
  });
  return replacementsOf(edits, site);
}

interface Edit extends Stretch {
  readonly text: string;
}

function editsOf({ commands, beside = [] }: Fix, site: ReportSite): readonly object[] | null {
  return replacementsOf(workedIn(commands, beside, site.file.text), site);
}

/** From the last to the first, so that they can be made one after the other. Null where one of them cannot be made. */
function replacementsOf(edits: readonly Edit[], site: ReportSite): readonly object[] | null {
  const replacements = edits
    .toSorted((one, other) => other.start - one.start)
    .map((edit) => replacement(site, edit, edit.text));
  if (replacements.length === 0 || replacements.includes(null)) return null;
  return replacements.flatMap((each) => each ?? []);
}

/** A command of a dump, or one that is given, by its words. */
interface Line extends Stretch {
  readonly words: readonly string[];
  /** Where its last word stands, quotes included. */
  readonly value: Stretch;
}

const word = /'([^']*)'|"([^"]*)"|[^\s'"]+/g;

function wordsOf(text: string, start: number): Line {
  const found = [...text.matchAll(word)];
  const last = found.at(-1);
  const at = start + (last?.index ?? 0);
  return {
    words: found.map(([all, single, double]) => single ?? double ?? all),
    value: { start: at, end: at + (last?.[0].length ?? 0) },
    start,
    end: start + text.length,
  };
}

/** The lines that set something; none where others take back what was set: then the end of the file has the last word. */
function settingLines(text: string): readonly Line[] {
  const lines = [...text.matchAll(/^.*$/gm)].map((match) => ({
    line: match[0].replace(/\r$/, ''),
    at: match.index,
  }));
  if (
    lines.some(({ line }) =>
      /^(?:.*[#$] *)?\s*(?:delete|deactivate|activate|rename|copy|load|rollback)\s/.test(line),
    )
  )
    return [];
  return lines.flatMap(({ line, at }) => (/^\s*set\s/.test(line) ? [wordsOf(line, at)] : []));
}

function workedIn(commands: readonly string[], beside: readonly number[], text: string): readonly Edit[] {
  const lines = settingLines(text);
  const edits: Edit[] = [];
  const coming = new Map<number, string[]>();
  const given = commands.map((command) => wordsOf(command, 0).words);
  // Deleted values whose places others of the same node take.
  const places: Line[] = [];
  for (const [verb, ...path] of given) {
    if (verb !== 'delete') continue;
    const gone = lines.filter(({ words }) => path.every((each, index) => words[index + 1] === each));
    const isTaken = given.some(
      ([other, ...own]) => other === 'set' && isSame(own.slice(0, -1), path.slice(0, -1)),
    );
    if (gone.length === 0)
      coming.set(text.length, [...(coming.get(text.length) ?? []), ['delete', ...path].join(' ')]);
    else if (isTaken && gone.length === 1) places.push(...gone);
    else edits.push(...gone.map((line) => withoutLine(line, text)));
  }
  for (const [index, [verb, ...path]] of given.entries()) {
    if (verb !== 'set') continue;
    const node = path.slice(0, -1);
    const isNode = ({ words }: Line) => words.length === path.length + 1 && isSame(words.slice(1, -1), node);
    const free = places.findIndex(isNode);
    const [place] = free < 0 ? [] : places.splice(free, 1);
    const target = place ?? (beside.includes(index) ? undefined : lines.findLast(isNode));
    const hasValue = /'$/.test(commands[index] ?? '');
    if (target && hasValue) {
      edits.push({ ...target.value, text: `'${path.at(-1) ?? ''}'` });
      continue;
    }
    const at = placeFor(path, lines, text);
    coming.set(at, [...(coming.get(at) ?? []), commands[index] ?? '']);
  }
  edits.push(...places.map((line) => withoutLine(line, text)));
  return [...edits, ...[...coming].map(([at, all]) => inserted(at, all, text))];
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}

/** The start of the line behind the last one with most of the path in common; the end where none has. */
function placeFor(path: readonly string[], lines: readonly Line[], text: string): number {
  const common = lines.map(({ words }) => {
    const differing = path.findIndex((each, index) => words[index + 1] !== each);
    return differing < 0 ? path.length : differing;
  });
  const most = Math.max(0, ...common);
  const line = most === 0 ? undefined : lines[common.lastIndexOf(most)];
  return line === undefined ? text.length : lineAfter(line, text);
}

function lineAfter({ end }: Stretch, text: string): number {
  return end + (/^(?:\r\n|\n|\r)/.exec(text.slice(end, end + 2))?.[0].length ?? 0);
}

function withoutLine(line: Line, text: string): Edit {
  return { start: line.start, end: lineAfter(line, text), text: '' };
}

function inserted(at: number, commands: readonly string[], text: string): Edit {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const ended = at === 0 || /[\r\n]/.test(text.charAt(at - 1));
  const lines = commands.map((command) => (ended ? command + newline : newline + command));
  return { start: at, end: at, text: lines.join('') };
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
