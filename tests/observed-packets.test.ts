import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Side } from '../src/ike/outcome.ts';
import { lint } from '../src/index.ts';

interface ObservedPair {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  readonly observed: Readonly<Partial<Record<Side, { readonly outcome: string }>>>;
}

/** What two real charons did behind routers that take, ignore or cannot send the packets of IKE. */
const pairs: readonly ObservedPair[] = readFileSync('fixtures/observed/packets.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

/** Where the dump only may lack the address or the route. */
const onlyTheRouterKnows = /^(?:foreign-local|no-route)/;

describe('what a router does to the packets of IKE', () => {
  test.each(pairs.map((pair) => [pair.id, pair] as const))('%s', (id, { a, b, observed }) => {
    const report = lint([
      { file: 'a.conf', text: a },
      { file: 'b.conf', text: b },
    ]);
    const [link] = report.links;
    const errors = report.findings.filter(({ severity }) => severity === 'error');
    const judged = Object.keys(observed).map((side) => {
      const { result } = link?.negotiations.find(({ initiator }) => initiator === side) ?? {};
      const outcome = result?.outcome === 'failed' ? result.reason : result?.outcome;
      return [side, outcome, errors.some(({ initiators }) => initiators.includes(side as Side))];
    });
    expect(judged).toEqual(
      Object.entries(observed).map(([side, { outcome }]) =>
        onlyTheRouterKnows.test(id) ? [side, 'unknown', false] : [side, outcome, outcome !== 'established'],
      ),
    );
  });
});
