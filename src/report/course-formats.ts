import type { Course } from '../lint/course.ts';
import { type CourseOptions, renderCourse } from './course.ts';
import { renderCourseJson } from './course-json.ts';

/** A pure function of the course. */
export type CourseFormat = (course: Course, options: CourseOptions) => string;

/** Every format of `negotiate`, by the name that `--format` takes. */
export const courseFormats = {
  pretty: renderCourse,
  json: (course, { initiator }) => renderCourseJson(course, initiator),
} satisfies Readonly<Record<string, CourseFormat>>;

export type { CourseOptions } from './course.ts';
