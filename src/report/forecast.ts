import type { ChalkInstance } from 'chalk';
import type { ChildOutcome, Failure, Negotiation, Reason, ReportLink, Side } from '../lint/report.ts';
import { type Paper, wrapped } from './paper.ts';

/** What each reason says, as a fragment. */
const reasons: Readonly<Record<Reason, string>> = {
  'no-ike-config': 'the responder has no connection for these addresses and this IKE version',
  'no-ike-proposal': 'no common IKE proposal',
  'no-peer-config': 'the responder has no connection for these identities',
  'auth-method': 'the authentication methods differ',
  'psk-mismatch': 'the pre-shared keys differ',
  'no-psk': 'no pre-shared key for these identities',
  'no-private-key': 'no private key for the certificate',
  'no-ppk': 'one side requires a post-quantum preshared key that the other does not use',
  'ppk-mismatch': 'the post-quantum preshared keys differ',
  childless: 'one side wants an IKE_SA without a CHILD_SA, the other does not',
  'id-mismatch': "the initiator does not accept the responder's identity",
  'mode-mismatch': 'main mode on one side, aggressive mode on the other',
  'not-loaded': 'strongSwan does not load the connection',
  'aggressive-psk-refused': 'aggressive mode with a pre-shared key is refused',
  'no-child-proposal': 'no common ESP proposal',
  'no-matching-ts': 'the traffic selectors do not overlap',
  'cannot-initiate': 'there is no address to call',
  'no-response': 'nobody answers at that address',
  'own-route': 'its packets are routed into it',
};

/** What becomes of each child when each side calls, one entry for all children of a side that fare alike. */
export function forecast(link: ReportLink, on: Paper): readonly string[] {
  const alike = new Map<string, { side: Side; fate: string; ink: ChalkInstance; children: string[] }>();
  for (const negotiation of link.negotiations) {
    const { initiator: side, child } = negotiation;
    const fate = fateOf(negotiation, link);
    const group = alike.get(`${side} ${fate}`);
    if (group === undefined) {
      alike.set(`${side} ${fate}`, { side, fate, ink: inkOf(negotiation, on), children: [child] });
    } else {
      group.children.push(child);
    }
  }
  return [...alike.values()].flatMap(({ side, fate, ink, children }) => {
    const text = `${link[side].name} initiates ${children.join(', ')}: ${fate}`;
    return wrapped(text, on.width - 4).map((line, index) => (index === 0 ? '  ' : '    ') + ink(line));
  });
}

/** The sides whose every call comes up and is rekeyed. */
export function bringUp({ negotiations }: ReportLink): readonly Side[] {
  return (['a', 'b'] as const).filter((side) => {
    const own = negotiations.filter(({ initiator }) => initiator === side);
    return own.length > 0 && own.every((negotiation) => degree(negotiation) === 'well');
  });
}

/** Whether each direction and child comes up, is rekeyed, and comes up over an IKE_SA that stands. */
export function allWell({ negotiations }: ReportLink): boolean {
  return negotiations.every((negotiation) => degree(negotiation) === 'well');
}

function fateOf(negotiation: Negotiation, link: ReportLink): string {
  const { result, onExistingIkeSa, hidden, afterwards } = negotiation;
  const losses = afterwards.flatMap((later) => (later.kind === 'lost' ? [lossBy(link[later.by].name)] : []));
  switch (result.outcome) {
    case 'failed':
      return [`fails ${failureText(result)}`, ...nextFailures(hidden)].join('; ');
    case 'unknown':
      return [`cannot be told: ${result.why}`, ...behindUnknown(hidden)].join('; ');
    case 'established':
      if (losses.length > 0) return `comes up and is lost at once: ${losses.join(', and ')}`;
      return ['comes up', ...rekeyText(result.rekey, link), ...laterChildText(onExistingIkeSa)].join('; ');
  }
}

/** Why a negotiation fails, as a fragment. */
export function reasonText({ reason, detail }: Failure): string {
  if (detail?.unloaded === 'responder') return 'the responder does not load the connection';
  if (!detail?.dropped) return reasons[reason];
  const { by, arrival, obstacle } = detail.dropped;
  const what = `${by === 'responder' ? 'it' : 'the answer'}, UDP ${arrival.port}`;
  switch (obstacle.by) {
    case 'destination-nat':
      return `destination NAT ${obstacle.name} of the ${by} takes ${what}`;
    case 'interface-list':
      return `the ${by} does not listen on ${obstacle.name} and ignores ${what}`;
    default:
      return `the firewall of the ${by} drops ${what}`;
  }
}

/** What loses the tunnel as soon as it is up, as a clause. `name`: of the end that does it. */
export function lossBy(name: string): string {
  return `${name} routes the packets of the tunnel into the tunnel`;
}

function failureText(failure: Failure): string {
  const { exchange, notify } = failure;
  if (exchange === null) return `before anything is sent (${reasonText(failure)})`;
  return `in ${exchange}, ${notify ?? 'no notify is sent'} (${reasonText(failure)})`;
}

function nextFailures(hidden: readonly Failure[]): readonly string[] {
  if (hidden.length === 0) return [];
  return [`once mended, fails ${hidden.map(failureText).join('; then ')}`];
}

function behindUnknown(hidden: readonly Failure[]): readonly string[] {
  if (hidden.length === 0) return [];
  return [`even if that is well, fails ${hidden.map(failureText).join('; then ')}`];
}

/** How a rekey goes where it does not go well; a side's name only where the sides differ. */
export function rekeyText(
  { a, b }: { readonly a: ChildOutcome; readonly b: ChildOutcome },
  link: ReportLink,
): readonly string[] {
  const [ofA, ofB] = [troubleOf(a), troubleOf(b)];
  if (ofA === ofB) return ofA === null ? [] : [`the first rekey ${ofA}`];
  return [
    ...(ofA === null ? [] : [`a rekey that ${link.a.name} starts ${ofA}`]),
    ...(ofB === null ? [] : [`a rekey that ${link.b.name} starts ${ofB}`]),
  ];
}

function laterChildText(outcome: ChildOutcome | undefined): readonly string[] {
  const trouble = outcome === undefined ? null : troubleOf(outcome);
  return trouble === null ? [] : [`when another child made the IKE_SA first, it ${trouble}`];
}

function troubleOf(outcome: ChildOutcome): string | null {
  switch (outcome.outcome) {
    case 'established':
      return null;
    case 'failed':
      return `fails, ${outcome.notify ?? 'no notify is sent'}`;
    case 'unknown':
      return 'cannot be told';
  }
}

function degree({ result, onExistingIkeSa, afterwards }: Negotiation): 'well' | 'unsure' | 'bad' {
  if (result.outcome === 'failed' || afterwards.some(({ kind }) => kind === 'lost')) return 'bad';
  if (result.outcome === 'unknown') return 'unsure';
  const later = [result.rekey.a, result.rekey.b, ...(onExistingIkeSa === undefined ? [] : [onExistingIkeSa])];
  if (later.some(({ outcome }) => outcome === 'failed')) return 'bad';
  return later.some(({ outcome }) => outcome === 'unknown') ? 'unsure' : 'well';
}

function inkOf(negotiation: Negotiation, { ink }: Paper): ChalkInstance {
  return { well: ink.green, unsure: ink.yellow, bad: ink.red }[degree(negotiation)];
}
