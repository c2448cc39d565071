/** What is masked is not known: it is neither wrong nor right. */
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { lint } from '../../src/index.ts';
import { type Braces, inBraces } from '../arbitrary/in-braces.ts';
import {
  arbitraryPair,
  arbitrarySite,
  mirror,
  type PairSpec,
  type SiteSpec,
  toDump,
} from '../arbitrary/site.ts';
import { stripped } from '../arbitrary/stripped.ts';

type Texts = readonly [a: string, b: string];

interface Heavy {
  readonly ruleId: string;
  readonly message: string;
  readonly paths: readonly (readonly string[])[];
}

function heavy([a, b]: Texts): readonly Heavy[] {
  return lint([
    { file: 'a.conf', text: a },
    { file: 'b.conf', text: b },
  ])
    .findings.filter(({ severity }) => severity !== 'info')
    .map(({ ruleId, message, locations }) => ({ ruleId, message, paths: locations.map(({ path }) => path) }));
}

/** What is found of masked texts by rules that found nothing of the texts, and that are not `expected`. */
function brought(texts: Texts, masked: Texts, expected: readonly string[] = []): readonly Heavy[] {
  const before = new Set([...heavy(texts).map(({ ruleId }) => ruleId), ...expected]);
  return heavy(masked).filter(({ ruleId }) => !before.has(ruleId));
}

/**
 * What stands in the texts, masked or not, and may not be told of the texts alone. A child whose mode of ESP no child of
 * the other peer has can meet none of its own: selectors, which are masked then, may be refused before it. Aggressive mode
 * is told of a peer that faces nobody, and whom a peer faces may be masked.
 */
function surelyFound({ a, b }: PairSpec): readonly string[] {
  const [own, other] = [modesOf(a), modesOf(b)];
  const alone = [
    ...own.filter((mode) => !other.includes(mode)),
    ...other.filter((mode) => !own.includes(mode)),
  ];
  const aggressive = [a, b].some(({ peers }) => peers.some(({ ikeGroup }) => ikeGroup.mode === 'aggressive'));
  return [
    ...(alone.length > 0 ? ['esp-mode-mismatch'] : []),
    ...(aggressive ? ['aggressive-mode-used'] : []),
  ];
}

function modesOf({ peers: [{ espGroup, tunnels }] }: SiteSpec): readonly string[] {
  const groups = tunnels.length === 0 ? [espGroup] : tunnels.map((tunnel) => tunnel.espGroup ?? espGroup);
  return groups.map(({ mode }) => mode ?? 'tunnel');
}

const subset = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });
const notation = fc.constantFrom<Braces | 'set'>('set', 'show', 'saved');

function written(dump: string, how: Braces | 'set'): string {
  return how === 'set' ? dump : inBraces(dump, how);
}

/** Masks of a pair that agrees make no error and no warning. */
export function checkMasksOfMirrors(numRuns: number, seed: number): void {
  fc.assert(
    fc.property(arbitrarySite, subset, subset, notation, (site, keepA, keepB, how) => {
      const a = written(toDump(site), how);
      const b = written(toDump(mirror(site)), how);
      const masked: Texts = [
        stripped(a, (index) => keepA[index % keepA.length] === true),
        stripped(b, (index) => keepB[index % keepB.length] === true),
      ];
      deepStrictEqual(brought([a, b], masked), []);
    }),
    { numRuns, seed },
  );
}

/** Masks of any pair take findings away, and bring none. */
export function checkMasksOfPairs(numRuns: number, seed: number): void {
  fc.assert(
    fc.property(arbitraryPair, notation, (pair, how) => {
      const [a, b] = [written(toDump(pair.a), how), written(toDump(pair.b), how)];
      deepStrictEqual(brought([a, b], [stripped(a), stripped(b)], surelyFound(pair)), []);
    }),
    { numRuns, seed },
  );
}
