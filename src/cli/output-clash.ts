import type { FormatName } from '../report/format.ts';
import type { Output } from './command-line.ts';

/** Why reports cannot be written as they are asked for: two printed at once, or two to one file. */
export type OutputClash =
  | { readonly kind: 'mixed'; readonly formats: readonly FormatName[] }
  | { readonly kind: 'same-file'; readonly file: string };

export function outputClash(outputs: readonly Output[]): OutputClash | undefined {
  const printed = outputs.filter(({ file }) => file === undefined);
  if (printed.length > 1) return { kind: 'mixed', formats: printed.map(({ format }) => format) };
  const files = outputs.flatMap(({ file }) => file ?? []);
  const twice = files.find((file, index) => files.indexOf(file) < index);
  return twice === undefined ? undefined : { kind: 'same-file', file: twice };
}
