/** How much longer twice the text takes, for texts of one shape each. */
import { lint } from '../../src/index.ts';
import { renderPretty } from '../../src/report/pretty.ts';
import { examplePair } from '../../src/rules/example-pair.ts';
import { type Shape, shapes } from './shapes.ts';

export interface Growth {
  readonly shape: string;
  /** Characters of the smaller text. */
  readonly size: number;
  /** The least CPU time of each, in milliseconds. */
  readonly small: number;
  readonly large: number;
}

/** Twice the text may take this many times as long. */
export const mostGrowth = 2.2;

const firstSize = 50_000;
const lastSize = 800_000;

/** What takes less is measured at a larger size: a clock of the kernel counts in milliseconds. */
const leastTime = 100;

const fewRuns = 3;
const manyRuns = 12;

/**
 * How a shape grows: the least of several runs, of more where it seems too much, for nothing makes a run shorter by chance.
 * What still seems too much is looked at in a larger text: what is quadratic grows there as much, and a busy machine and the
 * collector of garbage count for less.
 */
export function growthOf(name: string, shape: Shape, from = firstSize): Growth {
  let size = from;
  let small = leastOf(shape(size), fewRuns);
  while (small < leastTime && size < lastSize) {
    size *= 2;
    small = leastOf(shape(size), fewRuns);
  }
  let large = leastOf(shape(2 * size), fewRuns);
  for (let runs = fewRuns; runs < manyRuns && large > mostGrowth * small; runs += fewRuns) {
    small = Math.min(small, leastOf(shape(size), fewRuns));
    large = Math.min(large, leastOf(shape(2 * size), fewRuns));
  }
  const growth = { shape: name, size, small, large };
  return growsTooMuch(growth) && size < lastSize ? growthOf(name, shape, 2 * size) : growth;
}

export function growsTooMuch({ small, large }: Growth): boolean {
  return large > mostGrowth * Math.max(small, 1);
}

function leastOf(text: string, runs: number): number {
  return Math.min(...Array.from({ length: runs }, () => timeOf(text)));
}

/** CPU time in milliseconds of judging a text against a whole dump, and of writing the report. */
function timeOf(text: string): number {
  globalThis.gc?.();
  const before = process.cpuUsage();
  const report = lint([
    { file: 'a.conf', text },
    { file: 'b.conf', text: examplePair.b },
  ]);
  renderPretty(report, { color: false, width: 100, unicode: true });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Those that once took four times as long, or ended the process; the others are looked at by `npm run fuzz`. */
const slice: readonly string[] = [
  'comment marks, in a dump',
  'blocks in each other',
  'suppression comments between commands',
  'masks',
  'psks without an id',
];

/** Throws for the first of so many of the slice that grows too much. */
export function checkGrowth(runs: number): void {
  for (const name of slice.slice(0, runs)) {
    const shape = shapes[name];
    if (shape === undefined) throw new Error(`no shape ${name}`);
    const growth = growthOf(name, shape);
    if (growsTooMuch(growth)) throw new Error(describe(growth));
  }
}

export function describe({ shape, size, small, large }: Growth): string {
  const ratio = (large / Math.max(small, 1)).toFixed(2);
  return `${shape}: ${ratio} times (${Math.round(small)} ms for ${size / 1000} kB, ${Math.round(large)} ms for twice as much)`;
}
