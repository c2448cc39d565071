import type { Fix } from '../lint/finding.ts';
import type { Span } from '../source/index.ts';
import type { Command } from '../vyos/command.ts';

/**
 * One way to mend a finding: none where there is nothing to do, or where one of its commands cannot be given, since
 * the others alone would leave the site half changed. `replaces`: the refused commands of the dump whose place they take.
 */
export function mendOf(
  site: number,
  commands: readonly Command[],
  replaces?: readonly Span[],
): readonly Fix[] {
  const given = commands.flatMap((command) => command ?? []);
  if (given.length === 0 || given.length < commands.length) return [];
  return [{ site, commands: given, ...(replaces?.length === given.length ? { replaces } : {}) }];
}

/** What must be done on both sides: none where one of them cannot be mended. */
export function mendBoth(one: readonly Fix[], other: readonly Fix[]): readonly Fix[] {
  return one.length > 0 && other.length > 0 ? [...one, ...other] : [];
}
