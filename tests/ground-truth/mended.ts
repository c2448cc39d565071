/** A pair after `fix`, and which of its negotiations must come about then. */

import type { Side } from '../../src/ike/outcome.ts';
import { fix, rewrite } from '../../src/index.ts';
import { linkSites, mayCall } from '../../src/pairing/link.ts';
import { loadDump } from './compare.ts';
import type { Observation } from './observe.ts';

type Dumps = Readonly<Record<Side, string>>;

export interface MendedPair {
  readonly dumps: Dumps;
  /** Names of the negotiations that must come about, by `directionName`. */
  readonly standing: ReadonlySet<string>;
}

export const nothingExpected: ReadonlySet<string> = new Set();

export function directionName(initiator: Side, peer: string, child: string): string {
  return JSON.stringify([initiator, peer, child]);
}

/** Nothing is expected where the plan leaves something to a person, nor of what the dumps do not decide. */
export function mendedPair({ a, b }: Dumps): MendedPair {
  const inputs = [
    { file: 'a.conf', text: a },
    { file: 'b.conf', text: b },
  ];
  const plan = fix(inputs);
  const [mendedA = a, mendedB = b] = inputs.map((input, index) =>
    rewrite(input, plan.sites[index] ?? { steps: [] }),
  );
  const dumps = { a: mendedA, b: mendedB };
  if (plan.left.length > 0) return { dumps, standing: nothingExpected };
  const { links } = linkSites([loadDump('a', mendedA).site, loadDump('b', mendedB).site]);
  const names = links.flatMap((link) =>
    link.negotiations.flatMap(({ initiator, child, result }) => {
      const end = initiator === 'a' ? link.a : link.b;
      const happens = mayCall(end, child) && result.outcome !== 'unknown';
      return happens ? [directionName(initiator, end.source.peer.name, child)] : [];
    }),
  );
  return { dumps, standing: new Set(names) };
}

/**
 * The tunnel came up, and every rekey and every further child that could be tried did, too. A further child that fails
 * without a notify is the same as one that stands: charon starts no second one for the same traffic.
 */
export function stands(seen: Observation): boolean {
  if (seen.outcome === 'beyond-laboratory') return true;
  if (seen.outcome === 'failed') return false;
  const { rekey, onExistingIkeSa } = seen;
  if (onExistingIkeSa?.outcome === 'failed' && onExistingIkeSa.notify !== null) return false;
  return rekey.a.outcome !== 'failed' && rekey.b.outcome !== 'failed';
}
