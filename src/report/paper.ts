import { Chalk, type ChalkInstance } from 'chalk';
import type { Severity } from '../lint/finding.ts';
import { cellWidth } from './cell-width.ts';
import type { FormatOptions } from './format.ts';
import { hyperlink, isWebAddress } from './hyperlink.ts';
import { inert } from './inert.ts';

/** What the pretty report is written on: how wide it is, with which ink, and which signs it can show. */
export interface Paper {
  readonly width: number;
  readonly ink: ChalkInstance;
  readonly sign: Signs;
  /** The text as a link to an address, where the terminal makes links: it takes the cells of the text alone. */
  readonly linked: (text: string, address: string) => string;
}

interface Signs {
  readonly bar: string;
  readonly top: string;
  readonly bottom: string;
  readonly arrow: string;
  readonly both: string;
  readonly cut: string;
  readonly good: string;
  /** Of what is neither good nor bad. */
  readonly mind: string;
  readonly bad: string;
  /** Of the arrows between two columns. */
  readonly line: string;
  readonly right: string;
  readonly left: string;
}

const unicode: Signs = {
  bar: '│',
  top: '┌',
  bottom: '└',
  arrow: '→',
  both: '⇄',
  cut: '…',
  good: '✔',
  mind: '!',
  bad: '✘',
  line: '─',
  right: '▶',
  left: '◀',
};
const ascii: Signs = {
  bar: '|',
  top: '+',
  bottom: '+',
  arrow: '->',
  both: '<->',
  cut: '...',
  good: 'ok',
  mind: '!',
  bad: 'x',
  line: '-',
  right: '>',
  left: '<',
};

/** Narrower than this, lines run over: the frames and labels need some room. */
const narrowest = 40;

export function paper(options: FormatOptions): Paper {
  return {
    width: options.width >= narrowest ? options.width : narrowest,
    ink: new Chalk({ level: options.color ? 1 : 0 }),
    sign: options.unicode === false ? ascii : unicode,
    linked: (text, address) =>
      options.hyperlinks === true && isWebAddress(address) ? hyperlink(text, address) : text,
  };
}

export function severityInk(severity: Severity, { ink }: Paper): ChalkInstance {
  return { error: ink.red, warning: ink.yellow, info: ink.blue }[severity];
}

/** Cells that a text takes once it is inert. */
export function cells(text: string): number {
  return cellWidth(inert(text));
}

/** Inert, and filled with spaces up to a number of cells. */
export function padded(text: string, width: number): string {
  return inert(text) + ' '.repeat(Math.max(0, width - cells(text)));
}

/** Inert, and cut to a number of cells. */
export function cutTo(text: string, room: number, { sign }: Paper): string {
  const shown = inert(text);
  if (cellWidth(shown) <= room) return shown;
  let kept = '';
  for (const character of shown) {
    if (cellWidth(kept + character) > room - cellWidth(sign.cut)) break;
    kept += character;
  }
  return kept + sign.cut;
}

/** Prose broken at spaces. A longer word stays whole: it may be a command, a path or a proposal that is copied. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line: string | null = null;
  for (const word of inert(text).split(' ')) {
    const longer: string = line === null ? word : `${line} ${word}`;
    if (line !== null && cellWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line ?? ''].map((done) => done.trimEnd());
}

/** The width of a column of labels: that of the longest, and at most half of the paper. */
export function labelColumn(labels: readonly string[], on: Paper): number {
  return Math.min(Math.max(0, ...labels.map(cells)), Math.floor(on.width / 2));
}

/** A dim label with prose beside it, wrapped into its own column. */
export function row(label: string, prose: string, labelWidth: number, on: Paper): readonly string[] {
  const lines = wrapped(prose, on.width - textColumn(labelWidth));
  return beside(label, lines, labelWidth, on.ink.dim);
}

/** A label with lines that are never broken, for they are copied: beside it, or below it where they have no room. */
export function verbatim(
  label: string,
  lines: readonly string[],
  labelWidth: number,
  below: boolean,
  pen: ChalkInstance,
): readonly string[] {
  const shown = lines.map(inert);
  if (!below) return beside(label, shown, labelWidth, pen);
  return [`  ${pen(inert(label))}`, ...shown.map((line) => `    ${line}`)];
}

/** The column at which text stands beside a label. */
export function textColumn(labelWidth: number): number {
  return 2 + labelWidth + 2;
}

function beside(
  label: string,
  lines: readonly string[],
  labelWidth: number,
  pen: ChalkInstance,
): readonly string[] {
  const indent = ' '.repeat(textColumn(labelWidth));
  const head = `  ${pen(padded(label, labelWidth))}`;
  if (cells(label) > labelWidth) return [head, ...lines.map((line) => indent + line)];
  return lines.map((line, index) => (index === 0 ? `${head}  ${line}` : indent + line));
}

/** `1 error`, `2 errors`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
