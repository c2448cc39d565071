import type { ChildCourse, Course, DirectionCourse } from '../lint/course.ts';
import type { CourseFormatName, CourseOptions } from '../report/course-format.ts';
import { courseFormats } from '../report/course-formats.ts';
import type { Outcome } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import { obstaclesOf } from './obstacles.ts';

export interface NegotiateOptions extends CourseOptions {
  readonly format: CourseFormatName;
}

const oneEnd =
  'a negotiation has two ends: name both dumps, as in "vyos-ipsec-lint negotiate siteA.conf siteB.conf"';

/**
 * What `negotiate` prints of a course. Exit code 0: every direction that can happen comes up, stays up and is rekeyed, as far as
 * the dumps tell, but for the links that are expected to be down; 1: something fails; 2: there is nothing to work on.
 */
export function negotiateCommand(course: Course, { format, ...options }: NegotiateOptions): Outcome {
  const alone = course.report.sites.length < 2;
  const messages = alone ? [oneEnd] : obstaclesOf(course.report);
  if (course.links.length === 0) return { out: '', messages, exitCode: exitCodes.failed };
  const out = courseFormats[format](course, options);
  const unread = course.report.findings.some(({ ruleId }) => ruleId === 'syntax-error');
  if (unread) {
    const note = 'not all of the dumps could be read; run vyos-ipsec-lint without "negotiate" for the places';
    return { out, messages: [...messages, note], exitCode: exitCodes.failed };
  }
  return { out, messages, exitCode: failsSomewhere(course, options) ? exitCodes.found : exitCodes.clean };
}

function failsSomewhere({ links }: Course, { initiator }: Pick<CourseOptions, 'initiator'>): boolean {
  const wanted = (direction: DirectionCourse) =>
    direction.onlyAnswers === null && (initiator === undefined || direction.initiator === initiator);
  return links
    .filter(({ expectedDown }) => !expectedDown)
    .flatMap(({ directions }) => directions)
    .filter(wanted)
    .some(({ children }) => children.some(fails));
}

function fails({ setup, childRekey, laterChild, losses }: ChildCourse): boolean {
  const sequences = [
    setup,
    ...(childRekey ? [childRekey.a, childRekey.b] : []),
    ...(laterChild ? [laterChild] : []),
  ];
  return (
    losses.length > 0 || sequences.some(({ end }) => end.kind === 'failed' || end.kind === 'not-asked-for')
  );
}
