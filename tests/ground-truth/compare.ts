/** How a forecast and what was seen of two real daemons are held against each other. */
import { isDeepStrictEqual } from 'node:util';
import { readSetDump } from '../../grammar/index.ts';
import { type Ladders, ladders } from '../../src/ike/ladder.ts';
import { negotiate } from '../../src/ike/negotiate.ts';
import type { Negotiation, Side } from '../../src/ike/outcome.ts';
import { sourceFile } from '../../src/source/index.ts';
import { type LoadedSite, loadSite } from '../../src/strongswan/load-site.ts';
import { readSite } from '../../src/vyos/read-site.ts';

/** What was seen of one child of one side as initiator, in the vocabulary of the report. */
export interface Seen {
  readonly initiator: Side;
  readonly child: string;
  readonly outcome: string;
  readonly rekey?: unknown;
  readonly onExistingIkeSa?: unknown;
}

const compared: Readonly<Record<string, readonly string[]>> = {
  established: ['ikeProposal', 'espProposal', 'trafficSelectors', 'invalidKePayload'],
  failed: ['phase', 'notify', 'reason', 'detectedBy'],
};

export function loadDump(name: Side, text: string): LoadedSite {
  return loadSite(readSite(name, readSetDump(sourceFile(`${name}.conf`, text))));
}

/** The forecast when `initiator` calls by one of its connections and the other side's `facing` is meant to answer. */
export function forecast(
  initiator: Side,
  sites: Readonly<Record<Side, LoadedSite>>,
  connections: Readonly<Record<Side, string>>,
): readonly Forecast[] {
  const end = (side: Side) => ({ side, daemon: sites[side].daemon, connection: connections[side] });
  const source = sites[initiator].sources.find(({ connection }) => connection === connections[initiator]);
  const children = source?.children.map(({ name }) => name) ?? [];
  const [caller, answerer] = [end(initiator), end(initiator === 'a' ? 'b' : 'a')];
  return negotiate(caller, answerer, children).map((record) => ({
    negotiation: record.negotiation,
    ladders: ladders(record),
  }));
}

export interface Forecast {
  readonly negotiation: Negotiation;
  readonly ladders: Ladders;
}

/** What was not seen of what comes after: where it could not be tried. */
function wasSeen(outcome: unknown): boolean {
  return !isDeepStrictEqual(outcome, { outcome: 'beyond-laboratory' });
}

/** The two in the same fields, ready for an equality; a rekey or a later child that was not seen is not compared. */
export function sideBySide(
  seen: Seen,
  negotiation: Negotiation | undefined,
): { readonly seen: unknown; readonly forecast: unknown } {
  const result: Readonly<Record<string, unknown>> = asLogged(seen, { ...negotiation?.result });
  const fields = compared[seen.outcome] ?? [];
  const pick = (from: Readonly<Record<string, unknown>>, later: unknown) => {
    const rekey = Object.entries((from.rekey ?? {}) as Outcomes).filter(([side]) => rekeyed.has(side));
    return {
      outcome: from.outcome,
      ...Object.fromEntries(fields.map((field) => [field, from[field]])),
      ...(rekey.length > 0 ? { rekey: Object.fromEntries(rekey) } : {}),
      ...(later && wasSeen(seen.onExistingIkeSa) ? { onExistingIkeSa: later } : {}),
    };
  };
  const entries = Object.entries((seen.rekey ?? {}) as Outcomes);
  const rekeyed = new Set(entries.flatMap(([side, outcome]) => (wasSeen(outcome) ? [side] : [])));
  return {
    seen: pick({ ...seen }, seen.onExistingIkeSa),
    forecast: negotiation && pick(result, negotiation.onExistingIkeSa),
  };
}

/** charon has one line for a proof that is wrong, whether by the pre-shared secret or by the PPK in it. */
function asLogged(
  seen: Seen & { readonly reason?: unknown },
  result: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const ofPpk = result.reason === 'ppk-mismatch' || result.reason === 'no-ppk';
  return seen.reason === 'psk-mismatch' && ofPpk ? { ...result, reason: seen.reason } : result;
}

type Outcomes = Readonly<Record<string, unknown>>;

export type Verdict = 'agree' | 'unknown' | 'disagree';

/** `unknown`: the dumps do not tell, and so there is nothing to compare. */
export function judge(seen: Seen, negotiation: Negotiation | undefined): Verdict {
  if (negotiation?.result.outcome === 'unknown') return 'unknown';
  const both = sideBySide(seen, negotiation);
  return isDeepStrictEqual(both.seen, both.forecast) ? 'agree' : 'disagree';
}
