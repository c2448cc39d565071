import { relative, resolve } from 'node:path';
import { rules } from '../rules/index.ts';
import type { Configuration } from './configuration.ts';
import { type ConfigurationFile, findConfiguration, readConfiguration } from './find-configuration.ts';
import { explainError } from './read-input.ts';

/**
 * The configuration that counts, or what is wrong with it, one sentence each. `file` is where it stands; undefined
 * where there is none.
 */
export type LoadedConfiguration =
  | {
      readonly kind: 'read';
      readonly file: string | undefined;
      readonly configuration: Configuration | undefined;
    }
  | { readonly kind: 'wrong'; readonly file: string | undefined; readonly mistakes: readonly string[] };

/** `wanted`: the file that the user named, `false` for none, undefined for the one that is found from `cwd` upwards. */
export async function loadConfiguration(
  wanted: string | false | undefined,
  cwd: string,
): Promise<LoadedConfiguration> {
  let file: ConfigurationFile | string | undefined;
  const named = wanted === undefined || wanted === false ? 'the configuration' : wanted;
  try {
    if (wanted === false) file = undefined;
    else file = wanted === undefined ? findConfiguration(cwd) : readConfiguration(resolve(cwd, wanted));
  } catch (error) {
    return {
      kind: 'wrong',
      file: undefined,
      mistakes: [`${named}: ${explainError(error)}; --config takes the file of a configuration`],
    };
  }
  if (typeof file === 'string') return { kind: 'wrong', file: undefined, mistakes: [`${named}: ${file}`] };
  if (file === undefined) return { kind: 'read', file: undefined, configuration: undefined };
  const { readConfigurationFile } = await import('./configuration.ts');
  const read = readConfigurationFile(
    file,
    cwd,
    rules.map(({ id }) => id),
  );
  const shown = relative(cwd, file.path);
  return read.kind === 'wrong'
    ? { kind: 'wrong', file: shown, mistakes: read.mistakes }
    : { kind: 'read', file: shown, configuration: read.configuration };
}
