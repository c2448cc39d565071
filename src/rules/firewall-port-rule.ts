import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { type End, type Link, mayCall } from '../pairing/link.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import type { PeerSource } from '../vyos/peer-source.ts';
import {
  admitAll,
  firstShut,
  nameOf,
  namesOf,
  packetsFrom,
  placesOf,
  reasonOf,
  type Shuts,
  verbOf,
} from './firewall-drop.ts';
import { isOfCall, linkDrops } from './firewall-link-drops.ts';
import { hasSomebodyToCall } from './groups-in-use.ts';
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
      locations: placesOf(end.site, shuts, end.source.peer),
      fix: admitAll(end.site, end.loaded, shuts),
    };
  }
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
  const calls = firstShut(firewall, packetsFrom(peer, port, 'new'), port);
  const answers = firstShut(firewall, packetsFrom(peer, port, 'established'), port);
  const shut = calls ?? answers;
  if (!shut) return;
  const { drop, packet } = shut;
  const who = packet.source ?? 'its peers';
  const onlyAnswers = peer.connectionType.value === 'none' || !hasSomebodyToCall(source);
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
    locations: placesOf(site, [shut], peer),
    fix: admitAll(site, loaded, [shut]),
  };
}
