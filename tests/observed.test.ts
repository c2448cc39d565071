import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readSetDump } from '../grammar/index.ts';
import { negotiate } from '../src/ike/negotiate.ts';
import type { Negotiation, Side } from '../src/ike/outcome.ts';
import { sourceFile } from '../src/source/index.ts';
import { type LoadedSite, loadSite } from '../src/strongswan/load-site.ts';
import { readSite } from '../src/vyos/read-site.ts';

interface Observation {
  readonly initiator: Side;
  readonly child: string;
  readonly outcome: string;
  readonly rekey?: Readonly<Partial<Record<Side, unknown>>>;
  readonly [field: string]: unknown;
}

interface ObservedPair {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  readonly observed: readonly Observation[];
}

/** What two real charons did with 598 pairs of configurations: see fixtures/observed/README.md. */
const pairs: readonly ObservedPair[] = readFileSync('fixtures/observed/pairs.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const compared = {
  established: ['ikeProposal', 'espProposal', 'trafficSelectors', 'invalidKePayload'],
  failed: ['phase', 'notify', 'reason', 'detectedBy'],
} as const;

function load(name: Side, text: string): LoadedSite {
  return loadSite(readSite(name, readSetDump(sourceFile(`${name}.conf`, text))));
}

function forecast(pair: ObservedPair): readonly Negotiation[] {
  const [a, b] = [load('a', pair.a), load('b', pair.b)];
  const end = (side: Side, site: LoadedSite) => ({
    side,
    daemon: site.daemon,
    connection: site.sources[0]?.connection ?? '',
  });
  const records = [...negotiate(end('a', a), end('b', b)), ...negotiate(end('b', b), end('a', a))];
  return records.map(({ negotiation }) => negotiation);
}

/** The forecast in the fields of the observation; a rekey that the laboratory did not see is not compared. */
function inFieldsOf(seen: Observation, negotiation: Negotiation | undefined): unknown {
  if (!negotiation) return undefined;
  const result: Readonly<Record<string, unknown>> = { ...negotiation.result };
  const fields = compared[seen.outcome as keyof typeof compared];
  const rekey = result.rekey as Readonly<Record<string, unknown>> | undefined;
  return {
    outcome: result.outcome,
    ...Object.fromEntries(fields.map((field) => [field, result[field]])),
    ...(seen.rekey && rekey
      ? { rekey: Object.fromEntries(Object.keys(seen.rekey).map((side) => [side, rekey[side]])) }
      : {}),
    onExistingIkeSa: negotiation.onExistingIkeSa,
  };
}

function expected(seen: Observation): unknown {
  const fields = compared[seen.outcome as keyof typeof compared];
  return {
    outcome: seen.outcome,
    ...Object.fromEntries(fields.map((field) => [field, seen[field]])),
    ...(seen.rekey ? { rekey: seen.rekey } : {}),
    onExistingIkeSa: seen.onExistingIkeSa,
  };
}

describe('the forecast agrees with what real daemons did', () => {
  test.each(pairs.map((pair) => [pair.id, pair] as const))('%s', (_, pair) => {
    const negotiations = forecast(pair);
    for (const seen of pair.observed) {
      const negotiation = negotiations.find(
        ({ initiator, child }) => initiator === seen.initiator && child === seen.child,
      );
      expect(inFieldsOf(seen, negotiation)).toEqual(expected(seen));
    }
    expect(negotiations).toHaveLength(pair.observed.length);
  });

  test('there are pairs to compare', () => {
    expect(pairs.length).toBeGreaterThan(500);
  });
});
