import { renderCourse } from './course.ts';
import type { CourseFormat, CourseFormatName } from './course-format.ts';
import { renderCourseJson } from './course-json.ts';

/** Every format of `negotiate`, by the name that `--format` takes. */
export const courseFormats: Readonly<Record<CourseFormatName, CourseFormat>> = {
  pretty: renderCourse,
  json: (course, { initiator }) => renderCourseJson(course, initiator),
};
