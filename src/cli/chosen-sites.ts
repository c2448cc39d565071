import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LintCommand } from './command-line.ts';
import type { Configuration, ConfiguredSite } from './configuration.ts';
import type { NamedFiles } from './dumps-in.ts';
import { isFolder } from './file-status.ts';

/**
 * The dumps that are judged, with what the configuration says of each, and the files that were named, without folders;
 * or why there are none, a sentence each.
 */
export type ChosenSites =
  | { readonly kind: 'chosen'; readonly sites: readonly ChosenSite[]; readonly named: readonly string[] }
  | { readonly kind: 'none'; readonly messages: readonly string[] };

export type ChosenSite = Pick<ConfiguredSite, 'file'> & Partial<ConfiguredSite>;

const example = 'as in "vyos-ipsec-lint siteA.conf siteB.conf"';

/**
 * The files that were named, or else the sites of the configuration. With `changed` the sites of the configuration are
 * judged, and the files only say which of them to speak of. Of a folder the dumps in it are meant.
 */
export async function chooseSites(
  files: readonly string[],
  changed: LintCommand['changed'],
  configuration: Configuration | undefined,
  cwd: string,
): Promise<ChosenSites> {
  const none = (...messages: readonly string[]): ChosenSites => ({ kind: 'none', messages });
  const configured = configuration?.sites ?? [];
  if (changed !== false && configured.length === 0) {
    const where =
      configuration === undefined
        ? 'no configuration was found: name it with --config FILE'
        : `${configuration.file} names none: list them there under "sites"`;
    return none(`--changed needs the sites of a configuration, and ${where}`);
  }
  const without = await withoutFolders(files, cwd);
  if (without.kind === 'unclear') return none(...without.messages);
  const named = without.files;
  const strangers =
    changed === 'typed'
      ? named.filter((file) => !configured.some((site) => isSameFile(site.file, file, cwd)))
      : [];
  if (strangers.length > 0) return none(...strangers.map((file) => noSite(file, configuration?.file, cwd)));
  const judged = changed === false ? named : [];
  if (judged.length === 0 && configured.length === 0) {
    const elsewhere =
      configuration === undefined
        ? 'or the sites in a vyos-ipsec-lint.config.yaml'
        : `or list the sites under "sites" in ${configuration.file}, which names none`;
    return none(`no file was named: name the dumps of the two ends, ${example}, or of one, ${elsewhere}`);
  }
  const sites =
    judged.length === 0
      ? configured
      : judged.map((file) => ({ ...configured.find((site) => isSameFile(site.file, file, cwd)), file }));
  const [only, ...others] = sites;
  if (judged.length === 0 && only && others.length === 0 && !existsSync(resolve(cwd, only.file))) {
    return none(`${only.file}: no such file, which ${configuration?.file} names`);
  }
  return { kind: 'chosen', sites, named };
}

/** Most runs name no folder, and do not load what looks into one. */
async function withoutFolders(files: readonly string[], cwd: string): Promise<NamedFiles> {
  if (!files.some((file) => file !== '' && isFolder(resolve(cwd, file)))) return { kind: 'files', files };
  const { dumpsIn } = await import('./dumps-in.ts');
  return dumpsIn(files, cwd);
}

/** `--changed` takes sites: what is none is mistyped, or a dump that the configuration does not name. */
function noSite(file: string, configuration: string | undefined, cwd: string): string {
  const absent = existsSync(resolve(cwd, file)) ? '' : ', and there is no such file';
  return `${file}: is no site of ${configuration}${absent}; type one of its sites behind --changed, or list the file there under "sites"`;
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
