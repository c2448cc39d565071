import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { type End, type Link, mayCall } from '../pairing/link.ts';
import type { LoadedSite, PeerSource } from '../vyos/connections.ts';
import { packetOf } from '../vyos/firewall/hearing.ts';
import { judgePacket } from '../vyos/firewall/index.ts';
import { admit, firstDrop, nameOf, packetsFrom, placesOf, verbOf } from './firewall-drop.ts';
import { evidenceOf, isNonEmpty, type Occurrence, occurrencesOf } from './occurrence.ts';

/** What differs between the two ports of IKE. */
export interface PortTexts {
  readonly port: 500 | 4500;
  /** Of a link: what follows, with the letters of the end that drops (x) and of the other. */
  readonly called: (x: string, y: string, link: Link) => string;
  readonly answered: (x: string, y: string, link: Link) => string;
  /** Of one end alone: what follows where its firewall shuts the calls of the peer out, or the answers to its own. */
  readonly alone: { readonly calls: string; readonly answers: string };
  /** Whether a peer whose other end was not given will use the port. */
  readonly isUsed: (source: PeerSource) => boolean;
}

type Checks = Required<Pick<LinkRule, 'check' | 'checkAlone'>>;

/** The checks of a rule about one port of IKE. */
export function portChecks(texts: PortTexts): Checks {
  return {
    check: (link) => checkLink(link, texts),
    checkAlone: (loaded, source, site) => checkEnd(loaded, source, site, texts),
  };
}

function* checkLink(link: Link, texts: PortTexts): Iterable<Problem> {
  const found = occurrencesOf(link, ({ detail }) => detail?.dropped?.arrival.port === texts.port);
  for (const end of [link.a, link.b]) {
    const own = found.filter((occurrence) => dropperOf(occurrence).side === end.side);
    if (isNonEmpty(own)) yield* problemOf(link, end, own, texts);
  }
}

function dropperOf({ failure, initiator, responder }: Occurrence): End {
  return failure.detail?.dropped?.by === 'initiator' ? initiator : responder;
}

function* problemOf(
  link: Link,
  end: End,
  occurrences: readonly [Occurrence, ...Occurrence[]],
  { port, called, answered }: PortTexts,
): Iterable<Problem> {
  const { firewall } = end.loaded;
  const isCall = ({ failure }: Occurrence) => failure.detail?.dropped?.by === 'responder';
  const call = occurrences.find(isCall);
  const answer = occurrences.find((each) => !isCall(each));
  const dropped = (call ?? occurrences[0]).failure.detail?.dropped;
  if (!firewall || !dropped) return;
  const packet = packetOf(dropped.arrival);
  const drop = judgePacket(firewall, packet);
  if (drop.kind !== 'drop') return;
  const facing = end === link.a ? link.b : link.a;
  const [x, y] = [end.name, facing.name];
  const what = call ? `${nameOf(port)} from ${y}` : `the answers of ${y} on ${nameOf(port)}`;
  yield {
    message: `${x} ${verbOf(drop)} ${what}: ${drop.by.what}`,
    consequence: [
      call ? called(x, y, link) : '',
      answer ? answered(x, y, link) : '',
      call && !answer && comesUpBy(link, end) ? `The tunnel comes up when ${x} calls.` : '',
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
    ...evidenceOf(occurrences, `port-${port}`),
    locations: placesOf(end.site, drop, end.source.peer, port),
    fix: admit(end.site, end.loaded, drop, port, packet),
  };
}

function comesUpBy({ negotiations }: Link, end: End): boolean {
  return negotiations.some(
    ({ initiator, child, result }) =>
      initiator === end.side && result.outcome === 'established' && mayCall(end, child),
  );
}

function* checkEnd(
  loaded: LoadedSite,
  source: PeerSource,
  site: number,
  { port, alone, isUsed }: PortTexts,
): Iterable<Problem> {
  const { firewall } = loaded;
  const { peer } = source;
  if (!firewall || peer.disabled || !isUsed(source)) return;
  const calls = firstDrop(firewall, packetsFrom(peer, port, 'new'));
  const answers = firstDrop(firewall, packetsFrom(peer, port, 'established'));
  const first = calls ?? answers;
  if (!first) return;
  const { drop, packet } = first;
  const who = packet.source ?? 'its peers';
  const onlyAnswers =
    peer.connectionType.value === 'none' || peer.name.startsWith('@') || callsNobody(source);
  yield {
    message: `The firewall ${verbOf(drop)} ${calls ? '' : 'the answers on '}${nameOf(port)} ${calls ? 'from' : 'of'} ${who}: ${drop.by.what}`,
    consequence: [
      calls ? alone.calls : '',
      answers ? alone.answers : calls && !onlyAnswers ? 'The tunnel can come up by a call of this side.' : '',
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
    // Whether the peer ever calls is in its own dump.
    severity: answers || onlyAnswers ? 'error' : 'warning',
    locations: placesOf(site, drop, peer, port),
    fix: admit(site, loaded, drop, port, packet),
  };
}

function callsNobody({ peer: { remoteAddresses } }: PeerSource): boolean {
  return remoteAddresses.length === 0 || remoteAddresses.some(({ value }) => value === 'any');
}
