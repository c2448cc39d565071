/** A dump whose secret lines were spoiled the way people spoil them. */
import fc from 'fast-check';

const isSecretLine = (line: string): boolean => / secret '/.test(line);

/** Spoils one line at a place that `at` (0 to 1) tells. */
const slips: readonly ((line: string, at: number) => string)[] = [
  (line, at) => {
    const quotes = [...line.matchAll(/'/g)].map(({ index }) => index);
    return without(line, quotes[Math.floor(at * quotes.length)] ?? 0, 1);
  },
  (line, at) => {
    const index = Math.floor(at * (line.indexOf("'") - 2));
    return `${line.slice(0, index)}${line.charAt(index + 1)}${line.charAt(index)}${line.slice(index + 2)}`;
  },
  (line, at) => {
    const words = line.split(' ');
    return words.toSpliced(Math.floor(at * (words.length - 1)), 1).join(' ');
  },
  (line, at) => {
    const index = 1 + Math.floor(at * (line.length - 1));
    return `${line.slice(0, index)}\n${line.slice(index)}`;
  },
  (line) => line.replace("'", '‘').replace(/'$/, '’'),
  (line, at) => without(line, Math.floor(at * line.indexOf("'")), 1),
];

function without(line: string, index: number, count: number): string {
  return line.slice(0, index) + line.slice(index + count);
}

export interface Slip {
  readonly kind: number;
  readonly at: number;
}

export const slip: fc.Arbitrary<Slip> = fc.record({
  kind: fc.nat({ max: slips.length - 1 }),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

export function mangled(dump: string, { kind, at }: Slip): string {
  const spoil = slips[kind];
  if (spoil === undefined) return dump;
  return dump
    .split('\n')
    .map((line) => (isSecretLine(line) ? spoil(line, at) : line))
    .join('\n');
}
