import type { Arrival } from '../ike/connection.ts';
import type { Severity } from '../lint/finding.ts';
import { type End, inTurn, type Link } from '../pairing/link.ts';
import { oncePer } from '../source/once.ts';
import { deciderOf } from '../vyos/packets/decider.ts';
import { arrivalFrom, haveOneCause, type Sent, type Shut, shutBy } from './firewall-drop.ts';
import { droppedAt, isNonEmpty, type Occurrence, severityOf } from './occurrence.ts';

/** What one end drops of what the other sends. */
interface LinkDrop {
  readonly end: End;
  readonly facing: End;
  readonly shut: Shut;
  /** The failures that come of it; none for ESP, without which the tunnel comes up. */
  readonly occurrences: readonly Occurrence[];
  readonly severity: Severity;
}

/** Drops of one cause, which are told as one: the first is the one whose rule tells them. */
export type LinkDrops = readonly [LinkDrop, ...LinkDrop[]];

/** What both ends of a link drop, by its cause. */
const dropsOf = oncePer((link: Link): readonly LinkDrops[] => {
  const ends = inTurn(link);
  return ends.flatMap(([end, facing]) => {
    const drops = [
      ...portDrop(link, end, facing, 500),
      ...portDrop(link, end, facing, 4500),
      ...espDrop(link, end, facing),
    ];
    const groups: [LinkDrop, ...LinkDrop[]][] = [];
    for (const drop of drops) {
      const group = groups.find(([first]) => haveOneCause(first.shut, drop.shut) && isNoHeavier(drop, first));
      if (group) group.push(drop);
      else groups.push([drop]);
    }
    return groups;
  });
});

/** Those that the rule about one port, or about ESP, is to tell. */
export function linkDrops(link: Link, sent: Sent): readonly LinkDrops[] {
  return dropsOf(link).filter(([first]) => first.shut.sent === sent);
}

function isNoHeavier(drop: LinkDrop, than: LinkDrop): boolean {
  return than.severity === 'error' || than.severity === drop.severity;
}

function portDrop(link: Link, end: End, facing: End, port: 500 | 4500): readonly LinkDrop[] {
  const occurrences = droppedAt(link, end, 'firewall').filter(
    ({ failure }) => failure.detail?.dropped?.arrival.port === port,
  );
  if (!isNonEmpty(occurrences)) return [];
  const { dropped } = (occurrences.find(isOfCall) ?? occurrences[0]).failure.detail ?? {};
  const decider = dropped && deciderOf('firewall', dropped.obstacle);
  if (!decider) return [];
  return [{ end, facing, shut: shutBy(decider, port), occurrences, severity: severityOf(occurrences) }];
}

/** Whether what is dropped is a call, and no answer to one. */
export function isOfCall({ failure }: Occurrence): boolean {
  return failure.detail?.dropped?.by === 'responder';
}

function espDrop(link: Link, end: End, facing: End): readonly LinkDrop[] {
  // ESP in UDP comes to port 4500, in the flow of IKE.
  if (isEncapsulated(link)) return [];
  const arrival = arrivalFrom(link, end, 'esp');
  const dropping = (state: Arrival['state']) =>
    arrival &&
    end.daemon.inbound({ ...arrival, state }).flatMap((each) => deciderOf('firewall', each) ?? [])[0];
  const decider = dropping('new');
  if (!decider) return [];
  const severity = dropping('established') ? 'error' : 'warning';
  return [{ end, facing, shut: shutBy(decider, 'esp'), occurrences: [], severity }];
}

/** Whether ESP goes in UDP: because of a NAT, or because an end pretends that there is one. */
export function isEncapsulated({ a, b }: Pick<Link, 'a' | 'b'>): boolean {
  return [a, b].some(({ nat, section }) => nat !== undefined || section?.encap?.value === true);
}
