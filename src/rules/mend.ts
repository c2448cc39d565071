import type { Fix } from '../lint/finding.ts';
import type { Command } from '../vyos/command.ts';

/**
 * One way to mend a finding: none where there is nothing to do, or where one of its commands cannot be given, since
 * the others alone would leave the site half changed.
 */
export function mendOf(site: number, commands: readonly Command[]): readonly Fix[] {
  const given = commands.flatMap((command) => command ?? []);
  return given.length > 0 && given.length === commands.length ? [{ site, commands: given }] : [];
}

/** What must be done on both sides: none where one of them cannot be mended. */
export function mendBoth(one: readonly Fix[], other: readonly Fix[]): readonly Fix[] {
  return one.length > 0 && other.length > 0 ? [...one, ...other] : [];
}
