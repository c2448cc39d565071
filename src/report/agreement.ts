import type { ChildOutcome, Negotiation, ReportLink, Side } from '../lint/report.ts';
import { allWell, forecast, rekeyText } from './forecast.ts';
import { count, labelColumn, type Paper, row } from './paper.ts';

interface Fact {
  readonly label: string;
  readonly value: string;
}

/** A link without findings to show: what was checked, and what the two will agree on. `suppressed`: how many are not shown. */
export function agreement(link: ReportLink, suppressed: number, on: Paper): readonly string[] {
  const { negotiations } = link;
  const found = suppressed === 0 ? 'No mismatch' : `${count(suppressed, 'finding')} suppressed, no other`;
  if (negotiations.length === 0) return [`  ${found}. Neither side has a child that it would initiate.`];
  const verdict = allWell(link) ? on.ink.green(`${on.sign.good} ${found}: ${comesUp(negotiations)}`) : found;
  const facts = [{ label: 'Checked', value: checked(negotiations) }, ...perDirection(negotiations, on)];
  const labelWidth = labelColumn(
    facts.map(({ label }) => label),
    on,
  );
  return [
    `  ${verdict}`,
    ...facts.flatMap(({ label, value }) => row(label, value, labelWidth, on)),
    ...(allWell(link) ? [] : forecast(negotiations, on)),
  ];
}

function comesUp(negotiations: readonly Negotiation[]): string {
  const callers = new Set(negotiations.map(({ initiator }) => initiator));
  const [only, ...others] = callers;
  return others.length > 0
    ? 'comes up whichever side initiates'
    : `comes up when ${letter(only ?? 'a')} initiates`;
}

function checked(negotiations: readonly Negotiation[]): string {
  const calls = (['a', 'b'] as const)
    .map((side) => ({ side, children: negotiations.filter(({ initiator }) => initiator === side).length }))
    .filter(({ children }) => children > 0)
    .map(
      ({ side, children }) =>
        `${letter(side)} as initiator of ${children === 1 ? '1 child' : `${children} children`}`,
    );
  return `${calls.join(', ')}, and the rekeys that each side starts`;
}

/** Each fact once where both directions agree on it or there is but one, else once for each direction. */
function perDirection(negotiations: readonly Negotiation[], on: Paper): readonly Fact[] {
  const ofA = factsOf('a', negotiations, on);
  const ofB = factsOf('b', negotiations, on);
  if (ofA.size === 0 || ofB.size === 0) return [...ofA, ...ofB].map(([label, value]) => ({ label, value }));
  const labels = new Set([...ofA.keys(), ...ofB.keys()]);
  return [...labels].flatMap((label) => {
    const [a, b] = [ofA.get(label), ofB.get(label)];
    if (a !== undefined && a === b) return [{ label, value: a }];
    return [
      ...(a === undefined ? [] : [{ label: `${label}, A initiates`, value: a }]),
      ...(b === undefined ? [] : [{ label: `${label}, B initiates`, value: b }]),
    ];
  });
}

function factsOf(side: Side, negotiations: readonly Negotiation[], on: Paper): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  for (const { initiator, child, ikeVersion, result } of negotiations) {
    if (initiator !== side || result.outcome !== 'established') continue;
    const { local, remote } = result.trafficSelectors;
    const [a, b] = side === 'a' ? [local, remote] : [remote, local];
    const detour = result.invalidKePayload ? ' after INVALID_KE_PAYLOAD, one more round trip' : '';
    facts.set(`IKEv${ikeVersion}`, result.ikeProposal + detour);
    facts.set(`${child} ESP`, result.espProposal);
    facts.set(`${child} traffic`, `A ${a.join(' ')} ${on.sign.both} B ${b.join(' ')}`);
    facts.set(`${child} rekey`, rekeyFact(result.rekey));
  }
  return facts;
}

function rekeyFact(rekey: { readonly a: ChildOutcome; readonly b: ChildOutcome }): string {
  const { a, b } = rekey;
  const good = a.outcome === 'established' && b.outcome === 'established';
  if (!good) return rekeyText(rekey).join('; ');
  if (a.espProposal === b.espProposal) return a.espProposal;
  return `${a.espProposal} when A starts it; ${b.espProposal} when B does`;
}

function letter(side: Side): 'A' | 'B' {
  return side === 'a' ? 'A' : 'B';
}
