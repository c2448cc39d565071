import type { Course } from '../lint/course.ts';
import type { Side } from '../lint/report.ts';
import type { FormatOptions } from './format.ts';

/** The names of the formats of `negotiate`. */
export type CourseFormatName = 'pretty' | 'json';

/** What a reader may ask to see of a course, and where its text goes. */
export interface CourseOptions extends FormatOptions {
  /** One direction alone. Default: both. */
  readonly initiator?: Side | undefined;
}

/** A pure function of the course: it reads no file, no environment, no terminal. */
export type CourseFormat = (course: Course, options: CourseOptions) => string;
