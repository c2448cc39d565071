import type { Input } from '../index.ts';
import { chooseSites } from './chosen-sites.ts';
import type { ToldRelease } from './command-line.ts';
import type { Configuration } from './configuration.ts';
import { loadConfiguration } from './load-configuration.ts';
import { readInputs } from './read-input.ts';
import type { WithReleases } from './told-releases.ts';

/**
 * The dumps to work on, each with what the configuration says of its site, and the configuration; `notes` say what is
 * odd and stops nothing. Or why there is nothing to work on: one sentence for each reason, without a full stop.
 */
export type ReadNetwork =
  | {
      readonly kind: 'read';
      readonly inputs: readonly Input[];
      readonly notes: readonly string[];
      readonly configuration: Configuration | undefined;
    }
  | { readonly kind: 'failed'; readonly messages: readonly string[] };

/**
 * `files`: those that the user named; without one the sites of the configuration. `config`: as in `loadConfiguration`.
 */
export async function readNetwork(
  {
    files,
    config,
    releases,
  }: {
    readonly files: readonly string[];
    readonly config: string | false | undefined;
    readonly releases: readonly ToldRelease[];
  },
  cwd: string,
): Promise<ReadNetwork> {
  const loaded = await loadConfiguration(config, cwd);
  if (loaded.kind === 'wrong') return { kind: 'failed', messages: loaded.mistakes };
  const { configuration } = loaded;
  const choice = await chooseSites(files, false, configuration, cwd);
  if (choice.kind === 'none') return { kind: 'failed', messages: choice.messages };
  const read = await readInputs(choice.sites.map(({ file }) => file));
  if (read.kind === 'unreadable') return { kind: 'failed', messages: read.messages };
  const named = read.inputs.map((input, index): Input => ({ ...choice.sites[index], ...input }));
  const told = await withToldReleases(named, releases, cwd);
  if (told.kind === 'unclear') return { kind: 'failed', messages: told.messages };
  const { inputs } = told;
  return { kind: 'read', inputs, notes: read.notes, configuration };
}

/** What `--vyos-version` tells, which most runs are not told. */
export async function withToldReleases(
  inputs: readonly Input[],
  releases: readonly ToldRelease[],
  cwd: string,
): Promise<WithReleases> {
  if (releases.length === 0) return { kind: 'told', inputs };
  const { withReleases } = await import('./told-releases.ts');
  return withReleases(inputs, releases, cwd);
}
