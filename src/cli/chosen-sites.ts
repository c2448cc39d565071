import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Configuration, ConfiguredSite } from './configuration.ts';

/** The dumps that are judged, with what the configuration says of each; or why there are none. */
export type ChosenSites =
  | { readonly kind: 'chosen'; readonly sites: readonly ChosenSite[] }
  | { readonly kind: 'none'; readonly why: string };

export type ChosenSite = Pick<ConfiguredSite, 'file'> & Partial<ConfiguredSite>;

const example = 'as in "vyos-ipsec-lint siteA.conf siteB.conf"';

/**
 * The files that were named, or else the sites of the configuration. With `changed` the sites of the configuration are
 * judged, and the files only say which of them to speak of.
 */
export function chooseSites(
  files: readonly string[],
  changed: boolean,
  configuration: Configuration | undefined,
  cwd: string,
): ChosenSites {
  const configured = configuration?.sites ?? [];
  if (changed && configured.length === 0) {
    const where =
      configuration === undefined ? 'no configuration was found' : `${configuration.file} names none`;
    return { kind: 'none', why: `--changed needs the sites of a configuration, and ${where}` };
  }
  const named = changed ? [] : files;
  if (named.length === 0 && configured.length === 0) {
    return {
      kind: 'none',
      why: `no file was named: name the dumps of the two ends, ${example}, or of one, or the sites in a vyos-ipsec-lint.config.yaml`,
    };
  }
  const sites =
    named.length === 0
      ? configured
      : named.map((file) => ({ ...configured.find((site) => isSameFile(site.file, file, cwd)), file }));
  const [only, ...others] = sites;
  if (named.length === 0 && only && others.length === 0 && !existsSync(resolve(cwd, only.file))) {
    return { kind: 'none', why: `${only.file}: no such file, which ${configuration?.file} names` };
  }
  return { kind: 'chosen', sites };
}

/** Whether two names are of one file, whatever links they go through. */
export function isSameFile(one: string, other: string, cwd: string): boolean {
  return realPath(one, cwd) === realPath(other, cwd);
}

function realPath(file: string, cwd: string): string {
  const path = resolve(cwd, file);
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
