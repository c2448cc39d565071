import type { ChildOutcome, ReportLink, Side } from '../lint/report.ts';
import { allWell, forecast, rekeyText } from './forecast.ts';
import { inert } from './inert.ts';
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
  const verdict = allWell(link) ? on.ink.green(`${on.sign.good} ${found}: ${comesUp(link)}`) : found;
  const facts = [{ label: 'Checked', value: checked(link) }, ...perDirection(link, on)];
  const labelWidth = labelColumn(
    facts.map(({ label }) => label),
    on,
  );
  return [
    `  ${verdict}`,
    ...facts.flatMap(({ label, value }) => row(label, value, labelWidth, on)),
    ...(allWell(link) ? [] : forecast(link, on)),
  ];
}

function comesUp(link: ReportLink): string {
  const callers = new Set(link.negotiations.map(({ initiator }) => initiator));
  const [only, ...others] = callers;
  return others.length > 0
    ? 'comes up whichever side initiates'
    : `comes up when ${inert(link[only ?? 'a'].name)} initiates`;
}

function checked(link: ReportLink): string {
  const { negotiations } = link;
  const calls = (['a', 'b'] as const)
    .map((side) => ({ side, children: negotiations.filter(({ initiator }) => initiator === side).length }))
    .filter(({ children }) => children > 0)
    .map(
      ({ side, children }) =>
        `${link[side].name} as initiator of ${children === 1 ? '1 child' : `${children} children`}`,
    );
  return `${calls.join(', ')}, and the rekeys that each side starts`;
}

/** Each fact once where both directions agree on it or there is but one, else once for each direction. */
function perDirection(link: ReportLink, on: Paper): readonly Fact[] {
  const ofA = factsOf('a', link, on);
  const ofB = factsOf('b', link, on);
  if (ofA.size === 0 || ofB.size === 0) return [...ofA, ...ofB].map(([label, value]) => ({ label, value }));
  const labels = new Set([...ofA.keys(), ...ofB.keys()]);
  return [...labels].flatMap((label) => {
    const [a, b] = [ofA.get(label), ofB.get(label)];
    if (a !== undefined && a === b) return [{ label, value: a }];
    return [
      ...(a === undefined ? [] : [{ label: `${label}, ${link.a.name} initiates`, value: a }]),
      ...(b === undefined ? [] : [{ label: `${label}, ${link.b.name} initiates`, value: b }]),
    ];
  });
}

function factsOf(side: Side, link: ReportLink, on: Paper): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  for (const { initiator, child, ikeVersion, result } of link.negotiations) {
    if (initiator !== side || result.outcome !== 'established') continue;
    const { local, remote } = result.trafficSelectors;
    const [a, b] = side === 'a' ? [local, remote] : [remote, local];
    const detour = result.invalidKePayload ? ' after INVALID_KE_PAYLOAD, one more round trip' : '';
    facts.set(`IKEv${ikeVersion}`, result.ikeProposal + detour);
    facts.set(`${child} ESP`, result.espProposal);
    facts.set(
      `${child} traffic`,
      `${link.a.name} ${a.join(' ')} ${on.sign.both} ${link.b.name} ${b.join(' ')}`,
    );
    facts.set(`${child} rekey`, rekeyFact(result.rekey, link));
  }
  return facts;
}

function rekeyFact(rekey: { readonly a: ChildOutcome; readonly b: ChildOutcome }, link: ReportLink): string {
  const { a, b } = rekey;
  const good = a.outcome === 'established' && b.outcome === 'established';
  if (!good) return rekeyText(rekey, link).join('; ');
  if (a.espProposal === b.espProposal) return a.espProposal;
  return `${a.espProposal} when ${link.a.name} starts it; ${b.espProposal} when ${link.b.name} does`;
}
