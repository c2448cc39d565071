import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { type End, type Link, type LoneEnd, mayCall } from '../pairing/link.ts';
import { anyRemoteOf } from './end-addresses.ts';
import {
  admitAll,
  nameOf,
  namesOf,
  placesOf,
  reasonOf,
  type Shuts,
  shutAlone,
  verbOf,
} from './firewall-drop.ts';
import { isOfCall, linkDrops } from './firewall-link-drops.ts';
import { evidenceOf, isNonEmpty } from './occurrence.ts';

/** What differs between the two ports of IKE. */
export interface PortTexts {
  readonly port: 500 | 4500;
  /** Of a link: what follows, with the letters of the end that drops (x) and of the other. */
  readonly called: (x: string, y: string, link: Link) => string;
  readonly answered: (x: string, y: string, link: Link) => string;
  /** Of one end alone: what follows where its firewall shuts the calls of the peer out, or the answers to its own. */
  readonly alone: { readonly calls: string; readonly answers: string };
  /** Whether a peer whose other end was not given will use the port. */
  readonly isUsed: (end: LoneEnd) => boolean;
}

type Checks = Required<Pick<LinkRule, 'check' | 'checkAlone'>>;

/** The checks of a rule about one port of IKE. */
export function portChecks(texts: PortTexts): Checks {
  return {
    check: (link) => checkLink(link, texts),
    checkAlone: (end) => checkEnd(end, texts),
  };
}

function* checkLink(link: Link, { port, called, answered }: PortTexts): Iterable<Problem> {
  for (const drops of linkDrops(link, port)) {
    const [{ end, facing, shut, occurrences: own }, ...others] = drops;
    const occurrences = drops.flatMap((each) => each.occurrences);
    if (!isNonEmpty(occurrences)) continue;
    const shuts: Shuts = [shut, ...others.map((each) => each.shut)];
    const call = own.some(isOfCall);
    const answer = own.some((each) => !isOfCall(each));
    const [x, y] = [end.name, facing.name];
    const what = call ? `${nameOf(port)} from ${y}` : `the answers of ${y} on ${nameOf(port)}`;
    const [alike, ...more] = others.map((each) => each.shut);
    yield {
      message: `${x} ${verbOf(shut.drop)} ${what}: ${reasonOf(shut)}`,
      consequence: [
        call ? called(x, y, link) : '',
        answer ? answered(x, y, link) : '',
        call && !answer && comesUpBy(link, end) ? `The tunnel comes up when ${x} calls.` : '',
        alike ? `${x} ${verbOf(shut.drop)} ${namesOf([alike, ...more])} for the same reason.` : '',
      ]
        .filter((sentence) => sentence !== '')
        .join(' '),
      ...evidenceOf(occurrences),
      locations: placesOf(end, shuts),
      fix: admitAll(end, shuts),
    };
  }
}

function comesUpBy({ negotiations }: Link, end: End): boolean {
  return negotiations.some(
    ({ initiator, child, result }) =>
      initiator === end.side && result.outcome === 'established' && mayCall(end, child),
  );
}

function* checkEnd(end: LoneEnd, { port, alone, isUsed }: PortTexts): Iterable<Problem> {
  if (!isUsed(end)) return;
  const calls = shutAlone(end, port, 'new');
  const answers = shutAlone(end, port, 'established');
  const shut = calls ?? answers;
  if (!shut) return;
  const { drop, packet } = shut;
  const who = packet.source ?? 'its peers';
  const start = end.section?.children[0]?.start_action?.value;
  const onlyAnswers = start === 'none' || anyRemoteOf(end) !== undefined;
  yield {
    message: `The firewall ${verbOf(drop)} ${calls ? '' : 'the answers on '}${nameOf(port)} ${calls ? 'from' : 'of'} ${who}: ${reasonOf(shut)}`,
    consequence: [
      calls ? alone.calls : '',
      answers ? alone.answers : calls && !onlyAnswers ? 'The tunnel can come up by a call of this side.' : '',
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
    // Whether the peer ever calls is in its own dump.
    severity: answers || onlyAnswers ? 'error' : 'warning',
    locations: placesOf(end, [shut]),
    fix: admitAll(end, [shut]),
  };
}
