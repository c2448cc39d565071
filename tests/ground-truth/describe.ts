/** A disagreement as text: both configurations, what was forecast, what was seen, and both daemons' logs. */
import { inspect } from 'node:util';
import type { Side } from '../../src/ike/outcome.ts';
import type { PairSpec } from '../arbitrary/site.ts';
import { sideBySide } from './compare.ts';
import { type Direction, disagreements, type Examination } from './examine.ts';

export interface Tally {
  readonly agree: number;
  readonly unknown: number;
  readonly beyond: number;
  readonly disagree: number;
}

export function tally(directions: readonly Direction[]): Tally {
  const count = (...verdicts: readonly Direction['verdict'][]) =>
    directions.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return {
    agree: count('agree'),
    unknown: count('unknown'),
    beyond: count('beyond-laboratory'),
    disagree: count('disagree', 'traffic', 'log', 'wire', 'not-mended'),
  };
}

export function describeDisagreement(path: string, pair: PairSpec, examination: Examination): string {
  const { dumps, said } = examination;
  const parts = [
    `\n===== pair ${path}: ${pair.changes.join(' ') || 'an exact mirror'}\n`,
    `--- a\n${dumps.a}--- b\n${dumps.b}`,
    ...(['a', 'b'] as const).flatMap((side) => rejected(side, said[side])),
    ...disagreements(examination).map(describeDirection),
  ];
  return parts.join('');
}

function rejected(side: Side, said: string): readonly string[] {
  const lines = said.split('\n').filter((line) => /^loading .* failed/.test(line));
  return lines.map((line) => `--- swanctl on ${side}: ${line}\n`);
}

function describeDirection({ verdict, seen, negotiation, missing, wrong }: Direction): string {
  const both = sideBySide(seen, negotiation);
  const show = (value: unknown) => inspect(value, { depth: 6, breakLength: 110 });
  const traffic = verdict === 'traffic' && seen.outcome === 'established' ? seen.traffic.join('; ') : '';
  const claim = verdict === 'not-mended' ? 'the mended pair does not come up, or is lost at a rekey\n' : '';
  return [
    claim,
    `--- ${seen.initiator} initiates ${seen.connection} ${seen.child}${traffic && `: ${traffic}`}\n`,
    ...(verdict === 'log' ? missing.map(({ role, line }) => `the ${role} did not write: ${line}\n`) : []),
    ...(verdict === 'wire'
      ? wrong.map(
          ({ what, role, forecast, seen: written }) =>
            `${what}, the ${role}: forecast ${forecast ?? 'nothing'}\n  seen ${written ?? 'nothing'}\n`,
        )
      : []),
    `forecast ${show(both.forecast)}\n`,
    `seen     ${show(both.seen)}\n`,
    `initiator's log:\n${indented(seen.logs.initiator)}responder's log:\n${indented(seen.logs.responder)}`,
  ].join('');
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}\n`).join('');
}
