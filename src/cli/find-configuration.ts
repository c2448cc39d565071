import { basename } from 'node:path';
import { lilconfigSync } from 'lilconfig';
import { readBounded } from './read-bounded.ts';

/** A configuration file as it was found. `below`: the key of the file under which the configuration stands. */
export interface ConfigurationFile {
  readonly path: string;
  readonly text: string;
  readonly below: string | undefined;
}

const name = 'vyos-ipsec-lint';
const manifest = 'package.json';
const places = [`${name}.config.yaml`, `${name}.config.yml`, `${name}.config.json`, manifest];

/** The configuration of a folder: in it or, where it has none, in the nearest above it. Throws what reading throws. */
export function findConfiguration(folder: string): ConfigurationFile | undefined {
  const found = searcher().search(folder);
  if (found === null) return undefined;
  return found.config ?? { path: found.filepath, text: '', below: undefined };
}

/** The file that the user named, whatever its name; or why it is not read: a clause. Throws what reading throws. */
export function readConfiguration(path: string): ConfigurationFile | string {
  const below = basename(path) === manifest ? name : undefined;
  const bytes = readBounded(path);
  return typeof bytes === 'string' ? bytes : { path, text: bytes.toString('utf8'), below };
}

function searcher() {
  return lilconfigSync(name, {
    searchPlaces: places,
    ignoreEmptySearchPlaces: false,
    cache: false,
    loaders: { '.json': readJson, '.yaml': asText, '.yml': asText },
  });
}

/** The text is kept, and read where a mistake in it can be told with its line. */
function asText(path: string, text: string): ConfigurationFile {
  return { path, text, below: undefined };
}

/** lilconfig takes what stands under the tool's name in a package.json, and goes on where nothing does. */
function readJson(
  path: string,
  text: string,
): ConfigurationFile | Readonly<Record<string, ConfigurationFile>> {
  if (basename(path) !== manifest) return asText(path, text);
  return hasKey(text) ? { [name]: { path, text, below: name } } : {};
}

function hasKey(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && name in value;
  } catch {
    return false;
  }
}
