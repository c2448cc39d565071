import type { ChildCourse, Course, DirectionCourse, LinkCourse, Sequence } from '../lint/course.ts';
import type { Report, Side } from '../lint/report.ts';
import type { CourseOptions } from './course-format.ts';
import { inert } from './inert.ts';
import { endLines, ladder, lossLines, type Names } from './ladder.ts';
import { linkHeading } from './link-heading.ts';
import { type Paper, paper, wrapped } from './paper.ts';
import { timelineTable } from './timeline.ts';

/** The course of every negotiation for a person at a terminal: each direction's messages, then the timers. */
export function renderCourse(course: Course, options: CourseOptions): string {
  const on = paper(options);
  return course.links
    .map((link) => `${linkPart(link, course.report, options.initiator, on).join('\n')}\n`)
    .join('\n');
}

function linkPart(link: LinkCourse, report: Report, only: Side | undefined, on: Paper): readonly string[] {
  const names = { a: link.link.a.name, b: link.link.b.name };
  const directions = link.directions.filter(({ initiator }) => only === undefined || initiator === only);
  // The same rekey follows whoever made the first call.
  const shown = new Set<string>();
  return [
    ...linkHeading(link.link, report, on),
    ...directions.flatMap((direction) => ['', ...directionPart(direction, names, shown, on)]),
    ...timers(directions, names, on),
  ];
}

function directionPart(
  direction: DirectionCourse,
  names: Names,
  shown: Set<string>,
  on: Paper,
): readonly string[] {
  const { initiator, onlyAnswers, children } = direction;
  const [first, ...others] = children;
  const title = on.ink.bold.underline(`${inert(names[initiator])} initiates`);
  if (!first) return [title, `  ${inert(names[initiator])} has no child that it would initiate`];
  if (onlyAnswers !== null) return [title, ...never(names[initiator], onlyAnswers, on)];
  return [
    title,
    '',
    ...part(
      `${inert(first.negotiation.child)}, IKEv${first.negotiation.ikeVersion}`,
      first.setup,
      first,
      names,
      on,
    ),
    ...others.flatMap((child) => ['', ...laterPart(child, first, names, on)]),
    ...children.filter(comesUp).flatMap((child) => rekeyParts(child, child === first, names, shown, on)),
  ];
}

function never(initiator: string, why: string, on: Paper): readonly string[] {
  return wrapped(`${initiator} never calls: ${why}`, on.width - 2).map((line) => `  ${line}`);
}

function part(
  title: string,
  sequence: Sequence,
  child: ChildCourse,
  names: Names,
  on: Paper,
): readonly string[] {
  const assumed = child.assumed.map((why) => `Taken to be well, for the dumps do not tell: ${why}`);
  return [
    `  ${on.ink.bold(title)}`,
    ...assumed.flatMap((text) => wrapped(text, on.width - 2).map((line) => `  ${on.ink.yellow(line)}`)),
    ...ladder(sequence, names, on),
    ...endLines(sequence, doneText(child, sequence, names, on), names, on),
    ...(sequence === child.setup ? child.losses.flatMap((loss) => lossLines(loss, names, on)) : []),
  ];
}

function doneText(course: ChildCourse, sequence: Sequence, names: Names, on: Paper): string {
  const { negotiation, setup, laterChild, assumed } = course;
  const { child, result } = negotiation;
  if (sequence === laterChild) return `${child} is up`;
  if (sequence !== setup) return 'The rekey works, and traffic goes on';
  if (result.outcome !== 'established')
    return `${child} is up${assumed.length > 0 ? ', if that is well' : ''}`;
  const { local, remote } = result.trafficSelectors;
  const [a, b] = negotiation.initiator === 'a' ? [local, remote] : [remote, local];
  return `${child} is up: ${names.a} ${a.join(' ')} ${on.sign.both} ${names.b} ${b.join(' ')}`;
}

/** A child behind the first: over its IKE_SA where it has one, else it fails where the first does. */
function laterPart(child: ChildCourse, first: ChildCourse, names: Names, on: Paper): readonly string[] {
  const name = inert(child.negotiation.child);
  const stands = first.childRekey !== undefined || failedPhase(first.setup) === 'child';
  if (child.laterChild && stands) {
    return part(`${name}, over the IKE_SA that stands`, child.laterChild, child, names, on);
  }
  if (alike(child.setup, first.setup)) {
    return [`  ${on.ink.bold(name)}`, `  Stops where ${inert(first.negotiation.child)} does`];
  }
  return part(name, child.setup, child, names, on);
}

function failedPhase({ end }: Sequence): 'ike' | 'child' | undefined {
  return end.kind === 'failed' ? end.failure.phase : undefined;
}

function alike({ end: one }: Sequence, { end: other }: Sequence): boolean {
  if (one.kind === 'unknown' && other.kind === 'unknown') return one.why === other.why;
  return (
    one.kind === 'failed' &&
    other.kind === 'failed' &&
    one.failure.phase === 'ike' &&
    one.failure.reason === other.failure.reason &&
    one.failure.exchange === other.failure.exchange
  );
}

/** A child behind the first has to come up over the IKE_SA of the first. */
function comesUp({ childRekey, laterChild }: ChildCourse): boolean {
  return childRekey !== undefined && (laterChild === undefined || laterChild.end.kind === 'established');
}

/** The rekeys that fail, and of those that work the one that the initiator starts for its first child. */
function rekeyParts(
  child: ChildCourse,
  isFirst: boolean,
  names: Names,
  shown: Set<string>,
  on: Paper,
): readonly string[] {
  const { childRekey, negotiation } = child;
  if (!childRekey) return [];
  return (['a', 'b'] as const).flatMap((side) => {
    const sequence = childRekey[side];
    const works = sequence.end.kind === 'established';
    if (works && !(isFirst && side === negotiation.initiator)) return [];
    const key = JSON.stringify([side, sequence.messages.map((message) => ({ ...message, id: null }))]);
    if (shown.has(key)) return [];
    shown.add(key);
    const title = `Rekey of ${inert(negotiation.child)}, started by ${inert(names[side])}`;
    return ['', ...part(title, sequence, { ...child, assumed: [] }, names, on)];
  });
}

/** The timers of the children, those that are alike once, after the first direction in which they come up. */
function timers(directions: readonly DirectionCourse[], names: Names, on: Paper): readonly string[] {
  const alike = new Map<string, { readonly of: ChildCourse; readonly children: string[] }>();
  for (const { children } of directions.filter(({ onlyAnswers }) => onlyAnswers === null)) {
    for (const child of children.filter(comesUp)) {
      const { negotiation, timelines } = child;
      const key = JSON.stringify(timelines);
      const group = alike.get(key);
      if (!group) alike.set(key, { of: child, children: [negotiation.child] });
      else if (group.of.negotiation.initiator === negotiation.initiator)
        group.children.push(negotiation.child);
    }
  }
  return [...alike.values()].flatMap(({ of: { negotiation, timelines }, children }) => {
    const who = `${children.map(inert).join(', ')}, which ${names[negotiation.initiator]} initiated`;
    return [
      '',
      ...wrapped(`Timers of ${who} (h:mm:ss after the SA stands)`, on.width).map((line) => on.ink.bold(line)),
      ...timelineTable(timelines, negotiation.ikeVersion, names, on),
    ];
  });
}
