import { renderCheckstyle } from './checkstyle.ts';
import { renderConcise } from './concise.ts';
import type { Format, FormatName } from './format.ts';
import { renderGithub } from './github.ts';
import { renderGitlab } from './gitlab.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderPretty } from './pretty.ts';
import { renderSarif } from './sarif.ts';

/** Every format, by the name that `--format` takes. */
export const formats = {
  pretty: renderPretty,
  concise: renderConcise,
  json: renderJson,
  sarif: renderSarif,
  github: renderGithub,
  gitlab: renderGitlab,
  junit: renderJunit,
  checkstyle: renderCheckstyle,
  markdown: renderMarkdown,
} as const satisfies Readonly<Record<FormatName, Format>>;

export { type Format, type FormatName, type FormatOptions, formatNames } from './format.ts';
export { inert } from './inert.ts';
export { renderStepSummary } from './markdown.ts';
export { renderJson, renderPretty };
