import type { ChalkInstance } from 'chalk';
import type { Location } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import { cellWidth } from './cell-width.ts';
import { excerpt } from './display-line.ts';
import { inert } from './inert.ts';
import { type Paper, wrapped } from './paper.ts';
import { placeOf } from './place.ts';
import { nameBesideFile, type Scope } from './site-name.ts';

/** What underlines a value: one that is set, one that was derived from it, and a node that leaves a value to its default. */
const marker = { set: '~', derived: '-', default: '.' } as const;

interface Frame {
  /** Alike for two frames that show the same stretch of the same line. */
  readonly key: string;
  readonly head: string;
  readonly source: string;
  readonly marks: readonly string[];
}

/** The source lines that a finding speaks of, each with its value underlined; locations of one line share it. */
export function codeFrames(
  locations: readonly Location[],
  scope: Scope,
  report: Report,
  ink: ChalkInstance,
  on: Paper,
): readonly string[] {
  const numbers = locations.map((location) => lineNumberOf(location, report));
  const gutter = numbers.reduce((most, number) => Math.max(most, number.length), 0);
  const frames = locations.map((location) => frameOf(location, gutter, scope, report, ink, on));
  return frames.flatMap((frame, index) => {
    const shared = index > 0 && frames[index - 1]?.key === frame.key;
    return shared ? frame.marks : [frame.head, frame.source, ...frame.marks];
  });
}

function frameOf(
  location: Location,
  gutter: number,
  scope: Scope,
  report: Report,
  ink: ChalkInstance,
  on: Paper,
): Frame {
  const site = report.sites[location.site];
  if (site === undefined) return { key: '', head: '', source: '', marks: [] };
  const { file, line, column } = placeOf(location, site);
  const margin = `  ${' '.repeat(gutter)} ${on.sign.bar} `;
  const room = on.width - cellWidth(margin);
  const shown = excerpt(site.file, location.at, site.secrets, room, on.sign.cut);

  const name = nameBesideFile(location.site, scope, report);
  const called = name === null ? '' : `${on.ink.bold(inert(name).padEnd(gutter))} `;
  const path = site.notation === 'config-boot' ? `  ${inert(location.path.join(' '))}` : '';
  const head = `  ${called}${inert(file)}:${line}:${column}${on.ink.dim(path)}`;
  const dimMargin = on.ink.dim(margin);
  const set = location.origin !== 'default';
  const pen = set ? ink : on.ink.dim;
  const plain = shown.before + shown.marked + shown.after;
  const source = set ? shown.before + ink.bold(shown.marked) + shown.after : plain;
  const number = String(line).padStart(gutter);
  const underline = marker[location.origin].repeat(shown.extent);
  return {
    key: `${location.site}:${line}:${plain}`,
    head,
    source: `  ${on.ink.dim(`${number} ${on.sign.bar}`)} ${source}`,
    marks: labelled(shown.indent, underline, location.label, room).map((text) => dimMargin + pen(text)),
  };
}

/** The underline with its label beside it, or below where it would run over the edge. */
function labelled(indent: number, underline: string, label: string, room: number): readonly string[] {
  const mark = ' '.repeat(indent) + underline;
  const text = inert(label);
  if (text === '') return [mark];
  if (indent + underline.length + 1 + cellWidth(text) <= room) return [`${mark} ${text}`];
  const lines = wrapped(text, room);
  const widest = lines.reduce((most, line) => Math.max(most, cellWidth(line)), 0);
  const shift = ' '.repeat(Math.max(0, Math.min(indent, room - widest)));
  return [mark, ...lines.map((line) => shift + line)];
}

function lineNumberOf(location: Location, report: Report): string {
  const site = report.sites[location.site];
  return site === undefined ? '' : String(placeOf(location, site).line);
}
