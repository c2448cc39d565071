/**
 * Texts that nobody meant, through the whole of `lint`: no crash, none that takes a second, and no line that is dropped
 * without a word. What is made of a seed is the same in every run.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDump } from '../../grammar/index.ts';
import { lint } from '../../src/index.ts';
import { sourceFile } from '../../src/source/index.ts';
import { inBraces } from '../arbitrary/in-braces.ts';
import { units } from './shapes.ts';

export interface Fault {
  readonly what: string;
  readonly texts: readonly string[];
}

export interface Fuzzed {
  readonly faults: readonly Fault[];
  /** Of the CPU, in milliseconds. */
  readonly slowest: number;
  readonly kinds: Readonly<Record<string, number>>;
}

const SLOW = 1000;
const folders = ['fixtures', '../shared/fixtures', '../shared/pairs'];

/** Every dump of the fixtures and of the public documents, where they are, in both notations where that can be. */
export function readSeeds(): readonly string[] {
  const files = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((file) => /\.(?:conf|txt|boot)$/.test(file))
    .toSorted();
  const texts = [...new Set(files.map((file) => readFileSync(file, 'utf8')))];
  return texts.flatMap((text) => {
    try {
      return [text, inBraces(text, 'show'), inBraces(text, 'saved')];
    } catch {
      return [text];
    }
  });
}

type Random = () => number;

/** mulberry32: a number from 0 up to, and without, 1. */
function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

const odd = [
  '{',
  '}',
  '"',
  "'",
  '\\',
  '/*',
  '*/',
  '//',
  '#',
  '\n',
  '\r',
  ' ',
  '\t',
  '\0',
  '“',
  '\ufffd',
  '!',
  ';',
];

/** A table that is a plain object has these, too. */
const ofPrototype = Object.getOwnPropertyNames(Object.prototype);

const makers: Readonly<Record<string, (random: Random, seeds: readonly string[]) => string>> = {
  bytes: (random) =>
    Buffer.from(
      Array.from({ length: Math.floor(random() * 400) }, () => Math.floor(random() * 256)),
    ).toString('utf8'),
  soup: (random, seeds) => {
    const words = pick(random, seeds).split(/(\s+)/);
    return Array.from({ length: Math.floor(random() * 120) }, () =>
      random() < 0.2 ? pick(random, odd) : pick(random, words),
    ).join('');
  },
  cut: (random, seeds) => {
    const text = pick(random, seeds);
    return text.slice(0, Math.floor(random() * text.length));
  },
  // A run of one piece, long enough for what calls itself once for each.
  run: (random, seeds) => {
    const text = pick(random, seeds);
    const at = Math.floor(random() * text.length);
    const unit = pick(random, Object.values(units));
    return text.slice(0, at) + unit.repeat(Math.floor(random() ** 4 * 4000) + 1) + text.slice(at);
  },
  names: (random, seeds) =>
    pick(random, seeds)
      .split(/(\s+)/)
      .map((word) => (/\S/.test(word) && random() < 0.05 ? pick(random, ofPrototype) : word))
      .join(''),
  change: (random, seeds) => {
    const text = pick(random, seeds);
    const at = Math.floor(random() * text.length);
    const way = random();
    const put =
      way < 0.35
        ? ''
        : random() < 0.5
          ? pick(random, odd)
          : String.fromCharCode(32 + Math.floor(random() * 95));
    return text.slice(0, at) + put + text.slice(way < 0.7 ? at + 1 : at);
  },
};

/** `count` texts, each alone or against another of them or a whole dump. */
export function fuzz(
  seeds: readonly string[],
  count: number,
  seed: number,
  onDone: (done: number) => void = () => {},
): Fuzzed {
  const random = randomFrom(seed);
  const faults: Fault[] = [];
  const kinds: Record<string, number> = {};
  let slowest = 0;
  for (let done = 1; done <= count; done += 1) {
    const kind = pick(random, ['bytes', 'soup', 'cut', 'run', 'names', 'change', 'change']);
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    const text = makers[kind]?.(random, seeds) ?? '';
    const texts = random() < 0.5 ? [text] : [text, pick(random, seeds)];
    const start = process.cpuUsage();
    try {
      lint(texts.map((each, index) => ({ file: `${index}.conf`, text: each })));
    } catch (error) {
      faults.push({ what: `${kind}: ${error instanceof Error ? error.stack : error}`, texts });
    }
    const { user, system } = process.cpuUsage(start);
    const took = (user + system) / 1000;
    slowest = Math.max(slowest, took);
    if (took > SLOW) faults.push({ what: `${kind}: took ${Math.round(took)} ms`, texts });
    const dropped = droppedFrom(text);
    if (dropped !== undefined) faults.push({ what: `${kind}: dropped at ${dropped}`, texts: [text] });
    onDone(done);
  }
  return { faults, slowest, kinds };
}

/** The first character of a text that is neither blank nor anywhere in what was read of it. */
export function droppedFrom(text: string): number | undefined {
  const dump = readDump(sourceFile('', text));
  const covered = new Uint8Array(dump.file.text.length);
  for (const { start, end } of [
    ...dump.commands.map(({ at }) => at),
    ...new Set(dump.commands.flatMap(({ path }) => path.map(({ at }) => at))),
    ...dump.problems.map(({ at, lost }) => lost ?? at),
    ...dump.ignored.map(({ at }) => at),
  ])
    covered.fill(1, start, end);
  const index = covered.findIndex((count, at) => count === 0 && /\S/.test(dump.file.text.charAt(at)));
  return index < 0 ? undefined : index;
}
