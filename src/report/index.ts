import type { Format } from './format.ts';
import { renderJson } from './json.ts';
import { renderPretty } from './pretty.ts';

/** Every format, by the name that `--format` takes. */
export const formats = {
  pretty: renderPretty,
  json: renderJson,
} satisfies Readonly<Record<string, Format>>;

/** The name of a format, as `--format` takes it. */
export type FormatName = keyof typeof formats;

export type { Format, FormatOptions } from './format.ts';
export { inert } from './inert.ts';
export { renderJson, renderPretty };
